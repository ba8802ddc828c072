fn items(token: &str, ids: &[String]) -> Result<String, ureq::Error> {
    let mut url = format!("https://inventory.zoho.com/api/v1/items?authtoken={}", token);
    for id in ids {
        url.push_str(&format!("&id={}", id));
    }
    Ok(ureq::get(&url).call()?.into_string()?)
}

fn main() {
    let token = std::env::var("ZOHO_TOKEN").unwrap_or_default();
    println!("{:?}", items(&token, &[]));
}
