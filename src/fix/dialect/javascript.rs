//! JavaScript, TypeScript and Apps Script: a module with an asynchronous function, or a global function.
//!
//! Owns how code waits for a token: `await` where the function is async or can become so without a change to
//! its callers, `.then` around a statement where it works with callbacks.

use super::{Access, Place, after_line, helper_file};
use crate::finding::Safety;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::placement::{Family, folder_of, join, relative};
use crate::rules::helpers::Helper;
use crate::syntax::tree::{Function, Kind, Language, NodeId};

/// What the token function is called in the program: its own name is too likely to be taken.
const NAME: &str = "zohoAccessToken";
/// What the token is called within `.then`.
const TOKEN: &str = "zohoToken";

/// How a file says where things come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Modules {
    CommonJs,
    EsModules,
}

pub(super) fn access(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let locator = place.locator;
    let path = locator.unit.path.as_str();
    if path.ends_with(".gs") || calls_apps_script(locator) {
        return apps_script(planner, place);
    }
    if let Some(sign) = browser_sign(locator) {
        return Err(format!(
            "this looks like code for a browser ({sign}), which must not hold a client secret: let a server of yours make the call"
        ));
    }
    if path.ends_with(".coffee") {
        return Err("there is no helper for CoffeeScript".to_string());
    }
    let modules = modules(planner, locator);
    let mut edits = Vec::new();
    let helper = import(planner, place, modules, &mut edits)?;
    let (waits, safety, reason) = wait(place, modules, &mut edits)?;
    let token = match waits {
        Waits::Await => format!("await {NAME}()"),
        Waits::Then => TOKEN.to_string(),
    };
    let value = if place.quote == '`' {
        format!("`Zoho-oauthtoken ${{{token}}}`")
    } else {
        let quote = place.quote;
        format!("{quote}Zoho-oauthtoken {quote} + {token}")
    };
    Ok(Access {
        value,
        safety,
        reason,
        edits,
        helper: Some(helper),
    })
}

fn apps_script(planner: &Planner<'_, '_>, place: &Place<'_, '_>) -> Result<Access, String> {
    let locator = place.locator;
    let path = locator.unit.path.as_str();
    let helper = Helper::AppsScript;
    let folder = planner.placement.folder(Family::JavaScript, path);
    // All files of a script share one scope; `clasp` also writes them as `.js`.
    let name = match path.rsplit('.').next() {
        Some("js") => helper.file_name().replace(".gs", ".js"),
        _ => helper.file_name().to_string(),
    };
    let file = helper_file(helper, join(&folder, &name), place)?;
    let frozen = locator.function_around(place.at).is_none();
    let quote = if place.quote == '`' {
        '\''
    } else {
        place.quote
    };
    Ok(Access {
        value: format!("{quote}Zoho-oauthtoken {quote} + {}()", helper.names().token),
        // A script begins anew with every run, so what its files hold lives no longer than that.
        safety: if frozen { Safety::Unsafe } else { Safety::Safe },
        reason: frozen.then(|| "outside of a function this asks Zoho for a token whenever any function of the script runs".to_string()),
        edits: Vec::new(),
        helper: Some(file),
    })
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

fn modules(planner: &Planner<'_, '_>, locator: &Locator<'_>) -> Modules {
    let unit = locator.unit;
    let extension = unit.path.rsplit('.').next().unwrap_or_default();
    match extension {
        "mjs" | "mts" => return Modules::EsModules,
        "cjs" | "cts" => return Modules::CommonJs,
        _ => {}
    }
    if unit.language() == Language::TypeScript {
        return Modules::EsModules;
    }
    let begins = |word: &str| {
        unit.tree.nodes().any(|(id, node)| match node.kind {
            Kind::Import { .. } | Kind::Export { .. } => locator.text(id).starts_with(word),
            _ => false,
        })
    };
    if begins("import") || begins("export ") {
        return Modules::EsModules;
    }
    if unit
        .tree
        .nodes()
        .any(|(_, node)| matches!(node.kind, Kind::Require { .. } | Kind::Export { .. }))
    {
        return Modules::CommonJs;
    }
    if is_module_of_node(planner, &unit.path) {
        Modules::EsModules
    } else {
        Modules::CommonJs
    }
}

/// Whether Node runs a file as an ES module: by its extension, or as the nearest `package.json` says.
fn is_module_of_node(planner: &Planner<'_, '_>, path: &str) -> bool {
    if path.ends_with(".mjs") {
        return true;
    }
    let mut folder = folder_of(path);
    loop {
        if let Some(text) = planner.sources.text(&join(folder, "package.json")) {
            let package: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            let kind = package
                .as_ref()
                .and_then(|package| package.get("type")?.as_str());
            return kind == Some("module");
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder_of(folder);
    }
}

/// Brings the token function into the file, unless it is there.
fn import(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<super::HelperFile, String> {
    let locator = place.locator;
    let unit = locator.unit;
    let helper = match (unit.language(), modules) {
        (Language::TypeScript, _) => Helper::TypeScript,
        // `import` in a file that Node itself would not take for a module is compiled to CommonJS, by tools for
        // which the form of Node's own modules is an error.
        (_, Modules::EsModules) if is_module_of_node(planner, &unit.path) => Helper::EsModule,
        _ => Helper::CommonJs,
    };
    let folder = planner.placement.folder(Family::JavaScript, &unit.path);
    let name = helper.file_name();
    let path = join(&folder, name);
    let file = helper_file(helper, path, place)?;
    if unit.text.contains(name.trim_end_matches(".ts")) {
        return Ok(file);
    }
    let mut module = relative(folder_of(&unit.path), &file.path);
    if helper == Helper::TypeScript {
        let with_extension = unit
            .imports
            .iter()
            .any(|module| module.starts_with('.') && module.ends_with(".js"));
        let bare = module.trim_end_matches(".ts").to_string();
        module = if with_extension {
            format!("{bare}.js")
        } else {
            bare
        };
    }
    let imports: Vec<NodeId> = head(locator);
    let last = imports.last().copied();
    let style = last.map(|id| locator.text(id)).unwrap_or(&unit.text);
    let quote = if style.contains('"') && !style.contains('\'') {
        '"'
    } else {
        '\''
    };
    let end = match last {
        Some(id)
            if !locator
                .whole(id)
                .is_none_or(|span| locator.slice(span).ends_with(';')) =>
        {
            ""
        }
        _ => ";",
    };
    let token = helper.names().token;
    let uses_var = locator.unit.text.contains("var ") && !locator.unit.text.contains("const ");
    let line = match modules {
        Modules::EsModules => {
            format!("import {{ {token} as {NAME} }} from {quote}{module}{quote}{end}")
        }
        Modules::CommonJs if uses_var => {
            format!("var {NAME} = require({quote}{module}{quote}).{token}{end}")
        }
        Modules::CommonJs => {
            format!("const {{ {token}: {NAME} }} = require({quote}{module}{quote}){end}")
        }
    };
    let at = match last {
        Some(id) => after_line(&unit.text, locator.span(id).end.saturating_sub(1)),
        None => top(&unit.text),
    };
    let break_before = if at as usize == unit.text.len() && !unit.text.ends_with('\n') {
        locator.line_end()
    } else {
        ""
    };
    // Imports stand apart from what follows.
    let follows = unit.text.get(at as usize..).unwrap_or_default();
    let apart = last.is_none() && !follows.is_empty() && !follows.starts_with(['\n', '\r']);
    let gap = if apart { locator.line_end() } else { "" };
    edits.push(TextEdit::insert(
        &unit.path,
        at,
        format!("{break_before}{line}{}{gap}", locator.line_end()),
    ));
    Ok(file)
}

/// The statements at the top of the file that only bring in modules.
fn head(locator: &Locator<'_>) -> Vec<NodeId> {
    let tree = &locator.unit.tree;
    let is_require = |id: NodeId| {
        let Kind::Binding(binding) = tree.kind(id) else {
            return false;
        };
        let mut at = binding.value;
        while let Some(value) = at {
            at = match tree.kind(value) {
                Kind::Require { .. } => return true,
                Kind::Member { object, .. } => Some(*object),
                Kind::Call(call) => Some(call.callee),
                _ => None,
            };
        }
        false
    };
    let mut found: Vec<NodeId> = Vec::new();
    for id in tree.body() {
        match tree.kind(*id) {
            Kind::Import { .. } => found.push(*id),
            _ if is_require(*id) => found.push(*id),
            // `'use strict'` and functions hoisted to the front.
            Kind::String(_) | Kind::Function(_) | Kind::Export { .. } | Kind::Class(_) => {}
            _ if found.is_empty() => {}
            _ => break,
        }
    }
    found.sort_by_key(|id| locator.span(*id).start);
    // Only those that follow one another: a `require` far below is no head.
    let mut end: Option<u32> = None;
    found.retain(|id| {
        let span = locator.span(*id);
        let gap = end.map_or("", |end| {
            locator.slice(crate::syntax::Span {
                start: end.min(span.start),
                end: span.start,
            })
        });
        let near = gap.lines().count() < 8 && !gap.contains('{');
        if near {
            end = Some(span.end);
        }
        near
    });
    found
}

/// Behind what has to stand first: `#!`, a leading comment, `'use strict'`.
fn top(text: &str) -> u32 {
    let mut at = 0;
    let mut offset = 0;
    let mut in_comment = false;
    for line in text.split_inclusive('\n') {
        offset += line.len();
        let trimmed = line.trim();
        if in_comment {
            in_comment = !trimmed.contains("*/");
            if !in_comment {
                at = offset;
            }
        } else if trimmed.starts_with("/*") {
            in_comment = !trimmed.contains("*/");
            if !in_comment {
                at = offset;
            }
        } else if trimmed.starts_with("#!")
            || trimmed.starts_with("//")
            || trimmed.starts_with("'use strict'")
            || trimmed.starts_with("\"use strict\"")
        {
            at = offset;
        } else if !trimmed.is_empty() {
            break;
        }
    }
    at as u32
}

enum Waits {
    Await,
    Then,
}

type Waiting = (Waits, Safety, Option<String>);

fn wait(
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    let locator = place.locator;
    let Some(id) = locator.function_around(place.at) else {
        if locator.is_field(place.at) {
            return Err("a field is set once and would keep the first access token after it has expired: build the header for every request".to_string());
        }
        if modules == Modules::EsModules && locator.unit.language() == Language::JavaScript {
            return Ok((Waits::Await, Safety::Safe, None));
        }
        return then(place, locator.unit.tree.body(), edits);
    };
    let Kind::Function(function) = locator.kind(id) else {
        return Err("this is no code of a function".to_string());
    };
    if function.is_async {
        return Ok((Waits::Await, Safety::Safe, None));
    }
    if function.is_constructor {
        return Err("a constructor runs once for each object and would keep the first access token after it has expired: build the header for every request".to_string());
    }
    if function.is_accessor {
        return Err("a getter cannot wait for an access token".to_string());
    }
    if returns_promises(locator, function) {
        edits.push(make_async(locator, id));
        return Ok((Waits::Await, Safety::Safe, None));
    }
    if let Ok(waiting) = then(place, &function.body, edits) {
        return Ok(waiting);
    }
    if returns(locator, function).is_empty() && is_handler(locator, id) {
        edits.push(make_async(locator, id));
        let reason =
            "the function becomes async: an error in it no longer reaches whoever calls it"
                .to_string();
        return Ok((Waits::Await, Safety::Unsafe, Some(reason)));
    }
    Err("this function is not async and its callers expect a value at once: make it and its callers async".to_string())
}

/// A function that is handed to something that takes no notice of what it returns.
fn is_handler(locator: &Locator<'_>, id: NodeId) -> bool {
    locator
        .parent(id)
        .is_some_and(|parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee != id))
}

/// The values that a function itself returns, not those of functions within.
fn returns(locator: &Locator<'_>, function: &Function) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut pending: Vec<NodeId> = function.body.clone();
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Return { value } => found.extend(*value),
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    found
}

/// Whether every value that a function returns is a promise already, so that nobody sees it become async.
fn returns_promises(locator: &Locator<'_>, function: &Function) -> bool {
    let returned = returns(locator, function);
    !returned.is_empty() && returned.iter().all(|id| is_promise(locator, *id))
}

/// What promises are made of: chains, and the calls of clients that give promises.
fn is_promise(locator: &Locator<'_>, id: NodeId) -> bool {
    const CHAINS: [&str; 3] = ["then", "catch", "finally"];
    const CLIENTS: [&str; 16] = [
        "fetch",
        "axios",
        "got",
        "ky",
        "rp",
        "undici",
        "superagent",
        "fetchJson",
        "ofetch",
        "$fetch",
        "agent",
        "nodeFetch",
        "requestPromise",
        "Promise",
        "requestAsync",
        "wretch",
    ];
    let Kind::Call(call) = locator.kind(id) else {
        return false;
    };
    let mut at = call.callee;
    loop {
        match locator.kind(at) {
            Kind::Member { object, property } => {
                if CHAINS.contains(&property.text.as_str()) {
                    return true;
                }
                at = *object;
            }
            Kind::Call(inner) => at = inner.callee,
            Kind::Name(name) => {
                // What a module gives is known by the module, whatever it is called here.
                let module = locator
                    .unit
                    .imported_names
                    .get(name)
                    .map(|(module, _)| module.as_str());
                let required = required_module(locator, name);
                let known = |name: &str| {
                    CLIENTS.contains(&name)
                        || name.starts_with("request-promise")
                        || name == "node-fetch"
                        || name == "cross-fetch"
                };
                return known(name) || module.is_some_and(known) || required.is_some_and(known);
            }
            _ => return false,
        }
    }
}

/// The module in `const name = require('module')`.
fn required_module<'u>(locator: &Locator<'u>, name: &str) -> Option<&'u str> {
    locator.unit.tree.body().iter().find_map(|id| {
        let Kind::Binding(binding) = locator.kind(*id) else {
            return None;
        };
        let Kind::Name(known) = locator.kind(binding.target) else {
            return None;
        };
        match locator.kind(binding.value?) {
            Kind::Require { module, .. } if known == name => Some(module.as_str()),
            _ => None,
        }
    })
}

fn make_async(locator: &Locator<'_>, id: NodeId) -> TextEdit {
    let span = locator.span(id);
    let text = locator.text(id);
    let mut at = span.start;
    for word in ["public ", "private ", "protected ", "static ", "override "] {
        if let Some(rest) = text.get((at - span.start) as usize..)
            && rest.starts_with(word)
        {
            at += word.len() as u32;
        }
    }
    TextEdit::insert(&locator.unit.path, at, "async ")
}

/// Puts `.then(…)` around the statements from the one that holds the header to the end of the list.
fn then(
    place: &Place<'_, '_>,
    list: &[NodeId],
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    let locator = place.locator;
    let refused = || {
        Err("the header is built where nothing can wait for an access token: make this function async".to_string())
    };
    let first = locator.statement_of(place.at);
    let Some(last) = place.call.map(|call| locator.statement_of(call)) else {
        return refused();
    };
    let is_sent_by_itself = place.call == locator.parent(place.at);
    if !list.contains(&first) || !list.contains(&last) || is_sent_by_itself {
        return refused();
    }
    let Some(whole) = locator.whole(first) else {
        return refused();
    };
    let (start, end) = (whole.start, locator.span(last).end);
    // What stands after it in the list would run before it.
    let follows = list
        .iter()
        .any(|id| locator.span(*id).start >= end && !is_declaration(locator, *id));
    let within: Vec<NodeId> = list
        .iter()
        .copied()
        .filter(|id| locator.span(*id).start >= start && locator.span(*id).start < end)
        .collect();
    if locator.span(last).start < start {
        return refused();
    }
    let leaves = within.iter().any(|id| leaves(locator, *id));
    let is_call = matches!(locator.kind(last), Kind::Call(_));
    if leaves || !is_call || (follows && declares_used(locator, &within, end)) {
        return refused();
    }
    let Kind::Call(call) = locator.kind(last) else {
        return refused();
    };
    // A callback that is handed on takes the error of a refused refresh; one written here is not called for it.
    let callback = call.arguments.last().map(|argument| argument.value);
    let handler = callback.filter(|id| matches!(locator.kind(*id), Kind::Name(_)));
    let uses_arrows = locator.unit.text.contains("=>");
    let head = if uses_arrows {
        format!("({TOKEN}) => ")
    } else {
        format!("function ({TOKEN}) ")
    };
    let has_this = within.iter().any(|id| mentions_this(locator, *id));
    if has_this && !uses_arrows {
        return refused();
    }
    let indentation = locator.indentation(start);
    let line_end = locator.line_end();
    let unit = locator.unit;
    edits.push(TextEdit::insert(
        &unit.path,
        start,
        format!("{NAME}().then({head}{{{line_end}{indentation}  "),
    ));
    let handler_text = handler.map(|id| locator.text(id));
    let tail = match handler_text {
        Some(name) => format!("}}, {name});"),
        None => "});".to_string(),
    };
    let rest = unit.text.get(end as usize..).unwrap_or_default();
    let semicolon = rest.starts_with(';');
    edits.push(TextEdit::insert(
        &unit.path,
        end + u32::from(semicolon),
        format!(
            "{}{line_end}{indentation}{tail}",
            if semicolon { "" } else { ";" }
        ),
    ));
    if handler.is_some() && !follows {
        return Ok((Waits::Then, Safety::Safe, None));
    }
    let reason = if follows {
        "what follows the call now runs before the call is made"
    } else {
        "an error while the access token is fetched does not reach the callback"
    };
    Ok((Waits::Then, Safety::Unsafe, Some(reason.to_string())))
}

fn is_declaration(locator: &Locator<'_>, id: NodeId) -> bool {
    matches!(
        locator.kind(id),
        Kind::Function(_) | Kind::Class(_) | Kind::Export { .. } | Kind::Import { .. }
    )
}

/// Whether a statement returns, leaves a loop or waits.
fn leaves(locator: &Locator<'_>, id: NodeId) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Return { .. } | Kind::Leave { .. } | Kind::Await { .. } => return true,
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    false
}

fn mentions_this(locator: &Locator<'_>, id: NodeId) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::This => return true,
            Kind::Function(function) if !function.is_arrow => {}
            kind => pending.extend(kind.children()),
        }
    }
    false
}

/// Whether a name that these statements declare is used after `end`.
fn declares_used(locator: &Locator<'_>, statements: &[NodeId], end: u32) -> bool {
    let declared: Vec<&str> = statements
        .iter()
        .filter_map(|id| match locator.kind(*id) {
            Kind::Binding(binding) => match locator.kind(binding.target) {
                Kind::Name(name) => Some(name.as_str()),
                _ => Some(""),
            },
            _ => None,
        })
        .collect();
    locator.unit.tree.nodes().any(|(_, node)| {
        node.span.start >= end
            && matches!(&node.kind, Kind::Name(name) if declared.contains(&name.as_str()))
    })
}
