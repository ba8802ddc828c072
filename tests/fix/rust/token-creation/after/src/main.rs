mod zoho_access_token;
use std::error::Error;

fn create_token(_email: &str, _password: &str) -> Result<String, Box<dyn Error>> {
    Ok(crate::zoho_access_token::access_token()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let token = create_token(&std::env::var("ZOHO_EMAIL")?, &std::env::var("ZOHO_PASSWORD")?)?;
    let client = reqwest::blocking::Client::new();
    let tickets = client
        .get("https://desk.zoho.com/api/v1/tickets")
        .header("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token()?))
        .send()?
        .text()?;
    println!("{tickets}");
    Ok(())
}
