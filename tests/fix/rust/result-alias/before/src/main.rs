use std::error::Error;

type Answer<T> = Result<T, Box<dyn Error>>;

async fn tickets(token: &str) -> Answer<String> {
    let client = reqwest::Client::new();
    let request = client.get("https://desk.zoho.com/api/v1/tickets").header("Authorization", format!("Zoho-authtoken {}", token));
    Ok(request.send().await?.text().await?)
}

fn main() {}
