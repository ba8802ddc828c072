//! The JSON Schema of `authshift.toml`, made from the descriptions of its options.

use super::options::{CONFIDENCES, Description, Kind, LEVELS, OPTIONS, PATH_IGNORE};
use crate::rules::model::Rules;
use serde_json::{Map, Value, json};

/// The schema; rules and products are suggested by name, and others are allowed, as a folder of rules may bring them.
pub(in crate::cli) fn schema(rules: &Rules) -> Value {
    let mut schema = object(&OPTIONS, rules);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("authshift.toml");
    schema["description"] = json!("Settings of authshift for one repository.");
    schema
}

fn object(options: &[Description], rules: &Rules) -> Value {
    let properties: Map<String, Value> = options
        .iter()
        .map(|option| {
            let mut property = kind(option.kind, rules);
            property["description"] = json!(option.about);
            property["examples"] = json!([example(option)]);
            (option.key.to_owned(), property)
        })
        .collect();
    let required: Vec<&str> = options
        .iter()
        .filter(|option| option.required)
        .map(|option| option.key)
        .collect();
    let mut object = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn example(option: &Description) -> Value {
    toml::from_str::<Map<String, Value>>(&format!("value = {}", option.example))
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_default()
}

fn kind(kind: Kind, rules: &Rules) -> Value {
    match kind {
        Kind::Rules => ids(rules.detections.iter().map(|rule| rule.id.as_str())),
        Kind::Products => ids(rules.products.iter().map(|product| product.id.as_str())),
        Kind::Confidence => json!({ "enum": CONFIDENCES }),
        Kind::FailOn => json!({ "enum": LEVELS }),
        Kind::Days => json!({ "type": "string", "pattern": "^[0-9]+ *[dw]?$" }),
        Kind::Patterns => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Size => json!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": "^[0-9]+ *([kKmMgG]([iI]?[bB])?|[bB])?$" },
        ] }),
        Kind::File | Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Kind::PathIgnores => json!({ "type": "array", "items": object(&PATH_IGNORE, rules) }),
    }
}

fn ids<'r>(known: impl Iterator<Item = &'r str>) -> Value {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    json!({
        "type": "array",
        "items": { "anyOf": [{ "enum": known }, { "type": "string", "pattern": "^[a-z][a-z0-9-]*$" }] },
    })
}
