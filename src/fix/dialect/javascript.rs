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
        return Err(in_browser(sign));
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
        moves_in: step_of(&edits),
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
    if let Some(sign) = browser_sign(locator) {
        return Err(in_browser(sign));
    }
    let helper = import(planner, place, modules(planner, locator), edits)?;
    let quote = if place.quote == '`' {
        '\''
    } else {
        place.quote
    };
    let value = format!("{quote}Zoho-oauthtoken {quote} + await {NAME}()");
    Ok((value, helper))
}

fn in_browser(sign: &str) -> String {
    format!(
        "this looks like code for a browser ({sign}), which must not hold a client secret: let a server of yours make the call"
    )
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
        moves_in: "",
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

/// Puts `.then(…)` around what needs the token, so that an error of a refused refresh reaches whoever waits for
/// the answer.
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
    let Some(call) = place
        .call
        .filter(|call| Some(*call) != locator.parent(place.at))
    else {
        return refused();
    };
    let last = locator.statement_of(call);
    let (Some(whole), true, true) = (
        locator.whole(first),
        list.contains(&first),
        list.contains(&last),
    ) else {
        return refused();
    };
    if locator.span(last).start < locator.span(first).start {
        return refused();
    }
    let own = locator.function_around(place.at).filter(
        |id| matches!(locator.kind(*id), Kind::Function(function) if function.body == list),
    );
    if let Some(callback) = own.and_then(|id| callback_parameter(locator, id)) {
        let end = list
            .last()
            .and_then(|id| locator.whole(*id))
            .map_or(whole.end, |span| span.end);
        return wrap(locator, list, whole.start, end, Some(&callback), edits)
            .map(|()| (Waits::Then, Safety::Safe, None))
            .or_else(|()| refused());
    }
    if first == last
        && let Kind::Call(made) = locator.kind(last)
        && last == call
        && let Some(written) = made.arguments.last()
        && let Kind::Function(function) = locator.kind(written.value)
        && function.parameters.len() > 1
        && made.arguments.len() > 1
    {
        return around_callback(locator, last, written.value, edits)
            .map(|()| (Waits::Then, Safety::Safe, None))
            .or_else(|()| refused());
    }
    let Some(end) = locator.whole(last).map(|span| span.end) else {
        return refused();
    };
    let Kind::Call(made) = locator.kind(last) else {
        return refused();
    };
    let follows = list
        .iter()
        .any(|id| locator.span(*id).start >= end && !is_declaration(locator, *id));
    let within: Vec<NodeId> = within(locator, list, whole.start, end);
    if follows && declares_used(locator, &within, end) {
        return refused();
    }
    // A callback that is handed on takes the error as well.
    let handler = made
        .arguments
        .last()
        .and_then(|argument| match locator.kind(argument.value) {
            Kind::Name(name) => Some(name.clone()),
            _ => None,
        });
    if wrap(locator, list, whole.start, end, handler.as_deref(), edits).is_err() {
        return refused();
    }
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

/// By what [`wrap`] moves lines in.
fn step_of(edits: &[TextEdit]) -> &'static str {
    ["\t", "  "]
        .into_iter()
        .find(|step| {
            edits
                .iter()
                .any(|edit| edit.span.is_empty() && edit.text == *step)
        })
        .unwrap_or_default()
}

fn within(locator: &Locator<'_>, list: &[NodeId], start: u32, end: u32) -> Vec<NodeId> {
    list.iter()
        .copied()
        .filter(|id| locator.span(*id).start >= start && locator.span(*id).start < end)
        .collect()
}

/// The last parameter of a function that returns nothing, if the function calls it or hands it on: then it takes
/// errors first, as callbacks do.
fn callback_parameter(locator: &Locator<'_>, id: NodeId) -> Option<String> {
    let Kind::Function(function) = locator.kind(id) else {
        return None;
    };
    if !returns(locator, function).is_empty() {
        return None;
    }
    let Kind::Name(name) = locator.kind(function.parameters.last()?.target) else {
        return None;
    };
    let span = locator.span(id);
    let takes = |call: &crate::syntax::tree::Call| {
        let is_it = |id: NodeId| matches!(locator.kind(id), Kind::Name(known) if known == name);
        // `callback(error)`, `callback(null, answer)`, `on('error', callback)`
        (is_it(call.callee) && !call.arguments.is_empty())
            || call
                .arguments
                .last()
                .is_some_and(|argument| is_it(argument.value))
    };
    locator
        .unit
        .tree
        .nodes()
        .any(|(_, node)| {
            span.contains(node.span) && matches!(&node.kind, Kind::Call(call) if takes(call))
        })
        .then(|| name.clone())
}

/// `zohoAccessToken().then((zohoToken) => { … }, handler);` around the statements between two bytes.
fn wrap(
    locator: &Locator<'_>,
    list: &[NodeId],
    start: u32,
    end: u32,
    handler: Option<&str>,
    edits: &mut Vec<TextEdit>,
) -> Result<(), ()> {
    let within = within(locator, list, start, end);
    let uses_arrows = locator.unit.text.contains("=>");
    let has_this = within.iter().any(|id| mentions_this(locator, *id));
    if within.iter().any(|id| leaves(locator, *id)) || (has_this && !uses_arrows) {
        return Err(());
    }
    let head = if uses_arrows {
        format!("({TOKEN}) => ")
    } else {
        format!("function ({TOKEN}) ")
    };
    let indentation = locator.indentation(start);
    let line_end = locator.line_end();
    let unit = locator.unit;
    let text = unit.slice(crate::syntax::Span { start, end });
    let step = if text.contains("\n\t") || indentation.starts_with('\t') {
        "\t"
    } else {
        "  "
    };
    edits.push(TextEdit::insert(
        &unit.path,
        start,
        format!("{NAME}().then({head}{{{line_end}{indentation}{step}"),
    ));
    // The lines within move in by one step, unless a template goes over several of them.
    if !text.contains('`') {
        for (at, _) in text.match_indices('\n') {
            let rest = text.get(at + 1..).unwrap_or_default();
            if !rest.starts_with(['\n', '\r']) && !rest.is_empty() {
                edits.push(TextEdit::insert(&unit.path, start + at as u32 + 1, step));
            }
        }
    }
    let semicolon = if text.trim_end().ends_with([';', '}']) {
        ""
    } else {
        ";"
    };
    let tail = match handler {
        Some(name) => format!("}}, {name});"),
        None => "});".to_string(),
    };
    edits.push(TextEdit::insert(
        &unit.path,
        end,
        format!("{semicolon}{line_end}{indentation}{tail}"),
    ));
    Ok(())
}

/// A callback that is written in the call takes a name, and errors with it:
/// `((callback) => zohoAccessToken().then((zohoToken) => request({…}, callback), callback))(function … );`
fn around_callback(
    locator: &Locator<'_>,
    call: NodeId,
    callback: NodeId,
    edits: &mut Vec<TextEdit>,
) -> Result<(), ()> {
    const CALLBACK: &str = "zohoCallback";
    let unit = locator.unit;
    let (start, own) = (locator.span(call).start, locator.span(callback));
    let uses_arrows = unit.text.contains("=>");
    if !uses_arrows && mentions_this(locator, call) {
        return Err(());
    }
    // A bracket at the beginning of a statement would call what stands before it.
    let before = unit
        .text
        .get(..start as usize)
        .unwrap_or_default()
        .trim_end();
    let bracket = if before.is_empty() || before.ends_with([';', '{', '}']) {
        "("
    } else {
        ";("
    };
    let (head, tail) = if uses_arrows {
        (
            format!("{bracket}({CALLBACK}) => {NAME}().then(({TOKEN}) => "),
            format!("{CALLBACK}), {CALLBACK}))("),
        )
    } else {
        (
            format!("{bracket}function ({CALLBACK}) {{ {NAME}().then(function ({TOKEN}) {{ "),
            format!("{CALLBACK}); }}, {CALLBACK}); }})("),
        )
    };
    edits.push(TextEdit::insert(&unit.path, start, head));
    edits.push(TextEdit::insert(&unit.path, own.start, tail));
    Ok(())
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
