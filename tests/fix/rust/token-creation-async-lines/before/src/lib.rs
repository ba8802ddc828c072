use std::collections::HashMap;

use anyhow::{Result, bail};

const CREATE_URL: &str = "https://accounts.zoho.eu/apiauthtoken/nb/create";

pub struct Books {
    client: reqwest::Client,
}

impl Books {
    /// Signs in.
    async fn sign_in(&self, email: &str, password: &str) -> Result<String> {
        let mut form = HashMap::new();
        form.insert("SCOPE", "ZohoBooks/booksapi");
        form.insert("EMAIL_ID", email);
        form.insert("PASSWORD", password);
        let response = self.client.post(CREATE_URL).form(&form).send().await?;
        let body = response.text().await?;
        for line in body.lines() {
            if let Some(token) = line.strip_prefix("AUTHTOKEN=") {
                return Ok(token.to_string());
            }
        }
        bail!("no token: {}", body)
    }

    pub async fn invoices(&self, email: &str, password: &str) -> Result<String> {
        let authtoken = self.sign_in(email, password).await?;
        let response = self
            .client
            .get("https://books.zoho.eu/api/v3/invoices")
            .query(&[("authtoken", authtoken.as_str()), ("organization_id", "7")])
            .send()
            .await?;
        Ok(response.text().await?)
    }
}
