//! What a good way to add a header is: exactly one form, names that a program can have.
//!
//! Owns the checks of `add-header`, `awaited` and `interceptor` in `clients/*.toml`. It must not know how fixes are made.

use super::check::Checker;
use super::model::Client;
use super::problem::Step;

pub(super) fn check(check: &mut Checker<'_>, index: usize, client: &Client) {
    for (number, add) in client.add_header.iter().enumerate() {
        let at = |field: Option<&'static str>| -> Vec<Step> {
            let place: [Step; 4] = [
                "client".into(),
                index.into(),
                "add-header".into(),
                number.into(),
            ];
            place.into_iter().chain(field.map(Step::Key)).collect()
        };
        let ways = [
            add.options.is_some(),
            add.chain.is_some(),
            add.method.is_some(),
            add.instead.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() != 1 {
            check.refuse(
                &at(None),
                "it does not say in one way where the header goes".to_string(),
                "give one of options, chain, method and instead",
            );
        }
        if add.carrier.is_some() && add.method.is_none() {
            check.refuse(
                &at(Some("carrier")),
                "`carrier` belongs to method".to_string(),
                "give method, or leave it out",
            );
        }
        if let Some(template) = &add.instead
            && !template.contains("{value}")
        {
            check.refuse(
                &at(Some("instead")),
                "the other call does not send the header".to_string(),
                "write {value} where the value of the header goes",
            );
        }
        if add.reason.is_some() && add.instead.is_none() {
            check.refuse(
                &at(Some("reason")),
                "`reason` belongs to instead".to_string(),
                "give instead, or leave it out",
            );
        }
        if add.behind.is_some() && add.chain.is_none() {
            check.refuse(
                &at(Some("behind")),
                "`behind` belongs to chain".to_string(),
                "give chain, or leave it out",
            );
        }
        if add.otherwise.is_some() && add.options.is_none() {
            check.refuse(
                &at(Some("otherwise")),
                "`otherwise` belongs to options".to_string(),
                "give options, or leave it out",
            );
        }
        for (field, name) in [
            ("chain", &add.chain),
            ("behind", &add.behind),
            ("method", &add.method),
            ("key", &add.key),
        ] {
            if let Some(name) = name
                && !is_name(name)
            {
                check.refuse(
                    &at(Some(field)),
                    format!("`{name}` is no name"),
                    "write the bare name of the method or entry",
                );
            }
        }
    }
    for (number, awaited) in client.awaited.iter().enumerate() {
        let place = [
            "client".into(),
            index.into(),
            "awaited".into(),
            number.into(),
        ];
        if awaited.argument.is_some() == awaited.option.is_some()
            || (awaited.callee.is_empty() && client.imports.is_empty())
        {
            check.refuse(
                &place,
                "it does not say where the function stands".to_string(),
                "give argument or option, and callee if the client is not imported",
            );
        }
        if let Some(header) = &awaited.header
            && !(header.contains("{parameter}") && header.contains("{value}"))
        {
            check.refuse(
                &place,
                "the header needs the parameter and its value".to_string(),
                "write {parameter} and {value} where they go",
            );
        }
    }
    if let Some(interceptor) = &client.interceptor {
        let place = ["client".into(), index.into(), Step::Key("interceptor")];
        let texts: Vec<&String> = [&interceptor.after, &interceptor.entry]
            .into_iter()
            .flatten()
            .collect();
        if texts.len() != 1 || !texts.iter().all(|text| text.contains("{value}")) {
            check.refuse(
                &place,
                "an interceptor is one text with the value of the header in it".to_string(),
                "give after or entry, with {value} where the value goes",
            );
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
}
