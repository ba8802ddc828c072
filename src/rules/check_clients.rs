//! What a good client table is: callee forms, positions, receivers, shapes that exist.
//!
//! Owns the checks of `clients/*.toml`. It must not know how calls are evaluated.

use super::check::{Checker, LANGUAGES};
use super::check_headers;
use super::model::{CallIdiom, Client, ClientTable};
use super::problem::{Problem, RuleFile, Step};
use std::collections::BTreeSet;

/// Kinds of objects that `receiver` may name beside classes.
const KINDS: [&str; 7] = ["request", "client", "map", "list", "text", "url", "headers"];
/// Stands for the receiver where a position is asked for.
const RECEIVER: i32 = -1000;

pub(super) fn clients(file: &RuleFile, table: &ClientTable, problems: &mut Vec<Problem>) {
    let mut check = Checker { file, problems };
    for (index, language) in table.languages.iter().enumerate() {
        if !LANGUAGES.contains(&language.as_str()) {
            let help = format!("write one of {}", LANGUAGES.join(", "));
            check.refuse(
                &["languages".into(), index.into()],
                format!("`{language}` is no language"),
                &help,
            );
        }
    }
    if !table
        .languages
        .iter()
        .any(|language| language == file.stem())
    {
        let help = format!("write languages = [\"{}\"] or rename the file", file.stem());
        check.refuse(
            &["languages".into()],
            format!("`{}` is not among the languages", file.stem()),
            &help,
        );
    }
    let mut names = BTreeSet::new();
    for (index, one) in table.client.iter().enumerate() {
        if !names.insert(&one.name) {
            check.refuse(
                &["client".into(), index.into(), "name".into()],
                format!("the name `{}` is used twice", one.name),
                "keep one of them",
            );
        }
        client(&mut check, index, one);
    }
}

fn client(check: &mut Checker<'_>, index: usize, client: &Client) {
    let at = |field: &'static str| ["client".into(), index.into(), Step::Key(field)];
    if let Some(docs) = &client.docs {
        check.source(&at("docs"), docs);
    }
    check_headers::check(check, index, client);
    for (number, idiom) in client.call.iter().enumerate() {
        call(check, index, number, client, idiom);
    }
    for (number, property) in client.property.iter().enumerate() {
        let steps = [
            "client".into(),
            index.into(),
            "property".into(),
            number.into(),
        ];
        for name in &property.property {
            if !is_path(name) {
                check.refuse(
                    &steps,
                    format!("`{name}` is no property path"),
                    "write names joined by dots: defaults.headers.common",
                );
            }
        }
        if property.receiver.is_empty() || property.property.is_empty() {
            check.refuse(
                &steps,
                "a property needs a path and a receiver".to_string(),
                "say of which object it is a part: receiver = [\"url\"]",
            );
        }
        receivers(check, &steps, client, &property.receiver);
    }
    for (number, annotation) in client.annotation.iter().enumerate() {
        let says = annotation.method.is_some()
            || annotation.url
            || annotation.request_line
            || annotation.facet.is_some()
            || annotation.header_lines
            || annotation.setting
            || annotation.settings_of.is_some()
            || annotation.key.is_some()
            || annotation.written_if.is_some()
            || annotation.names_case.is_some()
            || annotation.inlines.is_some()
            || !annotation.leaves_out.is_empty();
        if annotation.name.is_empty() || !says {
            check.refuse(
                &[
                    "client".into(),
                    index.into(),
                    "annotation".into(),
                    number.into(),
                ],
                "the annotation says nothing".to_string(),
                "give its name and one of method, url, request-line, facet, header-lines, setting",
            );
        }
    }
    for (number, one) in client.overrides.iter().enumerate() {
        if one.supertypes.is_empty() || !is_identifier(&one.method) {
            check.refuse(
                &[
                    "client".into(),
                    index.into(),
                    "override".into(),
                    number.into(),
                ],
                "an override needs a method and its superclasses".to_string(),
                "write method = \"getHeaders\" and supertypes = [\"StringRequest\"]",
            );
        }
    }
    for path in client.environment_paths.iter().chain(&client.setting_paths) {
        if !path
            .split('.')
            .all(|name| is_identifier(name.strip_suffix("()").unwrap_or(name)))
        {
            check.refuse(
                &at("environment-paths"),
                format!("`{path}` is no property path"),
                "write names joined by dots: process.env",
            );
        }
    }
}

fn call(check: &mut Checker<'_>, index: usize, number: usize, client: &Client, idiom: &CallIdiom) {
    let steps = ["client".into(), index.into(), "call".into(), number.into()];
    let at = |field: &'static str| {
        let mut steps = steps.to_vec();
        steps.push(Step::Key(field));
        steps
    };
    if idiom.callee.is_empty() {
        check.refuse(
            &steps,
            "no callee".to_string(),
            "write callee = [\"axios.get\"]",
        );
    }
    for callee in &idiom.callee {
        if let Err(help) = callee_form(callee) {
            check.refuse(&at("callee"), format!("`{callee}` is no callee"), help);
        }
        if callee == "()" && idiom.receiver.is_empty() {
            check.refuse(
                &at("callee"),
                "`()` needs a receiver".to_string(),
                "write receiver = [\"client\"]",
            );
        }
    }
    receivers(check, &steps, client, &idiom.receiver);
    for position in positions(idiom) {
        let counted = (-9..=19).contains(&position);
        if !counted && position != RECEIVER {
            check.refuse(
                &steps,
                format!("{position} is no position of an argument"),
                "count from 0, from the end with -1, or write -1000 for the receiver",
            );
        }
        if let Some(arguments) = idiom.arguments
            && counted
            && position >= 0
            && usize::try_from(position).is_ok_and(|position| position >= arguments)
        {
            check.refuse(
                &steps,
                format!("a call with {arguments} arguments has none at {position}"),
                "count positions from 0, or leave out `arguments`",
            );
        }
    }
    let shapes = [
        idiom.options.as_ref().map(|options| &options.shape),
        idiom
            .callback
            .as_ref()
            .and_then(|callback| callback.shape.as_ref()),
    ];
    for shape in shapes.into_iter().flatten() {
        if !client.options.contains_key(shape) {
            let help = format!("write [client.options.{shape}] with its keys in the same entry");
            check.refuse(
                &at("options"),
                format!("there is no shape `{shape}`"),
                &help,
            );
        }
    }
    if let Some(method) = &idiom.method
        && (method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        check.refuse(
            &at("method"),
            format!("`{method}` is no HTTP method"),
            "write it in upper case: GET",
        );
    }
    if !says_something(idiom) {
        check.refuse(
            &steps,
            "the call says nothing".to_string(),
            "give at least one of creates, returns, url, header, query, entry, environment, …",
        );
    }
}

fn receivers(check: &mut Checker<'_>, steps: &[Step<'_>], client: &Client, receivers: &[String]) {
    for receiver in receivers {
        let class = receiver.starts_with(|first: char| first.is_ascii_uppercase() || first == '$');
        let good = KINDS.contains(&receiver.as_str())
            || (class && is_path(receiver))
            || client.module.as_ref() == Some(receiver);
        if !good {
            let help = format!("write the name of a class, or one of {}", KINDS.join(", "));
            check.refuse(steps, format!("`{receiver}` is no receiver"), &help);
        }
    }
}

/// `new HttpGet`, `axios.get`, `fetch`, `.addHeader`, `.a.b`, `()`
pub(super) fn callee_form(callee: &str) -> Result<(), &'static str> {
    if callee == "()" {
        return Ok(());
    }
    let path = callee
        .strip_prefix("new ")
        .or_else(|| callee.strip_prefix('.'))
        .unwrap_or(callee);
    if is_path(path) {
        Ok(())
    } else {
        Err("write `new HttpGet`, `axios.get`, `fetch`, `.addHeader` or `()`, without arguments")
    }
}

fn is_path(path: &str) -> bool {
    path.split('.').all(is_identifier)
}

fn is_identifier(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$';
    name.bytes().next().is_some_and(letter)
        && name
            .bytes()
            .all(|byte| letter(byte) || byte.is_ascii_digit())
}

/// Every position that an idiom names.
fn positions(idiom: &CallIdiom) -> Vec<i32> {
    let single = [
        idiom.url,
        idiom.base_url,
        idiom.path,
        idiom.host,
        idiom.method_argument,
        idiom.headers,
        idiom.queries,
        idiom.forms,
        idiom.body,
        idiom.from,
        idiom.entries,
        idiom.pairs,
        idiom.item,
        idiom.items,
        idiom.append,
        idiom.get,
        idiom.default,
        idiom.query_text,
        idiom.joins,
        idiom.environment,
        idiom.setting,
        idiom.fixed_header.as_ref().map(|header| header.value),
        idiom.format.map(|format| format.template),
        idiom.options.as_ref().map(|options| options.argument),
        idiom.callback.as_ref().map(|callback| callback.argument),
    ];
    let pairs = [idiom.header, idiom.query, idiom.form, idiom.entry];
    let pairs = pairs.into_iter().flatten().flatten();
    single.into_iter().flatten().chain(pairs).collect()
}

fn says_something(idiom: &CallIdiom) -> bool {
    !positions(idiom).is_empty()
        || idiom.creates.is_some()
        || idiom.returns.is_some()
        || idiom.result_class.is_some()
        || idiom.url_is_receiver
        || idiom.method.is_some()
        || idiom.from_receiver
        || idiom.concatenates
        || idiom.replaces.is_some()
        || idiom.merges
}
