//! The JSON Schema (draft 2020-12) of the report, printed by `authshift schema`.
//!
//! Written by hand: it is a contract with readers, so it says what a field means, and changes only when
//! somebody means it to. It allows fields that it does not name, since later versions may add some.

use super::view::SCHEMA;
use crate::plan::survey::Survey;
use serde_json::{Value, json};

pub fn schema() -> Value {
    let mut schema = written();
    // The survey is read back by the program itself: its part is made of the types that are written out.
    let mut survey = schemars::schema_for!(Survey).to_value();
    let further = survey
        .as_object_mut()
        .and_then(|survey| survey.remove("$defs"));
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        definitions.insert("survey".to_owned(), survey);
        if let Some(Value::Object(further)) = further {
            definitions.extend(further);
        }
    }
    schema
}

fn written() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "authshift report",
        "description": "What `authshift check --format json` prints. Positions count from 1, columns in Unicode code points; offsets are bytes on disk, byte-order mark included. Fields may be added under the same schema number.",
        "type": "object",
        "required": ["schema", "tool", "today", "repository", "findings", "coverage", "diagnostics", "suppressed", "baseline", "summary", "survey"],
        "properties": {
            "schema": { "const": SCHEMA, "description": "Number of this shape." },
            "tool": object(json!({
                "name": { "const": "authshift" },
                "version": text("Version of authshift."),
            })),
            "today": { "$ref": "#/$defs/date", "description": "The day by which deadlines were counted." },
            "repository": nullable_text("The address of its remote, without scheme and user; null without one."),
            "findings": {
                "description": "By deadline, level, kind of path, path and position: the most overdue first.",
                "type": "array",
                "items": { "$ref": "#/$defs/finding" },
            },
            "coverage": { "$ref": "#/$defs/coverage" },
            "diagnostics": {
                "description": "What there is to say about the run rather than about the code.",
                "type": "array",
                "items": object(json!({
                    "level": { "$ref": "#/$defs/level" },
                    "path": nullable_text("File that it is about."),
                    "line": { "type": ["integer", "null"], "minimum": 1 },
                    "message": text("What happened, and what to do."),
                })),
            },
            "suppressed": {
                "description": "What was found and is silenced, by a comment or in the configuration.",
                "type": "array",
                "items": suppressed(),
            },
            "baseline": {
                "description": "What the comparison with a baseline says; null if there was none.",
                "anyOf": [baseline(), { "type": "null" }],
            },
            "summary": { "$ref": "#/$defs/summary" },
            "survey": {
                "description": "What the code calls and holds besides, for `authshift report --from`; null for standard input.",
                "anyOf": [{ "$ref": "#/$defs/survey" }, { "type": "null" }],
            },
        },
        "$defs": {
            "date": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
            "date_or_null": { "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
            "count": { "type": "integer", "minimum": 0 },
            "level": { "enum": ["error", "warning", "note"] },
            "position": object(json!({
                "line": { "type": "integer", "minimum": 1 },
                "column": { "type": "integer", "minimum": 1, "description": "In Unicode code points." },
                "offset": { "type": "integer", "minimum": 0, "description": "In bytes on disk." },
            })),
            "range": object(json!({
                "start": { "$ref": "#/$defs/position" },
                "end": { "$ref": "#/$defs/position", "description": "Behind the last code point." },
            })),
            "finding": finding(),
            "deadline": deadline(),
            "fix": fix(),
            "coverage": coverage(),
            "summary": summary(),
        },
    })
}

fn finding() -> Value {
    object(json!({
        "rule": text("Id of the rule; `authshift explain RULE` tells more."),
        "level": { "$ref": "#/$defs/level" },
        "confidence": { "enum": ["low", "medium", "high"] },
        "product": nullable_text("Product id; null where nothing tells."),
        "path": text("With `/`; relative to the folder asked for if there is exactly one, else to the root of the repository, else to the working folder."),
        "path_class": { "enum": ["production", "test", "docs", "generated", "vendored"] },
        "language": text("Language of the place."),
        "range": { "$ref": "#/$defs/range" },
        "message": text("What is wrong here."),
        "help": text("What to do about it."),
        "deadline": {
            "description": "Null where no date is known.",
            "anyOf": [{ "$ref": "#/$defs/deadline" }, { "type": "null" }],
        },
        "scopes": {
            "description": "OAuth scopes that this call needs.",
            "type": "array",
            "items": { "type": "string" },
        },
        "data_center": nullable_text("`us`, `eu`, …"),
        "flow": {
            "description": "Other places that this finding explains, in the order in which the token passes them.",
            "type": "array",
            "items": object(json!({
                "path": text("As in the finding."),
                "range": { "$ref": "#/$defs/range" },
                "role": text("What happens there."),
            })),
        },
        "credential": {
            "description": "The credential that stands here, for grouping; never its value.",
            "anyOf": [
                object(json!({
                    "mask": text("Its first characters."),
                    "digest": nullable_text("Equal for equal credentials; null for short ones."),
                    "tracked": {
                        "type": ["boolean", "null"],
                        "description": "Whether git tracks the file: then the value stays in the history.",
                    },
                })),
                { "type": "null" },
            ],
        },
        "fix": {
            "description": "Null where no fix is known.",
            "anyOf": [{ "$ref": "#/$defs/fix" }, { "type": "null" }],
        },
        "excerpt": {
            "description": "The lines around it, with secrets masked; null where there are none.",
            "anyOf": [
                object(json!({
                    "first_line": { "$ref": "#/$defs/count" },
                    "text": text("Whole lines; of very long ones only a part."),
                    "start": { "$ref": "#/$defs/count", "description": "First byte of the finding in the text." },
                    "end": { "$ref": "#/$defs/count", "description": "Behind its last byte." },
                })),
                { "type": "null" },
            ],
        },
        "fingerprint": {
            "type": "string",
            "description": "The same as long as the finding is the same one, wherever its lines move.",
            "pattern": FINGERPRINT,
        },
        "baseline": {
            "enum": ["new", "new-rule", null],
            "description": "new: not in the baseline; new-rule: its rule is newer than the baseline, so the code may be old; null: there was no baseline.",
        },
    }))
}

const FINGERPRINT: &str = "^v1:[0-9a-f]{20}(:[0-9]+)?$";

fn suppressed() -> Value {
    object(json!({
        "rule": text("Id of the rule."),
        "level": { "$ref": "#/$defs/level" },
        "path": text("As in findings."),
        "range": { "$ref": "#/$defs/range" },
        "fingerprint": { "type": "string", "pattern": FINGERPRINT },
        "by": { "enum": ["comment", "configuration"], "description": "What silences it." },
        "line": { "$ref": "#/$defs/count", "description": "Where that stands: in the same file, or in the configuration." },
        "reason": text("As written there."),
        "until": { "$ref": "#/$defs/date_or_null", "description": "The last day on which it holds." },
    }))
}

fn baseline() -> Value {
    object(json!({
        "version": text("Version of authshift that wrote it."),
        "known": { "$ref": "#/$defs/count", "description": "Findings that it knows." },
        "fixed": {
            "description": "Entries that are found no more.",
            "type": "array",
            "items": object(json!({
                "rule": text("Id of the rule."),
                "path": text("From the root of the repository."),
                "fingerprint": { "type": "string", "pattern": FINGERPRINT },
            })),
        },
        "newer_rules": {
            "description": "Rules that it does not know.",
            "type": "array",
            "items": { "type": "string" },
        },
    }))
}

fn deadline() -> Value {
    object(json!({
        "date": { "$ref": "#/$defs/date", "description": "The date by which findings sort." },
        "no_new_tokens": { "$ref": "#/$defs/date_or_null", "description": "No authtoken was made after it." },
        "stops_working": { "$ref": "#/$defs/date_or_null", "description": "Authtokens stopped; null if unknown." },
        "api_end": { "$ref": "#/$defs/date_or_null", "description": "The API itself ended." },
        "days_overdue": { "type": "integer", "description": "From `date` to `today`; negative while it lies ahead." },
        "source": text("Where the date was announced."),
    }))
}

fn fix() -> Value {
    object(json!({
        "title": text("What the fix does."),
        "safety": {
            "enum": ["safe", "unsafe", "display"],
            "description": "safe: same meaning once the settings exist; unsafe: a person has to review it; display: shown, never applied.",
        },
        "reason": {
            "description": "Why it is not safe, or why a person has to do it.",
            "type": ["string", "null"],
        },
        "edits": {
            "type": "array",
            "items": object(json!({
                "path": text("As in the finding."),
                "start": { "$ref": "#/$defs/count", "description": "First byte on disk." },
                "end": { "$ref": "#/$defs/count", "description": "Behind the last byte." },
                "text": text("What takes its place."),
            })),
        },
        "creates": {
            "type": "array",
            "items": object(json!({ "path": text("New file."), "text": text("Its content.") })),
        },
        "base_sha256": {
            "description": "Path to SHA-256 of the bytes that the edits were made for.",
            "type": "object",
            "additionalProperties": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
        },
    }))
}

fn coverage() -> Value {
    let count = |what: &str| json!({ "$ref": "#/$defs/count", "description": what });
    let unread = |what: &str| {
        json!({
            "description": what,
            "type": "array",
            "items": object(json!({ "path": text("File."), "reason": text("Why.") })),
        })
    };
    object(json!({
        "files_seen": count("Files that were to be scanned."),
        "files_read": count("Files that were read and searched."),
        "bytes_read": count("Bytes of them."),
        "files_parsed": count("Files that were read with their syntax."),
        "binary": count("Files left out as binary."),
        "too_large": {
            "description": "Files left out for their size.",
            "type": "array",
            "items": { "type": "string" },
        },
        "unreadable": unread("Files that could not be read or decoded."),
        "partly_read": unread("Files of which only a part was understood."),
        "other_languages": {
            "description": "Extension to number of files that show signs of Zoho and were searched as plain text only.",
            "type": "object",
            "additionalProperties": { "$ref": "#/$defs/count" },
        },
    }))
}

fn summary() -> Value {
    let count = || json!({ "$ref": "#/$defs/count" });
    object(json!({
        "errors": count(),
        "warnings": count(),
        "notes": count(),
        "files": { "$ref": "#/$defs/count", "description": "Files with a finding." },
        "credentials": { "$ref": "#/$defs/count", "description": "Different credentials found." },
        "fixes": object(json!({ "safe": count(), "unsafe": count(), "display": count() })),
        "products": {
            "description": "In the order of the findings.",
            "type": "array",
            "items": object(json!({
                "product": nullable_text("Product id."),
                "name": text("What people call it."),
                "errors": count(),
                "warnings": count(),
                "notes": count(),
                "deadline": { "$ref": "#/$defs/date_or_null" },
                "days_overdue": { "type": ["integer", "null"] },
            })),
        },
    }))
}

/// An object with these properties, all of which are always there.
fn object(properties: Value) -> Value {
    let required: Vec<&String> = properties
        .as_object()
        .map(|properties| properties.keys().collect())
        .unwrap_or_default();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn nullable_text(description: &str) -> Value {
    json!({ "type": ["string", "null"], "description": description })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::super::sample;
    use super::*;

    fn output() -> Value {
        let mut out = Vec::new();
        super::super::write(&sample::report(), &sample::context(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    /// Everything that does not fit. Stricter than the standard: a property that the schema does not name is
    /// a mistake of ours, and so is a keyword that this checker does not know.
    pub(crate) fn misfits(schema: &Value, value: &Value, root: &Value, at: &str) -> Vec<String> {
        let mut misfits = Vec::new();
        let mut miss = |what: String| misfits.push(format!("{at}: {what}"));
        let mut inner = Vec::new();
        for (keyword, rule) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$schema" | "title" | "description" | "$defs" | "format" => {}
                "$ref" => {
                    let target = root.pointer(rule.as_str().unwrap().trim_start_matches('#'));
                    inner.extend(self::misfits(
                        target.expect("a definition"),
                        value,
                        root,
                        at,
                    ));
                }
                "type" => {
                    let types = rule.as_array().cloned().unwrap_or(vec![rule.clone()]);
                    let fits = types.iter().any(|name| match name.as_str().unwrap() {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "integer" => value.is_i64() || value.is_u64(),
                        "boolean" => value.is_boolean(),
                        "null" => value.is_null(),
                        other => panic!("type {other}"),
                    });
                    if !fits {
                        miss(format!("{value} is not {rule}"));
                    }
                }
                "const" if value != rule => miss(format!("{value} is not {rule}")),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    miss(format!("{value} is none of {rule}"));
                }
                "const" | "enum" => {}
                "maximum" => {
                    if value
                        .as_i64()
                        .is_some_and(|number| number > rule.as_i64().unwrap())
                    {
                        miss(format!("{value} is above {rule}"));
                    }
                }
                "minimum" => {
                    if value
                        .as_i64()
                        .is_some_and(|number| number < rule.as_i64().unwrap())
                    {
                        miss(format!("{value} is below {rule}"));
                    }
                }
                "pattern" => {
                    let pattern = regex::Regex::new(rule.as_str().unwrap()).unwrap();
                    if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                        miss(format!("{value} does not match {rule}"));
                    }
                }
                "required" => {
                    for name in rule.as_array().unwrap() {
                        if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                            miss(format!("{name} is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, value) in value.as_object().into_iter().flatten() {
                        match rule.get(name) {
                            Some(rule) => {
                                inner.extend(self::misfits(
                                    rule,
                                    value,
                                    root,
                                    &format!("{at}/{name}"),
                                ));
                            }
                            None => miss(format!("{name} is not described")),
                        }
                    }
                }
                "additionalProperties" => {
                    for (name, value) in value.as_object().into_iter().flatten() {
                        inner.extend(self::misfits(rule, value, root, &format!("{at}/{name}")));
                    }
                }
                "items" => {
                    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                        inner.extend(self::misfits(rule, value, root, &format!("{at}/{index}")));
                    }
                }
                // Of the choices that are made of types, just one fits as well.
                "anyOf" | "oneOf" => {
                    let choices = rule.as_array().unwrap();
                    let fits = choices
                        .iter()
                        .any(|choice| self::misfits(choice, value, root, at).is_empty());
                    if !fits {
                        miss(format!("{value} fits none of {rule}"));
                    }
                }
                other => panic!("keyword {other}"),
            }
        }
        misfits.extend(inner);
        misfits
    }

    #[test]
    fn real_output_fits_the_schema() {
        let schema = schema();
        assert_eq!(
            misfits(&schema, &output(), &schema, ""),
            Vec::<String>::new()
        );
    }

    #[test]
    fn wrong_output_does_not_fit() {
        let schema = schema();
        for (pointer, wrong) in [
            ("/schema", json!(2)),
            ("/today", json!("23 Nov 2026")),
            ("/findings/0/level", json!("fatal")),
            ("/findings/0/range/start/line", json!(0)),
            ("/findings/0/deadline", json!({})),
            ("/findings/2/flow/0/role", json!(null)),
            ("/findings/0/fingerprint", json!("0123456789abcdef0123")),
            ("/coverage", json!({"files": 1})),
        ] {
            let mut output = output();
            *output.pointer_mut(pointer).unwrap() = wrong;
            assert!(
                !misfits(&schema, &output, &schema, "").is_empty(),
                "{pointer}"
            );
        }
    }
}
