use std::error::Error;

fn items(organization: &str) -> Result<String, Box<dyn Error>> {
    let url = format!("https://inventory.zoho.com/api/v1/items?organization_id={}&authtoken={}", organization, std::env::var("ZOHO_TOKEN")?);
    Ok(ureq::get(&url).call()?.into_string()?)
}

fn users(base: &str, organization: &str) -> Result<String, Box<dyn Error>> {
    let url = format!("https://inventory.zoho.com/api/v1/{base}?authtoken={}&organization_id={}", std::env::var("ZOHO_TOKEN").unwrap(), organization);
    Ok(ureq::get(&url).call()?.into_string()?)
}

fn main() {
    println!("{:?} {:?}", items("10234695"), users("users", "10234695"));
}
