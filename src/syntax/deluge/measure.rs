//! How much of a text was understood: for tests, and for a look at any folder of scripts.
//!
//! `AUTHSHIFT_DELUGE=<folder> cargo test --lib deluge::measure -- --nocapture` prints one line per file.

use super::lexer::TokenKind;
use super::{lexer, looks_like_deluge, parser};
use crate::syntax::Input;
use crate::syntax::tree::{Kind, NodeId, Tree};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Bytes of tokens other than blanks and comments, prose not counted.
    pub code: usize,
    /// How many of them are in statements, or ends of statements, that were not understood.
    pub unread: usize,
    /// Bytes that were not understood and hold nothing that code consists of.
    pub prose: usize,
    pub statements: usize,
    /// The parts that were not understood.
    pub parts: Vec<String>,
}

pub fn measure(text: &str) -> Measure {
    let parsed = parser::parse(Input {
        text,
        base: 0,
        path: "script.dg",
    });
    let mut measure = Measure {
        statements: statements(&parsed.tree),
        ..Measure::default()
    };
    let mut total = 0;
    let mut parts = parsed
        .unread
        .iter()
        .map(|part| (*part, 0))
        .collect::<Vec<_>>();
    for token in lexer::tokens(text) {
        use TokenKind::{BlockComment, LineComment, Newline, Space};
        if matches!(token.kind, Space | Newline | LineComment | BlockComment) {
            continue;
        }
        let length = token.end - token.start;
        total += length;
        let at = parts.partition_point(|((_, end), _)| *end <= token.start);
        if let Some(((start, _), bytes)) = parts.get_mut(at)
            && *start <= token.start
        {
            *bytes += length;
        }
    }
    for ((start, end), bytes) in parts {
        let part = &text[start..end];
        if part.contains([';', '=', '"', '{', '}', '[', ']']) {
            measure.unread += bytes;
            measure.parts.push(part.to_string());
        } else {
            measure.prose += bytes;
        }
    }
    measure.code = total - measure.prose;
    measure
}

/// Statements in all lists of the tree, functions counted by their bodies.
pub fn statements(tree: &Tree) -> usize {
    let count = |body: &[NodeId]| -> usize {
        let is_counted = |id: &&NodeId| {
            !matches!(
                tree.kind(**id),
                Kind::Export { .. } | Kind::Function(_) | Kind::Opaque { .. }
            )
        };
        body.iter().filter(is_counted).count()
    };
    tree.nodes()
        .map(|(_, node)| match &node.kind {
            Kind::Module { body } | Kind::Block { body } | Kind::Loop { body, .. } => count(body),
            Kind::Function(function) => count(&function.body),
            _ => 0,
        })
        .sum()
}

#[test]
fn prose_is_not_code() {
    let measure = measure("Module : Tickets\n\nx = 1;\ny = = 2;\n");
    assert_eq!(measure.prose, "Module:Tickets".len());
    assert_eq!(measure.code, "x=1;y==2;".len());
    assert!(measure.unread > 0 && measure.unread <= "y==2;".len());
    assert_eq!(measure.statements, 2);
}

#[test]
fn a_folder_of_scripts() {
    let Ok(folder) = std::env::var("AUTHSHIFT_DELUGE") else {
        return;
    };
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let Ok(entry) = entry else { continue };
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        let path = entry.path().display();
        let extension = entry
            .path()
            .extension()
            .unwrap_or_default()
            .to_string_lossy();
        let is_candidate = [
            "dg", "deluge", "ds", "zs", "zdl", "txt", "js", "ts", "cts", "cjs", "md", "",
        ];
        if !is_candidate.contains(&&*extension) {
            continue;
        }
        if !looks_like_deluge(&text, &extension) {
            println!("no\t{path}");
            continue;
        }
        let measure = measure(&text);
        let share = measure.unread as f64 * 100.0 / measure.code.max(1) as f64;
        println!(
            "yes\t{share:.2}\t{}\t{}\t{}\t{path}",
            measure.unread, measure.code, measure.statements
        );
        for part in measure.parts {
            println!("\tunread\t{part:?}");
        }
    }
}
