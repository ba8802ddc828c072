use std::env;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn bills(token: &str) -> Result<String> {
    let url = format!("https://books.zoho.com/api/v3/bills?authtoken={}&organization_id=10234695", token);
    Ok(reqwest::get(&url).await?.text().await?)
}

async fn bill(id: &str) -> Result<String> {
    let token = env::var("ZOHO_AUTHTOKEN")?;
    let answer = reqwest::get(format!(
        "https://books.zoho.com/api/v3/bills/{id}?organization_id=10234695&authtoken={token}"
    ))
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
