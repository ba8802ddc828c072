fn items(token: &str, extra: &str) -> Result<String, ureq::Error> {
    let url = format!("https://inventory.zoho.com/api/v1/items?organization_id=1&authtoken={}{}", token, extra);
    Ok(ureq::get(&url).call()?.into_string()?)
}

fn main() {
    let token = std::env::var("ZOHO_TOKEN").unwrap_or_default();
    println!("{:?}", items(&token, "&page=2"));
}
