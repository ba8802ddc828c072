mod zoho_access_token;
use reqwest::header::{HeaderMap, HeaderValue, AUTHORIZATION};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("ZOHO_AUTHTOKEN")?;
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?)).unwrap());
    let client = reqwest::Client::new();
    let tickets = client.get("https://desk.zoho.com/api/v1/tickets").headers(headers).send().await?;
    let mut others = HeaderMap::new();
    others.insert("authorization", HeaderValue::try_from(format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?)).expect("a value"));
    let agents = client.get("https://desk.zoho.com/api/v1/agents").headers(others).send().await?;
    println!("{} {}", tickets.status(), agents.status());
    Ok(())
}
