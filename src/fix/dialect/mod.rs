//! Dialects: how a program of each language takes an access token, and what has to be around that.
//!
//! Owns what is common: the question and the answer. It must not know shapes of requests.

pub(in crate::fix) mod java;
pub mod javascript;
pub(in crate::fix) mod rust;

use super::edits::TextEdit;
use super::locate::Locator;
use super::{Accounts, HelperFile, Planner};
use crate::finding::{PathClass, Safety, path_class};
use crate::rules::helpers::{Constants, Helper};
use crate::syntax::tree::{Language, NodeId};

/// The answer: an expression for the value of the `Authorization` header.
#[derive(Clone, Debug)]
pub struct Access {
    pub value: String,
    pub safety: Safety,
    /// Why it is not safe.
    pub reason: Option<String>,
    /// Imports, `async`, what is put around the statement.
    pub edits: Vec<TextEdit>,
    pub helper: Option<HelperFile>,
    /// By what the lines around the call move in.
    pub moves_in: &'static str,
}

/// Where the header is sent and where the value will stand.
pub struct Place<'l, 'u> {
    pub locator: &'l Locator<'u>,
    pub file: u32,
    /// A node in whose place, or beside which, the value will stand.
    pub at: NodeId,
    /// The call that makes the request, if it stands in the same file.
    pub call: Option<NodeId>,
    pub client: Option<&'l str>,
    /// Whether what calls the function around waits for it, so that it may become async.
    pub awaited: bool,
    /// Whether callbacks given to that client take an error first.
    pub error_first: bool,
    pub accounts: Accounts,
    /// The quote for text, as the code around writes it.
    pub quote: char,
}

/// How this code gets the value of the header; an error says why it cannot, for people.
pub fn access(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let unit = place.locator.unit;
    if unit.is_embedded {
        return Err(match unit.language() {
            Language::JavaScript | Language::TypeScript if !is_document(&unit.path) => {
                "code in a page: a browser must not hold a client secret; let a server of yours make the call".to_string()
            }
            _ => "a sample in a document: show with it where the access token comes from, and send it as `Authorization: Zoho-oauthtoken <access token>`".to_string(),
        });
    }
    match unit.language() {
        Language::Java => java::access(planner, place),
        Language::JavaScript | Language::TypeScript => javascript::access(planner, place),
        Language::Rust => rust::access(planner, place),
        _ => Err("there is no helper for this language".to_string()),
    }
}

fn is_document(path: &str) -> bool {
    path_class::classify(path, None) == PathClass::Docs
}

/// What a function that made a token gives instead.
#[derive(Clone, Debug)]
pub struct Supply {
    /// The whole of its body, if that stands between braces.
    pub statement: String,
    /// The same as an expression.
    pub expression: String,
    /// Imports and the like.
    pub edits: Vec<TextEdit>,
    pub helper: HelperFile,
    /// What a person has to know.
    pub reason: Option<String>,
    /// Whether it still gives nothing where there is no token.
    pub gives_nothing: bool,
}

/// What the function gives once its body is gone; an error says why it cannot, for people.
pub fn supply(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    function: NodeId,
    callback: Option<&str>,
) -> Result<Supply, String> {
    match place.locator.unit.language() {
        Language::JavaScript | Language::TypeScript => {
            javascript::supply(planner, place, function, callback)
        }
        _ if callback.is_some() => Err("the function hands the token to a callback".to_string()),
        Language::Java => java::supply(planner, place, function),
        Language::Rust => rust::supply(planner, place, function),
        _ => Err("there is no helper for this language".to_string()),
    }
}

/// The helper with the accounts server of the data centre and the settings file of the program filled in, its lines
/// ended like those of the code.
fn helper_file(
    planner: &Planner<'_, '_>,
    helper: Helper,
    path: String,
    place: &Place<'_, '_>,
) -> Result<HelperFile, String> {
    let settings = planner
        .settings_files
        .for_helper(helper, &path, planner.sources);
    let constants = Constants {
        accounts_url: place.accounts.url.clone(),
        settings,
    };
    let text = helper
        .source(&constants)
        .map_err(|error| error.to_string())?;
    let text = text.replace('\n', place.locator.line_end());
    Ok(HelperFile {
        helper,
        path,
        text,
        accounts: place.accounts.clone(),
    })
}

/// The end of the line in which a byte lies, its line end included.
fn after_line(text: &str, at: u32) -> u32 {
    let at = at as usize;
    let rest = text.get(at..).unwrap_or_default();
    (at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)) as u32
}
