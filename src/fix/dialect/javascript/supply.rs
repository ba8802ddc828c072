//! What a function that made a token gives instead.

use super::modules::import;
use super::{
    NAME, browser_sign, calls_apps_script, in_browser, modules_of, promises, token_name, waiting,
};
use crate::fix::Planner;
use crate::fix::dialect::{Place, Supply};
use crate::fix::locate::Locator;
use crate::syntax::tree::{Function, Kind, Language, NodeId};

const AT_ONCE: &str = "the function gives the token at once, and fetching one takes a promise: make it and its callers async";

pub(in crate::fix::dialect) fn supply(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    function: NodeId,
    callback: Option<&str>,
) -> Result<Supply, String> {
    let locator = place.locator;
    let path = locator.unit.path.as_str();
    let Kind::Function(declared) = locator.kind(function) else {
        return Err("this is no code of a function".to_string());
    };
    if path.ends_with(".gs") || calls_apps_script(locator) {
        let (helper, call) = super::apps_script_helper(planner, place)?;
        return match callback {
            None => Ok(made(locator, function, call, Vec::new(), helper, None)),
            Some(_) => Err("the function hands the token to a callback".to_string()),
        };
    }
    if let Some(sign) = locator.once("browser", || browser_sign(locator)) {
        return Err(in_browser(sign));
    }
    if path.ends_with(".coffee") {
        return Err("there is no helper for CoffeeScript".to_string());
    }
    let mut edits = Vec::new();
    let helper = import(planner, place, modules_of(planner, locator), &mut edits)?;
    if let Some(callback) = callback {
        if declared.is_async {
            return Err("the function is async and has a callback".to_string());
        }
        let head = super::wrapping::head(locator);
        let token = token_name(locator);
        let statement = match head.contains("=>") {
            true => format!("{NAME}().then({head}{callback}(null, {token}), {callback})"),
            false => format!("{NAME}().then({head}{{ {callback}(null, {token}); }}, {callback})"),
        };
        let reason =
            "what the callback throws becomes a rejection that nobody waits for".to_string();
        let mut supply = made(locator, function, statement, edits, helper, Some(reason));
        supply.statement = supply.expression.clone() + semicolon(locator, function);
        return Ok(supply);
    }
    let call = match declared.is_async {
        true => format!("await {NAME}()"),
        false if gives_promise(locator, declared) => format!("{NAME}()"),
        false => return Err(AT_ONCE.to_string()),
    };
    if !is_text(locator, function, declared) {
        return Err("the type that the function gives is not that of a text".to_string());
    }
    Ok(made(locator, function, call, edits, helper, None))
}

fn made(
    locator: &Locator<'_>,
    function: NodeId,
    expression: String,
    edits: Vec<crate::fix::edits::TextEdit>,
    helper: crate::fix::HelperFile,
    reason: Option<String>,
) -> Supply {
    Supply {
        statement: format!("return {expression}{}", semicolon(locator, function)),
        expression,
        edits,
        helper,
        reason,
        gives_nothing: false,
    }
}

/// As the function itself ends its statements.
fn semicolon(locator: &Locator<'_>, function: NodeId) -> &'static str {
    if locator.text(function).contains(';') {
        ";"
    } else {
        ""
    }
}

/// Whether callers have a promise of it already: a chain, or `new Promise(…)`.
fn gives_promise(locator: &Locator<'_>, declared: &Function) -> bool {
    let returned = promises::returns(locator, declared);
    let is_made = |id: NodeId| {
        matches!(locator.kind(id), Kind::Call(call)
            if call.is_new && locator.text(call.callee) == "Promise")
    };
    !returned.is_empty()
        && (returned.iter().all(|id| is_made(*id)) || promises::returns_promises(locator, declared))
}

/// Whether the type that is written, if any, is that of a promise of a text.
fn is_text(locator: &Locator<'_>, function: NodeId, declared: &Function) -> bool {
    if locator.unit.language() != Language::TypeScript {
        return true;
    }
    match waiting::declared_type(locator, function, declared) {
        None => true,
        Some(declared) => declared
            .strip_prefix("Promise<")
            .and_then(|rest| rest.strip_suffix('>'))
            .is_some_and(|inner| {
                inner
                    .split('|')
                    .any(|one| matches!(one.trim(), "string" | "any" | "unknown"))
            }),
    }
}
