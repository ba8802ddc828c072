//! An access token for Zoho, asked for once and kept until shortly before it expires.

use std::env;
use std::error::Error;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const ACCOUNTS: &str = "https://accounts.zoho.com";

static TOKEN: Mutex<Option<(String, Instant)>> = Mutex::const_new(None);

pub async fn access_token() -> Result<String, Box<dyn Error + Send + Sync>> {
    // Held while asking: all others wait for the same token.
    let mut kept = TOKEN.lock().await;
    if let Some((token, until)) = &*kept {
        if Instant::now() < *until {
            return Ok(token.clone());
        }
    }
    let (token, life) = refresh().await?;
    let margin = (life / 10).min(Duration::from_secs(60));
    *kept = Some((token.clone(), Instant::now() + life - margin));
    Ok(token)
}

async fn refresh() -> Result<(String, Duration), Box<dyn Error + Send + Sync>> {
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", env::var("ZOHO_CLIENT_ID")?),
        ("client_secret", env::var("ZOHO_CLIENT_SECRET")?),
        ("refresh_token", env::var("ZOHO_REFRESH_TOKEN")?),
    ];
    let response = reqwest::Client::new()
        .post(format!("{ACCOUNTS}/oauth/v2/token"))
        .form(&form)
        .send()
        .await?;
    let answer: serde_json::Value = response.json().await?;
    // Errors come with HTTP 200 as well.
    let Some(token) = answer["access_token"].as_str() else {
        return Err(format!("Zoho gave no access token: {}", answer["error"]).into());
    };
    // Where both are given, expires_in is in milliseconds.
    let seconds = answer["expires_in_sec"]
        .as_u64()
        .or(answer["expires_in"].as_u64());
    Ok((token.to_owned(), Duration::from_secs(seconds.unwrap_or(0))))
}
