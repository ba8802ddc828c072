//! A hand-made plan with a couple of everything, for the tests of all formats of the report.

use super::model::*;
use super::requests::Auth;
use crate::finding::{Confidence, PathClass, Safety};
use crate::rules::model::Level;
use std::collections::BTreeMap;

const DESK: &str =
    "https://help.zoho.com/portal/en/community/topic/deprecating-support-for-authtokens";
const CRM: &str = "https://www.zoho.com/crm/developer/docs/api/migration-v2.html";
const OAUTH: &str = "https://www.zoho.com/accounts/protocol/oauth/multi-dc.html";

fn text(text: &str) -> Option<String> {
    Some(text.to_string())
}

fn place(repository: &str, path: &str, line: u32) -> Place {
    Place {
        repository: repository.to_string(),
        path: path.to_string(),
        line,
    }
}

fn step(path: &str, line: u32, role: &str) -> Step {
    Step {
        path: path.to_string(),
        line,
        role: role.to_string(),
    }
}

fn fact(title: &str, text: &str) -> Fact {
    Fact {
        title: title.to_string(),
        text: text.to_string(),
        source: OAUTH.to_string(),
    }
}

fn instruction(title: &str, text: &str, command: Option<&str>) -> Instruction {
    Instruction {
        title: title.to_string(),
        text: text.to_string(),
        command: command.map(str::to_string),
        source: OAUTH.to_string(),
    }
}

/// Two repositories, four products, clients of two kinds, and names that try to break out of every format.
pub fn plan() -> Plan {
    Plan {
        schema: SCHEMA,
        report: REPORT.to_string(),
        tool: Tool {
            name: "authshift".to_string(),
            version: "0.0.0".to_string(),
        },
        today: "2026-11-23".to_string(),
        repositories: vec![
            Repository {
                name: "shop".to_string(),
                coverage: Some(Coverage {
                    files_seen: 1216,
                    files_read: 1204,
                    bytes_read: 8_212_345,
                    files_parsed: 31,
                    binary: 4,
                    too_large: vec!["dump/1.sql".to_string()],
                    unreadable: vec![Unread {
                        path: "secret.key".to_string(),
                        reason: "permission denied".to_string(),
                    }],
                    partly_read: vec![Unread {
                        path: "src/broken.rs".to_string(),
                        reason: "nested too deeply".to_string(),
                    }],
                    other_languages: BTreeMap::from([("php".to_string(), 2)]),
                }),
                diagnostics: vec![Diagnostic {
                    level: Level::Warning,
                    path: text("src/all.js"),
                    message: "a value has more than 8 alternatives; the rest was not followed"
                        .to_string(),
                }],
            },
            Repository {
                name: "functions".to_string(),
                coverage: None,
                diagnostics: Vec::new(),
            },
        ],
        summary: Summary {
            findings: 5,
            errors: 4,
            warnings: 1,
            notes: 1,
            files: 5,
            effort: EffortCounts {
                automatic: 2,
                review: 1,
                rewrite: 2,
            },
            languages: vec![
                language("javascript", 2, 2),
                language("deluge", 2, 2),
                language("yaml", 1, 1),
            ],
            tokens_to_revoke: 1,
            passwords_to_change: 1,
            first_deadline: text("2019-12-31"),
            days_overdue: Some(2519),
        },
        products: vec![crm(), desk(), books(), unknown()],
        clients: vec![web(), connection()],
        credentials: vec![
            Credential {
                kind: CredentialKind::Token,
                mask: "aaaa…".to_string(),
                digest: text("0a1b2c3d4e5f"),
                product: text("desk"),
                product_name: "Zoho Desk".to_string(),
                count: 2,
                places: vec![
                    CredentialPlace {
                        repository: "functions".to_string(),
                        path: "tasks.dg".to_string(),
                        line: 2,
                        tracked: Some(true),
                    },
                    CredentialPlace {
                        repository: "shop".to_string(),
                        path: ".env".to_string(),
                        line: 3,
                        tracked: Some(false),
                    },
                ],
                is_tracked: true,
            },
            Credential {
                kind: CredentialKind::Password,
                mask: "…".to_string(),
                digest: None,
                product: None,
                product_name: "Zoho".to_string(),
                count: 1,
                places: vec![CredentialPlace {
                    repository: "shop".to_string(),
                    path: "=cmd|' /C calc'!A0.js".to_string(),
                    line: 9,
                    tracked: None,
                }],
                is_tracked: false,
            },
        ],
        history: vec![fact(
            "Exchange of an authtoken for OAuth tokens",
            "Zoho had endpoints that took a live authtoken and gave OAuth tokens for it.",
        )],
        gaps: vec![
            "functions: the saved result does not hold the changes that fixes would make."
                .to_string(),
        ],
        sources: vec![
            source(DESK, &["Zoho Desk: 2020-11-30", "step: Register"]),
            source(CRM, &["Zoho CRM: API ended on 2019-12-31"]),
            source("public code", &["how the token travels"]),
        ],
    }
}

fn source(address: &str, supports: &[&str]) -> Source {
    Source {
        source: address.to_string(),
        supports: supports.iter().map(|what| (*what).to_string()).collect(),
    }
}

fn language(name: &str, findings: u64, files: u64) -> LanguageCount {
    LanguageCount {
        language: name.to_string(),
        findings,
        files,
    }
}

fn finding(rule: &str, effort: Effort, line: u32, language: &str) -> Finding {
    Finding {
        rule: rule.to_string(),
        level: Level::Error,
        confidence: Confidence::High,
        effort,
        line,
        column: 14,
        language: language.to_string(),
        message: "Zoho Desk request sends an authtoken in the header Authorization".to_string(),
        help: "Send `Authorization: Zoho-oauthtoken <access token>`, with an access token that is refreshed every hour.".to_string(),
        data_center: text("eu"),
        scopes: vec!["Desk.tickets.READ".to_string()],
        flow: Vec::new(),
        excerpt: None,
        fix: None,
        fingerprint: format!("v1:{:020x}", u64::from(line)),
    }
}

fn file(repository: &str, path: &str, findings: Vec<Finding>) -> File {
    File {
        repository: repository.to_string(),
        path: path.to_string(),
        path_class: PathClass::Production,
        findings,
    }
}

fn product(id: Option<&str>, name: &str) -> Product {
    Product {
        id: id.map(str::to_string),
        name: name.to_string(),
        deadline: None,
        other_dates: Vec::new(),
        errors: 0,
        warnings: 0,
        notes: 0,
        effort: EffortCounts::default(),
        files: Vec::new(),
        data_centers: Vec::new(),
        endpoints: Vec::new(),
        packages: Vec::new(),
        requests: RequestCounts::default(),
        on_oauth: Vec::new(),
        through_connection: Vec::new(),
    }
}

fn data_center(hosts: &[(&str, u64)]) -> DataCenter {
    DataCenter {
        id: "eu".to_string(),
        name: "Europe".to_string(),
        hosts: hosts
            .iter()
            .map(|(host, count)| ((*host).to_string(), *count))
            .collect(),
        accounts_host: "accounts.zoho.eu".to_string(),
        api_host: text("www.zohoapis.eu"),
        source: OAUTH.to_string(),
    }
}

fn crm() -> Product {
    let mut rewrite = finding("legacy-endpoint", Effort::Rewrite, 3, "deluge");
    rewrite.message = "the CRM API v1 (/crm/private/json) went away together with the authtoken; `a | b` <b>bold</b>".to_string();
    rewrite.help = "Call https://www.zohoapis.com/crm/v8/.".to_string();
    rewrite.scopes = Vec::new();
    rewrite.excerpt = Some(Excerpt {
        first_line: 2,
        text: "resp = invokeurl\n[\n\turl: \"https://crm.zoho.com/crm/private/json/Leads/getRecords\"\n];\n".to_string(),
        start: 0,
        end: 16,
    });
    rewrite.fix = Some(Suggestion {
        title: "call the API that took its place".to_string(),
        safety: Safety::Display,
        reason: text("this API has ended"),
        patch: None,
        creates: Vec::new(),
    });
    Product {
        deadline: Some(Deadline {
            date: "2019-12-31".to_string(),
            no_new_tokens: text("2020-11-30"),
            stops_working: None,
            api_end: text("2019-12-31"),
            days_overdue: 2519,
            source: CRM.to_string(),
        }),
        other_dates: vec![OtherDate {
            what: "authtokens stopped".to_string(),
            date: "2021-05-31".to_string(),
            data_center: None,
            context: text("CRM functions that call other services"),
            note: text("Moved from 1 May 2021."),
            source: CRM.to_string(),
        }],
        errors: 1,
        effort: EffortCounts {
            rewrite: 1,
            ..EffortCounts::default()
        },
        files: vec![file("functions", "leads | old.dg", vec![rewrite])],
        data_centers: vec![data_center(&[("crm.zoho.eu", 1)])],
        endpoints: vec![Endpoint {
            id: "crm-v1".to_string(),
            old: vec!["GET https://crm.zoho.com/crm/private/json/Leads/getRecords".to_string()],
            new: "https://www.zohoapis.<dc>/crm/v8/".to_string(),
            changes: "XML bodies (xmlData) become JSON, and records arrive as data[].".to_string(),
            ended: text("2019-12-31"),
            places: vec![place("functions", "leads | old.dg", 3)],
            source: CRM.to_string(),
        }],
        packages: vec![Package {
            id: "node-zoho".to_string(),
            name: "node-zoho".to_string(),
            registry: "npm".to_string(),
            package: text("node-zoho"),
            oauth_from: None,
            oauth_unknown: false,
            successor: "Zoho's own SDK".to_string(),
            places: vec![place("shop", "package.json", 12)],
            source: "https://github.com/ahmader/node-zoho".to_string(),
        }],
        requests: RequestCounts {
            authtoken: 1,
            oauth: 0,
            connection: 0,
            unknown: 0,
        },
        ..product(Some("crm"), "Zoho CRM")
    }
}

fn desk() -> Product {
    let mut automatic = finding("authtoken-header", Effort::Automatic, 8, "javascript");
    automatic.flow = vec![
        step(".env", 3, "defined in the settings"),
        step("src/config.js", 2, "read from the settings"),
        step(
            "src/<script>alert(1)<script>.js",
            7,
            "sent with this request",
        ),
    ];
    automatic.excerpt = Some(Excerpt {
        first_line: 7,
        text: "await axios.get(url, {\n  headers: { orgId, Authorization: 'Zoho-authtoken ' + token }, // <script>alert('x')</script>\n});\n".to_string(),
        start: 43,
        end: 84,
    });
    automatic.fix = Some(Suggestion {
        title: "take the access token from accessToken()".to_string(),
        safety: Safety::Safe,
        reason: None,
        patch: text(
            "--- a/src/x.js\n+++ b/src/x.js\n@@ -7,3 +7,3 @@\n await axios.get(url, {\n-  headers: { orgId, Authorization: 'Zoho-authtoken ' + token },\n+  headers: { orgId, Authorization: 'Zoho-oauthtoken ' + await accessToken() },\n });\n",
        ),
        creates: vec!["src/zoho-access-token.cjs".to_string()],
    });
    let mut second = finding("authtoken-parameter", Effort::Automatic, 20, "javascript");
    second.message = "Zoho Desk request\nsends `authtoken`".to_string();
    let mut review = finding("authtoken-header", Effort::Review, 2, "deluge");
    review.fix = Some(Suggestion {
        title: "sign in through a connection".to_string(),
        safety: Safety::Unsafe,
        reason: text("the name of the connection is not known"),
        patch: text(
            "--- a/tasks.dg\n+++ b/tasks.dg\n@@ -1,2 +1,1 @@\n-token = \"aaaa••••\";\n x = 1;\n",
        ),
        creates: Vec::new(),
    });
    Product {
        deadline: Some(Deadline {
            date: "2020-11-30".to_string(),
            no_new_tokens: text("2020-11-30"),
            stops_working: None,
            api_end: None,
            days_overdue: 2184,
            source: DESK.to_string(),
        }),
        errors: 3,
        effort: EffortCounts {
            automatic: 2,
            review: 1,
            rewrite: 0,
        },
        files: vec![
            file("functions", "tasks.dg", vec![review]),
            file("shop", "src/<script>alert(1)<script>.js", vec![automatic]),
            file("shop", "src/list.js", vec![second]),
        ],
        data_centers: vec![data_center(&[("desk.zoho.eu", 3)])],
        requests: RequestCounts {
            authtoken: 3,
            oauth: 1,
            connection: 1,
            unknown: 0,
        },
        on_oauth: vec![place("shop", "src/new.js", 4)],
        through_connection: vec![place("functions", "done.dg", 7)],
        ..product(Some("desk"), "Zoho Desk")
    }
}

fn books() -> Product {
    Product {
        deadline: Some(Deadline {
            date: "2021-08-30".to_string(),
            no_new_tokens: text("2020-11-30"),
            stops_working: text("2021-08-30"),
            api_end: None,
            days_overdue: 1911,
            source: "https://help.zoho.com/portal/en/community/topic/authtoken-deprecation-for-zoho-books-apis-14-1-2021".to_string(),
        }),
        requests: RequestCounts {
            authtoken: 0,
            oauth: 1,
            connection: 1,
            unknown: 0,
        },
        on_oauth: vec![place("shop", "src/books.js", 11)],
        data_centers: vec![data_center(&[("books.zoho.eu", 1)])],
        ..product(Some("books"), "Zoho Books")
    }
}

fn unknown() -> Product {
    let mut setting = finding("authtoken-setting", Effort::Rewrite, 2, "yaml");
    setting.level = Level::Warning;
    setting.scopes = Vec::new();
    let mut note = finding("authtoken-docs", Effort::Rewrite, 1, "markdown");
    note.level = Level::Note;
    note.confidence = Confidence::Medium;
    note.message = "this text speaks of Zoho authtokens".to_string();
    Product {
        warnings: 1,
        notes: 1,
        effort: EffortCounts {
            rewrite: 1,
            ..EffortCounts::default()
        },
        files: vec![
            file("shop", "=HYPERLINK(\"http://x\").yml", vec![setting]),
            File {
                path_class: PathClass::Docs,
                ..file("shop", "README.md", vec![note])
            },
        ],
        ..product(None, "Zoho, product unknown")
    }
}

fn setup() -> Setup {
    Setup {
        data_center: "eu".to_string(),
        data_center_name: "Europe".to_string(),
        is_known: true,
        accounts_host: "accounts.zoho.eu".to_string(),
        console_url: "https://api-console.zoho.eu".to_string(),
        authorization_url: text(
            "https://accounts.zoho.eu/oauth/v2/auth?response_type=code&access_type=offline&prompt=consent&client_id=CLIENT_ID&redirect_uri=REDIRECT_URI&scope=Desk.tickets.READ",
        ),
        token_url: "https://accounts.zoho.eu/oauth/v2/token".to_string(),
        revoke_url: "https://accounts.zoho.eu/oauth/v2/token/revoke".to_string(),
        steps: vec![
            instruction(
                "Register the application",
                "Open https://api-console.zoho.eu, choose Add Client, and Server-based Applications.",
                None,
            ),
            instruction(
                "Exchange the code",
                "The code is valid for a few minutes.",
                Some(
                    "curl -d grant_type=authorization_code -d client_id=CLIENT_ID -d client_secret=CLIENT_SECRET -d redirect_uri=REDIRECT_URI -d code=CODE https://accounts.zoho.eu/oauth/v2/token",
                ),
            ),
        ],
        env_example: text(
            "# Zoho OAuth 2.0, Europe\nZOHO_CLIENT_ID=\nZOHO_CLIENT_SECRET=\nZOHO_REFRESH_TOKEN=\nZOHO_ACCOUNTS_URL=https://accounts.zoho.eu\n",
        ),
    }
}

fn web() -> Client {
    let evidence = |kind: &str, what: &str, path: &str| Evidence {
        kind: kind.to_string(),
        what: what.to_string(),
        place: place("shop", path, 1),
    };
    Client {
        repository: "shop".to_string(),
        name: "the program".to_string(),
        kind: ApplicationKind {
            id: "server".to_string(),
            name: "Web application with a server".to_string(),
            register_as: text("Server-based Applications"),
            summary: "People sign in with their own Zoho accounts.".to_string(),
            is_given: false,
            evidence: vec![evidence(
                "server",
                "takes requests with Express",
                "src/server.js",
            )],
            against: vec![evidence(
                "self-client",
                "is started by a schedule",
                "src/nightly.js",
            )],
            source: OAUTH.to_string(),
        },
        folder: String::new(),
        connection: None,
        scopes: vec!["Desk.tickets.READ".to_string()],
        every_scope: vec![
            "Desk.search.READ".to_string(),
            "Desk.tickets.READ".to_string(),
        ],
        requests: vec![
            Request {
                place: place("shop", "src/list.js", 20),
                product: "desk".to_string(),
                method: text("GET"),
                url: "https://desk.zoho.eu/api/v1/tickets".to_string(),
                status: ScopeStatus::Known,
                operation: text("listAllTickets"),
                scopes: vec!["Desk.tickets.READ".to_string()],
                scope_groups: vec![vec!["Desk.tickets.READ".to_string()]],
                data_center: text("eu"),
                host: text("desk.zoho.eu"),
                signs_in_with: Auth::Authtoken,
                family: None,
            },
            Request {
                place: place("shop", "src/other.js", 2),
                product: "cliq".to_string(),
                method: None,
                url: "https://cliq.zoho.eu/api/v2/{}".to_string(),
                status: ScopeStatus::Unknown,
                operation: None,
                scopes: Vec::new(),
                scope_groups: Vec::new(),
                data_center: text("eu"),
                host: text("cliq.zoho.eu"),
                signs_in_with: Auth::Oauth,
                family: text("ZohoCliq"),
            },
        ],
        setups: vec![setup()],
        scripts: Vec::new(),
        warnings: Vec::new(),
        storage: vec![fact(
            "Refresh token",
            "Keep it encrypted, one for each user, on the server.",
        )],
        limits: vec![fact("Access token", "It lives for one hour.")],
    }
}

fn connection() -> Client {
    Client {
        repository: "functions".to_string(),
        name: "connection desk_tasks".to_string(),
        kind: ApplicationKind {
            id: "custom-function".to_string(),
            name: "Custom function (Deluge)".to_string(),
            register_as: None,
            summary: "The script signs in through a connection.".to_string(),
            is_given: true,
            evidence: Vec::new(),
            against: Vec::new(),
            source: OAUTH.to_string(),
        },
        folder: String::new(),
        connection: text("desk_tasks"),
        scopes: vec!["Desk.tickets.UPDATE".to_string()],
        every_scope: vec!["Desk.tickets.UPDATE".to_string()],
        requests: vec![Request {
            place: place("functions", "leads | old.dg", 3),
            product: "crm".to_string(),
            method: text("GET"),
            url: "https://crm.zoho.com/crm/private/json/Leads/getRecords".to_string(),
            status: ScopeStatus::Ended,
            operation: None,
            scopes: Vec::new(),
            scope_groups: Vec::new(),
            data_center: None,
            host: None,
            signs_in_with: Auth::Connection,
            family: None,
        }],
        setups: vec![Setup {
            authorization_url: None,
            env_example: None,
            is_known: false,
            ..setup()
        }],
        scripts: vec![
            Script {
                repository: "functions".to_string(),
                path: "tasks.dg".to_string(),
                scopes: vec!["Desk.tickets.UPDATE".to_string()],
                tasks: vec![
                    "Take out the token and the parameter.".to_string(),
                    "Add `connection:\"desk_tasks\"`.".to_string(),
                ],
            },
            Script {
                repository: "functions".to_string(),
                path: "done.dg".to_string(),
                scopes: Vec::new(),
                tasks: Vec::new(),
            },
        ],
        warnings: vec![fact(
            "The connection must be of type OAuth",
            "A connection can also hold an API key; then it still sends the authtoken.",
        )],
        storage: Vec::new(),
        limits: Vec::new(),
    }
}

#[test]
fn the_plan_is_read_back_as_it_was_written() {
    let written = serde_json::to_string(&plan()).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&written).unwrap(), plan());
}
