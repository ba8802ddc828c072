//! Rust: a module beside the root of the crate, for the HTTP client that the crate has.

use super::{Access, Place, Supply, after_line, helper_file};
use crate::finding::Safety;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::placement::{folder_of, join};
use crate::rules::helpers::{Helper, Style};
use crate::syntax::tree::{Function, Kind, NodeId};

const MODULE: &str = "zoho_access_token";

pub(super) fn access(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let locator = place.locator;
    let unit = locator.unit;
    let helper = helper(planner, place)?;
    let root = crate_root(planner, &unit.path)
        .ok_or("the root of the crate (src/main.rs or src/lib.rs) was not found")?;
    let function = locator
        .function_around(place.at)
        .ok_or("this is no code of a function, so it cannot ask for an access token")?;
    let Kind::Function(declared) = locator.kind(function) else {
        return Err("this is no code of a function".to_string());
    };
    let call = format!("crate::{MODULE}::{}()", helper.names().token);
    let call = match helper.style() {
        Style::FutureResult if declared.is_async => format!("{call}.await"),
        Style::FutureResult => {
            return Err(
                "this function is not async, and fetching an access token with this client is"
                    .to_string(),
            );
        }
        _ => call,
    };
    let (call, safety, reason) = match failure(place, function, declared) {
        Some(ending) => (format!("{call}{ending}"), Safety::Safe, None),
        None => {
            return Err(
                "this function has no way to return the error of a refused refresh".to_string(),
            );
        }
    };
    let edits = module(planner, place, &root);
    let path = join(folder_of(&root), helper.file_name());
    // Its headers are texts that are lent.
    let lent = if helper == Helper::Ureq2 { "&" } else { "" };
    let scheme = planner.knowledge.rules.oauth_scheme();
    Ok(Access {
        value: format!("{lent}format!(\"{scheme} {{}}\", {call})"),
        safety,
        reason,
        edits,
        helper: Some(helper_file(planner, helper, path, place)?),
        moves_in: "",
    })
}

/// What a function that made a token gives instead.
pub(super) fn supply(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    function: NodeId,
) -> Result<Supply, String> {
    let locator = place.locator;
    let helper = helper(planner, place)?;
    let root = crate_root(planner, &locator.unit.path)
        .ok_or("the root of the crate (src/main.rs or src/lib.rs) was not found")?;
    let Kind::Function(declared) = locator.kind(function) else {
        return Err("this is no code of a function".to_string());
    };
    let mut call = format!("crate::{MODULE}::{}()", helper.names().token);
    match helper.style() {
        Style::FutureResult if declared.is_async => call.push_str(".await"),
        Style::FutureResult => {
            return Err(
                "this function is not async, and fetching an access token with this client is"
                    .to_string(),
            );
        }
        _ if declared.is_async => {
            return Err(
                "this function is async, and fetching an access token with this client waits"
                    .to_string(),
            );
        }
        _ => {}
    }
    let start = locator.span(function).start;
    let end = declared
        .body
        .first()
        .map_or(start, |first| locator.span(*first).start);
    let head = locator.slice(crate::syntax::Span { start, end });
    let kind: String = head
        .rsplit_once("->")
        .map_or("", |(_, kind)| kind)
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '{')
        .collect();
    let failure = failure(place, function, declared);
    let refused = "this function has no way to return the error of a refused refresh";
    let (expression, gives_nothing) = match kind.as_str() {
        "String" => {
            let ending = failure.filter(|ending| *ending != "?").ok_or(refused)?;
            (format!("{call}{ending}"), false)
        }
        "Option<String>" => (format!("{call}.ok()"), true),
        _ if kind.contains("Result<String") => {
            (format!("Ok({call}{})", failure.ok_or(refused)?), false)
        }
        _ => return Err("the function does not give a text".to_string()),
    };
    let mut edits = module(planner, place, &root);
    // The compiler warns of parameters that nothing uses.
    for parameter in &declared.parameters {
        if let Kind::Name(name) = locator.kind(parameter.target)
            && !name.starts_with('_')
            && name != "self"
        {
            let at = locator.span(parameter.target).start;
            edits.push(TextEdit::insert(&locator.unit.path, at, "_"));
        }
    }
    let path = join(folder_of(&root), helper.file_name());
    Ok(Supply {
        statement: expression.clone(),
        expression,
        edits,
        helper: helper_file(planner, helper, path, place)?,
        reason: None,
        gives_nothing,
    })
}

/// The line that makes the helper a module of the crate.
fn module(planner: &Planner<'_, '_>, place: &Place<'_, '_>, root: &str) -> Vec<TextEdit> {
    let locator = place.locator;
    let mut edits = Vec::new();
    let root_text = planner.sources.text(root).unwrap_or_default();
    if !root_text.contains(&format!("mod {MODULE};")) {
        edits.push(TextEdit::insert(
            root,
            place_of_module(&root_text),
            format!("mod {MODULE};{}", locator.line_end()),
        ));
    }
    edits
}

/// How the function hands on an error: `?`, or as it deals with others.
fn failure(
    place: &Place<'_, '_>,
    function: crate::syntax::tree::NodeId,
    declared: &Function,
) -> Option<&'static str> {
    let locator = place.locator;
    let start = locator.span(function).start;
    let body = declared
        .body
        .first()
        .map(|first| locator.span(*first).start)?;
    let head = locator.slice(crate::syntax::Span { start, end: body });
    let takes_any = head.contains("Box<dyn") || head.contains("anyhow") || head.contains("eyre");
    // `Result<T>` alone is an alias, mostly of one of those.
    let text = locator.text(function);
    let returned = head.rsplit_once("->").map_or("", |(_, returned)| returned);
    let aliased = returned.trim_start().starts_with("Result<")
        && !returned.contains(',')
        && (locator.unit.imports.iter())
            .any(|module| module.contains("anyhow") || module.contains("eyre"));
    if takes_any || aliased || is_alias_of_any(&locator.unit.text, returned) {
        return Some("?");
    }
    (text.contains(".unwrap()") || text.contains(".expect("))
        .then_some(".expect(\"an access token for Zoho\")")
}

/// Whether the type that is returned is declared in this file as a result with any error:
/// `type Answer<T> = Result<T, Box<dyn Error>>;`.
fn is_alias_of_any(text: &str, returned: &str) -> bool {
    let name = returned.trim_start();
    let name = name
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .and_then(|end| name.get(..end))
        .unwrap_or(name);
    !name.is_empty()
        && text
            .split(';')
            .filter_map(|item| item.rsplit_once("type ")?.1.split_once('='))
            .any(|(declared, meant)| {
                let declared = declared.split('<').next().unwrap_or_default();
                let takes_any = ["Box<dyn", "anyhow", "eyre"]
                    .iter()
                    .any(|error| meant.contains(error));
                declared.trim() == name && meant.contains("Result<") && takes_any
            })
}

/// The helper for the client that sends this request.
fn helper(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Helper, String> {
    let client = place.client.unwrap_or_default();
    let text: &str = &place.locator.unit.text;
    let manifest = manifest(planner, &place.locator.unit.path);
    let version = |name: &str| {
        let manifest = manifest.as_deref().unwrap_or_default();
        major(manifest, name)
    };
    let is_told = ["reqwest", "ureq"]
        .iter()
        .any(|name| client.starts_with(name));
    let has = |name: &str| {
        if is_told {
            return client.starts_with(name);
        }
        client.starts_with(name)
            || place
                .locator
                .unit
                .imports
                .iter()
                .any(|module| module.starts_with(name))
            || (version(name).is_some() && text.contains(name))
    };
    let found = if has("reqwest") {
        let locator = place.locator;
        let is_async = locator.function_around(place.at).is_some_and(
            |id| matches!(locator.kind(id), Kind::Function(function) if function.is_async),
        );
        let blocking = locator.mentions("blocking") && !is_async;
        Helper::for_crate("reqwest", 0, blocking)
    } else if has("ureq") {
        // `.set(…)` is gone in version 3.
        let guess = if place.locator.mentions(".set(") {
            2
        } else {
            3
        };
        Helper::for_crate("ureq", version("ureq").unwrap_or(guess), false)
    } else {
        None
    };
    found.ok_or_else(|| {
        "there is no helper for this HTTP client; call one of reqwest or ureq".to_string()
    })
}

/// The first number of the version that a manifest asks for.
fn major(manifest: &str, name: &str) -> Option<u32> {
    let value: toml::Table = manifest.parse().ok()?;
    let wanted = value.get("dependencies")?.get(name)?;
    let version = wanted
        .as_str()
        .or_else(|| wanted.get("version")?.as_str())?;
    version
        .trim_start_matches(['^', '=', '~', '>', '<', ' '])
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// The first number of the version of a crate that the package of this file asks for.
pub(in crate::fix) fn version_of(planner: &Planner<'_, '_>, path: &str, name: &str) -> Option<u32> {
    major(&manifest(planner, path)?, name)
}

fn manifest(planner: &Planner<'_, '_>, path: &str) -> Option<String> {
    let mut folder = folder_of(path);
    loop {
        if let Some(text) = planner.sources.text(&join(folder, "Cargo.toml")) {
            return Some(text);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// `main.rs` or `lib.rs` of the crate that a file belongs to.
fn crate_root(planner: &Planner<'_, '_>, path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let own = folder_of(path);
    let is_program = own.rsplit('/').next() == Some("bin") || own.ends_with("examples");
    if matches!(name, "main.rs" | "lib.rs") || is_program {
        return Some(path.to_string());
    }
    let mut folder = own;
    loop {
        for root in ["main.rs", "lib.rs"] {
            let root = join(folder, root);
            if planner.sources.exists(&root) {
                return Some(root);
            }
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// Before the first `mod`, `use` or item, after inner attributes and comments of the crate.
fn place_of_module(text: &str) -> u32 {
    let mut at = 0;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        offset += line.len();
        let trimmed = line.trim_start();
        if trimmed.starts_with("#!") || trimmed.starts_with("//!") {
            at = offset;
        } else if !trimmed.trim().is_empty() {
            break;
        }
    }
    after_blank_lines(text, at)
}

fn after_blank_lines(text: &str, at: usize) -> u32 {
    let mut at = at as u32;
    while text
        .get(at as usize..)
        .is_some_and(|rest| rest.starts_with('\n') || rest.starts_with("\r\n"))
    {
        at = after_line(text, at);
    }
    at
}
