use reqwest::header::{HeaderMap, HeaderValue, AUTHORIZATION};

pub fn plans(token: &str, organization: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut headers = HeaderMap::new();
    let value = format!("Zoho-authtoken {token}");
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&value)?);
    headers.insert("X-com-zoho-subscriptions-organizationid", HeaderValue::from_str(organization)?);
    let client = reqwest::blocking::Client::builder().default_headers(headers).build()?;
    Ok(client.get("https://subscriptions.zoho.com/api/v1/plans").send()?.text()?)
}
