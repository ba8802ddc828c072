use super::*;
use crate::rules::model::{CarrierKind, DeadlineKind, Facet, Level, Matcher};
use std::fs;

/// A user's folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load_with(files: &[(&str, &str)]) -> Result<Rules, RulesError> {
    load(Some(folder(files).path()))
}

/// Loading with this file alone fails with exactly one problem, at this line, with this in its message.
#[track_caller]
fn refused(name: &str, text: &str, line: Option<usize>, message: &str) {
    let error = load_with(&[(name, text)]).unwrap_err();
    assert_eq!(error.problems.len(), 1, "{error}");
    let problem = &error.problems[0];
    assert!(problem.to_string().contains(message), "{problem}");
    assert_eq!(problem.line, line, "{problem}");
    assert!(!problem.help.is_empty());
}

const PRODUCT: &str = r#"id = "sign"
name = "Zoho Sign"
hosts = ["sign.{tld}"]
source = ["https://www.zoho.com/sign/api/"]
"#;

fn product_with(rest: &str) -> String {
    format!("{PRODUCT}{rest}")
}

const DETECTION: &str = r#"id = "sign-header"
level = "warning"
summary = "A header."
message = "{product} sends {name}"
help = "Do not."
why = "It fails."
source = ["https://www.zoho.com/sign/api/"]
[[example]]
kind = "hit"
language = "java"
code = "zoho"
[[example]]
kind = "near-miss"
language = "java"
code = "other"
"#;

fn detection_with(matchers: &str) -> String {
    DETECTION.replace("source =", &format!("match = [{matchers}]\nsource ="))
}

const CLIENT: &str = "languages = [\"java\"]\n[[client]]\nname = \"own\"\n";

fn client_with(rest: &str) -> String {
    format!("{CLIENT}{rest}\n")
}

#[test]
fn the_embedded_rules_are_good() {
    let rules = load(None).unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<&str> = rules
        .detections
        .iter()
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "authtoken-create",
            "authtoken-docs",
            "authtoken-header",
            "authtoken-literal",
            "authtoken-parameter",
            "authtoken-plumbing",
            "authtoken-sdk",
            "authtoken-setting",
            "legacy-endpoint",
            "oauth-incomplete",
        ]
    );
    for product in [
        "desk",
        "crm",
        "books",
        "invoice",
        "inventory",
        "subscriptions",
        "projects",
        "bugtracker",
        "creator",
        "recruit",
        "people",
        "mail",
        "reports",
        "campaigns",
        "docs",
        "vault",
        "site24x7",
        "cliq",
        "salesiq",
        "expense",
        "sprints",
    ] {
        assert!(
            rules.products.iter().any(|known| known.id == product),
            "{product}"
        );
    }
    assert_eq!(rules.data_centers.len(), 10);
    assert_eq!(rules.general_deadlines.len(), 4);
    assert!(
        rules
            .general_deadlines
            .iter()
            .all(|date| date.kind == DeadlineKind::NoNewTokens)
    );
}

#[test]
fn every_detection_has_two_hits_and_two_near_misses() {
    use crate::rules::model::ExampleKind::{Hit, NearMiss};
    for detection in load(None).unwrap().detections {
        for kind in [Hit, NearMiss] {
            let count = detection
                .example
                .iter()
                .filter(|example| example.kind == kind)
                .count();
            assert!(count >= 2, "{} {kind:?}", detection.id);
        }
    }
}

#[test]
fn levels_are_those_of_the_design() {
    let rules = load(None).unwrap();
    let level = |id: &str| {
        rules
            .detections
            .iter()
            .find(|rule| rule.id == id)
            .unwrap()
            .level
    };
    assert_eq!(level("authtoken-header"), Level::Error);
    assert_eq!(level("authtoken-setting"), Level::Warning);
    assert_eq!(level("authtoken-plumbing"), Level::Note);
    assert_eq!(level("oauth-incomplete"), Level::Warning);
    let sdk = rules
        .detections
        .iter()
        .find(|rule| rule.id == "authtoken-sdk")
        .unwrap();
    assert_eq!(sdk.level, Level::Error);
    let dependency = sdk.matchers.iter().find_map(|matcher| match matcher {
        Matcher::Dependency { level } => *level,
        _ => None,
    });
    assert_eq!(dependency, Some(Level::Warning));
}

#[test]
fn desk_takes_the_bare_token_and_legacy_endpoints_have_successors() {
    let rules = load(None).unwrap();
    let desk = rules
        .products
        .iter()
        .find(|product| product.id == "desk")
        .unwrap();
    assert!(
        desk.carriers
            .iter()
            .any(|carrier| carrier.kind == CarrierKind::RawHeader)
    );
    for id in [
        "crm-v1",
        "support-api",
        "creator-v1",
        "recruit-v1",
        "reports-v1",
        "campaigns-v1",
    ] {
        let legacy = legacy_endpoint(&rules, id).unwrap_or_else(|| panic!("{id}"));
        assert!(legacy.successor.starts_with("https://"), "{id}");
    }
    assert!(legacy_endpoint(&rules, "none").is_none());
}

#[test]
fn client_tables_know_the_clients_of_public_code() {
    let rules = load(None).unwrap();
    let table = |language: &str| {
        rules
            .clients
            .iter()
            .find(|table| table.languages.iter().any(|known| known == language))
            .unwrap()
    };
    let has = |language: &str, callee: &str| {
        let mut calls = table(language)
            .client
            .iter()
            .flat_map(|client| &client.call);
        assert!(
            calls.any(|call| call.callee.iter().any(|known| known == callee)),
            "{language} {callee}"
        );
    };
    for callee in [
        ".setRequestProperty",
        "new HttpGet",
        "new PostMethod",
        "new URIBuilder",
        "new Request.Builder",
        "HttpRequest.newBuilder",
        "new BasicNameValuePair",
        ".queryParam",
        "String.format",
        "System.getenv",
        "AndroidNetworking.get",
        "Unirest.get",
        ".getForObject",
        "new StringRequest",
    ] {
        has("java", callee);
    }
    for callee in [
        "fetch",
        "axios.create",
        "request",
        "superagent.get",
        "got.extend",
        "UrlFetchApp.fetch",
        "$.ajax",
        "new XMLHttpRequest",
        "https.request",
        "new HttpHeaders",
        "HTTP.call",
        "querystring.stringify",
        "new URLSearchParams",
        "apisauce.create",
        "proxy",
        "needle",
    ] {
        has("typescript", callee);
    }
    let axios = table("javascript")
        .client
        .iter()
        .find(|client| client.name == "axios")
        .unwrap();
    assert_eq!(axios.options["axios"]["params"], Facet::Query);
}

#[test]
fn a_users_folder_replaces_by_id_and_adds_clients() {
    let base = load(None).unwrap();
    let rules = load_with(&[
        ("products/sign.toml", PRODUCT),
        (
            "products/desk.toml",
            &PRODUCT.replace("\"sign\"", "\"desk\""),
        ),
        (
            "clients/java.toml",
            &client_with("call = [{ callee = [\"new Own\"], creates = \"request\" }]"),
        ),
        ("README.md", "not read"),
    ])
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rules.products.len(), base.products.len() + 1);
    let desk: Vec<_> = rules
        .products
        .iter()
        .filter(|product| product.id == "desk")
        .collect();
    assert_eq!(desk.len(), 1);
    assert_eq!(desk[0].name, "Zoho Sign");
    assert_eq!(rules.clients.len(), base.clients.len());
    let java = |rules: &Rules| {
        let table = rules
            .clients
            .iter()
            .find(|table| table.languages == ["java"]);
        table.map_or(0, |table| table.client.len())
    };
    assert_eq!(java(&rules), java(&base) + 1);
}

#[test]
fn unknown_keys_and_bad_toml_are_refused_with_their_line() {
    refused(
        "products/sign.toml",
        &product_with("host = []\n"),
        Some(5),
        "unknown field `host`",
    );
    refused("products/sign.toml", "id = \n", Some(1), "sign.toml:1");
    refused(
        "products/sign.toml",
        "id = \"sign\"\n",
        Some(1),
        "missing field `name`",
    );
    refused(
        "other/sign.toml",
        PRODUCT,
        None,
        "no file of a rules folder",
    );
    let client = client_with("call = [{ callee = [\"f\"], reads = 1 }]");
    refused(
        "clients/java.toml",
        &client,
        Some(4),
        "unknown field `reads`",
    );
}

#[test]
fn a_missing_folder_is_refused() {
    let error = load(Some(Path::new("/nowhere/rules"))).unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
}

#[test]
fn ids_are_file_names() {
    refused(
        "products/other.toml",
        PRODUCT,
        Some(1),
        "write id = \"other\"",
    );
    let text = PRODUCT.replace("\"sign\"", "\"Sign\"");
    refused("products/Sign.toml", &text, Some(1), "is no id");
    let text = detection_with("{ matcher = \"sdk\" }");
    refused("detections/other.toml", &text, Some(1), "not the file name");
    refused(
        "clients/kotlin.toml",
        "languages = [\"java\"]\nclient = []\n",
        Some(1),
        "`kotlin` is not among the languages",
    );
}

#[test]
fn ids_are_unique() {
    let legacy = "[[legacy]]\nid = \"crm-v1\"\npaths = [\"/a\"]\nsuccessor = \"s\"\nnote = \"n\"\nsource = \"public code\"\n";
    let error = load_with(&[("products/sign.toml", &product_with(legacy))]).unwrap_err();
    assert!(
        error.to_string().contains("`crm-v1` is used twice"),
        "{error}"
    );
    let sdk = "[[sdk]]\nid = \"x\"\nname = \"zoho-x\"\nregistry = \"npm\"\npackage = \"zoho-x\"\nproducts = [\"crm\"]\nsuccessor = \"y\"\nsource = \"public code\"\n";
    refused(
        "sdks.toml",
        &format!("{sdk}{sdk}"),
        Some(10),
        "`x` is used twice",
    );
    let client = format!("{CLIENT}[[client]]\nname = \"own\"\n");
    refused("clients/java.toml", &client, Some(5), "`own` is used twice");
}

#[test]
fn packages_name_known_products_and_registries() {
    let sdk = |registry: &str, product: &str, rest: &str| {
        format!(
            "[[sdk]]\nid = \"x\"\nname = \"x\"\nregistry = \"{registry}\"\nproducts = [\"{product}\"]\nsuccessor = \"y\"\nsource = \"public code\"\n{rest}"
        )
    };
    let package = "package = \"zoho-x\"\n";
    refused(
        "sdks.toml",
        &sdk("npm", "crn", package),
        Some(5),
        "`crn` is no product",
    );
    refused(
        "sdks.toml",
        &sdk("nmp", "crm", package),
        Some(4),
        "`nmp` is no registry",
    );
    refused(
        "sdks.toml",
        &sdk("npm", "crm", "imports = [\"zoho-x\"]\n"),
        Some(4),
        "no package in npm",
    );
    refused(
        "sdks.toml",
        &sdk("source", "crm", ""),
        Some(2),
        "neither package nor imports",
    );
    let call = format!("{package}call = [{{ callee = [\"new X\"] }}]\n");
    refused(
        "sdks.toml",
        &sdk("npm", "crm", &call),
        Some(9),
        "where the token stands",
    );
    let call = format!("{package}oauth-from = \"later\"\n");
    refused(
        "sdks.toml",
        &sdk("npm", "crm", &call),
        Some(9),
        "no version",
    );
}

#[test]
fn dates_and_data_centres_are_real() {
    let deadline = |date: &str, center: &str| {
        product_with(&format!(
            "[[deadline]]\nkind = \"tokens-stop\"\ndate = \"{date}\"\ndata-center = \"{center}\"\nsource = \"public code\"\n"
        ))
    };
    refused(
        "products/sign.toml",
        &deadline("2021-02-30", "us"),
        Some(7),
        "`2021-02-30` is no date",
    );
    refused(
        "products/sign.toml",
        &deadline("20210228", "us"),
        Some(7),
        "is no date",
    );
    refused(
        "products/sign.toml",
        &deadline("2021-02-28", "mars"),
        Some(8),
        "`mars` is no data centre",
    );
    let legacy = "[[legacy]]\nid = \"sign-v1\"\npaths = [\"/a\"]\nsuccessor = \"s\"\nnote = \"n\"\nsource = \"public code\"\nended = \"soon\"\n";
    refused(
        "products/sign.toml",
        &product_with(legacy),
        Some(11),
        "`soon` is no date",
    );
}

#[test]
fn sources_are_addresses_or_documents() {
    for bad in ["", "zoho.com/sign/api", "https://", "ftp://zoho.com/x"] {
        let text = PRODUCT.replace("https://www.zoho.com/sign/api/", bad);
        refused("products/sign.toml", &text, Some(4), "is no source");
    }
    let text = PRODUCT.replace("[\"https://www.zoho.com/sign/api/\"]", "[]");
    refused("products/sign.toml", &text, Some(4), "no source");
    let text = PRODUCT.replace("https://www.zoho.com/sign/api/", "Zoho Sign manual, page 4");
    assert!(load_with(&[("products/sign.toml", &text)]).is_ok());
}

#[test]
fn hosts_and_paths_have_their_form() {
    let text = PRODUCT.replace("sign.{tld}", "https://sign.zoho.com");
    refused("products/sign.toml", &text, Some(3), "is no host");
    for bad in ["api/v1", "/", "/*", "/api/v*", "/api?x"] {
        let legacy = format!(
            "[[legacy]]\nid = \"sign-v1\"\npaths = [\"{bad}\"]\nsuccessor = \"s\"\nnote = \"n\"\nsource = \"public code\"\n"
        );
        refused(
            "products/sign.toml",
            &product_with(&legacy),
            Some(7),
            "is no path prefix",
        );
    }
}

#[test]
fn patterns_that_begin_with_an_unbounded_class_are_refused_with_the_reason() {
    let text = detection_with(r#"{ matcher = "literal", shapes = ['[0-9a-z]+'] }"#);
    refused(
        "detections/sign-header.toml",
        &text,
        Some(7),
        "every search slow",
    );
    let text = detection_with(r#"{ matcher = "literal", shapes = ['[0-9'] }"#);
    refused(
        "detections/sign-header.toml",
        &text,
        Some(7),
        "no regular expression",
    );
}

#[test]
fn a_rule_without_a_literal_to_search_for_is_refused() {
    let text = detection_with(r#"{ matcher = "parameter", names = ["key"] }"#);
    refused(
        "detections/sign-header.toml",
        &text,
        None,
        "has no literal of 4 characters",
    );
    let text = detection_with(r#"{ matcher = "setting", keys = ["apitoken"] }"#);
    refused(
        "detections/sign-header.toml",
        &text,
        None,
        "put it in weak-keys",
    );
    let text = PRODUCT.replace("sign.{tld}", "api.abc.io");
    refused("products/sign.toml", &text, None, "the host name `abc`");
    let names: Vec<String> = (0..40)
        .map(|number| format!("\"word{number:02}\""))
        .collect();
    let text = detection_with(&format!(
        "{{ matcher = \"parameter\", names = [{}] }}",
        names.join(", ")
    ));
    refused(
        "detections/sign-header.toml",
        &text,
        None,
        "literals, more than",
    );
}

#[test]
fn detections_are_complete() {
    let text = detection_with("");
    refused("detections/sign-header.toml", &text, Some(7), "no matcher");
    let text = detection_with("{ matcher = \"header\", names = [\"authorization\"] }");
    refused(
        "detections/sign-header.toml",
        &text,
        Some(7),
        "nothing to look for",
    );
    let text = detection_with("{ matcher = \"sdk\" }");
    refused(
        "detections/sign-header.toml",
        &text.replace("{name}", "{nam}"),
        Some(4),
        "`{nam}` is no placeholder",
    );
    refused(
        "detections/sign-header.toml",
        &text.replace("\"java\"\ncode = \"other\"", "\"cobol\"\ncode = \"other\""),
        Some(15),
        "`cobol` is no language",
    );
    refused(
        "detections/sign-header.toml",
        &text.replace("near-miss", "hit"),
        Some(9),
        "example is missing",
    );
    refused(
        "detections/sign-header.toml",
        &text.replace("A header.", " "),
        Some(3),
        "empty text",
    );
    let text = detection_with("{ matcher = \"magic\" }");
    let error = load_with(&[("detections/sign-header.toml", &text)]).unwrap_err();
    assert!(
        error.to_string().contains("unknown variant `magic`"),
        "{error}"
    );
}

#[test]
fn headers_are_added_in_one_way() {
    for (text, message) in [
        ("add-header = [{}]", "in one way"),
        (
            "add-header = [{ chain = \"header\", method = \"header\" }]",
            "in one way",
        ),
        (
            "add-header = [{ chain = \"header\", otherwise = 1 }]",
            "belongs to options",
        ),
        (
            "add-header = [{ chain = \"header(\" }]",
            "`header(` is no name",
        ),
        (
            "interceptor = { after = \"x\" }",
            "an interceptor is one text",
        ),
    ] {
        refused("clients/java.toml", &client_with(text), Some(4), message);
    }
}

#[test]
fn client_calls_have_their_form() {
    let call = |fields: &str| client_with(&format!("call = [{{ {fields} }}]"));
    for (fields, message) in [
        ("callee = [\"new \"], url = 0", "is no callee"),
        ("callee = [\"axios.get()\"], url = 0", "is no callee"),
        ("callee = [\"()\"], url = 0", "`()` needs a receiver"),
        ("callee = [], url = 0", "no callee"),
        ("callee = [\"f\"], url = 99", "99 is no position"),
        ("callee = [\"f\"], header = [0, -12]", "-12 is no position"),
        ("callee = [\"f\"], arguments = 1, url = 1", "has none at 1"),
        ("callee = [\"f\"]", "says nothing"),
        (
            "callee = [\"f\"], url = 0, method = \"get\"",
            "is no HTTP method",
        ),
        (
            "callee = [\".f\"], receiver = [\"requests\"], url = 0",
            "is no receiver",
        ),
        (
            "callee = [\"f\"], options = { argument = 0, shape = \"own\" }",
            "there is no shape `own`",
        ),
        (
            "callee = [\"f\"], callback = { facet = \"options\", shape = \"own\" }",
            "there is no shape `own`",
        ),
    ] {
        refused("clients/java.toml", &call(fields), Some(4), message);
    }
    let client = "languages = [\"java\", \"jav\"]\nclient = []\n";
    refused("clients/java.toml", client, Some(1), "`jav` is no language");
    let text = client_with("docs = \"zoho.com/x\"");
    refused("clients/java.toml", &text, Some(4), "is no source");
    let text = client_with("environment-paths = [\"process env\"]");
    refused("clients/java.toml", &text, Some(4), "no property path");
    let text = client_with("annotation = [{ name = [\"GET\"], on = \"function\" }]");
    refused(
        "clients/java.toml",
        &text,
        Some(4),
        "the annotation says nothing",
    );
    let text = client_with("property = [{ property = [\"a\"], receiver = [], facet = \"query\" }]");
    refused("clients/java.toml", &text, Some(4), "a path and a receiver");
    let text =
        client_with("override = [{ method = \"getX\", supertypes = [], facet = \"query\" }]");
    refused("clients/java.toml", &text, Some(4), "its superclasses");
}

#[test]
fn all_problems_are_told_at_once() {
    let error = load_with(&[
        ("products/other.toml", PRODUCT),
        ("products/bad.toml", "id = "),
    ])
    .unwrap_err();
    assert_eq!(error.problems.len(), 2, "{error}");
}
