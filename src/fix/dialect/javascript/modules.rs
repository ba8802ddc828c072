//! How a file of JavaScript or TypeScript brings in a module, and where the line for it goes.

use super::NAME;
use crate::fix::Planner;
use crate::fix::dialect::{HelperFile, Place, helper_file};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::placement::{Family, folder_of, join, relative};
use crate::rules::helpers::Helper;
use crate::syntax::tree::{Kind, Language, NodeId};

/// How a file says where things come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Modules {
    CommonJs,
    EsModules,
}

pub(super) fn modules(planner: &Planner<'_, '_>, locator: &Locator<'_>) -> Modules {
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

/// Whether the compiler resolves imports as Node does, which wants the extension of what is compiled.
fn resolves_as_node(planner: &Planner<'_, '_>, path: &str) -> bool {
    let mut folder = folder_of(path);
    loop {
        if let Some(text) = planner.sources.text(&join(folder, "tsconfig.json")) {
            let text = text.to_ascii_lowercase();
            let says = ["\"nodenext\"", "\"node16\"", "\"node18\"", "\"node20\""];
            return says.iter().any(|word| text.contains(word)) && is_module_of_node(planner, path);
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder_of(folder);
    }
}

/// Brings the token function into the file, unless it is there.
pub(super) fn import(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<HelperFile, String> {
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
    let file = helper_file(planner, helper, path, place)?;
    if locator.mentions(name.trim_end_matches(".ts")) {
        return Ok(file);
    }
    if locator.mentions(NAME) {
        return Err(format!(
            "the name {NAME} is taken in this file: rename it, and run this again"
        ));
    }
    let mut module = relative(folder_of(&unit.path), &file.path);
    if helper == Helper::TypeScript {
        let with_extension = unit
            .imports
            .iter()
            .any(|module| module.starts_with('.') && module.ends_with(".js"));
        let with_extension = with_extension || resolves_as_node(planner, &unit.path);
        let bare = module.trim_end_matches(".ts").to_string();
        module = if with_extension {
            format!("{bare}.js")
        } else {
            bare
        };
    }
    let imports: Vec<NodeId> = head(locator);
    let last = imports.last().copied();
    let (doubles, singles) = match last.map(|id| locator.text(id)) {
        Some(style) => (style.contains('"'), style.contains('\'')),
        None => (locator.mentions("\""), locator.mentions("'")),
    };
    let quote = if doubles && !singles { '"' } else { '\'' };
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
    let uses_var = locator.mentions("var ") && !locator.mentions("const ");
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
        Some(id) => locator.next_line(locator.span(id).end.saturating_sub(1) as usize) as u32,
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
    /// Statements after which a file has no head any more.
    const FAR: usize = 500;
    let mut found: Vec<NodeId> = Vec::new();
    for id in tree.body().iter().take(FAR) {
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
        if in_comment || trimmed.starts_with("/*") {
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
