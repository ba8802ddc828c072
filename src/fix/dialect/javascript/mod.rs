//! JavaScript, TypeScript and Apps Script: a module with an asynchronous function, or a global function.
//!
//! Owns who gets which, and what the value of the header looks like. How a file brings in a module lies in
//! [`modules`], how code waits in [`waiting`] and [`wrapping`].

mod callers;
mod chain;
mod errors;
mod modules;
mod promises;
mod supply;
mod waiting;
mod wrapping;

use super::{Access, Place, helper_file};
use crate::finding::Safety;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::placement::{Family, join};
use crate::rules::helpers::Helper;
use modules::{Modules, import, modules};
pub(super) use supply::supply;
use waiting::{Waits, wait};
use wrapping::step_of;

/// What the token function is called in the program: its own name is too likely to be taken.
const NAME: &str = "zohoAccessToken";
/// What the token is called within `.then`: by another name where the program has something of the first one.
fn token_name(locator: &Locator<'_>) -> &'static str {
    const OWN: [&str; 2] = ["then((zohoToken)", "function (zohoToken)"];
    let is_taken = locator.mentions("zohoOAuthToken")
        || (locator.mentions("zohoToken") && !OWN.iter().any(|own| locator.mentions(own)));
    if is_taken {
        "zohoOAuthToken"
    } else {
        "zohoToken"
    }
}

pub(in crate::fix::dialect) fn access(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
) -> Result<Access, String> {
    let locator = place.locator;
    let path = locator.unit.path.as_str();
    if path.ends_with(".gs")
        || locator
            .once("apps script", || calls_apps_script(locator).then_some(""))
            .is_some()
    {
        return apps_script(planner, place);
    }
    if let Some(sign) = locator.once("browser", || browser_sign(locator)) {
        return Err(in_browser(sign));
    }
    if path.ends_with(".coffee") {
        return Err("there is no helper for CoffeeScript".to_string());
    }
    let modules = modules_of(planner, locator);
    let mut edits = Vec::new();
    let helper = import(planner, place, modules, &mut edits)?;
    let (waits, safety, reason) = wait(planner, place, modules, &mut edits)?;
    let token = match waits {
        Waits::Await => format!("await {NAME}()"),
        Waits::Then => token_name(locator).to_string(),
    };
    let scheme = planner.knowledge.rules.oauth_scheme();
    let value = if place.quote == '`' {
        format!("`{scheme} ${{{token}}}`")
    } else {
        let quote = place.quote;
        format!("{quote}{scheme} {quote} + {token}")
    };
    Ok(Access {
        value,
        safety,
        reason,
        moves_in: step_of(locator, &edits),
        edits,
        helper: Some(helper),
    })
}

/// The value of the header within an async function that is written anew.
pub(in crate::fix) fn within_async(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    edits: &mut Vec<TextEdit>,
) -> Result<(String, super::HelperFile), String> {
    let locator = place.locator;
    if let Some(sign) = locator.once("browser", || browser_sign(locator)) {
        return Err(in_browser(sign));
    }
    let helper = import(planner, place, modules_of(planner, locator), edits)?;
    let quote = if place.quote == '`' {
        '\''
    } else {
        place.quote
    };
    let scheme = planner.knowledge.rules.oauth_scheme();
    let value = format!("{quote}{scheme} {quote} + await {NAME}()");
    Ok((value, helper))
}

fn modules_of(planner: &Planner<'_, '_>, locator: &Locator<'_>) -> Modules {
    let es = locator.once("modules", || {
        (modules(planner, locator) == Modules::EsModules).then_some("")
    });
    match es {
        Some(_) => Modules::EsModules,
        None => Modules::CommonJs,
    }
}

fn in_browser(sign: &str) -> String {
    format!(
        "this looks like code for a browser ({sign}), which must not hold a client secret: let a server of yours make the call"
    )
}

fn apps_script(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let locator = place.locator;
    let (file, call) = apps_script_helper(planner, place)?;
    let frozen = locator.function_around(place.at).is_none();
    let quote = if place.quote == '`' {
        '\''
    } else {
        place.quote
    };
    Ok(Access {
        value: format!(
            "{quote}{} {quote} + {call}",
            planner.knowledge.rules.oauth_scheme()
        ),
        // A script begins anew with every run, so what its files hold lives no longer than that.
        safety: if frozen { Safety::Unsafe } else { Safety::Safe },
        reason: frozen.then(|| "outside of a function this asks Zoho for a token whenever any function of the script runs".to_string()),
        edits: Vec::new(),
        helper: Some(file),
        moves_in: "",
    })
}

/// The file for the helper, and the call that gives the token.
fn apps_script_helper(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
) -> Result<(super::HelperFile, String), String> {
    let path = place.locator.unit.path.as_str();
    let helper = Helper::AppsScript;
    let folder = planner.placement.folder(Family::JavaScript, path);
    // All files of a script share one scope; `clasp` also writes them as `.js`.
    let name = match path.rsplit('.').next() {
        Some("js") => helper.file_name().replace(".gs", ".js"),
        _ => helper.file_name().to_string(),
    };
    let file = helper_file(planner, helper, join(&folder, &name), place)?;
    Ok((file, format!("{}()", helper.names().token)))
}

fn calls_apps_script(locator: &Locator<'_>) -> bool {
    let text: &str = &locator.unit.text;
    text.contains("UrlFetchApp.") && !text.contains("require(")
}

/// What tells that code runs in a browser.
fn browser_sign(locator: &Locator<'_>) -> Option<&'static str> {
    let unit = locator.unit;
    let path = unit.path.as_str();
    if unit.imports.iter().any(|module| {
        matches!(
            module.as_str(),
            "react" | "react-dom" | "vue" | "react-native" | "@angular/core" | "jquery"
        )
    }) {
        return Some("it imports a library for user interfaces");
    }
    if path.ends_with(".jsx") || path.ends_with(".tsx") {
        return Some("JSX");
    }
    let text: &str = &unit.text;
    let is_node = text.contains("require(") || text.contains("process.env");
    [
        "document.",
        "window.",
        "$.ajax",
        "jQuery",
        "XMLHttpRequest",
        "localStorage",
        "chrome.runtime",
    ]
    .into_iter()
    .find(|sign| !is_node && text.contains(sign))
}
