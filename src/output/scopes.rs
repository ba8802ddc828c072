//! What `authshift scopes` says: for each client what to ask for, ready to paste, and why.

use crate::finding::excerpt::one_line;
use crate::plan::scopes::{Client, Needs, Scoped, SignIn};
use crate::rules::model::Rules;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// So many requests are named for each scope, and of those whose scopes are not known.
const REQUESTS: usize = 3;

pub fn write_text(
    clients: &[Client],
    rules: &Rules,
    verbose: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if clients.is_empty() {
        return writeln!(out, "No request to Zoho was found.");
    }
    for (number, client) in clients.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        match &client.sign_in {
            SignIn::Program => writeln!(out, "Programs")?,
            SignIn::Connection(name) => {
                writeln!(out, "Deluge connection {}", one_line(name))?;
            }
            SignIn::NewConnection => writeln!(out, "Deluge scripts without a connection")?,
        }
        write_client(client, rules, verbose, out)?;
    }
    Ok(())
}

fn write_client(
    client: &Client,
    rules: &Rules,
    verbose: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let most = if verbose { usize::MAX } else { REQUESTS };
    for scope in &client.scopes {
        writeln!(out, "  {scope}")?;
        // Of several scopes that suffice for a request alone, the client asks for those that serve others as well.
        let uses = |request: &&Scoped| match (&request.needs, &request.need) {
            (Needs::Scopes(..), Some(need)) => need.names(scope),
            _ => false,
        };
        places(client.requests.iter().filter(uses), most, out)?;
    }
    if !client.scopes.is_empty() {
        let list = client.scopes.join(",");
        match &client.sign_in {
            SignIn::Program => {
                writeln!(
                    out,
                    "\n  For a self client (Generate Code, Scope):\n    {list}"
                )?;
                writeln!(
                    out,
                    "  For a web application, the address that users are sent to:"
                )?;
                for host in &client.accounts_hosts {
                    writeln!(out, "    {}", authorization(host, &list))?;
                }
            }
            SignIn::Connection(_) | SignIn::NewConnection => writeln!(
                out,
                "\n  For the connection (service Zoho OAuth, not an API key):\n    {list}"
            )?,
        }
        if client.every != client.scopes {
            writeln!(
                out,
                "  Zoho does not say whether one of several scopes is enough. Where it is not, all that are listed:\n    {}",
                client.every.join(",")
            )?;
        }
    }
    let is_free =
        |request: &&Scoped| matches!(&request.needs, Needs::Scopes(_, scopes) if scopes.is_empty());
    let free: Vec<&Scoped> = client.requests.iter().filter(is_free).collect();
    if !free.is_empty() {
        writeln!(out, "\n  Need no scope:")?;
        places(free.iter().copied(), most, out)?;
    }
    let is_unknown = |request: &&Scoped| matches!(request.needs, Needs::Unknown(_));
    let unknown: Vec<&Scoped> = client.requests.iter().filter(is_unknown).collect();
    if !unknown.is_empty() {
        writeln!(out, "\n  Not known, to be looked up in Zoho's pages:")?;
        places(unknown.iter().copied(), most.max(10), out)?;
        let families: BTreeSet<String> = unknown
            .iter()
            .filter_map(|request| match &request.needs {
                Needs::Unknown(Some(family)) => Some((request, family)),
                _ => None,
            })
            .map(|(request, family)| {
                let product = rules
                    .products
                    .iter()
                    .find(|product| product.id == request.product);
                let name = product.map_or("Zoho", |product| product.name.as_str());
                format!("those of {name} begin with {family}.")
            })
            .collect();
        for family in families {
            writeln!(out, "    ({family})")?;
        }
    }
    let has_ended = |request: &&Scoped| request.needs == Needs::Ended;
    let ended: Vec<&Scoped> = client.requests.iter().filter(has_ended).collect();
    if !ended.is_empty() {
        writeln!(
            out,
            "\n  To APIs that have ended, which need another endpoint first:"
        )?;
        places(ended.iter().copied(), most, out)?;
    }
    Ok(())
}

fn places<'s>(
    requests: impl Iterator<Item = &'s Scoped>,
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let requests: Vec<&Scoped> = requests.collect();
    for request in requests.iter().take(most) {
        let method = request.method.as_deref().unwrap_or("?");
        writeln!(
            out,
            "    {} {}  {}:{}",
            one_line(method),
            one_line(&request.url),
            one_line(&request.path),
            request.line
        )?;
    }
    if requests.len() > most {
        writeln!(
            out,
            "    and {} more (--verbose names them)",
            requests.len() - most
        )?;
    }
    Ok(())
}

fn authorization(host: &str, scopes: &str) -> String {
    format!(
        "https://{host}/oauth/v2/auth?response_type=code&access_type=offline&prompt=consent&client_id=CLIENT_ID&redirect_uri=REDIRECT_URI&scope={scopes}"
    )
}

pub fn write_json(clients: &[Client], out: &mut dyn Write) -> io::Result<()> {
    let clients: Vec<Value> = clients.iter().map(client_json).collect();
    writeln!(out, "{:#}", json!({ "schema": 1, "clients": clients }))
}

fn client_json(client: &Client) -> Value {
    let (kind, connection) = match &client.sign_in {
        SignIn::Program => ("program", None),
        SignIn::Connection(name) => ("connection", Some(name)),
        SignIn::NewConnection => ("connection", None),
    };
    let list = client.scopes.join(",");
    let addresses: Vec<String> = match client.sign_in {
        SignIn::Program if !list.is_empty() => client
            .accounts_hosts
            .iter()
            .map(|host| authorization(host, &list))
            .collect(),
        _ => Vec::new(),
    };
    json!({
        "kind": kind,
        "connection": connection,
        "accounts_hosts": client.accounts_hosts,
        "scopes": client.scopes,
        "every_scope": client.every,
        "authorization_urls": addresses,
        "requests": client.requests.iter().map(request_json).collect::<Vec<_>>(),
    })
}

fn request_json(request: &Scoped) -> Value {
    let (status, operation, scopes) = match &request.needs {
        Needs::Scopes(operation, scopes) => ("known", Some(operation), scopes.as_slice()),
        Needs::Unknown(_) => ("unknown", None, &[][..]),
        Needs::Ended => ("ended", None, &[][..]),
    };
    json!({
        "path": request.path,
        "line": request.line,
        "product": request.product,
        "method": request.method,
        "url": request.url,
        "status": status,
        "operation": operation,
        "scopes": scopes,
    })
}
