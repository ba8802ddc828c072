//! One report for the tests of all formats.

use super::Context;
use crate::finding::sample::{deadline, finding_in, position};
use crate::finding::*;
use crate::plan::survey::Survey;
use crate::rules::model::Level;
use std::collections::BTreeMap;

pub fn context() -> Context {
    Context {
        version: "0.0.0".to_owned(),
        today: "2026-11-23".to_owned(),
        products: [
            ("desk", "Zoho Desk"),
            ("crm", "Zoho CRM"),
            ("books", "Zoho Books"),
        ]
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .into(),
        roots: vec![".".to_owned()],
        repository: Some("shop".to_owned()),
        survey: Some(survey()),
        rules: [
            "authtoken-header",
            "authtoken-parameter",
            "authtoken-literal",
            "legacy-endpoint",
        ]
        .map(|id| super::RuleText {
            id: id.to_owned(),
            level: Level::Error,
            summary: format!("What {id} finds."),
            why: "Zoho takes no authtokens any more.".to_owned(),
            help: "Send `Zoho-oauthtoken` with an access token.".to_owned(),
            sources: vec!["https://help.zoho.com".to_owned()],
        })
        .into(),
        revision: crate::scan::revision::Revision::default(),
        working_prefix: String::new(),
        show_notes: false,
        quiet: false,
        verbose: false,
        color: false,
        unicode: true,
        width: 100,
    }
}

/// One of everything that it holds.
fn survey() -> Survey {
    use crate::plan::{model, requests, survey};
    let sign = survey::Sign {
        kind: "server".to_owned(),
        what: "is a servlet".to_owned(),
        weight: 4,
        path: "src/Tickets.java".to_owned(),
        line: 1,
    };
    Survey {
        programs: vec![survey::Program {
            folder: String::new(),
            signs: vec![sign.clone()],
        }],
        files: vec![survey::Source {
            path: "src/Tickets.java".to_owned(),
            language: "java".to_owned(),
            program: String::new(),
            signs: vec![sign],
        }],
        requests: vec![survey::Request {
            path: "src/Tickets.java".to_owned(),
            line: 4,
            product: "desk".to_owned(),
            data_center: Some("us".to_owned()),
            host: Some("desk.zoho.com".to_owned()),
            method: Some("GET".to_owned()),
            url: "https://desk.zoho.com/api/v1/tickets".to_owned(),
            status: model::ScopeStatus::Known,
            operation: Some("getTickets".to_owned()),
            scope_groups: vec![vec!["Desk.tickets.READ".to_owned()]],
            scope_family: None,
            signs_in_with: requests::Auth::Authtoken,
            connection: None,
            is_plain_call: false,
        }],
        credentials: vec![survey::Credential {
            kind: model::CredentialKind::Token,
            mask: "aaaa…".to_owned(),
            digest: Some("0a1b2c3d4e5f".to_owned()),
            product: Some("desk".to_owned()),
            count: 1,
            places: vec![survey::CredentialPlace {
                path: ".env".to_owned(),
                line: 2,
                tracked: Some(true),
            }],
        }],
        packages: vec![survey::Package {
            id: "node-zoho".to_owned(),
            product: Some("crm".to_owned()),
            path: "package.json".to_owned(),
            line: 3,
        }],
        endpoints: vec![survey::Endpoint {
            product: "crm".to_owned(),
            id: "crm-v1".to_owned(),
            called: "GET https://crm.zoho.com/crm/private/json/Leads/getRecords".to_owned(),
            path: "functions/leads.deluge".to_owned(),
            line: 3,
        }],
    }
}

/// Eight findings of most kinds, in their final order, with something in every part of the coverage.
pub fn report() -> Report {
    let mut findings = vec![
        header(),
        parameter(),
        literal(),
        cut(),
        legacy(),
        books(),
        setting(),
        mention(),
    ];
    order::sort(&mut findings);
    for finding in &mut findings {
        finding.identity.path = finding.path.clone();
    }
    identity::assign(&mut findings);
    Report {
        findings,
        coverage: Coverage {
            files_seen: 1216,
            files_read: 1204,
            bytes_read: 8_212_345,
            files_parsed: 31,
            binary: 4,
            too_large: (1..=7).map(|index| format!("dump/{index}.sql")).collect(),
            unreadable: vec![Unread {
                path: "secret.key".to_owned(),
                reason: "permission denied".to_owned(),
            }],
            partly_read: vec![Unread {
                path: "src/broken.rs".to_owned(),
                reason: "nested too deeply".to_owned(),
            }],
            other_languages: BTreeMap::from([("php".to_owned(), 2), ("py".to_owned(), 3)]),
        },
        diagnostics: vec![Diagnostic {
            level: Level::Warning,
            path: Some("src/all.js".to_owned()),
            line: None,
            message: "a value has more than 8 alternatives; the rest was not followed".to_owned(),
        }],
        ..Report::default()
    }
}

fn header() -> Finding {
    let text = "class Tickets {\n  void list() {\n    String auth_token = \"aaaabbbbccccddddeeeeffff00001111\";\n    HttpGet request = new HttpGet(URL);\n    request.addHeader(\"Authorization\", auth_token);\n  }\n}\n";
    let mut finding = finding_in(
        "authtoken-header",
        "src/Tickets.java",
        text,
        "auth_token);",
        &[("\"aaaabbbbccccddddeeeeffff00001111\"", "token defined here")],
    );
    finding.message =
        "Zoho Desk no longer takes an authtoken in the Authorization header".to_owned();
    finding.help = "Send `Authorization: Zoho-oauthtoken <access token>`, with an access token that is refreshed every hour.".to_owned();
    finding.scopes = vec!["Desk.tickets.READ".to_owned()];
    finding.data_center = Some("us".to_owned());
    finding.fix = Some(Fix {
        reason: None,
        title: "take the access token from ZohoOAuth.accessToken()".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![Edit {
            path: "src/Tickets.java".to_owned(),
            start: 186,
            end: 196,
            text: "\"Zoho-oauthtoken \" + ZohoOAuth.accessToken()".to_owned(),
            range: finding.range,
        }],
        creates: vec![Create {
            path: "src/ZohoOAuth.java".to_owned(),
            text: "final class ZohoOAuth {}\n".to_owned(),
        }],
        base_sha256: BTreeMap::from([("src/Tickets.java".to_owned(), "ab".repeat(32))]),
        kind: FixKind::Program,
        takes_access_token: true,
    });
    finding
}

fn parameter() -> Finding {
    let text = "// チケット 🎫\nconst { TOKEN } = require('./config');\nmodule.exports = () =>\n\tfetch(`https://desk.zoho.com/api/v1/tickets?authtoken=${TOKEN}&limit=5`, {\n\t\tmethod: 'GET',\n\t});\n";
    let mut finding = finding_in(
        "authtoken-parameter",
        "src/list.js",
        text,
        "authtoken=${TOKEN}",
        &[("TOKEN }", "imported here")],
    );
    finding.language = "javascript".to_owned();
    finding.message = "Zoho Desk no longer takes the query parameter `authtoken`".to_owned();
    finding.help =
        "Take the parameter out, and send `Authorization: Zoho-oauthtoken <access token>`."
            .to_owned();
    finding.flow.push(FlowStep {
        path: "src/config.js".to_owned(),
        range: Range {
            start: position(4, 10, 80),
            end: position(4, 44, 114),
        },
        role: "token defined here".to_owned(),
    });
    finding.flow.push(FlowStep {
        path: ".env".to_owned(),
        range: Range {
            start: position(2, 1, 20),
            end: position(2, 50, 69),
        },
        role: "read from the environment".to_owned(),
    });
    finding
}

fn literal() -> Finding {
    let text = "# Zoho\nZOHO_AUTHTOKEN=aaaabbbbccccddddeeeeffff00001111\n";
    let mut finding = finding_in(
        "authtoken-literal",
        ".env",
        text,
        "aaaabbbbccccddddeeeeffff00001111",
        &[],
    );
    finding.language = "dotenv".to_owned();
    finding.message = "a Zoho authtoken stands here".to_owned();
    finding.help = "Revoke it in the Zoho account, and take it out of the file.".to_owned();
    finding.credential = Some(Credential {
        mask: "aaaa…".to_owned(),
        digest: Some("0a1b2c3d4e5f".to_owned()),
        tracked: Some(true),
    });
    finding
}

/// In one very long line of a page that a tool put together.
fn cut() -> Finding {
    let text = format!(
        "{}call('https://desk.zoho.com/api/v1/contacts',{{authtoken:t}});{}",
        "var 変数=1;".repeat(400),
        "var b=2;".repeat(400)
    );
    let mut finding = finding_in(
        "authtoken-parameter",
        "web/all.js",
        &text,
        "authtoken:t",
        &[],
    );
    finding.level = Level::Warning;
    finding.confidence = Confidence::Medium;
    finding.path_class = PathClass::Test;
    finding.language = "javascript".to_owned();
    finding.message = "Zoho Desk no longer takes the form parameter `authtoken`".to_owned();
    finding.help =
        "Take the parameter out, and send `Authorization: Zoho-oauthtoken <access token>`."
            .to_owned();
    finding
}

/// Over several lines.
fn legacy() -> Finding {
    let text = "resp = invokeurl\n[\n\turl: \"https://crm.zoho.com/crm/private/json/Leads/getRecords\"\n\ttype: GET\n\tparameters: params\n];\n";
    let mut finding = finding_in(
        "legacy-endpoint",
        "functions/leads.deluge",
        text,
        "invokeurl\n[\n\turl: \"https://crm.zoho.com/crm/private/json/Leads/getRecords\"\n\ttype: GET\n\tparameters: params\n]",
        &[],
    );
    finding.product = Some("crm".to_owned());
    finding.language = "deluge".to_owned();
    finding.message =
        "the CRM API v1 (/crm/private/json) went away together with the authtoken".to_owned();
    finding.help = "Call https://www.zohoapis.com/crm/v8/Leads; names of fields and the shape of the answer differ.".to_owned();
    finding.deadline = Some(FindingDeadline {
        api_end: Some("2019-12-31".to_owned()),
        ..deadline("2020-11-30", 2184)
    });
    finding
}

fn books() -> Finding {
    let text = "    .header(\"Authorization\", format!(\"Zoho-authtoken {}\", token))\n";
    let mut finding = finding_in(
        "authtoken-header",
        "src/books.rs",
        text,
        "\"Zoho-authtoken {}\"",
        &[],
    );
    finding.product = Some("books".to_owned());
    finding.language = "rust".to_owned();
    finding.message = "Zoho Books no longer takes the scheme `Zoho-authtoken`".to_owned();
    finding.help =
        "Send `Zoho-oauthtoken` with an access token that is refreshed every hour.".to_owned();
    finding.deadline = Some(FindingDeadline {
        no_new_tokens: Some("2020-11-30".to_owned()),
        stops_working: Some("2021-08-30".to_owned()),
        ..deadline("2021-08-30", 1911)
    });
    finding
}

fn setting() -> Finding {
    let text = "zoho:\n  authtoken: ${ZOHO_AUTHTOKEN}\n";
    let mut finding = finding_in(
        "authtoken-setting",
        "config/application.yml",
        text,
        "authtoken",
        &[],
    );
    finding.level = Level::Warning;
    finding.product = None;
    finding.deadline = None;
    finding.language = "yaml".to_owned();
    finding.message = "this setting holds a Zoho authtoken".to_owned();
    finding.help =
        "Settings for OAuth are a client id, a client secret and a refresh token.".to_owned();
    finding
}

fn mention() -> Finding {
    let text = "Put your authtoken into `.env`.\n";
    let mut finding = finding_in("authtoken-docs", "README.md", text, "authtoken", &[]);
    finding.level = Level::Note;
    finding.path_class = PathClass::Docs;
    finding.language = "markdown".to_owned();
    finding.message = "this text speaks of Zoho authtokens".to_owned();
    finding.help = "Describe how to make an OAuth client instead.".to_owned();
    finding
}
