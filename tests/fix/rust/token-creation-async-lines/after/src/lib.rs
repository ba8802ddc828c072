mod zoho_access_token;
use anyhow::{Result, bail};

pub struct Books {
    client: reqwest::Client,
}

impl Books {
    /// Signs in.
    async fn sign_in(&self, _email: &str, _password: &str) -> Result<String> {
        Ok(crate::zoho_access_token::access_token().await?)
    }

    pub async fn invoices(&self, email: &str, password: &str) -> Result<String> {
        let authtoken = self.sign_in(email, password).await?;
        let response = self
            .client
            .get("https://books.zoho.eu/api/v3/invoices")
            .header("Authorization", format!("Zoho-oauthtoken {}", crate::zoho_access_token::access_token().await?))
            .query(&[("organization_id", "7")])
            .send()
            .await?;
        Ok(response.text().await?)
    }
}
