//! Shape `raw-header`: ureq 3 with an agent, the bare authtoken as the whole `Authorization`, token in a constant.

use std::error::Error;
use std::process::ExitCode;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::Agent;

const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ORG_ID: &str = "700000001";

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(
            TlsConfig::builder()
                .root_certs(RootCerts::PlatformVerifier)
                .build(),
        )
        .build()
        .into()
}

fn ticket_count() -> Result<(u16, String), Box<dyn Error + Send + Sync>> {
    let mut response = agent()
        .get("https://desk.zoho.com/api/v1/ticketsCount")
        .header("orgId", ORG_ID)
        .header("Authorization", AUTH_TOKEN)
        .call()?;
    let status = response.status().as_u16();
    let body = response.body_mut().read_to_string()?;
    Ok((status, body))
}

fn main() -> ExitCode {
    driver::run(ticket_count)
}
