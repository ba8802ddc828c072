use anyhow::Result;
use reqwest::header::{HeaderMap, HeaderValue, AUTHORIZATION};

async fn per_request(token: &str) -> Result<String> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?))?);
    headers.insert("orgId", HeaderValue::from_static("1"));
    let client = reqwest::Client::new();
    let body = client.get("https://desk.zoho.com/api/v1/tickets").headers(headers).send().await?.text().await?;
    Ok(body)
}

async fn parsed(token: &str) -> Result<String> {
    let mut headers = HeaderMap::new();
    headers.insert("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?).parse()?);
    Ok(reqwest::Client::new().get("https://desk.zoho.com/api/v1/tickets").headers(headers).send().await?.text().await?)
}

async fn frozen(token: &str) -> Result<String> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Zoho-authtoken {}", token))?);
    let client = reqwest::Client::builder().default_headers(headers).build()?;
    Ok(client.get("https://desk.zoho.com/api/v1/tickets").send().await?.text().await?)
}

fn client(token: &str) -> Result<reqwest::Client> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Zoho-authtoken {}", token))?);
    Ok(reqwest::Client::builder().default_headers(headers).build()?)
}
async fn tickets(token: &str) -> Result<String> {
    Ok(client(token)?.get("https://desk.zoho.com/api/v1/tickets").send().await?.text().await?)
}
