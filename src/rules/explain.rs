//! What a rule is about, in words: for `authshift explain` and `authshift rules`.
//!
//! Owns the text built from a detection and the products. It must not know terminals or output formats: the
//! text is Markdown.

use super::model::{
    Deadline, DeadlineKind, Detection, Example, ExampleKind, Level, Matcher, Product, Rules,
};
use std::fmt::Write as _;

/// One line of `authshift rules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    pub id: String,
    pub level: Level,
    pub summary: String,
    pub fixable: bool,
}

/// All rules, the most severe first, then by id.
pub fn list(rules: &Rules) -> Vec<RuleRow> {
    let mut rows: Vec<RuleRow> = rules
        .detections
        .iter()
        .map(|detection| RuleRow {
            id: detection.id.clone(),
            level: detection.level,
            summary: detection.summary.clone(),
            fixable: !detection.fix.is_empty(),
        })
        .collect();
    rows.sort_by(|one, other| other.level.cmp(&one.level).then(one.id.cmp(&other.id)));
    rows
}

/// The page of one rule; `None` if there is none of this id.
pub fn explain(rules: &Rules, id: &str) -> Option<String> {
    let detection = rules.detections.iter().find(|rule| rule.id == id)?;
    let mut page = format!("# {} ({})\n", detection.id, level_word(detection.level));
    section(&mut page, "What it does", &detection.summary);
    section(&mut page, "Why is this bad?", &detection.why);
    let examples = |kind: ExampleKind| {
        let of_kind = detection
            .example
            .iter()
            .filter(move |example| example.kind == kind);
        of_kind.map(example_text).collect::<Vec<_>>().join("\n")
    };
    section(&mut page, "Example", &examples(ExampleKind::Hit));
    if let Some(instead) = &detection.instead {
        section(
            &mut page,
            "Use instead",
            &fence(&instead.language, &instead.code),
        );
    }
    section(&mut page, "Not reported", &examples(ExampleKind::NearMiss));
    section(&mut page, "Fix", &fix_text(detection));
    if looks_at_legacy(detection) {
        section(&mut page, "Endpoints", &legacy_text(rules));
    }
    section(&mut page, "Deadlines", &deadline_text(rules));
    let references: Vec<String> = detection
        .source
        .iter()
        .map(|source| format!("- {source}"))
        .collect();
    section(&mut page, "References", &references.join("\n"));
    Some(page)
}

fn section(page: &mut String, heading: &str, text: &str) {
    let text = text.trim_end();
    if !text.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(page, "\n## {heading}\n\n{text}\n");
    }
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn example_text(example: &Example) -> String {
    let mut text = String::new();
    match (&example.note, &example.path) {
        (Some(note), Some(path)) => text = format!("{note} In `{path}`:\n\n"),
        (Some(note), None) => text = format!("{note}\n\n"),
        (None, Some(path)) => text = format!("In `{path}`:\n\n"),
        (None, None) => {}
    }
    text.push_str(&fence(&example.language, &example.code));
    text
}

fn fence(language: &str, code: &str) -> String {
    format!("```{language}\n{}\n```\n", code.trim_matches('\n'))
}

fn fix_text(detection: &Detection) -> String {
    let offer = if detection.fix.is_empty() {
        "There is no automatic fix."
    } else {
        "`authshift fix` can repair this where it sees everything that has to change."
    };
    format!("{}\n\n{offer}", detection.help)
}

fn looks_at_legacy(detection: &Detection) -> bool {
    detection.matchers.iter().any(|matcher| {
        matches!(
            matcher,
            Matcher::Endpoint {
                group: super::model::EndpointGroup::Legacy,
                ..
            }
        )
    })
}

fn legacy_text(rules: &Rules) -> String {
    let mut text = String::new();
    for product in &rules.products {
        for legacy in &product.legacy {
            let _ = write!(
                text,
                "- {} ({}): `{}` → `{}`",
                product.name,
                legacy.id,
                legacy.paths.join("`, `"),
                legacy.successor
            );
            if let Some(ended) = &legacy.ended {
                let _ = write!(text, ", ended {ended}");
            }
            let _ = writeln!(text, ". {} ({})", legacy.note, legacy.source);
        }
    }
    text
}

fn deadline_text(rules: &Rules) -> String {
    let mut text = String::new();
    for deadline in &rules.general_deadlines {
        date_line(&mut text, "All services", deadline);
    }
    let mut products: Vec<&Product> = rules.products.iter().collect();
    products.sort_by(|one, other| one.name.cmp(&other.name));
    for product in products {
        for deadline in &product.deadline {
            date_line(&mut text, &product.name, deadline);
        }
    }
    text
}

fn date_line(text: &mut String, who: &str, deadline: &Deadline) {
    let what = match deadline.kind {
        DeadlineKind::NoNewTokens => "no new authtokens",
        DeadlineKind::TokensStop => "authtokens stop",
        DeadlineKind::ApiEnd => "the interface ends",
    };
    let _ = write!(text, "- {}: {who}", deadline.date);
    if let Some(context) = &deadline.context {
        let _ = write!(text, ", {context}");
    }
    if let Some(center) = &deadline.data_center {
        let _ = write!(text, ", data centre {}", center.to_ascii_uppercase());
    }
    let _ = write!(text, ": {what}.");
    if let Some(note) = &deadline.note {
        let _ = write!(text, " {note}");
    }
    let _ = writeln!(text, " ({})", deadline.source);
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::*;

    #[test]
    fn every_rule_has_a_page_with_the_headings_in_order() {
        let rules = load(None).unwrap();
        for row in list(&rules) {
            let page = explain(&rules, &row.id).unwrap();
            let headings: Vec<&str> = page
                .lines()
                .filter(|line| line.starts_with("## "))
                .collect();
            let wanted = ["## What it does", "## Why is this bad?", "## Example"];
            assert_eq!(headings[..3], wanted, "{}", row.id);
            let wanted = ["## Deadlines", "## References"];
            assert_eq!(headings[headings.len() - 2..], wanted, "{}", row.id);
            assert!(headings.contains(&"## Fix"), "{}", row.id);
            assert!(page.contains("https://"), "{}", row.id);
        }
        assert_eq!(explain(&rules, "no-such-rule"), None);
    }

    #[test]
    fn the_page_says_when_and_where_from() {
        let rules = load(None).unwrap();
        let page = explain(&rules, "authtoken-header").unwrap();
        assert!(
            page.contains("2020-11-30: Zoho Desk: no new authtokens."),
            "{page}"
        );
        assert!(page.contains("## Use instead"), "{page}");
        assert!(!page.contains("## Endpoints"), "{page}");
        let page = explain(&rules, "legacy-endpoint").unwrap();
        assert!(page.contains("`/crm/private/json`"), "{page}");
        assert!(page.contains("There is no automatic fix."), "{page}");
    }

    #[test]
    fn rules_are_listed_by_weight() {
        let rows = list(&load(None).unwrap());
        let levels: Vec<Level> = rows.iter().map(|row| row.level).collect();
        assert!(levels.is_sorted_by(|one, other| one >= other), "{levels:?}");
        let header = rows
            .iter()
            .find(|row| row.id == "authtoken-header")
            .unwrap();
        assert!(header.fixable);
        assert!(
            !rows
                .iter()
                .find(|row| row.id == "legacy-endpoint")
                .unwrap()
                .fixable
        );
    }
}
