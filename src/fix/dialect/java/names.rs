//! The names of classes in Java code that is written anew: the short one with its import where that is free.
//!
//! Owns imports. It must not know what the code does.

use super::super::after_line;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::Kind;

/// The import of a class, unless the file has it; `None` where the file has no place for one.
pub(super) fn import(locator: &Locator<'_>, package: &str, class: &str) -> Option<TextEdit> {
    let unit = locator.unit;
    if is_imported(locator, package, class) {
        return None;
    }
    let last = unit
        .tree
        .body()
        .iter()
        .filter(|id| {
            matches!(
                unit.tree.kind(**id),
                Kind::Import { .. } | Kind::Package { .. }
            )
        })
        .map(|id| unit.tree.span(*id).end)
        .max()?;
    let line = format!("import {package}.{class};{}", locator.line_end());
    Some(TextEdit::insert(
        &unit.path,
        after_line(&unit.text, last),
        line,
    ))
}

/// A text of code in which classes have their whole names, with the short ones where these can mean nothing else.
pub(in crate::fix) fn shortened(
    locator: &Locator<'_>,
    code: &str,
    edits: &mut Vec<TextEdit>,
) -> String {
    let is_name = |character: char| character.is_alphanumeric() || "_$.".contains(character);
    let mut short = String::new();
    let mut rest = code;
    while let Some(start) = rest.find(is_name) {
        let (before, from) = rest.split_at(start);
        let (path, behind) = from.split_at(
            from.find(|character| !is_name(character))
                .unwrap_or(from.len()),
        );
        short.push_str(before);
        short.push_str(&short_name(locator, path, edits));
        rest = behind;
    }
    short + rest
}

/// `HttpMethod.GET` for `org.springframework.http.HttpMethod.GET`.
fn short_name(locator: &Locator<'_>, path: &str, edits: &mut Vec<TextEdit>) -> String {
    let is_class = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    let packages: Vec<&str> = path.split('.').take_while(|part| !is_class(part)).collect();
    let package = packages.join(".");
    let Some(inner) = path
        .strip_prefix(package.as_str())
        .and_then(|rest| rest.strip_prefix('.'))
        .filter(|_| packages.len() > 1)
    else {
        return path.to_string();
    };
    let class = inner.split('.').next().unwrap_or(inner);
    if is_imported(locator, &package, class) {
        return inner.to_string();
    }
    let is_taken = locator.unit.imports.iter().any(|import| {
        import.strip_suffix(class).is_some_and(|rest| rest.ends_with('.'))
    }) || locator.unit.tree.nodes().any(|(_, node)| {
        matches!(&node.kind, Kind::Class(known) if known.name.as_ref().is_some_and(|name| name.text == class))
    });
    match import(locator, &package, class) {
        Some(edit) if !is_taken => {
            if !edits.contains(&edit) {
                edits.push(edit);
            }
            inner.to_string()
        }
        _ => path.to_string(),
    }
}

fn is_imported(locator: &Locator<'_>, package: &str, class: &str) -> bool {
    let whole = format!("{package}.{class}");
    let imports = &locator.unit.imports;
    imports
        .iter()
        .any(|module| *module == package || *module == whole)
}
