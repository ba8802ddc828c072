//! The access-token helpers do what they promise, in every language: compiled and run against a token server.
//!
//! Needs javac, node, the packages of `tests/helpers/npm` and crates.io. What is not there is skipped, which is
//! said; with `CI=true` it is a failure.

#![allow(clippy::unwrap_used)]

mod support;

use authshift::rules::helpers::{Helper, Keys, SettingsFile};
use std::io::Write;
use std::sync::OnceLock;
use std::thread;
use support::arguments;
use support::helper_program::{
    CLIENT_ID, CLIENT_SECRET, Missing, Program, REFRESH_TOKEN, constants, lint,
};
use support::token_server::{Answer, TokenServer, nobody, token};
use support::tree::Tree;

/// Says that something is not tested, past the harness, which keeps what a passed test prints to itself.
fn skipped(what: &str, missing: &Missing) {
    let text = format!("skipped: {what}: {}", missing.0);
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{text}");
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn program(helper: Helper) -> Option<&'static Program> {
    static PROGRAMS: [OnceLock<Option<Program>>; Helper::ALL.len()] =
        [const { OnceLock::new() }; Helper::ALL.len()];
    let position = Helper::ALL.iter().position(|one| *one == helper).unwrap();
    let program = PROGRAMS[position].get_or_init(|| match Program::new(helper) {
        Ok(program) => Some(program),
        Err(missing) => {
            skipped(helper.id(), &missing);
            None
        }
    });
    program.as_ref()
}

/// For promises that take time to watch: all languages wait at the same time.
fn in_every_language(promise: fn(&Program)) {
    thread::scope(|scope| {
        let programs = Helper::ALL.into_iter().filter_map(program);
        let watching: Vec<_> = programs
            .map(|program| (program.helper, scope.spawn(move || promise(program))))
            .collect();
        for (helper, result) in watching {
            assert!(result.join().is_ok(), "{helper:?}");
        }
    });
}

macro_rules! promises_in {
    ($($module:ident $helper:ident)*) => {
        $(mod $module {
            promises_in!(
                @$helper
                a_token_is_fetched_once_and_kept
                many_callers_make_one_refresh
                many_callers_share_a_failure
                an_error_with_status_200_is_one
                the_limit_is_kept_and_says_when
                zohos_own_limit_says_when
                a_refused_token_is_dropped
                what_is_missing_is_named
                secrets_travel_encrypted
                secrets_do_not_follow_redirects
                no_message_holds_a_secret
            );
        })*
    };
    (@$helper:ident $($promise:ident)*) => {
        $(#[test]
        fn $promise() {
            let program = crate::program(authshift::rules::helpers::Helper::$helper);
            program.into_iter().for_each(crate::$promise);
        })*
    };
}

promises_in! {
    java Java
    commonjs CommonJs
    es_module EsModule
    typescript TypeScript
    apps_script AppsScript
    reqwest Reqwest
    reqwest_blocking ReqwestBlocking
    ureq2 Ureq2
    ureq3 Ureq3
}

fn ok(number: usize) -> String {
    format!("ok {}", token(number))
}

/// Seconds and message of a failure.
fn error(line: &str) -> (u64, &str) {
    let rest = line.strip_prefix("error ");
    let (seconds, message) = rest.and_then(|rest| rest.split_once(' ')).expect(line);
    (seconds.parse().unwrap(), message)
}

/// A failure after which one has to wait: the message says what the number says.
fn waiting(line: &str) -> (u64, &str) {
    let (seconds, message) = error(line);
    assert!(
        message.ends_with(&format!(". Try again in {seconds} s.")),
        "{line}"
    );
    (seconds, message)
}

fn a_token_is_fetched_once_and_kept(program: &Program) {
    let server = TokenServer::generous();
    let lines = program.run(&format!("{}/", server.url), "get\nget\nauthorization\n");
    let header = format!("ok Zoho-oauthtoken {}", token(1));
    assert_eq!(lines, [ok(1), ok(1), header]);

    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].target, "POST /oauth/v2/token");
    assert!(
        seen[0]
            .content_type
            .starts_with("application/x-www-form-urlencoded")
    );
    let expected = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", REFRESH_TOKEN),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(seen[0].form(), expected);
}

fn many_callers_make_one_refresh(program: &Program) {
    let server =
        TokenServer::start(|number, _| Answer::token(number, r#""expires_in":3600"#).after(400));
    let lines = program.run(&server.url, "parallel 20\nget\n");
    assert_eq!(lines, vec![ok(1); 21]);
    assert_eq!(server.count(), 1);
}

fn many_callers_share_a_failure(program: &Program) {
    let server =
        TokenServer::start(|_, _| Answer::new(200, r#"{"error":"invalid_code"}"#).after(400));
    let lines = program.run(&server.url, "parallel 10\n");
    assert_eq!(lines.len(), 10);
    for line in &lines {
        assert!(error(line).1.contains("invalid_code"), "{line}");
    }
    assert_eq!(server.count(), 1);
}

fn an_error_with_status_200_is_one(program: &Program) {
    for (code, advice) in [
        ("invalid_code", "refresh token"),
        ("invalid_client", "ZOHO_CLIENT_ID"),
        ("invalid_client_secret", "ZOHO_CLIENT_SECRET"),
        ("general_error", ""),
    ] {
        // A token beside an error is none.
        let body = format!(r#"{{"error": "{code}", "access_token": "{}"}}"#, token(1));
        let server = TokenServer::saying(200, &body);
        let lines = program.run(&server.url, "get\nget\n");
        for line in &lines {
            let (seconds, message) = waiting(line);
            assert!((50..=60).contains(&seconds), "{line}");
            assert!(message.contains(code) && message.contains(advice), "{line}");
        }
        // It would not become better by asking again at once.
        assert_eq!((lines.len(), server.count()), (2, 1));
    }
}

fn the_limit_is_kept_and_says_when(program: &Program) {
    let server = TokenServer::generous();
    let commands: String = (1..=10)
        .map(|number| format!("get\ndrop {}\n", token(number)))
        .collect();
    let lines = program.run(&server.url, &format!("{commands}get\nget\n"));
    assert_eq!(lines[18], ok(10));
    for line in &lines[20..] {
        let (seconds, message) = waiting(line);
        assert!((500..=600).contains(&seconds), "{line}");
        assert!(message.contains("10 times in 10 minutes"), "{line}");
    }
    assert_eq!((lines.len(), server.count()), (22, 10));
}

fn zohos_own_limit_says_when(program: &Program) {
    let description =
        "You have made too many requests continuously. Please try again after some time.";
    for (status, body) in [
        (
            200,
            format!(
                r#"{{"error":"Access Denied","error_description":"{description}","status":"failure"}}"#
            ),
        ),
        (400, r#"{"error":"access_denied"}"#.to_owned()),
        (
            400,
            format!(r#"{{"error":"general_error","error_description":"{description}"}}"#),
        ),
        (429, "slow down".to_owned()),
    ] {
        let server = TokenServer::saying(status, &body);
        let lines = program.run(&server.url, "get\nget\n");
        for line in &lines {
            let (seconds, message) = waiting(line);
            assert!((590..=600).contains(&seconds), "{line}");
            assert!(message.contains("too many requests"), "{line}");
        }
        assert_eq!((lines.len(), server.count()), (2, 1));
    }
}

fn a_refused_token_is_dropped(program: &Program) {
    let server = TokenServer::generous();
    let (first, second) = (token(1), token(2));
    let lines = program.run(
        &server.url,
        &format!(
            "drop {first}\nget\ndrop 1000.another\nget\ndrop {first}\nget\ndrop {first}\nget\n\
             drop Zoho-oauthtoken {second}\nget\n"
        ),
    );
    let tokens: Vec<_> = lines.into_iter().filter(|line| line != "dropped").collect();
    assert_eq!(tokens, [ok(1), ok(1), ok(2), ok(2), ok(3)]);
    assert_eq!(server.count(), 3);
}

fn what_is_missing_is_named(program: &Program) {
    let server = TokenServer::generous();
    let all = [
        ("ZOHO_CLIENT_ID", CLIENT_ID),
        ("ZOHO_CLIENT_SECRET", CLIENT_SECRET),
        ("ZOHO_REFRESH_TOKEN", REFRESH_TOKEN),
    ];
    for given in 0..all.len() {
        let mut environment = all[..given].to_vec();
        environment.push(("ZOHO_ACCOUNTS_URL", &server.url));
        // Of blanks it is not there either.
        environment.push((all[2].0, "  "));
        let lines = program.run_with(&environment, "get\nget\n");
        assert_eq!(lines[0], lines[1]);
        let (seconds, message) = error(&lines[0]);
        assert_eq!(seconds, 0, "waiting does not help: {message}");
        assert!(
            message.contains("https://www.zoho.com/accounts/"),
            "{message}"
        );
        for (position, (name, _)) in all.iter().enumerate() {
            assert_eq!(message.contains(name), position >= given, "{message}");
        }
    }
    assert_eq!(server.count(), 0);
}

fn secrets_travel_encrypted(program: &Program) {
    for url in [
        "http://accounts.zoho.example",
        "http://127.0.0.1.zoho.example",
        "http://localhost@zoho.example",
        "https://made-up@accounts.zoho.example",
        "https://accounts.zoho.example/?x=made-up",
        "https://",
        "ftp://127.0.0.1",
        "accounts.zoho.example",
    ] {
        let lines = program.run(url, "get\n");
        let (seconds, message) = error(&lines[0]);
        assert_eq!(seconds, 0, "{url}");
        assert!(
            message.contains("ZOHO_ACCOUNTS_URL must be https://"),
            "{url}: {message}"
        );
    }
}

fn secrets_do_not_follow_redirects(program: &Program) {
    let elsewhere = TokenServer::generous();
    for status in [302, 307, 308] {
        let url = format!("{}/oauth/v2/token", elsewhere.url);
        let server = TokenServer::start(move |_, _| Answer {
            location: Some(url.clone()),
            ..Answer::new(status, "")
        });
        let lines = program.run(&server.url, "get\n");
        assert!(
            waiting(&lines[0]).1.contains("no access token"),
            "{lines:?}"
        );
        assert_eq!((server.count(), elsewhere.count()), (1, 0));
    }
}

/// `run` looks for secrets in whatever is printed; here the server gives them every chance.
fn no_message_holds_a_secret(program: &Program) {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let decoded = |request: &support::token_server::Request| {
        let values: Vec<_> = request.form().into_iter().map(|(_, value)| value).collect();
        values.join(" ")
    };
    type Echo = Box<dyn Fn(&str, &str) -> Answer + Send + Sync>;
    let echoes: Vec<Echo> = vec![
        Box::new(move |raw, _| Answer::new(200, format!(r#"{{"error":{}}}"#, quoted(raw)))),
        Box::new(move |_, text| Answer::new(400, format!(r#"{{"error":{}}}"#, quoted(text)))),
        Box::new(move |_, text| {
            let text = quoted(text);
            Answer::new(
                401,
                format!(r#"{{"error":"invalid_client","error_description":{text}}}"#),
            )
        }),
        Box::new(|raw, text| Answer::new(500, format!("{raw} {text}"))),
        Box::new(|raw, _| Answer::new(200, format!("{{{raw}"))),
        Box::new(|_, _| Answer::new(503, format!(r#"{{"access_token":"{}"}}"#, token(1)))),
        // Nothing that could end a header gets into one.
        Box::new(|_, _| {
            let token = r"made-up\r\nX-More: made-up";
            Answer::new(
                200,
                format!(r#"{{"access_token":"{token}","expires_in":3600}}"#),
            )
        }),
        Box::new(|_, _| Answer::new(200, r#"{"access_token":"","expires_in":3600}"#)),
    ];
    for echo in echoes {
        let server = TokenServer::start(move |_, request| echo(&request.body, &decoded(request)));
        let lines = program.run(&server.url, "get\nget\n");
        for line in &lines {
            assert!(waiting(line).0 >= 20, "{line}");
        }
        assert_eq!((lines.len(), server.count()), (2, 1));
    }
    let lines = program.run(&nobody(), "get\n");
    assert!(
        waiting(&lines[0]).1.contains("could not be reached"),
        "{lines:?}"
    );
}

#[test]
fn a_token_is_replaced_shortly_before_it_expires() {
    in_every_language(|program| {
        let server = TokenServer::start(|number, _| Answer::token(number, r#""expires_in":"5""#));
        // A tenth of its life is half a second.
        let lines = program.run(&server.url, "get\nget\nsleep 4600\nget\nget\n");
        assert_eq!(lines, [&ok(1), &ok(1), "slept", &ok(2), &ok(2)]);
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn seconds_that_are_named_so_go_first() {
    in_every_language(|program| {
        let server = TokenServer::start(|number, _| {
            Answer::token(number, r#""expires_in_sec":5,"expires_in":3600000"#)
        });
        let lines = program.run(&server.url, "get\nget\nsleep 4600\nget\n");
        assert_eq!(lines, [&ok(1), &ok(1), "slept", &ok(2)]);
    });
}

/// The smallest number that must be milliseconds stands for more than a minute.
#[test]
#[ignore = "takes 80 seconds"]
fn milliseconds_are_told_from_seconds() {
    in_every_language(|program| {
        let server = TokenServer::start(|number, _| Answer::token(number, r#""expires_in":86401"#));
        let lines = program.run(&server.url, "get\nsleep 70000\nget\nsleep 8000\nget\n");
        assert_eq!(lines, [&ok(1), "slept", &ok(1), "slept", &ok(2)]);
    });
}

#[test]
fn a_server_that_comes_back_is_asked_again() {
    in_every_language(|program| {
        let server = TokenServer::start(|number, _| Answer {
            silent: number == 1,
            ..Answer::token(number, r#""expires_in":3600"#)
        });
        let lines = program.run(&server.url, "get\nget\nsleep 5100\nget\n");
        for line in &lines[..2] {
            let (seconds, message) = waiting(line);
            assert!((1..=5).contains(&seconds), "{line}");
            assert!(message.contains("could not be reached"), "{line}");
        }
        assert_eq!(lines[3], ok(2));
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn a_caller_that_gives_up_leaves_the_others_a_token() {
    let Some(program) = program(Helper::Reqwest) else {
        return;
    };
    let server =
        TokenServer::start(|number, _| Answer::token(number, r#""expires_in":3600"#).after(500));
    let lines = program.run(&server.url, "abandon 100\nparallel 5\n");
    assert_eq!(lines[0], "abandoned true");
    assert_eq!(lines[1..], vec![ok(2); 5]);
}

/// A program with a settings file, of which the environment has the client's id, and what it sends.
fn sends_settings_of_file(helper: Helper, path: &str, keys: Keys, content: &str) {
    let settings = SettingsFile {
        path: path.to_owned(),
        keys,
    };
    let program = match Program::with(helper, &constants(Some(settings))) {
        Ok(program) => program,
        Err(missing) => return skipped(helper.id(), &missing),
    };

    // Without the file, the message names it and its keys.
    let lines = program.run_with(&[("ZOHO_CLIENT_ID", CLIENT_ID)], "get\n");
    let (_, message) = error(&lines[0]);
    assert!(message.contains(path), "{message}");
    assert!(!message.contains("ZOHO_CLIENT_ID"), "{message}");
    if !content.contains("ZOHO_") {
        assert!(message.contains("zoho.refresh"), "{message}");
    }

    let server = TokenServer::generous();
    program
        .folder()
        .write(path, content.replace("<server>", &server.url));
    let lines = program.run_with(&[("ZOHO_CLIENT_ID", "1000.FROMENVIRONMENT")], "get\n");
    assert_eq!(lines, [ok(1)]);
    let form = server.seen()[0].form();
    assert_eq!(form[0].1, "1000.FROMENVIRONMENT");
    assert_eq!(form[1].1, CLIENT_SECRET);
    assert_eq!(form[3].1, REFRESH_TOKEN);
}

fn dotted() -> Keys {
    Keys {
        client_id: "zoho.client-id".to_owned(),
        client_secret: "zoho.client-secret".to_owned(),
        refresh_token: "zoho.refresh-token".to_owned(),
        accounts_url: "zoho.accounts".to_owned(),
    }
}

#[test]
fn settings_come_from_a_properties_file() {
    let content = format!(
        "# made up\nzoho.client-id=1000.FROMFILE\nzoho.client-secret={CLIENT_SECRET}\n\
         zoho.refresh-token = {REFRESH_TOKEN}\nzoho.accounts=<server>\n"
    );
    // The folder is on the class path and the one that the program runs in.
    sends_settings_of_file(Helper::Java, "config/app.properties", dotted(), &content);
}

#[test]
fn settings_come_from_a_json_file() {
    let content = format!(
        "\u{feff}{{\"zoho\": {{\"client-id\": \"1000.FROMFILE\", \"client-secret\": \"{CLIENT_SECRET}\",\n\
         \"refresh-token\": \"{REFRESH_TOKEN}\"}}, \"zoho.accounts\": \"<server>\"}}"
    );
    for helper in [Helper::CommonJs, Helper::EsModule, Helper::TypeScript] {
        sends_settings_of_file(helper, "config/zoho.json", dotted(), &content);
    }
}

#[test]
fn settings_come_from_a_file_of_lines() {
    let content = format!(
        "# made up\r\nZOHO_CLIENT_ID=1000.FROMFILE\r\nexport ZOHO_CLIENT_SECRET=\"{CLIENT_SECRET}\"\r\n\
         ZOHO_REFRESH_TOKEN = {REFRESH_TOKEN} # made up\r\nZOHO_ACCOUNTS_URL='<server>'\r\n"
    );
    for helper in [Helper::CommonJs, Helper::EsModule, Helper::TypeScript] {
        sends_settings_of_file(helper, ".env", Keys::default(), &content);
    }
}

#[test]
fn a_broken_settings_file_is_named_and_not_shown() {
    for helper in [Helper::CommonJs, Helper::EsModule, Helper::TypeScript] {
        let settings = SettingsFile {
            path: "zoho.json".to_owned(),
            keys: dotted(),
        };
        match Program::with(helper, &constants(Some(settings))) {
            Ok(program) => {
                program
                    .folder()
                    .write("zoho.json", format!("{{\"a\": {REFRESH_TOKEN}"));
                let lines = program.run_with(&[], "get\n");
                assert_eq!(lines, ["error 0 zoho.json is not a JSON object"]);
            }
            Err(missing) => skipped(helper.id(), &missing),
        }
    }
}

#[test]
fn typescript_compiles_to_es_modules_too() {
    match Program::typescript_modules() {
        Ok(program) => a_token_is_fetched_once_and_kept(&program),
        Err(missing) => skipped("TypeScript as ES modules", &missing),
    }
}

#[test]
fn the_usual_linter_has_nothing_to_say() {
    match lint() {
        Ok(text) => assert_eq!(text, ""),
        Err(missing) => skipped("ESLint", &missing),
    }
}

/// A program is not left with findings in what repaired it.
#[test]
fn helpers_are_no_findings() {
    for helper in Helper::ALL {
        let tree = Tree::new();
        tree.write(helper.file_name(), helper.source(&constants(None)).unwrap());
        let answer = support::run(arguments(
            &[
                "check",
                "--format",
                "json",
                "--show-notes",
                "--today",
                support::TODAY,
            ],
            tree.root(),
        ));
        let report: serde_json::Value = serde_json::from_str(&answer.out()).unwrap();
        assert_eq!(report["findings"], serde_json::json!([]), "{helper:?}");
    }
}
