//! Java: a class with static methods in the package of the code that it serves.

pub(in crate::fix) mod names;

use super::{Access, HelperFile, Place, Supply, helper_file};
use crate::finding::Safety;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::placement::{Family, folder_of, join};
use crate::rules::helpers::Helper;
use crate::syntax::Span;
use crate::syntax::tree::{Class, Function, Kind, NodeId};

/// What is known of the class that holds the helper.
const CLASS: &str = "ZohoAccessToken";
/// Gives the token, and throws an `IOException` if there is none.
const CHECKED: &str = "ZohoAccessToken.getOrFail";

pub(super) fn access(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let locator = place.locator;
    let (helper, edits) = helper(planner, place)?;
    // A field or constant is evaluated once and would hold the first token for ever.
    let frozen = locator.is_field(place.at)
        || locator.function_around(place.at).is_some_and(|function| {
            matches!(locator.kind(function), Kind::Function(function) if function.is_constructor)
        });
    // What deals with the errors of the request has to get those of fetching the token.
    let token = match takes_io_errors(place) {
        true => CHECKED,
        false => Helper::Java.names().token,
    };
    let reason = frozen.then(|| {
        "this is set once for each object, so it would keep the first access token after it has expired: build the header for every request".to_string()
    });
    let reason = reason.or_else(|| errors_elsewhere(planner, place).map(str::to_string));
    Ok(Access {
        value: format!(
            "\"{} \" + {token}()",
            planner.knowledge.rules.oauth_scheme()
        ),
        safety: match (frozen, &reason) {
            (true, _) => Safety::Display,
            (false, Some(_)) => Safety::Unsafe,
            (false, None) => Safety::Safe,
        },
        reason,
        edits,
        helper: Some(helper),
        moves_in: "",
    })
}

/// The class with the helper in the package for it, and the import where that is another one.
fn helper(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
) -> Result<(HelperFile, Vec<TextEdit>), String> {
    let locator = place.locator;
    let unit = locator.unit;
    if unit
        .imports
        .iter()
        .any(|module| module.starts_with("android") || module.starts_with("com.android"))
    {
        return Err("this is an Android app, which must not hold a client secret: let a server of yours make the call, or use Zoho's sign-in for mobile apps".to_string());
    }
    let is_helper = |known: &Class| known.name.as_ref().is_some_and(|name| name.text == CLASS);
    if unit
        .tree
        .nodes()
        .any(|(_, node)| matches!(&node.kind, Kind::Class(known) if is_helper(known)))
    {
        return Err(format!(
            "a class {CLASS} of its own stands in this file: rename it, and run this again"
        ));
    }
    let (folder, package) = home(planner, &unit.path, &unit.package);
    let path = join(&folder, Helper::Java.file_name());
    let mut helper = helper_file(planner, Helper::Java, path, place)?;
    if !package.is_empty() {
        let line_end = locator.line_end();
        helper.text = format!("package {package};{line_end}{line_end}{}", helper.text);
    }
    let mut edits = Vec::new();
    if package != unit.package {
        edits.extend(names::import(locator, &package, CLASS));
    }
    Ok((helper, edits))
}

/// What a method that made a token gives instead.
pub(super) fn supply(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    function: NodeId,
) -> Result<Supply, String> {
    let Kind::Function(declared) = place.locator.kind(function) else {
        return Err("this is no code of a method".to_string());
    };
    let (name, start) = (declared.name.as_ref(), place.locator.span(function).start);
    let head = name.map_or("", |name| {
        let end = name.span.start.max(start);
        place.locator.slice(Span { start, end })
    });
    let kind = head.split_whitespace().last().unwrap_or_default();
    if !matches!(
        kind,
        "String" | "java.lang.String" | "CharSequence" | "Object"
    ) {
        return Err("the method does not give a text".to_string());
    }
    let (helper, edits) = helper(planner, place)?;
    let token = match declares_io_errors(place.locator, function, declared) {
        true => CHECKED,
        false => Helper::Java.names().token,
    };
    let expression = format!("{token}()");
    Ok(Supply {
        statement: format!("return {expression};"),
        expression,
        edits,
        helper,
        reason: None,
        gives_nothing: false,
    })
}

/// Whether an `IOException` at this place is caught or declared.
fn takes_io_errors(place: &Place<'_, '_>) -> bool {
    let locator = place.locator;
    let at = locator.span(place.at);
    for ancestor in locator.ancestors(place.at) {
        match locator.kind(ancestor) {
            Kind::Branch {
                arms, is_try: true, ..
            } if arms
                .first()
                .is_some_and(|body| locator.span(*body).contains(at)) =>
            {
                let handlers = Span {
                    start: at.end,
                    end: locator.span(ancestor).end,
                };
                let caught = locator.slice(handlers).split("catch").skip(1);
                let mut types = caught.filter_map(|rest| rest.split_once(')').map(|(one, _)| one));
                if types.any(|types| types.contains("IOException")) {
                    return true;
                }
            }
            Kind::Function(function) => {
                // What a client calls before a request may fail as the request may.
                return place.awaited || declares_io_errors(locator, ancestor, function);
            }
            _ => {}
        }
    }
    false
}

/// Why the errors of fetching the token do not get to the code that deals with those of the request.
fn errors_elsewhere(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Option<&'static str> {
    let locator = place.locator;
    let function = locator.function_around(place.at)?;
    let text = locator.text(function);
    let client = place.client.and_then(|name| planner.client(name));
    let is_later = client
        .iter()
        .flat_map(|client| &client.answers_later)
        .any(|method| text.contains(&format!(".{method}(")));
    if is_later && !text.contains(".block()") {
        return Some(
            "fetching the access token waits here, and throws at once: what deals with the errors of this asynchronous call does not get that",
        );
    }
    let at = locator.span(place.at);
    let statement = locator.statement_of(place.at);
    let name = locator
        .ancestors(place.at)
        .take_while(|ancestor| *ancestor != function)
        .find_map(|ancestor| match locator.kind(ancestor) {
            Kind::Binding(binding) => Some(locator.text(binding.target)),
            _ => None,
        })
        .unwrap_or_else(|| first_word(locator.text(statement)));
    if name.is_empty() {
        return None;
    }
    let whole = locator.span(function);
    let is_before_try = locator.unit.tree.nodes().any(|(id, node)| {
        let Kind::Branch {
            arms, is_try: true, ..
        } = &node.kind
        else {
            return false;
        };
        let span = locator.span(id);
        span.start > at.end
            && whole.contains(span)
            && locator.text(id).contains("catch")
            && arms
                .first()
                .is_some_and(|body| has_word(locator.text(*body), name))
    });
    is_before_try.then_some(
        "the request is built before the try that deals with its errors: an error of fetching the access token is not caught there",
    )
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

fn first_word(text: &str) -> &str {
    text.find(|character| !is_word(character))
        .and_then(|end| text.get(..end))
        .unwrap_or_default()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character| !is_word(character))
        .any(|found| found == word)
}

/// Whether a method says that it throws an `IOException`.
fn declares_io_errors(locator: &Locator<'_>, id: NodeId, function: &Function) -> bool {
    let start = function
        .parameters
        .last()
        .map_or(locator.span(id).start, |last| last.span.end);
    let end = function
        .body
        .first()
        .map_or(start, |first| locator.span(*first).start);
    let head = locator.slice(Span { start, end });
    head.split_once("throws ")
        .is_some_and(|(_, thrown)| thrown.contains("IOException"))
}

/// Folder and package of the helper: those that all code in need of it have in common, as far as the folders
/// are those of packages; else those of the file itself.
fn home(planner: &Planner<'_, '_>, path: &str, package: &str) -> (String, String) {
    let own = folder_of(path).to_string();
    let common = planner.placement.folder(Family::Java, path);
    let own_path = package.replace('.', "/");
    let Some(root) = own.strip_suffix(own_path.as_str()) else {
        return (own.clone(), package.to_string());
    };
    // The default package cannot be imported from.
    match common.strip_prefix(root) {
        Some(inner) if !inner.is_empty() && !package.is_empty() => {
            let package = inner.trim_matches('/').replace('/', ".");
            (common, package)
        }
        _ => (own, package.to_string()),
    }
}
