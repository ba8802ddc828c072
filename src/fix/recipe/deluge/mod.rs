//! Deluge: the token goes, and a connection takes its place.
//!
//! Owns the plan for scripts: which calls a token reaches, what is taken out, what becomes of each call, and
//! how safe that is. A script never gets an access token of its own: it would live for an hour. It must not
//! know other languages, nor how a tree is read.

mod block;
pub(super) mod creation;
mod layout;
mod map;
mod rewrite;
mod send;
mod token;
pub(in crate::fix) mod variable;

use crate::finding::{FixKind, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner};
use crate::flow::value::Place;
use crate::rules::matching::Candidate;
use crate::syntax::deluge::is_application_export;
use crate::syntax::tree::Kind;
use send::{Form, Send};

/// Stands where the name of the connection has to be put in.
pub(crate) const PLACEHOLDER: &str = "YOUR_CONNECTION_NAME";

/// The names of connections that an edit writes into blocks.
pub(crate) fn connections_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let value = line.trim_start().strip_prefix("connection")?;
        let value = value.trim_start().strip_prefix(':')?.trim_start();
        let (name, _) = value.strip_prefix('"')?.split_once('"')?;
        Some(name)
    })
}

const TITLE: &str = "Sign in through a connection instead of an authtoken";

pub(super) fn plan(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Plan {
    attempt(planner, candidate).unwrap_or_else(|reason| Plan::display(TITLE, reason))
}

/// What a plan is made of while it grows.
struct Draft {
    edits: Vec<TextEdit>,
    /// Why a person has to look at it; none if it is safe.
    reasons: Vec<String>,
}

impl Draft {
    /// Takes edits that are not there yet: several calls may need the same one.
    fn add(&mut self, edits: Vec<TextEdit>) {
        for edit in edits {
            if !self.edits.contains(&edit) {
                self.edits.push(edit);
            }
        }
    }
    fn review(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

fn attempt(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Result<Plan, String> {
    let locator = planner
        .locator(candidate.place.file)
        .ok_or("the file is not at hand")?;
    if is_application_export(&locator.unit.text) {
        return Err("this is an export of a Creator application, which is made anew with every export: change the script in Creator".to_string());
    }
    let sends = send::all(planner, candidate)?;
    within_one_function(planner, candidate, &sends)?;
    let mut draft = Draft {
        edits: Vec::new(),
        reasons: Vec::new(),
    };
    let dropped = token::remove(planner, locator, candidate, &sends, &mut draft)?;
    let name = planner.choices.connection.as_deref();
    let mut connected = false;
    for send in &sends {
        let there = planner
            .locator(send.file)
            .ok_or("the file of the call is not at hand")?;
        let connection = if send.is_signed_in(planner.knowledge) {
            None
        } else {
            connected = true;
            Some(name.unwrap_or(PLACEHOLDER))
        };
        match send.form {
            Form::Block => {
                let edits = block::edits(there, send, connection, &dropped)?;
                draft.add(edits);
            }
            Form::Call(method) => match connection {
                Some(connection) => {
                    rewrite::into_block(there, send, method, connection, &dropped, &mut draft)?;
                }
                None if !dropped.is_empty() => {
                    return Err(
                        "the call has OAuth already: take the empty map out by hand".to_string()
                    );
                }
                None => {}
            },
        }
    }
    if connected && name.is_none() {
        draft.review(format!(
            "the connection has no name yet: make one in Zoho (service Zoho OAuth, not an API key) and run this again with --connection NAME; until then {PLACEHOLDER} stands there"
        ));
    }
    if locator.unit.is_embedded {
        draft.review("the script stands in a document, which may say more about the token");
    }
    let title = match (connected, name) {
        (false, _) => "Take the authtoken out: the request signs in with OAuth already".to_string(),
        (true, None) => TITLE.to_string(),
        (true, Some(name)) => {
            format!(
                "Sign in through the connection {name} (of the service Zoho OAuth) instead of an authtoken"
            )
        }
    };
    Ok(Plan {
        title,
        safety: if draft.reasons.is_empty() {
            Safety::Safe
        } else {
            Safety::Unsafe
        },
        reason: (!draft.reasons.is_empty()).then(|| draft.reasons.join("; ")),
        edits: draft.edits,
        helper: None,
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Program,
    })
}

/// A token that another function hands out is used by whoever calls that one: who that is cannot be seen.
fn within_one_function(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    sends: &[Send<'_>],
) -> Result<(), String> {
    let home = |locator: &Locator<'_>, file: u32, span| {
        let node = locator.smallest_around(span)?;
        // The function itself is the smallest node around its parameters.
        let function = match locator.kind(node) {
            Kind::Function(_) => Some(node),
            _ => locator.function_around(node),
        };
        Some((file, function))
    };
    let mut homes = sends.iter().filter_map(|send| {
        let locator = planner.locator(send.file)?;
        home(locator, send.file, locator.span(send.call))
    });
    let first = homes
        .next()
        .ok_or("the call that sends it is not in sight")?;
    let elsewhere = |place: Place| {
        planner
            .locator(place.file)
            .and_then(|locator| home(locator, place.file, place.span))
            .is_some_and(|home| home != first)
    };
    let is_handed_out = candidate.carried.iter().any(|place| elsewhere(*place));
    if is_handed_out || homes.any(|home| home != first) || elsewhere(candidate.place) {
        return Err("the token comes from another function: give the request a connection, take the header or parameter out, and then the token out of that function once no caller reads it".to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::connections_in;

    #[test]
    fn the_connections_of_an_edit_are_found() {
        let names = |text| connections_in(text).collect::<Vec<_>>();
        assert_eq!(names("\n\tconnection :\"books\""), ["books"]);
        assert_eq!(names(" connection: \"books\""), ["books"]);
        assert_eq!(names("\r\n\ttype :GET\r\n\tconnection : \"a\"\r\n]"), ["a"]);
        assert!(names("connections = \"books\"").is_empty());
    }
}
