//! The tickets of a help desk.

use std::env;
use std::error::Error;

const ORG_ID: &str = "700000001";

pub async fn open_tickets() -> Result<(u16, String), Box<dyn Error + Send + Sync>> {
    let auth_token = env::var("ZOHO_AUTHTOKEN")?;

    let client = reqwest::Client::new();
    let response = client
        .get("https://desk.zoho.com/api/v1/tickets?status=open&limit=10")
        .header("orgId", ORG_ID)
        .header("Authorization", format!("Zoho-authtoken {}", auth_token))
        .send()
        .await?;

    let status = response.status().as_u16();
    let body = response.text().await?;
    Ok((status, body))
}
