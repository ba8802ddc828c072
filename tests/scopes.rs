//! `authshift scopes` names exactly the scopes that the requests of a code base need, for each client that makes them.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::ffi::OsString;
use support::run;
use support::tree::Tree;

fn scopes(files: &[(&str, &str)]) -> Value {
    let tree = Tree::new();
    for (path, text) in files {
        tree.write(path, text.as_bytes());
    }
    let arguments = ["scopes", "--format", "json"].map(OsString::from);
    let answer = run(arguments
        .into_iter()
        .chain([tree.root().as_os_str().to_owned()]));
    assert_eq!(answer.err(), "");
    serde_json::from_str(&answer.out()).unwrap()
}

fn said(files: &[(&str, &str)]) -> String {
    let tree = Tree::new();
    for (path, text) in files {
        tree.write(path, text.as_bytes());
    }
    run([OsString::from("scopes"), tree.root().as_os_str().to_owned()]).out()
}

fn list(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| scope.as_str().unwrap())
        .collect()
}

fn states(client: &Value) -> Vec<&str> {
    client["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["status"].as_str().unwrap())
        .collect()
}

const FUNCTION: &str = r#"response = invokeurl
[
	url :"https://desk.zoho.com/api/v1/tasks?limit=50"
	type :GET
	connection:"desk_tasks"
];
for each  task in response.get("data")
{
	update = Map();
	update.put("status","Open");
	changed = invokeurl
	[
		url :"https://desk.zoho.com/api/v1/tickets/" + task.get("ticketId")
		type :PATCH
		parameters:update.toString()
		connection:"desk_tasks"
	];
}
"#;

#[test]
fn a_function_that_reads_tasks_and_updates_tickets_needs_just_that() {
    let answer = scopes(&[("tasks.dg", FUNCTION)]);
    let clients = answer["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 1);
    assert_eq!(clients[0]["kind"], "connection");
    assert_eq!(clients[0]["connection"], "desk_tasks");
    let scopes = list(&clients[0]["scopes"]);
    assert!(
        scopes == ["Desk.activities.tasks.READ", "Desk.tickets.UPDATE"]
            || scopes == ["Desk.tasks.READ", "Desk.tickets.UPDATE"],
        "{scopes:?}"
    );
}

#[test]
fn every_connection_and_the_programs_have_their_own() {
    let answer = scopes(&[
        ("tasks.dg", FUNCTION),
        (
            "old.dg",
            "info getUrl(\"https://desk.zoho.eu/api/v1/contacts?authtoken=\" + token);\n",
        ),
        (
            "sync.js",
            "fetch('https://books.zoho.eu/api/v3/invoices', { headers: { Authorization: 'Zoho-oauthtoken ' + token } });\n",
        ),
    ]);
    let clients = answer["clients"].as_array().unwrap();
    let kinds: Vec<(&Value, &Value)> = clients
        .iter()
        .map(|client| (&client["kind"], &client["connection"]))
        .collect();
    assert_eq!(
        kinds,
        [
            (&"program".into(), &Value::Null),
            (&"connection".into(), &"desk_tasks".into()),
            (&"connection".into(), &Value::Null),
        ]
    );
    assert_eq!(list(&clients[0]["scopes"]), ["ZohoBooks.invoices.READ"]);
    assert_eq!(
        list(&clients[0]["authorization_urls"]),
        [
            "https://accounts.zoho.eu/oauth/v2/auth?response_type=code&access_type=offline&prompt=consent&client_id=CLIENT_ID&redirect_uri=REDIRECT_URI&scope=ZohoBooks.invoices.READ"
        ]
    );
    assert_eq!(list(&clients[2]["scopes"]), ["Desk.contacts.READ"]);
}

#[test]
fn what_is_not_known_is_listed_and_not_guessed() {
    let answer = scopes(&[(
        "index.js",
        "fetch('https://desk.zoho.com/api/v1/' + what);\nfetch('https://cliq.zoho.com/api/v2/channels');\n",
    )]);
    let client = &answer["clients"][0];
    assert!(list(&client["scopes"]).is_empty());
    assert!(list(&client["authorization_urls"]).is_empty());
    assert_eq!(states(client), ["unknown", "unknown"]);
}

#[test]
fn a_path_that_no_table_names_is_not_known() {
    let answer = scopes(&[(
        "index.js",
        "const axios = require('axios');\nconst H = { headers: { Authorization: 'Zoho-authtoken ' + t } };\naxios.get('https://books.zoho.in/api/v3/nonsense', H);\naxios.get('https://books.zoho.in/api/v3/nonsense/1', H);\naxios.get('https://books.zoho.in/api/v3/' + process.argv[2], H);\n",
    )]);
    let client = &answer["clients"][0];
    assert!(list(&client["scopes"]).is_empty(), "{client:#}");
    assert_eq!(states(client), ["unknown", "unknown", "unknown"]);
}

/// Zoho's specification of CRM writes `ZohoCRM.modules.all` and `ZohoCRM.modules.ALL`.
#[test]
fn every_request_is_listed_whatever_the_spelling_of_its_scope() {
    let code = "const axios = require('axios');\nconst H = { headers: { Authorization: 'Zoho-authtoken ' + t } };\naxios.post('https://www.zohoapis.in/crm/v2/coql', {}, H);\naxios.get('https://www.zohoapis.in/crm/v2/Leads', H);\n";
    let said = said(&[("index.js", code)]);
    assert!(said.contains("  ZohoCRM.modules.ALL\n"), "{said}");
    assert!(!said.contains("modules.all"), "{said}");
    for request in ["/crm/v2/coql  index.js:3", "/crm/v2/Leads  index.js:4"] {
        assert!(said.contains(request), "no `{request}` in\n{said}");
    }
}

/// Each alone would be met with the scope of its own.
#[test]
fn requests_are_listed_under_the_scope_that_serves_several() {
    let said = said(&[("tasks.dg", FUNCTION)]);
    assert!(
        said.contains("    GET https://desk.zoho.com/api/v1/tasks  tasks.dg:"),
        "{said}"
    );
}

#[test]
fn calls_that_make_authtokens_go_away_and_need_nothing() {
    let code = "const axios = require('axios');\naxios.post('https://accounts.zoho.com/apiauthtoken/nb/create', 'SCOPE=ZohoCRM/crmapi');\naxios.get('https://www.zohoapis.com/crm/v2/Leads', { headers: { Authorization: 'Zoho-authtoken ' + t } });\n";
    let client = &scopes(&[("index.js", code)])["clients"][0];
    assert_eq!(states(client), ["known"], "{client:#}");
    let said = said(&[("index.js", code)]);
    assert!(
        !said.contains("apiauthtoken") && !said.contains("Not known"),
        "{said}"
    );
}

/// The endpoint itself takes no scope any more, but the one that follows it does.
#[test]
fn what_has_ended_is_listed_and_asks_for_the_scope_of_its_successor() {
    let answer = scopes(&[(
        "index.js",
        "fetch('https://crm.zoho.com/crm/private/json/Leads/getRecords?authtoken=' + t);\n",
    )]);
    let client = &answer["clients"][0];
    assert_eq!(list(&client["scopes"]), ["ZohoCRM.modules.ALL"]);
    assert_eq!(states(client), ["ended"]);
}

#[test]
fn requests_to_others_need_nothing() {
    let answer = scopes(&[(
        "index.js",
        "// beside zoho\nfetch('https://api.example.com/v1/tickets', { headers: { Authorization: token } });\n",
    )]);
    assert_eq!(answer["clients"], Value::Array(Vec::new()));
}

#[test]
fn people_are_told_what_to_paste_and_why() {
    let said = said(&[("tasks.dg", FUNCTION)]);
    for line in [
        "Deluge connection desk_tasks",
        "PATCH https://desk.zoho.com/api/v1/tickets/{}  tasks.dg:",
        "For the connection (service Zoho OAuth, not an API key):",
    ] {
        assert!(said.contains(line), "no `{line}` in\n{said}");
    }
}
