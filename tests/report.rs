//! `authshift report` says what to change, by when, and with which clients and scopes; in every format, of one code base
//! or of several.
//!
//! A case is a folder `tests/report/<name>/`: `project/` is scanned, `arguments.txt` has further arguments, one a line.
//! What the report in Markdown says is kept as a snapshot.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::tree::{Tree, files_of};
use support::{Answer, TODAY, package, run};

fn report(arguments: &[&str], paths: &[&Path]) -> Answer {
    let arguments = ["report", "--today", TODAY]
        .iter()
        .chain(arguments)
        .map(OsString::from);
    run(arguments.chain(paths.iter().map(|path| path.as_os_str().to_owned())))
}

fn written(arguments: &[&str], path: &Path) -> String {
    let answer = report(arguments, &[path]);
    assert_eq!(answer.err(), "");
    assert_eq!(answer.exit, authshift::cli::Exit::Clean);
    answer.out()
}

fn plan(path: &Path) -> Value {
    serde_json::from_str(&written(&["--format", "json"], path)).unwrap()
}

/// A project in a folder of a name that does not change.
fn project(files: &[(&str, &str)]) -> (Tree, PathBuf) {
    let tree = Tree::new();
    for (path, text) in files {
        tree.write(&format!("shop/{path}"), text);
    }
    let path = tree.path("shop");
    (tree, path)
}

fn case(name: &str) -> (Tree, PathBuf) {
    let tree = Tree::new();
    for (path, bytes) in files_of(&package().join("tests/report").join(name).join("project")) {
        tree.write(&format!("shop/{path}"), bytes);
    }
    let path = tree.path("shop");
    (tree, path)
}

fn centers(client: &Value) -> Vec<&Value> {
    let setups = client["setups"].as_array().unwrap();
    setups.iter().map(|setup| &setup["data_center"]).collect()
}

fn setups_say(client: &Value, at: usize, scope: &str) -> bool {
    client["setups"][at].to_string().contains(scope)
}

#[test]
fn each_data_centre_is_asked_for_the_scopes_of_its_own_requests() {
    let calls = "fetch('https://desk.zoho.com/api/v1/tickets', { method: 'POST', headers: H });\nfetch('https://books.zoho.in/api/v3/contacts', { method: 'POST', headers: H });\n";
    let code = format!("const H = {{ Authorization: 'Zoho-authtoken ' + t }};\n{calls}");
    let (_tree, path) = project(&[("sync.js", &code)]);
    let plan = plan(&path);
    let client = &plan["clients"][0];
    assert_eq!(centers(client), ["us", "in"]);
    for (at, own, other) in [
        (0, "Desk.tickets.CREATE", "ZohoBooks.contacts.CREATE"),
        (1, "ZohoBooks.contacts.CREATE", "Desk.tickets.CREATE"),
    ] {
        assert!(setups_say(client, at, own), "{client:#}");
        assert!(!setups_say(client, at, other), "{client:#}");
        let example = client["setups"][at]["env_example"].as_str().unwrap();
        assert!(!example.contains(other), "{example}");
    }
}

#[test]
fn a_connection_has_the_data_centres_of_its_own_requests_only() {
    let code = "old = getUrl(\"https://desk.zoho.com/api/v1/tickets?authtoken=\" + t);\nresponse = invokeurl\n[\n\turl :\"https://books.zoho.eu/api/v3/contacts\"\n\ttype :GET\n\tconnection:\"zbooks\"\n];\n";
    let (_tree, path) = project(&[("sync.dg", code)]);
    let plan = plan(&path);
    let clients = plan["clients"].as_array().unwrap();
    let client = clients
        .iter()
        .find(|client| client["connection"] == "zbooks");
    assert_eq!(centers(client.unwrap()), ["eu"]);
}

/// One place that sends several requests.
#[test]
fn a_finding_names_the_scopes_of_all_its_requests() {
    let code = "const axios = require('axios');\nfunction get(path) {\n  return axios.get('https://books.zoho.com/api/v3/' + path, { headers: { Authorization: 'Zoho-authtoken ' + token } });\n}\nget('contacts');\nget('bills');\nget(process.argv[2]);\n";
    let (_tree, path) = project(&[("sync.js", code)]);
    let plan = plan(&path);
    let finding = &plan["products"][0]["files"][0]["findings"][0];
    assert_eq!(
        finding["scopes"],
        serde_json::json!(["ZohoBooks.bills.READ", "ZohoBooks.contacts.READ"]),
        "{finding:#}"
    );
}

const TOKEN: &str = "aaaabbbbccccddddeeeeffff00001111";

#[test]
fn the_report_of_every_case_reads_as_it_did() {
    let folder = package().join("tests/report");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 9);
    for name in names {
        let further = fs::read_to_string(folder.join(&name).join("arguments.txt"));
        let further = further.unwrap_or_default();
        let arguments: Vec<&str> = ["--format", "markdown"]
            .into_iter()
            .chain(further.lines())
            .collect();
        let (_tree, path) = case(&name);
        let text = written(&arguments, &path);
        assert!(!text.contains(TOKEN), "{name}");
        insta::assert_snapshot!(name, text);
    }
}

fn kinds(path: &Path) -> Vec<String> {
    let plan = plan(path);
    let clients = plan["clients"].as_array().unwrap();
    clients
        .iter()
        .map(|client| client["kind"]["id"].as_str().unwrap().to_string())
        .collect()
}

#[test]
fn the_kind_of_a_program_is_told_by_its_code() {
    for (name, kind) in [
        ("servlet", vec!["server"]),
        ("express-and-page", vec!["browser", "server"]),
        ("batch", vec!["self-client"]),
        (
            "scripts",
            vec!["custom-function", "custom-function", "custom-function"],
        ),
        ("extension", vec!["extension"]),
        ("android", vec!["mobile"]),
        ("password", vec!["self-client"]),
    ] {
        let (_tree, path) = case(name);
        assert_eq!(kinds(&path), kind, "{name}");
    }
}

#[test]
fn a_given_kind_overrules_the_code_but_not_scripts() {
    let (_tree, path) = case("servlet");
    let text = written(&["--format", "json", "--app-kind", "self-client"], &path);
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["clients"][0]["kind"]["id"], "self-client");
    assert_eq!(plan["clients"][0]["kind"]["is_given"], true);
    assert_eq!(plan["clients"][0]["kind"]["against"][0]["kind"], "server");
    let (_tree, path) = case("scripts");
    let text = written(&["--format", "json", "--app-kind", "server"], &path);
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["clients"][0]["kind"]["id"], "custom-function");
}

#[test]
fn an_unknown_kind_is_an_error_that_names_the_known_ones() {
    let (_tree, path) = case("clean");
    let answer = report(&["--app-kind", "selfclient"], &[&path]);
    assert_eq!(answer.exit, authshift::cli::Exit::Error);
    assert!(answer.err().contains("self-client"), "{}", answer.err());
}

#[test]
fn steps_have_the_addresses_of_the_data_centre() {
    let (_tree, path) = case("express-and-page");
    let plan = plan(&path);
    let clients = plan["clients"].as_array().unwrap();
    let of = |kind: &str| {
        clients
            .iter()
            .find(|client| client["kind"]["id"] == kind)
            .unwrap()
    };
    let server = &of("server")["setups"][0];
    assert_eq!(server["console_url"], "https://api-console.zoho.in");
    assert_eq!(
        server["token_url"],
        "https://accounts.zoho.in/oauth/v2/token"
    );
    let address = server["authorization_url"].as_str().unwrap();
    assert!(address.starts_with("https://accounts.zoho.in/oauth/v2/auth?"));
    assert!(address.ends_with("&scope=ZohoBooks.contacts.READ,ZohoBooks.invoices.READ"));
    let example = server["env_example"].as_str().unwrap();
    assert!(example.contains("ZOHO_ACCOUNTS_URL=https://accounts.zoho.in\n"));
    assert_eq!(of("browser")["setups"][0]["data_center"], "us");
}

#[test]
fn what_is_on_oauth_already_is_said_of_its_product() {
    let (_tree, path) = case("express-and-page");
    let plan = plan(&path);
    let books = plan["products"]
        .as_array()
        .unwrap()
        .iter()
        .find(|product| product["id"] == "books")
        .unwrap();
    assert_eq!(books["requests"]["authtoken"], 1);
    assert_eq!(books["requests"]["oauth"], 1);
    assert_eq!(books["on_oauth"][0]["path"], "src/done.js");
}

#[test]
fn where_only_tests_call_zoho_they_are_the_program() {
    let call = "fetch('https://desk.zoho.com/api/v1/tickets?authtoken=' + t);\n";
    let (_tree, path) = project(&[("test/calls.js", call)]);
    let only = plan(&path);
    assert_eq!(only["clients"][0]["scopes"][0], "Desk.tickets.READ");
    let other = "fetch('https://desk.zoho.com/api/v1/contacts?authtoken=' + t);\n";
    let (_tree, path) = project(&[("test/calls.js", call), ("src/main.js", other)]);
    let both = plan(&path);
    assert_eq!(
        both["clients"][0]["scopes"],
        serde_json::json!(["Desk.contacts.READ"])
    );
}

#[test]
fn products_come_in_the_order_of_their_deadlines() {
    let (_tree, path) = project(&[(
        "all.js",
        "fetch('https://books.zoho.com/api/v3/items?authtoken=' + t);\nfetch('https://desk.zoho.com/api/v1/tickets?authtoken=' + t);\nfetch('https://crm.zoho.com/crm/private/json/Leads/getRecords?authtoken=' + t);\n",
    )]);
    let plan = plan(&path);
    let order: Vec<(&str, &str)> = plan["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| {
            (
                product["id"].as_str().unwrap(),
                product["deadline"]["date"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        order,
        [
            ("crm", "2019-12-31"),
            ("desk", "2020-11-30"),
            ("books", "2021-08-30")
        ]
    );
}

#[test]
fn every_credential_is_named_once_and_never_shown() {
    let (_tree, path) = case("password");
    let text = written(&["--format", "json"], &path);
    assert!(
        !text.contains(TOKEN) && !text.contains("sword-fish-77"),
        "{text}"
    );
    let plan: Value = serde_json::from_str(&text).unwrap();
    let kinds: Vec<&str> = plan["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["token", "password"]);
    assert_eq!(plan["credentials"][0]["product"], "books");
    assert_eq!(plan["credentials"][0]["places"][0]["path"], ".env");
}

fn saved(tree: &Tree, name: &str, arguments: &[&str], path: &Path) -> PathBuf {
    let arguments = arguments
        .iter()
        .chain(&["--today", TODAY])
        .map(OsString::from);
    let answer = run(arguments.chain([path.as_os_str().to_owned()]));
    assert_eq!(answer.err(), "");
    tree.write(name, answer.out());
    tree.path(name)
}

const CHECK: [&str; 4] = ["check", "--format", "json", "--exit-zero"];

/// Without what only a scan can know.
fn comparable(mut plan: Value) -> Value {
    for product in plan["products"].as_array_mut().unwrap() {
        for file in product["files"].as_array_mut().unwrap() {
            for finding in file["findings"].as_array_mut().unwrap() {
                if let Some(fix) = finding["fix"].as_object_mut() {
                    fix.remove("patch");
                }
            }
        }
    }
    plan["gaps"] = Value::Null;
    plan
}

#[test]
fn a_saved_result_gives_the_report_of_the_scan() {
    for name in [
        "servlet",
        "scripts",
        "password",
        "express-and-page",
        "package",
    ] {
        let (_project, path) = case(name);
        let tree = Tree::new();
        let file = saved(&tree, "shop.json", &CHECK, &path);
        let from = report(&["--format", "json", "--from"], &[&file]);
        assert_eq!(from.err(), "");
        let from: Value = serde_json::from_str(&from.out()).unwrap();
        let [from, scanned] = [from, plan(&path)].map(|plan| format!("{:#}", comparable(plan)));
        let differing = from
            .lines()
            .zip(scanned.lines())
            .find(|(one, other)| one != other);
        assert_eq!(differing, None, "{name}");
        assert_eq!(from.len(), scanned.len(), "{name}");
    }
}

#[test]
fn a_saved_report_is_read_back_whole() {
    for name in ["servlet", "scripts"] {
        let (_project, path) = case(name);
        let tree = Tree::new();
        let file = saved(&tree, "report.json", &["report", "--format", "json"], &path);
        let from = report(&["--format", "json", "--from"], &[&file]);
        assert_eq!(from.err(), "");
        assert_eq!(from.out(), fs::read_to_string(&file).unwrap(), "{name}");
    }
}

#[test]
fn results_of_one_repository_count_once_and_those_of_several_are_added() {
    let (_one, shop) = case("express-and-page");
    let other = Tree::new();
    for (path, bytes) in files_of(&package().join("tests/report/express-and-page/project")) {
        other.write(&format!("fork/{path}"), bytes);
    }
    let tree = Tree::new();
    let check = saved(&tree, "check/shop.json", &CHECK, &shop);
    let whole = saved(&tree, "report.json", &["report", "--format", "json"], &shop);
    let fork = saved(&tree, "fork.json", &CHECK, &other.path("fork"));
    let summary = |files: &[&Path]| {
        let answer = report(&["--format", "json", "--from"], files);
        assert_eq!(answer.err(), "");
        let plan: Value = serde_json::from_str(&answer.out()).unwrap();
        (
            plan["summary"]["findings"].as_u64().unwrap(),
            plan["clients"].as_array().unwrap().len(),
            plan["credentials"][0]["count"].as_u64().unwrap(),
            plan["products"][0]["requests"].clone(),
        )
    };
    let alone = summary(&[&check]);
    assert_eq!(summary(&[&check, &whole, &check]), alone);
    let both = summary(&[&check, &fork]);
    assert_eq!(
        (both.0, both.1, both.2),
        (2 * alone.0, 2 * alone.1, 2 * alone.2)
    );
}

#[test]
fn what_is_no_saved_result_is_refused_with_its_name() {
    let tree = Tree::new();
    tree.write("none.json", "{\"schema\": 1}");
    tree.write("text.json", "hello");
    tree.write("later.json", "{\"schema\": 9, \"report\": \"migration\"}");
    for name in ["none.json", "text.json", "later.json", "missing.json"] {
        let answer = report(&["--from"], &[&tree.path(name)]);
        assert_eq!(answer.exit, authshift::cli::Exit::Error, "{name}");
        assert!(answer.err().contains(name), "{}", answer.err());
        assert!(answer.err().contains("help:"), "{}", answer.err());
    }
}

#[test]
fn a_result_without_a_survey_says_what_is_missing() {
    let (_project, path) = case("servlet");
    let tree = Tree::new();
    let file = saved(&tree, "shop.json", &CHECK, &path);
    let mut result: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    result.as_object_mut().unwrap().remove("survey");
    result.as_object_mut().unwrap().remove("repository");
    tree.write("old.json", result.to_string());
    let answer = report(
        &["--format", "markdown", "--from"],
        &[&tree.path("old.json")],
    );
    assert!(
        answer
            .out()
            .contains("old: the saved result does not hold what the program calls")
    );
}

#[cfg(unix)]
#[test]
fn names_of_files_and_code_stay_text_in_every_format() {
    let name = "<script>alert(1)<|script> `a`\n=cmd() ![x](y) @everyone.js";
    let code = format!(
        "// <script>alert('x')</script> | =1+1\nfetch('https://desk.zoho.com/api/v1/tickets?authtoken={TOKEN}&x=<img src=x onerror=alert(1)>');\n"
    );
    let (_tree, path) = project(&[(name, &code), ("=1+1.js", &code), ("-2.js", &code)]);
    let markdown = written(&["--format", "markdown"], &path);
    assert!(!markdown.contains("<script"), "{markdown}");
    assert!(!markdown.contains("<img"), "{markdown}");
    for line in markdown.lines() {
        assert!(!line.starts_with("=cmd"), "{line}");
        // Within code a mention is none.
        let outside: String = line.split('`').step_by(2).collect();
        assert!(!outside.contains("@everyone"), "{line}");
    }
    let csv = written(&["--format", "csv"], &path);
    for line in csv.split("\r\n") {
        for cell in line.split(',') {
            let cell = cell.trim_start_matches('"').trim_start();
            assert!(!cell.starts_with(['=', '@', '+']), "{cell}");
        }
    }
    assert!(csv.contains("'=1+1.js") && csv.contains("'-2.js"), "{csv}");
    let json: Value = serde_json::from_str(&written(&["--format", "json"], &path)).unwrap();
    let paths = json["products"][0]["files"].as_array().unwrap();
    assert!(paths.iter().any(|file| file["path"] == name));
    for text in [markdown, csv, json.to_string()] {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[test]
fn the_format_is_that_of_the_file() {
    let (tree, path) = case("servlet");
    for (name, begins) in [
        ("a.json", "{"),
        ("a.csv", "repository,product"),
        ("a.md", "# Migration"),
    ] {
        let file = tree.path(name);
        let answer = report(&["-o", file.to_str().unwrap()], &[&path]);
        assert_eq!(answer.exit, authshift::cli::Exit::Clean, "{}", answer.err());
        assert_eq!(answer.out(), "");
        assert!(answer.err().starts_with("wrote "), "{}", answer.err());
        assert!(fs::read_to_string(&file).unwrap().starts_with(begins));
    }
}

#[test]
fn what_the_report_says_of_dates_hosts_steps_and_limits_is_listed_by_explain() {
    let mut explained = String::new();
    for topic in [
        "data-centers",
        "deadlines",
        "endpoints",
        "oauth",
        "packages",
        "scopes",
    ] {
        let answer = run(["explain", topic].map(OsString::from));
        assert_eq!(answer.exit, authshift::cli::Exit::Clean);
        explained.push_str(&answer.out());
    }
    for name in [
        "servlet",
        "express-and-page",
        "scripts",
        "extension",
        "android",
        "package",
    ] {
        let (_tree, path) = case(name);
        let plan = plan(&path);
        for source in plan["sources"].as_array().unwrap() {
            let address = source["source"].as_str().unwrap();
            assert!(explained.contains(&format!("({address})")), "{address}");
        }
    }
}

/// Time of this thread on a processor, where the system tells: other tests run beside this one.
struct Spent {
    wall: Instant,
    processor: Option<Duration>,
}

impl Spent {
    fn now() -> Spent {
        Spent {
            wall: Instant::now(),
            processor: Spent::on_processor(),
        }
    }

    fn on_processor() -> Option<Duration> {
        let times = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = times.split(' ').next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }

    fn elapsed(&self) -> Duration {
        match (self.processor, Spent::on_processor()) {
            (Some(before), Some(after)) => after - before,
            _ => self.wall.elapsed(),
        }
    }
}

#[test]
fn a_report_of_ten_thousand_findings_takes_less_than_two_seconds() {
    let (_project, path) = case("express-and-page");
    let tree = Tree::new();
    let file = saved(&tree, "report.json", &["report", "--format", "json"], &path);
    let mut whole: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let one = whole["products"][0]["files"][0].clone();
    let files: Vec<Value> = (0..10_000)
        .map(|number| {
            let mut file = one.clone();
            file["path"] = format!("src/{number}.js").into();
            file["findings"][0]["fingerprint"] = format!("v1:{number:020x}").into();
            let first = file["findings"][0].clone();
            file["findings"] = vec![first].into();
            file
        })
        .collect();
    whole["products"][0]["files"] = files.into();
    tree.write("large.json", whole.to_string());
    let large = tree.path("large.json");
    for format in ["markdown", "json", "csv"] {
        let started = Spent::now();
        let answer = report(&["--format", format, "--from"], &[&large]);
        let took = started.elapsed();
        assert_eq!(answer.err(), "");
        println!("{format}: {took:?}, {} bytes", answer.out.len());
        assert!(took < Duration::from_secs(2), "{format}: {took:?}");
    }
}
