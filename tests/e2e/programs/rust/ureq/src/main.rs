//! Shape `query-format-positional`: ureq 2, a URL made by `format!` with one placeholder for the authtoken and one
//! for the company, token from the environment. No JSON library: the body is handed on as text.

use std::env;
use std::error::Error;
use std::process::ExitCode;

const ORGANIZATION_ID: u32 = 700000002;

fn contacts() -> Result<(u16, String), Box<dyn Error + Send + Sync>> {
    let token = env::var("ZOHO_AUTHTOKEN")?;
    let url = format!(
        "https://books.zoho.com/api/v3/contacts?authtoken={}&organization_id={}&per_page=25",
        token, ORGANIZATION_ID
    );
    match ureq::get(&url).set("Accept", "application/json").call() {
        Ok(response) | Err(ureq::Error::Status(_, response)) => {
            Ok((response.status(), response.into_string()?))
        }
        Err(error) => Err(error.into()),
    }
}

fn main() -> ExitCode {
    driver::run(contacts)
}
