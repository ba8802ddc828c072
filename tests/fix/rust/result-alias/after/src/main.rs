mod zoho_access_token;
use std::error::Error;

type Answer<T> = Result<T, Box<dyn Error>>;

async fn tickets(token: &str) -> Answer<String> {
    let client = reqwest::Client::new();
    let request = client.get("https://desk.zoho.com/api/v1/tickets").header("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?));
    Ok(request.send().await?.text().await?)
}

fn main() {}
