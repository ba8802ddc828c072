//! What the YAML front end promises.

use super::super::checks::{
    assert_quick, assert_settings, check, comments, embedded, input, lowered,
};
use super::*;
use crate::syntax::tree::{Mapping, Span};

fn read(text: &str) -> Tree {
    lowered(lower, "a.yml", text)
}

#[test]
fn nested_values_have_their_whole_path() {
    let text = "a:\r\n  b: x # c\r\n  😀: 'it''s 😀'\r\nlist:\r\n  - 1\r\n  - {d: true, e: \"\"}\r\n  - ~\r\nempty:\r\n# end\r\n";
    let tree = read(text);
    assert_settings(
        &tree,
        &[
            ("a.b", "x"),
            ("a.😀", "it's 😀"),
            ("list.0", "<number 1>"),
            ("list.1.d", "<true>"),
            ("list.1.e", ""),
            ("list.2", "<null>"),
            ("empty", "<absent>"),
        ],
    );
    assert_eq!(comments(&tree, text), [" c", " end"]);
    assert_eq!(tree.partly_read, None);
}

#[test]
fn anchors_aliases_merges_and_documents_are_harmless() {
    let text =
        "base: &b\n  k: &v x\n  <<: *b\n  <<: {m: n}\nuse: *v\n---\nk: !t &w 'y'\n? [p, q]\n: r\n";
    assert_settings(
        &read(text),
        &[
            ("base.k", "x"),
            ("base.<<", "<other>"),
            ("base.m", "n"),
            ("use", "<other>"),
            ("k", "y"),
            ("0", "p"),
            ("1", "q"),
            ("?", "r"),
        ],
    );
}

#[test]
fn block_scalars_map_line_by_line() {
    let text = "a: |\n  one\n   two\n\n  three\nb: >-\n  fold\n  ed\nc: &x |2 # d\n    in\n";
    let tree = read(text);
    assert_settings(
        &tree,
        &[
            ("a", "one\n two\n\nthree\n"),
            ("b", "fold ed"),
            ("c", "  in\n"),
        ],
    );
    assert_eq!(comments(&tree, text), [" d"]);
    let exact: Vec<&str> = tree
        .nodes()
        .filter_map(|(_, node)| match &node.kind {
            Kind::String(literal) => Some(literal),
            _ => None,
        })
        .flat_map(|literal| literal.segments.iter())
        .filter(|segment| segment.mapping == Mapping::Exact)
        .map(|segment| &text[segment.source.start as usize..segment.source.end as usize])
        .collect();
    assert_eq!(exact, ["one\n", " two\n\n", "three", "fold", "ed", "  in"]);
}

#[test]
fn a_comment_behind_quotes_is_no_part_of_them() {
    let text = "a: 'x' # c\nb: \"y\\\"\"  # d\nc: 'it''s'\n";
    let tree = read(text);
    assert_settings(&tree, &[("a", "x"), ("b", "y\""), ("c", "it's")]);
    assert_eq!(comments(&tree, text), [" c", " d"]);
    let derived = tree.nodes().any(|(_, node)| match &node.kind {
        Kind::String(literal) => literal
            .segments
            .iter()
            .any(|part| part.mapping == Mapping::Derived),
        _ => false,
    });
    assert!(!derived, "every byte can be edited");
}

#[test]
fn double_quotes_decode_their_escapes() {
    let text = "a: \"x\\u0041\\\n   y\\\"\n  z\"\n";
    assert_settings(&read(text), &[("a", "xAy\" z")]);
}

#[test]
fn assignments_in_lists_and_scalars_are_settings_too() {
    let text = "services:\n  web:\n    environment:\n      - ZOHO_AUTHTOKEN=abc\n      - MOTD=hello you\nenv:\n  global:\n    - A=1 B=\"x y\" C=3\n    - >-\n      D=4\n      ZOHO_AUTHTOKEN=def\n  one: E=5\n  secure: \"abc==\"\nscript:\n  - export F=6\n  - G=7 make\n";
    assert_settings(
        &read(text),
        &[
            ("services.web.environment.0", "ZOHO_AUTHTOKEN=abc"),
            ("services.web.environment.ZOHO_AUTHTOKEN", "abc"),
            ("services.web.environment.1", "MOTD=hello you"),
            ("services.web.environment.MOTD", "hello you"),
            ("env.global.0", "A=1 B=\"x y\" C=3"),
            ("env.global.A", "1"),
            ("env.global.B", "x y"),
            ("env.global.C", "3"),
            ("env.global.1", "D=4 ZOHO_AUTHTOKEN=def"),
            ("env.global.D", "4"),
            ("env.global.ZOHO_AUTHTOKEN", "def"),
            ("env.one", "E=5"),
            ("env.one.E", "5"),
            ("env.secure", "abc=="),
            ("script.0", "export F=6"),
            ("script.F", "6"),
            ("script.1", "G=7 make"),
            ("script.G", "7"),
        ],
    );
}

#[test]
fn an_assignment_in_a_folded_scalar_points_at_its_own_bytes() {
    let text = "env:\n  - >-\n    A=1\n    TOKEN=abcdef\n";
    let tree = read(text);
    let id = *tree.body().last().expect("a setting");
    let Kind::Binding(binding) = tree.kind(id) else {
        panic!("a binding")
    };
    let place = |needle: &str| {
        let start = text.find(needle).expect("it is there");
        Span::new(start, start + needle.len())
    };
    assert_eq!(tree.span(binding.target), place("TOKEN"));
    assert_eq!(tree.span(binding.value.expect("a value")), place("abcdef"));
}

#[test]
fn scripts_of_ci_services_are_embedded() {
    let text = "jobs:\n  a:\n    steps:\n      - name: x\n        run: |\n          export A=1\n          echo\n      - run: echo\nscript:\n  - |\n    B=2\n";
    let tree = read(text);
    assert_eq!(
        embedded(&tree, text),
        [
            ("sh".to_string(), "export A=1\n          echo"),
            ("sh".to_string(), "B=2"),
        ]
    );
}

#[test]
fn what_follows_a_syntax_error_is_read_line_by_line() {
    let tree = read("a: 1\nb: [\n c: \"2\"\n  }\n d: 'x'\nzoho_token: abc # no\n");
    assert!(tree.partly_read.is_some());
    let found = super::super::checks::settings(&tree);
    assert!(
        found.iter().any(|(path, _)| path == "zoho_token"),
        "{found:?}"
    );
}

#[test]
fn a_key_twice_is_two_settings() {
    assert_settings(&read("a: x\na: y\n"), &[("a", "x"), ("a", "y")]);
}

#[test]
fn hostile_files_are_read_quickly() {
    let mut keys = String::new();
    for key in 0..100_000 {
        keys.push_str(&format!("key{key}: välue # c\n"));
    }
    let mut deep = String::new();
    for level in 0..1_000 {
        deep.push_str(&format!("{}a:\n", " ".repeat(level)));
    }
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
        "&a ".repeat(100_000),
        "#".repeat(1_000_000),
        "a: |\n  x\n".repeat(30_000),
        format!("a: |\n{}", "  x #\n".repeat(100_000)),
        format!("a: {}", "x\n ".repeat(50_000)),
        format!("a: \"{}\"", "\\n😀".repeat(50_000)),
        format!("- {}", "A=1 ".repeat(50_000)),
        format!("{}:\n{}", "k".repeat(1_000), "  - x\n".repeat(50_000)),
        keys,
        deep,
    ] {
        assert_quick("a YAML file", || check(&lower(input(&text)), &text, 0));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(?s)([\\[\\]{}a-c =,.#\"'\\\\\r\t😀u0-9-]|: |- |\n|\n  |A=1 |&a |\\*a |[|>]\n  |!t |.){0,60}") {
        lowered(lower, "a.yml", &text);
    }
}

#[test]
fn plain_numbers_keep_their_writing() {
    assert_settings(
        &read("a: 007\nb: 1.50\n"),
        &[("a", "<number 007>"), ("b", "<number 1.50>")],
    );
}
