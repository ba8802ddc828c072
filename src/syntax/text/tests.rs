//! What the front end for other languages promises.

use super::*;
use crate::syntax::config::checks::{
    assert_quick, assert_settings, check, comments, embedded, input, lowered,
};
use crate::syntax::tree::{ConcatForm, Key};

fn read(path: &str, text: &str) -> Tree {
    lowered(lower, path, text)
}

/// The tree in short: strings in quotes, opaque parts as their source.
fn shape(tree: &Tree, text: &str, id: NodeId) -> String {
    let all = |ids: &[NodeId]| {
        ids.iter()
            .map(|id| shape(tree, text, *id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let span = tree.span(id);
    let source = &text[span.start as usize..span.end as usize];
    match tree.kind(id) {
        Kind::String(literal) => format!("{:?}", literal.value),
        Kind::Concat { operands, form } => {
            let form = if *form == ConcatForm::Operator {
                "+"
            } else {
                "$"
            };
            format!("{form}({})", all(operands))
        }
        Kind::Map { entries } => {
            let Key::Static(name) = &entries[0].key else {
                panic!("a static key")
            };
            format!("{{{}: {}}}", name.text, shape(tree, text, entries[0].value))
        }
        Kind::Opaque { children } if children.is_empty() => format!("<{source}>"),
        Kind::Opaque { children } => format!("<{}>", all(children)),
        Kind::Binding(binding) => {
            let value = binding.value.map(|value| shape(tree, text, value));
            format!("{} = {value:?}", shape(tree, text, binding.target))
        }
        Kind::Name(name) => name.clone(),
        other => panic!("{other:?}"),
    }
}

fn shapes(path: &str, text: &str) -> Vec<String> {
    let tree = read(path, text);
    tree.body()
        .iter()
        .map(|id| shape(&tree, text, *id))
        .collect()
}

#[test]
fn strings_joined_on_one_line_are_one_concatenation() {
    assert_eq!(
        shapes(
            "a.php",
            "$u = \"https://a.b/x?authtoken=\" . $t . \"&scope=crmapi\";\r\n"
        ),
        ["{u: +(\"https://a.b/x?authtoken=\", <$t>, \"&scope=crmapi\")}"]
    );
    assert_eq!(
        shapes("a.py", "get('x' + f(y) + 'z')"),
        ["<+(\"x\", <f(y)>, \"z\")>"]
    );
    assert_eq!(
        shapes("a.vb", "u = \"a\" & t & \"b\""),
        ["{u: +(\"a\", <t>, \"b\")}"]
    );
    assert_eq!(shapes("a.lua", "u = 'a' .. t"), ["{u: +(\"a\", <t>)}"]);
    assert_eq!(
        shapes("a.go", "x.Set(\"Authorization\", \"Zoho-authtoken \"+m.F)"),
        ["<\"Authorization\", +(\"Zoho-authtoken \", <m.F>)>"]
    );
}

#[test]
fn keys_name_what_follows_them() {
    for (path, text, expected) in [
        (
            "a.php",
            "'authtoken' => $this->token,",
            "{authtoken: <$this->token>}",
        ),
        (
            "a.coffee",
            "authtoken: @zoho.authToken",
            "{authtoken: <@zoho.authToken>}",
        ),
        (
            "a.py",
            "{\"authtoken\": t, 'b': \"c\"}",
            "<{authtoken: <t>}, {b: \"c\"}>",
        ),
        (
            "a.rb",
            ":query => {:authtoken => @t}",
            "{query: <{authtoken: <@t>}>}",
        ),
        ("a.sh", "curl x?authtoken=t&scope=y", "{authtoken: <t>}"),
        ("a.kt", "val token: String = \"x\"", "{token: \"x\"}"),
        (
            "a.cs",
            "request.Headers[\"Authorization\"] = token;",
            "{Authorization: <token>}",
        ),
        (
            "a.php",
            "array('h' => array('k' => 'a ' . $b))",
            "<{h: <<{k: +(\"a \", <$b>)}>>}>",
        ),
    ] {
        let found = shapes(path, text);
        assert!(found.contains(&expected.to_string()), "{text}: {found:?}");
    }
}

#[test]
fn addresses_choices_and_comparisons_name_nothing() {
    assert_eq!(shapes("a.go", "x == \"a\""), ["\"a\""]);
    assert_eq!(shapes("a.cs", "x ? y : \"a\""), ["\"a\""]);
    assert_eq!(shapes("a.go", "http://a.b/c"), Vec::<String>::new());
}

#[test]
fn interpolations_are_split_off() {
    for (path, text, expected) in [
        (
            "a.php",
            "\"&authtoken={$this->a}&x\"",
            "$(\"&authtoken=\", <{$this->a}>, \"&x\")",
        ),
        ("a.php", "\"t=$t->u\"", "$(\"t=\", <$t->u>)"),
        (
            "a.rb",
            "\"x?authtoken=#{@h[\"t\"]}\"",
            "$(\"x?authtoken=\", <#{@h[\"t\"]}>)",
        ),
        ("a.kt", "\"a${b}c\"", "$(\"a\", <${b}>, \"c\")"),
        (
            "a.sh",
            "curl -H \"Authorization: $T\"",
            "$(\"Authorization: \", <$T>)",
        ),
        ("a.py", "f'a{b}{{c}}'", "$(\"a\", <{b}>, \"{c}\")"),
        ("a.cs", "$\"a{b}\"", "$(\"a\", <{b}>)"),
        ("a.php", "'{$x} #{y}'", "\"{$x} #{y}\""),
        ("a.go", "\"${ open\"", "\"${ open\""),
    ] {
        assert_eq!(shapes(path, text), [expected], "{text}");
    }
}

#[test]
fn escapes_are_decoded_and_kept_apart() {
    assert_eq!(
        shapes("a.go", "\"a\\n\\\"\\u0041\\q😀\""),
        ["\"a\\n\\\"A\\\\q😀\""]
    );
    assert_eq!(shapes("a.php", "'a\\n\\''"), ["\"a\\\\n'\""]);
    assert_eq!(shapes("a.cs", "@\"a\\n\"\"b\""), ["\"a\\\\n\\\"b\""]);
    assert_eq!(shapes("a.py", "r'\\d'"), ["\"\\\\d\""]);
}

#[test]
fn comments_follow_the_language() {
    for (path, text, expected) in [
        (
            "a.php",
            "$a; // b\n# c\n/* d\ne */ $f = 'http://x#y';",
            vec![" b", " c", " d\ne "],
        ),
        (
            "a.py",
            "x = 1 # '\n\"\"\"# no\n\"\"\" # d",
            vec![" '", " d"],
        ),
        ("a.sql", "-- a\nx", vec![" a"]),
        ("a.vb", "x = 1 ' it's", vec![" it's"]),
        ("a.clj", "; a", vec![" a"]),
        ("a.go", "u := https://x // b", vec![" b"]),
        ("a.j2", "<!-- a --> # b", vec![" a "]),
        ("a.c", "/* open\nx", vec![]),
    ] {
        let tree = read(path, text);
        assert_eq!(comments(&tree, text), expected, "{path}");
    }
}

#[test]
fn strings_over_several_lines_are_read_where_the_language_has_them() {
    let text = "x = \"\"\"a\nauthtoken=b\n\"\"\"\ny = 'c'\n";
    assert_eq!(
        shapes("a.py", text),
        ["{x: \"a\\nauthtoken=b\\n\"}", "{y: \"c\"}"]
    );
}

#[test]
fn shells_set_variables() {
    let text = "export A=abc # c\r\nB=\"x y\" C='z'\nexport D=\nE=$(cat f)\ncmd --x=y\n";
    let tree = read("a.sh", text);
    let body = tree.body();
    let found: Vec<String> = body.iter().map(|id| shape(&tree, text, *id)).collect();
    assert_eq!(
        &found[..5],
        [
            "A = Some(\"\\\"abc\\\"\")",
            "B = Some(\"\\\"x y\\\"\")",
            "C = Some(\"\\\"z\\\"\")",
            "D = None",
            "E = Some(\"<$(cat>\")",
        ]
    );
    assert_eq!(comments(&tree, text), [" c"]);
    let docker = read("Dockerfile", "FROM x\nENV ZOHO_TOKEN abc\nENV A=1 B=2\n");
    assert_settings(&docker, &[("ZOHO_TOKEN", "abc"), ("A", "1"), ("B", "2")]);
    let vagrant = read("Vagrantfile", "  export ZOHO_AUTHTOKEN=\"abc\"\n");
    assert_settings(&vagrant, &[("ZOHO_AUTHTOKEN", "abc")]);
}

#[test]
fn prose_is_documentation_and_indented_code_is_embedded() {
    let text = "Paste your authtoken::\r\n\r\n    x = 'y'\r\n\r\n  End.\r\n";
    for path in ["README.rst", "notes.txt", "INSTALL"] {
        let tree = read(path, text);
        assert_eq!(comments(&tree, text), ["Paste your authtoken::", "End."]);
        assert_eq!(embedded(&tree, text), [(String::new(), "    x = 'y'")]);
    }
}

#[test]
fn a_very_long_line_is_one_literal() {
    let text = format!("a='b'\n{}\nc='d'", "x='y'; // ".repeat(2_000));
    let tree = read("a.min.css", &text);
    assert_eq!(tree.body().len(), 3);
    assert!(tree.comments.is_empty());
}

#[test]
fn hostile_files_are_read_quickly() {
    let line = |part: &str| format!("{}\n", part.repeat(9_000 / part.len())).repeat(12);
    for text in [
        line("("),
        line("(a=>"),
        line("a:"),
        line("\""),
        line("'a "),
        line("\"${"),
        line("\"#{"),
        line("/*"),
        line("<!--"),
        line("'''"),
        line("a=\"\" . "),
        line("\"a\"+"),
        line("[\"a\"]="),
        line("A=1 "),
        "k = 'v'\n".repeat(20_000),
        "x".repeat(1_000_000),
    ] {
        for path in ["a.php", "a.py", "a.sh", "a.unknown", "a.txt"] {
            let shaped = Input {
                path,
                ..input(&text)
            };
            assert_quick("a text file", || check(&lower(shaped), &text, 0));
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(
        kind in 0_usize..12,
        text in "(?s)([\\[\\](){}a-c =.,#\"'`\\\\\n\r\t😀$@&+:;%-]|=>|/\\*|\\*/|//|\"\"\"|#\\{|\\$\\{|export |A=|<!--|-->|.){0,80}",
    ) {
        let paths = ["a.php", "a.py", "a.rb", "a.cs", "a.sh", "a.vb", "a.sql", "a.kt", "a.coffee", "a.x", "a.txt", ""];
        lowered(lower, paths[kind], &text);
    }
}
