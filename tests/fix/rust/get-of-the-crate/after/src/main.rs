mod zoho_access_token;
use std::env;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn bills(token: &str) -> Result<String> {
    let url = format!("https://books.zoho.com/api/v3/bills?organization_id=10234695");
    Ok(reqwest::Client::new().get(&url).header("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?)).send().await?.text().await?)
}

async fn bill(id: &str) -> Result<String> {
    let token = env::var("ZOHO_AUTHTOKEN")?;
    let answer = reqwest::Client::new().get(format!(
        "https://books.zoho.com/api/v3/bills/{id}?organization_id=10234695"
    ))
    .header("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?))
    .send()
    .await?
    .error_for_status()?;
    Ok(answer.text().await?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let token = env::var("ZOHO_AUTHTOKEN")?;
    println!("{}", bills(&token).await?);
    println!("{}", bill("1").await?);
    Ok(())
}
