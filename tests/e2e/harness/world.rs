//! Runs a program where Zoho is on this machine, and reads what the mock saw.

use super::build::{Built, need};
use super::{Result, fail, skip, sources, workshop};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What `run-in-namespace.py` answers when the machine lacks something, and when it broke itself.
const SKIPPED: i32 = 77;
const BROKEN: i32 = 70;

/// One request as the mock logged it.
#[derive(Clone)]
pub struct Seen(pub Value);

impl Seen {
    pub fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_default()
    }

    pub fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or_default()
    }

    pub fn carriers(&self) -> Vec<&str> {
        let carriers = self.0["carriers"].as_array();
        carriers
            .into_iter()
            .flatten()
            .flat_map(Value::as_str)
            .collect()
    }

    fn line(&self) -> String {
        if let Some(error) = self.0["tls_error"].as_str() {
            return format!("TLS: {error}");
        }
        format!(
            "{} {}{} {} {}, Authorization {}, authtoken in {} -> {} {}",
            self.text("method"),
            self.text("host"),
            self.text("path"),
            self.0["query"],
            self.text("body"),
            self.0["headers"]["authorization"],
            self.0["carriers"],
            self.status(),
            self.0["answer"],
        )
    }

    pub fn is_creation(&self) -> bool {
        self.text("path").starts_with("/apiauthtoken/")
    }

    pub fn is_refresh(&self) -> bool {
        self.text("path") == "/oauth/v2/token"
    }
}

/// What a run of a program gave.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub seen: Vec<Seen>,
}

impl Run {
    /// The statuses that the program printed.
    pub fn printed(&self) -> Vec<&str> {
        let lines = self.out.lines();
        lines.filter_map(|line| line.split(' ').next()).collect()
    }

    pub fn refreshes(&self) -> Vec<&Seen> {
        self.seen.iter().filter(|seen| seen.is_refresh()).collect()
    }

    /// Requests for an authtoken, which is made no more.
    pub fn creations(&self) -> Vec<&Seen> {
        self.seen.iter().filter(|seen| seen.is_creation()).collect()
    }

    pub fn calls(&self) -> Vec<&Seen> {
        self.seen.iter().filter(|seen| !seen.is_refresh()).collect()
    }

    /// The run as a message: not all of it, twenty callers say the same twenty times.
    pub fn story(&self) -> String {
        const MOST: usize = 8;
        let mut story = format!("exit code {:?}\n", self.code);
        let seen: Vec<String> = self.seen.iter().map(Seen::line).collect();
        let parts = [
            ("out", self.out.lines().collect::<Vec<_>>()),
            ("err", self.err.lines().collect()),
            (
                "seen by the mock",
                seen.iter().map(String::as_str).collect(),
            ),
        ];
        for (name, lines) in parts {
            story += &format!("--- {name}\n");
            for line in lines.iter().take(MOST) {
                story += &format!("{line}\n");
            }
            if lines.len() > MOST {
                story += &format!("… and {} more lines\n", lines.len() - MOST);
            }
        }
        story
    }
}

/// Skips when this machine has no namespaces; asked once.
pub fn available() -> Result<()> {
    static ANSWER: OnceLock<Option<String>> = OnceLock::new();
    need("python3")?;
    let lacking = ANSWER.get_or_init(|| {
        let check = Command::new("python3")
            .arg(runner())
            .arg("--check")
            .output()
            .unwrap();
        (!check.status.success()).then(|| String::from_utf8_lossy(&check.stderr).trim().to_owned())
    });
    lacking.as_ref().map_or(Ok(()), skip)
}

fn runner() -> PathBuf {
    sources().join("run-in-namespace.py")
}

/// Runs the program once with these arguments, in a namespace and with a mock of its own. `settings` is the JSON
/// object that the mock takes.
pub fn run(built: &Built, arguments: &[&str], settings: &Value) -> Result<Run> {
    available()?;
    let scratch = tempfile::TempDir::new().unwrap();
    let log = scratch.path().join("log.jsonl");
    let done = Command::new("python3")
        .arg(runner())
        .arg("--keys")
        .arg(workshop().join("keys"))
        .arg("--log")
        .arg(&log)
        // No run takes more than some seconds; one that hangs must not hang the tests.
        .args(["--timeout", "120"])
        .args(["--settings", &settings.to_string(), "--"])
        .args(&built.command)
        .args(arguments)
        .current_dir(&built.folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let log = std::fs::read_to_string(&log).unwrap_or_default();
    let run = Run {
        code: done.status.code(),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
        seen: log
            .lines()
            .map(|line| Seen(serde_json::from_str(line).unwrap()))
            .collect(),
    };
    match run.code {
        Some(SKIPPED) => skip(run.err.trim()),
        Some(BROKEN) => fail(format!("the namespace broke\n{}", run.story())),
        _ => Ok(run),
    }
}
