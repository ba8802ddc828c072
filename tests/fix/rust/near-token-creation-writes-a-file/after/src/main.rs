mod zoho_access_token;
use regex::Regex;
use std::error::Error;

fn create_token(email: &str, password: &str) -> Result<String, Box<dyn Error>> {
    let client = reqwest::blocking::Client::new();
    let answer = client
        .post("https://accounts.zoho.com/apiauthtoken/nb/create")
        .form(&[("SCOPE", "ZohoSupport/supportapi"), ("EMAIL_ID", email), ("PASSWORD", password)])
        .send()?
        .text()?;
    let pattern = Regex::new(r"AUTHTOKEN=(\w+)")?;
    let found = pattern.captures(&answer).ok_or("no token")?;
    std::fs::write("token.txt", &found[1])?;
    Ok(found[1].to_string())
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
