//! Comments that silence a finding, in the syntax of every language that is read.
//!
//! The cases are fixtures with findings: a comment is put in, and the finding has to be silenced by it and by nothing
//! that only looks like it.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use support::tree::Tree;
use support::{arguments, run};

struct Found {
    /// `rule` of every error and warning that counts.
    counts: Vec<String>,
    silenced: Vec<String>,
    told: Vec<String>,
    code: i32,
}

fn check_with(tree: &Tree, options: &[&str]) -> Found {
    let mut fixed = vec!["check", "--format", "json"];
    fixed.extend(options);
    let answer = run(arguments(&fixed, tree.root()));
    let json: Value = serde_json::from_slice(&answer.out).unwrap_or_else(|error| {
        panic!("{error}: {}{}", answer.out(), answer.err());
    });
    let texts = |list: &Value, key: &str| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .filter(|one| one["level"] != "note")
            .map(|one| one[key].as_str().unwrap().to_owned())
            .collect()
    };
    Found {
        counts: texts(&json["findings"], "rule"),
        silenced: texts(&json["suppressed"], "rule"),
        told: texts(&json["diagnostics"], "message"),
        code: answer.exit as i32,
    }
}

fn check(path: &str, text: &str) -> Found {
    let tree = Tree::new();
    tree.write(path, text);
    check_with(&tree, &[])
}

/// Path, a text with `@` where a comment may stand, and how a comment is written there, with `%` for what it says.
const LANGUAGES: &[(&str, &str, &str)] = &[
    (
        "Desk.java",
        "class Desk {\n  void get(String token) {\n    HttpGet get = new HttpGet(\"https://desk.zoho.com/api/v1/tickets\");\n@    get.addHeader(\"Authorization\", \"Zoho-authtoken \" + token);\n  }\n}\n",
        "    // %\n",
    ),
    (
        "Block.java",
        "class Block {\n  void get(String token) {\n    HttpGet get = new HttpGet(\"https://desk.zoho.com/api/v1/tickets\");\n@    get.addHeader(\"Authorization\", \"Zoho-authtoken \" + token);\n  }\n}\n",
        "    /* % */\n",
    ),
    (
        "lines.ts",
        "export const get = (t: string) =>\n  fetch('https://desk.zoho.com/api/v1/tickets', {\n@    headers: { Authorization: `Zoho-authtoken ${t}` },\n  });\n",
        "    /*\n     * %\n     */\n",
    ),
    (
        "view.jsx",
        "export const View = ({ t }) => {\n  fetch('https://desk.zoho.com/api/v1/tickets', {\n@    headers: { Authorization: 'Zoho-authtoken ' + t },\n  });\n  return <b>x</b>;\n};\n",
        "    // %\n    // and more words\n",
    ),
    (
        "page.html",
        "<html><script>\nfetch('https://desk.zoho.com/api/v1/tickets', {\n@  headers: { Authorization: 'Zoho-authtoken ' + t },\n});\n</script></html>\n",
        "  // %\n",
    ),
    (
        "main.rs",
        "fn get(token: &str) {\n    let _ = reqwest::Client::new()\n        .get(\"https://desk.zoho.com/api/v1/tickets\")\n@        .header(\"Authorization\", format!(\"Zoho-authtoken {token}\"))\n        .send();\n}\n",
        "        // %\n",
    ),
    (
        "script.deluge",
        "headers = Map();\n@headers.put(\"Authorization\",\"Zoho-authtoken \" + token);\nresp = invokeurl\n[\n\turl: \"https://desk.zoho.com/api/v1/tickets\"\n\ttype: GET\n\theaders: headers\n];\n",
        "// %\n",
    ),
    (
        ".env",
        "@ZOHO_AUTHTOKEN=0123456789abcdef0123456789abcdef\n",
        "# %\n",
    ),
    (
        "zoho.properties",
        "@zoho.authtoken=0123456789abcdef0123456789abcdef\n",
        "# %\n",
    ),
    (
        "zoho.ini",
        "[zoho]\n@authtoken=0123456789abcdef0123456789abcdef\n",
        "; %\n",
    ),
    (
        "zoho.yml",
        "zoho:\n@  authtoken: 0123456789abcdef0123456789abcdef\n",
        "  # %\n",
    ),
    (
        "zoho.toml",
        "[zoho]\n@authtoken = \"0123456789abcdef0123456789abcdef\"\n",
        "# %\n",
    ),
    (
        "zoho.json",
        "{\n@  \"zoho_authtoken\": \"0123456789abcdef0123456789abcdef\"\n}\n",
        "  // %\n",
    ),
    (
        "zoho.xml",
        "<config><zoho>\n@<authtoken>0123456789abcdef0123456789abcdef</authtoken>\n</zoho></config>\n",
        "<!-- % -->\n",
    ),
    (
        "NOTES.md",
        "# Zoho\n\n```js\nfetch('https://desk.zoho.com/api/v1/tickets', {\n@  headers: { Authorization: 'Zoho-authtoken ' + t },\n});\n```\n",
        "  // %\n",
    ),
    (
        "desk.py",
        "import requests\n\ndef tickets():\n@    return requests.get('https://desk.zoho.com/api/v1/tickets?authtoken=0123456789abcdef0123456789abcdef')\n",
        "    # %\n",
    ),
    (
        "desk.php",
        "<?php\n@$r = file_get_contents('https://desk.zoho.com/api/v1/tickets?authtoken=0123456789abcdef0123456789abcdef');\n",
        "// %\n",
    ),
];

/// What silences these rules. A comment of XML may not hold two dashes.
fn directive(path: &str, rules: &[String], more: &str) -> String {
    let separator = if path.ends_with(".xml") { ":" } else { " --" };
    format!(
        "authshift:ignore[{}]{more}{separator} off in March",
        rules.join(", ")
    )
}

#[test]
fn every_comment_syntax_silences_what_it_names() {
    for (path, text, comment) in LANGUAGES {
        let before = check(path, &text.replace('@', ""));
        assert!(!before.counts.is_empty(), "{path} has a finding");
        let mut rules = before.counts.clone();
        rules.sort();
        rules.dedup();
        let with = |directive: &str| text.replace('@', &comment.replace('%', directive));

        let silenced = check(path, &with(&directive(path, &rules, "")));
        assert_eq!(silenced.counts, Vec::<String>::new(), "{path}");
        assert_eq!(silenced.silenced.len(), before.counts.len(), "{path}");
        assert_eq!(silenced.told, Vec::<String>::new(), "{path}");
        assert_eq!(silenced.code, 0, "{path}");

        let other = check(
            path,
            &with(&directive(path, &["oauth-incomplete".to_owned()], "")),
        );
        assert_eq!(other.counts, before.counts, "{path}: another rule");
        assert!(other.told[0].contains("silences nothing"), "{path}");

        let over = check(path, &with(&directive(path, &rules, " until=2026-11-22")));
        assert_eq!(over.counts, before.counts, "{path}: its day is over");
        assert!(over.told[0].contains("until 2026-11-22"), "{path}");

        let file = directive(path, &rules, "").replace("ignore[", "ignore-file[");
        let file = check(path, &with(&file));
        assert_eq!(file.counts, Vec::<String>::new(), "{path}: the whole file");
    }
}

const HEADER: &str = "    headers: { Authorization: 'Zoho-authtoken ' + t },\n";

fn javascript(before: &str, behind: &str) -> String {
    format!(
        "const get = (t) =>\n  fetch('https://desk.zoho.com/api/v1/tickets', {{\n{before}{}{behind}\n  }});\n",
        HEADER.trim_end()
    )
}

#[test]
fn a_comment_covers_its_own_line_or_the_next_one_of_code() {
    let comment = "// authshift:ignore[authtoken-header] -- off in March";
    for (before, behind, is_silenced) in [
        ("", format!(" {comment}"), true),
        (comment, "\n".to_owned(), true),
        (&format!("{comment}\n// other words\n"), String::new(), true),
        (&format!("{comment}\n\n"), String::new(), false),
        ("", format!("\n{comment}"), false),
        (
            &format!("    method: 'GET', {comment}\n"),
            String::new(),
            false,
        ),
    ] {
        let before = if before == comment {
            format!("{comment}\n")
        } else {
            before.to_owned()
        };
        let found = check("a.js", &javascript(&before, behind.trim_end_matches('\n')));
        assert_eq!(found.counts.is_empty(), is_silenced, "{before}|{behind}");
    }
}

#[test]
fn what_stands_in_a_string_or_in_other_words_silences_nothing() {
    for line in [
        "    note: '// authshift:ignore[authtoken-header] -- x',\n",
        "    note: `\n// authshift:ignore[authtoken-header] -- x\n`,\n",
        "    // to silence it, write authshift:ignore[authtoken-header] -- x\n",
        "    // authshift:ignored[authtoken-header] -- x\n",
    ] {
        let found = check("a.js", &javascript(line, ""));
        assert_eq!(found.counts, ["authtoken-header"], "{line}");
        assert_eq!(found.silenced.len(), 0, "{line}");
    }
}

#[test]
fn a_comment_without_rule_reason_or_real_date_says_what_is_missing() {
    for (directive, part) in [
        ("authshift:ignore", "names no rule"),
        ("authshift:ignore -- everything", "names no rule"),
        ("authshift:ignore[authtoken-header]", "gives no reason"),
        (
            "authshift:ignore[authtoken-headr] -- x",
            "no rule `authtoken-headr`",
        ),
        (
            "authshift:ignore[authtoken-header] until=tomorrow -- x",
            "its date is none",
        ),
    ] {
        let found = check("a.js", &javascript(&format!("    // {directive}\n"), ""));
        assert_eq!(found.counts, ["authtoken-header"], "{directive}");
        assert!(
            found.told[0].contains(part),
            "{directive}: {:?}",
            found.told
        );
    }
}

#[test]
fn a_comment_that_silences_names_rules_and_is_no_finding_itself() {
    let tree = Tree::new();
    tree.write(
        "a.js",
        javascript(
            "    // authshift:ignore[authtoken-header, authtoken-docs] -- the authtoken of Zoho\n",
            "",
        ),
    );
    let found = run(arguments(&["check", "--format", "json"], tree.root()));
    let json: Value = serde_json::from_slice(&found.out).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 0, "{json:#}");
}

#[test]
fn a_secret_in_a_reason_or_in_the_place_of_a_rule_is_masked() {
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    for directive in [
        format!("authshift:ignore[authtoken-header] -- was {TOKEN} once"),
        format!("authshift:ignore[{TOKEN}] -- x"),
        format!("authshift:ignore[authtoken-header] until={TOKEN} -- x"),
    ] {
        let tree = Tree::new();
        tree.write("a.js", javascript(&format!("    // {directive}\n"), ""));
        for options in [
            &["check", "--format", "json"][..],
            &["check", "--verbose"],
            &["check", "--isolated", "--format", "sarif"],
        ] {
            let answer = run(arguments(options, tree.root()));
            let written = answer.out() + &answer.err();
            assert!(!written.contains(&TOKEN[4..12]), "{directive}: {written}");
        }
    }
}

#[test]
fn an_isolated_run_lists_comments_and_obeys_none() {
    let tree = Tree::new();
    let text = javascript(
        "    // authshift:ignore[authtoken-header] -- trust me\n",
        "",
    );
    tree.write("a.js", text);
    assert_eq!(check_with(&tree, &[]).code, 0);
    let found = check_with(&tree, &["--isolated"]);
    assert_eq!((found.code, found.counts.len()), (1, 1));
    assert!(found.told[0].contains("is not obeyed"), "{:?}", found.told);
}
