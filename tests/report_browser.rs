//! The HTML report does in a browser what it promises: it loads nothing, filters, sorts, copies, is reached by the
//! keyboard, and axe has nothing to say.
//!
//! Needs Chromium, node and the packages of `tests/browser`. What is not there is skipped, which is said; with
//! `CI=true` it is a failure. The pages stay in the temporary folder of cargo's target folder, to be looked at.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use support::package;
use support::plans::{empty, hostile, large, page, plan};

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Each promise by its name, with what is wrong about it.
type Results = BTreeMap<String, Option<String>>;

/// Nothing where there is no browser. What goes wrong does so once for all tests.
fn results() -> Option<&'static Results> {
    static RESULTS: OnceLock<Option<Result<Results, String>>> = OnceLock::new();
    let results = RESULTS.get_or_init(|| match tools() {
        Ok((modules, chromium)) => Some(check(&modules, &chromium)),
        Err(missing) => {
            let text = format!("skipped: the report in a browser: {missing}");
            if std::env::var("CI").as_deref() == Ok("true") {
                return Some(Err(text));
            }
            // Past the harness, which keeps what a passed test prints to itself.
            let _ = writeln!(std::io::stderr(), "{text}");
            None
        }
    });
    match results.as_ref()? {
        Ok(results) => Some(results),
        Err(error) => panic!("{error}"),
    }
}

/// The packages and the browser, or what is missing and how it gets there.
fn tools() -> Result<(PathBuf, PathBuf), String> {
    let answers = |name: &str| {
        let output = Command::new(name).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    if !answers("node") {
        return Err("node is not on this machine".to_owned());
    }
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("browser");
    let modules = kept.join("node_modules");
    if !modules.join("puppeteer-core").is_dir() || !modules.join("axe-core").is_dir() {
        return Err(format!(
            "copy package.json and package-lock.json of tests/browser to {} and run `npm ci` there",
            kept.display()
        ));
    }
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let known = CHROMIUM
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let chromium = named.into_iter().chain(known).find(|file| file.is_file());
    let chromium = chromium.ok_or("Chromium is not on this machine; CHROMIUM may name its file")?;
    Ok((modules, chromium))
}

fn check(modules: &Path, chromium: &Path) -> Result<Results, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    fs::create_dir_all(&folder).unwrap();
    for (name, plan) in [
        ("plan.html", plan()),
        ("empty.html", empty()),
        ("hostile.html", hostile(true)),
        ("hostile-dates.html", hostile(false)),
        ("large.html", large(10_000)),
    ] {
        fs::write(folder.join(name), page(&plan)).unwrap();
    }
    let output = Command::new("node")
        .arg(package().join("tests/browser/check.mjs"))
        .args([modules, chromium, &folder])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    let mut results = Results::new();
    let mut last = None;
    for line in out.lines() {
        if let Some(name) = line.strip_prefix("ok ") {
            last = None;
            results.insert(name.to_owned(), None);
        } else if let Some((name, why)) = line
            .strip_prefix("failed ")
            .and_then(|line| line.split_once(": "))
        {
            last = Some(name.to_owned());
            results.insert(name.to_owned(), Some(why.to_owned()));
        } else if let Some(Some(why)) = last.as_ref().and_then(|name| results.get_mut(name)) {
            why.push('\n');
            why.push_str(line);
        }
    }
    if results.is_empty() {
        return Err(format!("{out}{err}"));
    }
    Ok(results)
}

fn promise(name: &str) {
    let Some(results) = results() else { return };
    match results.get(name) {
        Some(None) => {}
        Some(Some(why)) => panic!("{why}"),
        None => panic!("it was not checked; there are {:?}", results.keys()),
    }
}

macro_rules! promises {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            promise(stringify!($name));
        })*

        #[test]
        fn every_check_is_a_promise() {
            let Some(results) = results() else { return };
            let promised = [$(stringify!($name)),*];
            assert!(results.keys().all(|name| promised.contains(&name.as_str())));
        }
    };
}

promises! {
    the_page_opens_without_an_error_or_a_request
    filters_leave_what_they_name
    the_search_reads_names_code_and_changes
    headers_sort_and_say_how
    a_narrow_page_sorts_with_a_list
    copy_buttons_copy_and_say_so
    without_the_clipboard_a_selection_is_copied
    the_colours_follow_the_system_and_the_button
    the_keyboard_reaches_everything
    an_open_finding_says_what_to_do
    a_link_to_a_finding_opens_it
    a_product_leads_to_its_findings
    without_scripts_everything_can_be_read
    nothing_is_wider_than_the_screen
    hostile_texts_stay_texts
    another_script_is_refused
    thousands_of_findings_are_shown_in_steps
    axe_finds_no_violation
    on_paper_what_is_folded_is_shown_and_controls_are_not
}
