//! What people have to do before the changed program runs: settings, client, scopes, connections.
//!
//! Owns what is asked of the fixes for that. Addresses come from the rules.

use super::applied;
use crate::audit::Repaired;
use crate::finding::FixKind;
use crate::finding::excerpt::one_line;
use crate::fix::deluge;
use crate::rules::helpers::{Helper, Keys};
use crate::rules::model::Rules;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

pub(super) fn write(repaired: &Repaired, rules: &Rules, out: &mut dyn Write) -> io::Result<()> {
    if applied(repaired).all(|(_, fix)| fix.kind == FixKind::Text) {
        return Ok(());
    }
    writeln!(out, "\nBefore the program runs:")?;
    let takes_token = applied(repaired).any(|(_, fix)| fix.takes_access_token);
    if takes_token || applied(repaired).any(|(_, fix)| fix.kind == FixKind::Settings) {
        settings(repaired, out)?;
    }
    if takes_token {
        writeln!(
            out,
            "  (register a self client at {}; `authshift report` has the steps, with commands to copy)",
            consoles(repaired, rules).join(" and ")
        )?;
        scopes(repaired, out)?;
    }
    for (name, scopes) in connections(repaired) {
        let name = one_line(name);
        if name == deluge::PLACEHOLDER {
            writeln!(
                out,
                "  make a connection in Zoho, and write its name where {name} stands (--connection NAME does)"
            )?;
        } else {
            writeln!(
                out,
                "  make the connection {name} in Zoho, if there is none yet"
            )?;
        }
        writeln!(
            out,
            "  (Connections in the Deluge editor: service Zoho OAuth, not an API key, without the credentials of the\n  login user)"
        )?;
        if !scopes.is_empty() {
            let scopes: Vec<&str> = scopes.into_iter().collect();
            writeln!(out, "  scopes of the connection: {}", scopes.join(", "))?;
        }
    }
    writeln!(out, "  build and test it, and look at the change")
}

/// The three settings, where each kind of program has them.
fn settings(repaired: &Repaired, out: &mut dyn Write) -> io::Result<()> {
    let keys = Keys::default();
    let names = format!(
        "{}, {} and {}",
        keys.client_id, keys.client_secret, keys.refresh_token
    );
    let made: Vec<Helper> = repaired
        .changes
        .iter()
        .filter(|change| change.before.is_none())
        .filter_map(|change| Helper::in_source(&String::from_utf8_lossy(&change.after)))
        .collect();
    let is_script = |helper: &Helper| *helper == Helper::AppsScript;
    if made.iter().any(is_script) {
        writeln!(
            out,
            "  set {names} as script properties of the Apps Script (Project settings)"
        )?;
    }
    if made.is_empty() || !made.iter().all(is_script) {
        writeln!(out, "  set {names} in its environment")?;
    }
    let files: BTreeSet<&str> = applied(repaired)
        .filter(|(_, fix)| fix.kind == FixKind::Settings)
        .flat_map(|(_, fix)| fix.edits.iter().map(|edit| edit.path.as_str()))
        .collect();
    if !files.is_empty() {
        let files: Vec<String> = files.into_iter().map(one_line).collect();
        writeln!(
            out,
            "  or where their names stand now: {}",
            files.join(", ")
        )?;
    }
    Ok(())
}

/// Where clients are registered: in the data centres that the helpers which were made ask, or else in those of the
/// requests.
fn consoles(repaired: &Repaired, rules: &Rules) -> Vec<String> {
    let made: BTreeSet<&str> = repaired
        .changes
        .iter()
        .filter(|change| change.before.is_none())
        .filter_map(|change| {
            let source = std::str::from_utf8(&change.after).ok()?;
            let url = Helper::in_source(source)?.accounts_url_in(source)?;
            let host = url.strip_prefix("https://")?;
            let center = rules
                .data_centers
                .iter()
                .find(|center| center.accounts_host == host)?;
            Some(center.id.as_str())
        })
        .collect();
    let console = |center: Option<&str>| rules.address(center, |protocol| &protocol.console);
    let consoles: BTreeSet<String> = if made.is_empty() {
        applied(repaired)
            .filter(|(_, fix)| fix.takes_access_token)
            .map(|(finding, _)| console(finding.data_center.as_deref()))
            .collect()
    } else {
        made.into_iter()
            .map(|center| console(Some(center)))
            .collect()
    };
    consoles.into_iter().collect()
}

/// The scopes that the requests need which take their token from a helper now, and how many are not known.
fn scopes(repaired: &Repaired, out: &mut dyn Write) -> io::Result<()> {
    let mut scopes = BTreeSet::new();
    let mut unknown = 0;
    for (finding, _) in applied(repaired).filter(|(_, fix)| fix.takes_access_token) {
        unknown += usize::from(finding.scopes.is_empty());
        scopes.extend(finding.scopes.iter().map(String::as_str));
    }
    if !scopes.is_empty() {
        let scopes: Vec<&str> = scopes.iter().copied().collect();
        writeln!(out, "  scopes to ask for: {}", scopes.join(","))?;
    }
    let requests = if unknown == 1 { "request" } else { "requests" };
    match (unknown, scopes.is_empty()) {
        (0, _) => Ok(()),
        (_, true) => writeln!(
            out,
            "  scopes to ask for: those of {unknown} {requests} are not known: see the pages of Zoho about their endpoints"
        ),
        (_, false) => writeln!(
            out,
            "  (and those of {unknown} more {requests}: see the pages of Zoho about their endpoints)"
        ),
    }
}

/// The connections that scripts sign in through now, with the scopes that their requests need.
fn connections(repaired: &Repaired) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut connections: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (finding, fix) in applied(repaired) {
        for name in fix
            .edits
            .iter()
            .flat_map(|edit| deluge::connections_in(&edit.text))
        {
            connections
                .entry(name)
                .or_default()
                .extend(finding.scopes.iter().map(String::as_str));
        }
    }
    connections
}
