//! What is asked of a program: an old one must be refused, a new one must work, go on working after its token has
//! expired, and ask for one token when many want one.

use super::build::Built;
use super::programs::Program;
use super::world::{Run, Seen, run};
use super::{Problem, Result, fail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The exit code of a program that got 401.
const REFUSED: i32 = 3;
const CALLERS: usize = 20;

/// The old program signs in as the table says and gets 401, once and from many callers; gives its request.
pub fn refused(program: &Program, built: &Built) -> Result<Seen> {
    let once = run(built, &[], &json!({}))?;
    all_refused(program, &once, 1)?;
    let many = run(built, &["--parallel", "3"], &json!({}))?;
    all_refused(program, &many, 3)?;
    let mut calls = once.seen.into_iter().filter(|seen| !seen.is_creation());
    match calls.next() {
        Some(call) => Ok(call),
        None => fail("the mock saw no call"),
    }
}

fn all_refused(program: &Program, run: &Run, calls: usize) -> Result<()> {
    demand(run, run.code == Some(REFUSED), "exits with 3")?;
    demand(run, run.printed() == vec!["401"; calls], "prints 401")?;
    let made = if program.makes_token { calls } else { 0 };
    demand(
        run,
        run.creations().len() == made && run.seen.len() == calls + made,
        "makes its request and no other",
    )?;
    for seen in run.seen.iter().filter(|seen| !seen.is_creation()) {
        demand(run, seen.status() == 401, "is refused")?;
        let carriers = seen.carriers();
        demand(
            run,
            carriers == [program.carrier.as_str()],
            "carries the authtoken as the table says",
        )?;
    }
    Ok(())
}

/// The new program works in every way that is asked, and its request is that of the old one but for the sign-in.
pub fn works(built: &Built, old: &Seen) -> Result<()> {
    // (what it is, arguments, settings of the mock, calls, refreshes)
    let scenarios: [(&str, &[&str], Value, usize, usize); 5] = [
        ("once", &[], json!({}), 1, 1),
        (
            "again while the token lives",
            &["--twice-with-pause", "0"],
            json!({}),
            2,
            1,
        ),
        (
            "again after the token has expired",
            &["--twice-with-pause", "3"],
            json!({ "token_life": 2 }),
            2,
            2,
        ),
        (
            "the same with a life in milliseconds",
            &["--twice-with-pause", "3"],
            json!({ "token_life": 2, "expires_in_unit": "milliseconds" }),
            2,
            2,
        ),
        (
            "many callers at once",
            &["--parallel", "20"],
            // Slow enough that all of them ask before the first has its token.
            json!({ "token_delay": 0.3 }),
            CALLERS,
            1,
        ),
    ];
    for (name, arguments, settings, calls, refreshes) in scenarios {
        run(built, arguments, &settings)
            .and_then(|run| all_served(&run, old, calls, refreshes))
            .map_err(|problem| match problem {
                Problem::Failed(what) => Problem::Failed(format!("[{name}] {what}")),
                skip => skip,
            })?;
    }
    Ok(())
}

fn all_served(run: &Run, old: &Seen, calls: usize, refreshes: usize) -> Result<()> {
    demand(run, run.code == Some(0), "exits with 0")?;
    demand(
        run,
        run.printed() == vec!["200"; calls],
        "prints 200 for every call",
    )?;
    demand(
        run,
        run.calls().len() == calls,
        "makes its calls and no other",
    )?;
    demand(
        run,
        run.refreshes().len() == refreshes,
        &format!("refreshes {refreshes} time(s)"),
    )?;
    for call in run.calls() {
        demand(run, call.status() == 200, "is let in")?;
        demand(
            run,
            call.carriers().is_empty(),
            "has no authtoken on the wire",
        )?;
        let (was, is) = (essence(old), essence(call));
        demand(
            run,
            was == is,
            &format!("sends the old request but for the sign-in\nwas {was:?}\nis  {is:?}"),
        )?;
    }
    for refresh in run.refreshes() {
        demand(
            run,
            refresh.status() == 200,
            "gets an answer from the accounts server",
        )?;
        // What is in a URL ends in the logs of proxies and servers.
        let query = refresh.0["query"].as_array();
        demand(
            run,
            query.is_some_and(Vec::is_empty),
            "keeps its secrets out of the URL",
        )?;
    }
    for secret in secrets(run) {
        demand(
            run,
            !run.out.contains(&secret) && !run.err.contains(&secret),
            "prints no secret",
        )?;
    }
    Ok(())
}

/// What must be the same before and after.
fn essence(seen: &Seen) -> BTreeMap<String, String> {
    let mut essence = BTreeMap::new();
    for key in ["method", "host", "path"] {
        essence.insert(key.to_owned(), seen.text(key).to_owned());
    }
    let empty = serde_json::Map::new();
    for (name, value) in seen.0["headers"].as_object().unwrap_or(&empty) {
        // The length changes with a form.
        if name != "authorization" && name != "content-length" {
            essence.insert(format!("header {name}"), value.to_string());
        }
    }
    for pair in seen.0["query"].as_array().into_iter().flatten() {
        if pair[0] != "authtoken" {
            essence.insert(format!("query {}", pair[0]), pair[1].to_string());
        }
    }
    let form = seen.0["form"].as_object().unwrap_or(&empty);
    for (name, value) in form {
        if name != "authtoken" {
            essence.insert(format!("form {name}"), value.to_string());
        }
    }
    if form.is_empty() {
        essence.insert("body".to_owned(), seen.text("body").to_owned());
    }
    essence
}

/// What was sent to the accounts server and what it gave: nothing of it may be printed.
fn secrets(run: &Run) -> Vec<String> {
    let mut secrets = Vec::new();
    for refresh in run.refreshes() {
        for key in ["client_secret", "refresh_token"] {
            secrets.extend(refresh.0["form"][key].as_str().map(str::to_owned));
        }
        secrets.extend(
            refresh.0["answer"]["access_token"]
                .as_str()
                .map(str::to_owned),
        );
    }
    secrets
}

fn demand(run: &Run, holds: bool, what: &str) -> Result<()> {
    if holds {
        Ok(())
    } else {
        fail(format!("does not hold: {what}\n{}", run.story()))
    }
}
