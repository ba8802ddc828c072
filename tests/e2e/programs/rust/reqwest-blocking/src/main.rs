//! Shape `query-tuples`: blocking reqwest, the authtoken as one of the pairs given to `query`, token from the
//! environment, the company in another pair.

use reqwest::blocking::Client;
use std::env;
use std::error::Error;
use std::process::ExitCode;

const ORGANIZATION_ID: &str = "700000002";

fn unpaid_invoices() -> Result<(u16, String), Box<dyn Error + Send + Sync>> {
    let authtoken = env::var("ZOHO_AUTHTOKEN")?;
    let response = Client::new()
        .get("https://books.zoho.eu/api/v3/invoices")
        .query(&[
            ("authtoken", authtoken.as_str()),
            ("organization_id", ORGANIZATION_ID),
            ("status", "unpaid"),
        ])
        .send()?;
    let status = response.status().as_u16();
    let body: serde_json::Value = response.json()?;
    Ok((status, body.to_string()))
}

fn main() -> ExitCode {
    driver::run(unpaid_invoices)
}
