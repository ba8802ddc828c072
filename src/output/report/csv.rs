//! One row a finding, for spreadsheets (RFC 4180).
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula and run it: such cells get an
//! apostrophe in front, which they hide.

use super::Context;
use crate::finding::excerpt::visible;
use crate::plan::Plan;
use crate::rules::model::Level;
use std::io::{self, Write};

const COLUMNS: [&str; 26] = [
    "repository",
    "product",
    "product_name",
    "deadline",
    "no_new_tokens",
    "stops_working",
    "api_end",
    "days_overdue",
    "level",
    "effort",
    "rule",
    "confidence",
    "path",
    "line",
    "column",
    "language",
    "path_class",
    "message",
    "help",
    "data_center",
    "scopes",
    "fix",
    "reason",
    "flow",
    "fingerprint",
    "deadline_source",
];

pub fn write(plan: &Plan, _context: Context, out: &mut dyn Write) -> io::Result<()> {
    row(&COLUMNS.map(String::from), out)?;
    for product in &plan.products {
        let deadline = product.deadline.as_ref();
        let date = |date: Option<&String>| date.cloned().unwrap_or_default();
        for file in &product.files {
            for finding in &file.findings {
                let fix = finding.fix.as_ref();
                let flow: Vec<String> = finding
                    .flow
                    .iter()
                    .map(|step| format!("{}:{} {}", step.path, step.line, step.role))
                    .collect();
                let cells: [String; COLUMNS.len()] = [
                    text(&file.repository),
                    text(product.id.as_deref().unwrap_or_default()),
                    text(&product.name),
                    date(deadline.map(|deadline| &deadline.date)),
                    date(deadline.and_then(|deadline| deadline.no_new_tokens.as_ref())),
                    date(deadline.and_then(|deadline| deadline.stops_working.as_ref())),
                    date(deadline.and_then(|deadline| deadline.api_end.as_ref())),
                    deadline.map_or_else(String::new, |deadline| deadline.days_overdue.to_string()),
                    match finding.level {
                        Level::Error => "error",
                        Level::Warning => "warning",
                        Level::Note => "note",
                    }
                    .to_string(),
                    finding.effort.name().to_string(),
                    text(&finding.rule),
                    super::word(&finding.confidence),
                    text(&file.path),
                    finding.line.to_string(),
                    finding.column.to_string(),
                    text(&finding.language),
                    super::word(&file.path_class),
                    text(&finding.message),
                    text(&finding.help),
                    text(finding.data_center.as_deref().unwrap_or_default()),
                    text(&finding.scopes.join(" ")),
                    text(fix.map_or("", |fix| &fix.title)),
                    text(
                        fix.and_then(|fix| fix.reason.as_deref())
                            .unwrap_or_default(),
                    ),
                    text(&flow.join("; ")),
                    text(&finding.fingerprint),
                    text(deadline.map_or("", |deadline| &deadline.source)),
                ];
                row(&cells, out)?;
            }
        }
    }
    Ok(())
}

/// A text that is nothing but a text: no formula, nothing that a terminal obeys.
fn text(text: &str) -> String {
    // Most cells are plain.
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let shown: String = if is_plain {
        text.to_string()
    } else {
        text.chars().map(visible).collect()
    };
    let first = shown.trim_start().chars().next();
    let is_formula = first.is_some_and(|first| {
        // The wide forms are taken for the same by some programs.
        matches!(
            first,
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%'
        )
    }) || shown.starts_with(['\t', '\n']);
    if is_formula {
        format!("'{shown}")
    } else {
        shown
    }
}

fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\n', '\r', '\'', ';', '\t']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample;

    /// As RFC 4180 says.
    fn parse(csv: &str) -> Vec<Vec<String>> {
        let mut rows = vec![vec![String::new()]];
        let mut quoted = false;
        let mut characters = csv.chars().peekable();
        while let Some(character) = characters.next() {
            let row = rows.last_mut().unwrap();
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                    row.last_mut().unwrap().push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(String::new()),
                '\r' if !quoted && characters.peek() == Some(&'\n') => {
                    characters.next();
                    rows.push(vec![String::new()]);
                }
                _ => row.last_mut().unwrap().push(character),
            }
        }
        assert_eq!(rows.pop(), Some(vec![String::new()]), "the last row ends");
        rows
    }

    fn written() -> String {
        let mut out = Vec::new();
        write(&sample::plan(), Context::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_finding_has_a_row_and_every_row_all_columns() {
        let rows = parse(&written());
        assert_eq!(rows.len(), 1 + 6);
        for row in &rows {
            assert_eq!(row.len(), COLUMNS.len(), "{row:?}");
        }
        insta::assert_snapshot!(written());
    }

    #[test]
    fn no_cell_is_a_formula() {
        for row in parse(&written()) {
            for cell in row {
                assert!(
                    !cell.trim_start().starts_with(['=', '+', '-', '@']),
                    "{cell}"
                );
            }
        }
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1"] {
            assert!(text(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(text("src/a=b.js"), "src/a=b.js");
    }
}
