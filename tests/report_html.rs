//! The HTML report is one sound page: well formed, complete, without anything from outside, and what a repository
//! says in names, code and tokens stays text in it.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};
use support::html::{Element, elements};
use support::plans::{ATTACK, empty, hostile, json, large, page, plan};

fn read() -> Vec<Element> {
    elements(&page(&plan()))
}

fn named<'e>(elements: &'e [Element], name: &str) -> Vec<&'e Element> {
    elements.iter().filter(|one| one.name == name).collect()
}

/// Without differences of white space.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_element_is_closed_and_every_name_is_given_once() {
    for plan in [plan(), empty(), hostile(false), large(100)] {
        let elements = elements(&page(&plan));
        let mut ids = HashSet::new();
        for id in elements.iter().filter_map(|element| element.get("id")) {
            assert!(ids.insert(id), "{id} is there twice");
        }
        for element in &elements {
            for attribute in ["href", "for", "aria-labelledby"] {
                let Some(value) = element.get(attribute) else {
                    continue;
                };
                let target = match attribute {
                    "href" => value.strip_prefix('#'),
                    _ => Some(value),
                };
                assert!(
                    target.is_none_or(|id| ids.contains(id)),
                    "{value} leads nowhere"
                );
            }
        }
    }
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    for plan in [plan(), empty()] {
        let elements = elements(&page(&plan));
        let levels: Vec<u32> = elements
            .iter()
            .filter(|one| one.name.len() == 2 && one.name.starts_with('h'))
            .filter_map(|one| one.name[1..].parse().ok())
            .collect();
        assert_eq!(levels[0], 1);
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{levels:?}");
        }
    }
}

#[test]
fn the_page_has_landmarks_and_a_way_to_skip_to_its_content() {
    let elements = read();
    for (landmark, count) in [("main", 1), ("nav", 1)] {
        assert_eq!(named(&elements, landmark).len(), count, "{landmark}");
    }
    assert_eq!(named(&elements, "html")[0].get("lang"), Some("en"));
    let first = elements.iter().find(|one| one.name == "a").unwrap();
    assert_eq!(first.get("href"), Some("#main"));
    for section in named(&elements, "section") {
        assert!(section.get("aria-labelledby").is_some());
    }
}

#[test]
fn what_is_drawn_is_said_in_words_too() {
    let elements = read();
    let drawings = named(&elements, "svg");
    assert!(drawings.len() > 10);
    for drawing in &drawings {
        let is_named = drawing.get("role") == Some("img") && drawing.get("aria-label").is_some();
        assert!(
            is_named || drawing.get("aria-hidden") == Some("true"),
            "{drawing:?}"
        );
    }
    let labels: Vec<&str> = drawings
        .iter()
        .filter_map(|one| one.get("aria-label"))
        .collect();
    assert!(
        labels.contains(&"Zoho CRM: deadline 31 December 2019, 2,519 days overdue"),
        "{labels:?}"
    );
    assert!(
        labels.contains(&"Zoho Desk: 2 automatic, 2 to review"),
        "{labels:?}"
    );
    let rows: Vec<String> = named(&elements, "tr")
        .iter()
        .map(|row| words(&row.text))
        .collect();
    assert!(
        rows.contains(&"Zoho Desk2 automatic, 2 to review4".to_owned()),
        "{rows:?}"
    );
}

#[test]
fn nothing_comes_from_outside_and_no_script_runs_but_its_own() {
    let elements = read();
    for element in &elements {
        for (name, value) in &element.attributes {
            assert!(
                !name.starts_with("on") && name != "style" && name != "src",
                "{element:?}"
            );
            if name == "href" {
                assert_eq!(element.name, "a");
                assert!(
                    value.starts_with('#') || value.starts_with("https://"),
                    "{value}"
                );
            }
        }
        let known = ![
            "link", "iframe", "object", "embed", "base", "img", "image", "use", "form",
        ]
        .contains(&element.name.as_str());
        assert!(known || element.get("id") == Some("filters"), "{element:?}");
    }
    let names: Vec<&str> = elements.iter().map(|one| one.name.as_str()).collect();
    let position = |name: &str| names.iter().position(|one| *one == name).unwrap();
    let policy = elements
        .iter()
        .position(|one| one.get("http-equiv") == Some("Content-Security-Policy"))
        .unwrap();
    assert!(policy < position("script") && policy < position("style"));
    let content = elements[policy].get("content").unwrap();
    assert!(
        content.starts_with("default-src 'none'; script-src 'sha256-"),
        "{content}"
    );
    assert!(!content.contains("unsafe"));
    assert_eq!(named(&elements, "script").len(), 1);
    assert_eq!(named(&elements, "style").len(), 1);
}

/// What is not for people who read a page.
const UNSAID: [&str; 13] = [
    "/report",
    "/fingerprint",
    "/schema",
    // Names of classes stand in the page under the names that people know.
    "/id",
    "/data_center",
    "/level",
    "/confidence",
    "/effort",
    "/safety",
    "/path_class",
    "/language",
    "/status",
    "/signs_in_with",
];

/// Without what the page writes in another way: backticks, capitals, white space.
fn folded(text: &str) -> String {
    words(&text.replace('`', "")).to_lowercase()
}

fn texts(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        Value::Array(values) => values.iter().for_each(|value| texts(value, path, found)),
        Value::Object(values) => values
            .iter()
            .for_each(|(name, value)| texts(value, &format!("{path}/{name}"), found)),
        _ => {}
    }
}

#[test]
fn every_text_of_the_plan_is_in_the_page() {
    let elements = read();
    let mut said = folded(&named(&elements, "body")[0].text);
    for attribute in elements.iter().flat_map(|one| &one.attributes) {
        said.push(' ');
        said.push_str(&folded(&attribute.1));
    }
    let mut wanted = Vec::new();
    texts(&json(), "", &mut wanted);
    let mut checked = 0;
    for (path, text) in wanted {
        let product = path.ends_with("/requests/product") || path.ends_with("/credentials/product");
        let other =
            path.contains("/evidence/kind") || path.ends_with("/credentials/kind") || product;
        if UNSAID.iter().any(|end| path.ends_with(end)) || other {
            continue;
        }
        let is_shown = if path.ends_with("/excerpt/text") || path.ends_with("/patch") {
            // Between its lines stand their numbers.
            let mut lines = text.lines();
            lines.all(|line| said.contains(&folded(line)))
        } else {
            said.contains(&folded(&text))
        };
        assert!(is_shown, "{path}: {text}");
        checked += 1;
    }
    assert!(checked > 250, "{checked}");
}

#[test]
fn what_is_long_and_the_same_is_written_once() {
    let plan = large(1000);
    let page = page(&plan);
    let mut helps = BTreeSet::new();
    for product in &plan.products {
        for file in &product.files {
            helps.extend(file.findings.iter().map(|finding| finding.help.as_str()));
        }
    }
    assert!(helps.len() > 4);
    for help in helps.into_iter().filter(|help| !help.contains(['`', '<'])) {
        assert_eq!(page.matches(help).count(), 1, "{help}");
    }
}

#[test]
fn what_many_clients_have_to_respect_is_written_once() {
    let mut plan = plan();
    let mut other = plan.clients[0].clone();
    other.name = "another program".to_owned();
    plan.clients.push(other);
    let page = page(&plan);
    let limit = "Keep it until shortly before, and share it among all callers.";
    assert_eq!(page.matches(limit).count(), 1);
    assert!(page.contains("The same as for <a href=\"#c1\">shop (web application)</a>."));
}

#[test]
fn a_hostile_text_changes_no_element_and_no_attribute() {
    let shape = |plan| -> Vec<String> {
        let elements = elements(&page(plan));
        elements.iter().map(Element::shape).collect()
    };
    let (sound, attacked) = (shape(&plan()), shape(&hostile(true)));
    for (index, (sound, attacked)) in sound.iter().zip(&attacked).enumerate() {
        assert_eq!(sound, attacked, "element {index}");
    }
    assert_eq!(sound.len(), attacked.len());
}

#[test]
fn a_hostile_text_is_shown_as_it_is() {
    for plan in [hostile(true), hostile(false)] {
        let page = page(&plan);
        let attack = ATTACK.replace('\u{202e}', "\u{fffd}");
        let elements = elements(&page);
        let body = &named(&elements, "body")[0].text;
        assert!(body.matches(&attack).count() > 150);
        assert_eq!(named(&elements, "script").len(), 1);
        assert!(named(&elements, "img").is_empty());
        assert!(!page.contains('\u{202e}'));
    }
}

#[test]
fn an_address_that_is_none_is_no_link() {
    for address in [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//example.com",
        "vbscript:x",
    ] {
        let mut json = json();
        let text = json.to_string().replace("https://", &format!("{address}#"));
        // JSON has no trouble with these.
        json = serde_json::from_str(&text.replace("<script>", "\\u003cscript>")).unwrap();
        let page = page(&serde_json::from_value(json).unwrap());
        for link in named(&elements(&page), "a") {
            assert!(link.get("href").unwrap().starts_with('#'), "{link:?}");
        }
    }
}

#[test]
fn without_findings_the_page_says_so() {
    let page = page(&empty());
    assert!(page.contains("No place depends on Zoho authtokens"));
    assert!(page.contains("id=\"coverage\""));
    for absent in [
        "id=\"findings\"",
        "id=\"deadlines\"",
        "id=\"clients\"",
        "id=\"credentials\"",
    ] {
        assert!(!page.contains(absent), "{absent}");
    }
}

#[test]
fn the_same_plan_gives_the_same_page() {
    assert_eq!(page(&plan()), page(&plan()));
}

#[test]
fn ten_thousand_findings_are_written_quickly_and_are_no_more_than_their_texts_need() {
    let plan = large(10_000);
    let findings = plan.summary.findings;
    assert!((10_000..10_100).contains(&findings));
    let start = Instant::now();
    let page = page(&plan);
    let took = start.elapsed();
    println!("{findings} findings: {took:?}, {} bytes", page.len());
    // The release build takes a small part of that; a machine that is busy may take more.
    assert!(took < Duration::from_secs(10), "{took:?}");
    let texts: usize = plan
        .products
        .iter()
        .flat_map(|product| &product.files)
        .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
        .map(|(file, finding)| {
            let steps = finding
                .flow
                .iter()
                .map(|step| step.path.len() + step.role.len());
            let fix = finding.fix.as_ref();
            file.path.len()
                + finding.message.len()
                + steps.sum::<usize>()
                + finding.excerpt.as_ref().map_or(0, |one| one.text.len())
                + fix.map_or(0, |fix| fix.title.len())
                + fix
                    .and_then(|fix| fix.patch.as_ref())
                    .map_or(0, String::len)
        })
        .sum();
    assert!(page.len() < 4 * texts, "{} bytes for {texts}", page.len());
}
