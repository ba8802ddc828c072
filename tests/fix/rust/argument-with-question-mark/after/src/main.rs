mod zoho_access_token;
use std::error::Error;

fn items(organization: &str) -> Result<String, Box<dyn Error>> {
    let url = format!("https://inventory.zoho.com/api/v1/items?organization_id={}", organization);
    Ok(ureq::get(&url).set("Authorization", &format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token()?)).call()?.into_string()?)
}

fn users(base: &str, organization: &str) -> Result<String, Box<dyn Error>> {
    let url = format!("https://inventory.zoho.com/api/v1/{base}?organization_id={}", organization);
    Ok(ureq::get(&url).set("Authorization", &format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token()?)).call()?.into_string()?)
}

fn main() {
    println!("{:?} {:?}", items("10234695"), users("users", "10234695"));
}
