//! How programs are registered with Zoho and sign in: `oauth/protocol.toml` and `oauth/kinds/<id>.toml`.
//!
//! Owns the shape of both, what a good file of each is, and how their placeholders are filled. It must not know how
//! the kind of a program is decided, nor how steps are shown.

use super::check::Checker;
use super::model::{DataCenter, Rules};
use super::pattern::pattern;
use super::problem::{Problem, RuleFile, Step};
use serde::Deserialize;
use std::collections::BTreeSet;

/// `oauth/protocol.toml`: what holds for every program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Protocol {
    /// Schemes of the header `Authorization` that carry an OAuth access token.
    pub schemes: Vec<String>,
    /// Files that mark the folder of a program.
    pub manifests: Vec<String>,
    pub console: Address,
    pub authorization: Address,
    pub token: Address,
    pub revoke: Address,
    #[serde(default)]
    pub limit: Vec<Statement>,
    /// What was once, with its conditions.
    #[serde(default)]
    pub history: Vec<Statement>,
}

/// An address with placeholders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub value: String,
    pub source: String,
}

/// `oauth/kinds/<id>.toml`: a kind of program, by what it is registered as.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kind {
    /// Equals the file name.
    pub id: String,
    pub name: String,
    /// Of kinds with equally strong evidence the one with the smallest number counts.
    pub order: u32,
    /// What to choose in Zoho's console; absent where nothing is registered there.
    #[serde(default)]
    pub register_as: Option<String>,
    /// Where nothing tells the kind.
    #[serde(default)]
    pub is_default: bool,
    /// Whether scripts within Zoho can be of this kind.
    #[serde(default)]
    pub for_scripts: bool,
    /// Whether people are sent to Zoho's page to consent.
    #[serde(default)]
    pub asks_people: bool,
    pub summary: String,
    #[serde(default)]
    pub evidence: Vec<KindEvidence>,
    pub step: Vec<StepRule>,
    /// Lines of `.env.example`.
    #[serde(default)]
    pub env: Vec<EnvLine>,
    #[serde(default)]
    pub warning: Vec<Statement>,
    #[serde(default)]
    pub storage: Vec<Statement>,
    /// Besides those of the protocol.
    #[serde(default)]
    pub limit: Vec<Statement>,
    /// What is left to do in a script of this kind.
    #[serde(default)]
    pub task: Vec<Task>,
    pub source: Vec<String>,
}

/// A sign of a kind; one of its lists has to fit, and the languages if there are any.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindEvidence {
    /// What it says of the program: `answers web requests`.
    pub what: String,
    /// The strongest sign decides.
    pub weight: u32,
    pub reach: Reach,
    #[serde(default)]
    pub languages: Vec<String>,
    /// Modules or packages, a prefix up to `.`, `/` or `:`.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Names in a manifest of the program.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// Files in the folder of the program or above it, as paths from there.
    #[serde(default)]
    pub files: Vec<String>,
    /// Paths of the file itself: `*.html`, `wp-content/plugins/*`.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Regular expressions for its text.
    #[serde(default)]
    pub text: Vec<String>,
    /// Regular expressions that must not be found in its text.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// How far a sign speaks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// For the file in which it stands.
    File,
    /// For the whole program.
    Project,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    pub title: String,
    pub text: String,
    #[serde(default)]
    pub command: Option<String>,
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub id: String,
    pub title: String,
    pub text: String,
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvLine {
    pub name: String,
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub when: TaskWhen,
    pub text: String,
    pub source: String,
}

/// When there is something to do in a script.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum TaskWhen {
    /// It sends or holds an authtoken.
    Authtoken,
    /// It calls by a function that cannot carry a connection.
    PlainCall,
    /// It calls an API that has ended.
    Ended,
    /// A call to Zoho names no connection.
    NoConnection,
    /// Its calls need scopes that are known.
    Scopes,
    /// Its calls need scopes that are not known.
    UnknownScopes,
}

impl Rules {
    /// The data centre of this id, the first one where none is known.
    pub fn data_center(&self, id: Option<&str>) -> Option<&DataCenter> {
        let centers = &self.data_centers;
        let known = centers.iter().find(|center| Some(center.id.as_str()) == id);
        known.or_else(|| centers.first())
    }

    /// An address of the protocol in a data centre; empty without rules that say it.
    pub fn address(&self, data_center: Option<&str>, which: fn(&Protocol) -> &Address) -> String {
        let filling = self.data_center(data_center).map(Filling::of);
        match (&self.protocol, filling) {
            (Some(protocol), Some(filling)) => filling.fill(&which(protocol).value),
            _ => String::new(),
        }
    }

    /// The scheme that is written: Zoho documents the first one only.
    pub fn oauth_scheme(&self) -> &str {
        let mut schemes = self.protocol.iter().flat_map(|protocol| &protocol.schemes);
        schemes.next().map_or("", String::as_str)
    }

    /// Whether a header begins with a scheme that carries an OAuth access token.
    pub fn begins_with_oauth(&self, header: &str) -> bool {
        let header = header.trim_start();
        self.protocol
            .iter()
            .flat_map(|protocol| &protocol.schemes)
            .any(|scheme| {
                header
                    .get(..scheme.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
            })
    }
}

/// What placeholders are filled with.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    pub values: Vec<(&'static str, String)>,
}

/// What texts, commands and addresses may be filled with.
const PLACEHOLDERS: [&str; 8] = [
    "accounts",
    "domain",
    "console",
    "authorization-url",
    "token-url",
    "revoke-url",
    "scopes",
    "connection",
];

impl Filling {
    /// What stands in the addresses of a data centre.
    pub fn of(center: &DataCenter) -> Filling {
        let domain = center.product_domains.first().cloned();
        Filling {
            values: vec![
                ("accounts", center.accounts_host.clone()),
                ("domain", domain.unwrap_or_default()),
            ],
        }
    }

    pub fn fill(&self, text: &str) -> String {
        // In one pass: what is filled in is not looked at again.
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            filled.push_str(before);
            let value = from.find('}').and_then(|end| {
                let name = from.get(1..end)?;
                let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
                Some((value, end + 1))
            });
            match value {
                Some((value, length)) => {
                    filled.push_str(value);
                    rest = from.get(length..).unwrap_or_default();
                }
                None => {
                    filled.push('{');
                    rest = from.get(1..).unwrap_or_default();
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

pub(super) fn check_protocol(file: &RuleFile, protocol: &Protocol, problems: &mut Vec<Problem>) {
    let mut check = Checker { file, problems };
    for (name, address) in [
        ("console", &protocol.console),
        ("authorization", &protocol.authorization),
        ("token", &protocol.token),
        ("revoke", &protocol.revoke),
    ] {
        let at = [Step::Key(name), Step::Key("value")];
        if !address.value.starts_with("https://{")
            && !address.value.starts_with("https://api-console.{")
        {
            check.refuse(
                &at,
                format!("`{}` is the address of one data centre only", address.value),
                "begin with https://{accounts} or a host of {domain}",
            );
        }
        placeholders(&mut check, &at, &address.value);
        check.source(&[Step::Key(name), Step::Key("source")], &address.source);
    }
    if protocol.schemes.is_empty() || protocol.manifests.is_empty() {
        check.refuse(
            &["schemes".into()],
            "no schemes or no manifests".to_string(),
            "name at least Zoho-oauthtoken, and the files that mark a program",
        );
    }
    statements(&mut check, "limit", &protocol.limit);
    statements(&mut check, "history", &protocol.history);
}

pub(super) fn check_kind(file: &RuleFile, kind: &Kind, problems: &mut Vec<Problem>) {
    let mut check = Checker { file, problems };
    check.id(&kind.id);
    check.not_blank(&["name".into()], &kind.name);
    check.not_blank(&["summary".into()], &kind.summary);
    check.sources(&kind.source);
    for (index, evidence) in kind.evidence.iter().enumerate() {
        let at = |field: &'static str| ["evidence".into(), index.into(), Step::Key(field)];
        check.not_blank(&at("what"), &evidence.what);
        for language in &evidence.languages {
            check.language(&at("languages"), language);
        }
        for text in evidence.text.iter().chain(&evidence.unless) {
            if let Err(reason) = pattern(text) {
                check.refuse(
                    &at("text"),
                    format!("the pattern `{text}` {reason}"),
                    r"begin with a literal or a class with an upper bound: \bwindow\.",
                );
            }
        }
        let says_nothing = evidence.languages.is_empty()
            && evidence.imports.is_empty()
            && evidence.dependencies.is_empty()
            && evidence.files.is_empty()
            && evidence.paths.is_empty()
            && evidence.text.is_empty();
        if says_nothing || evidence.weight == 0 {
            check.refuse(
                &at("what"),
                "the evidence has nothing to look for, or no weight".to_string(),
                "give languages, imports, dependencies, files, paths or text, and a weight from 1 on",
            );
        }
    }
    if kind.step.is_empty() {
        check.refuse(
            &["step".into()],
            "no steps".to_string(),
            "write at least one [[step]] with title, text and source",
        );
    }
    for (index, step) in kind.step.iter().enumerate() {
        let at = |field: &'static str| ["step".into(), index.into(), Step::Key(field)];
        check.not_blank(&at("title"), &step.title);
        check.not_blank(&at("text"), &step.text);
        placeholders(&mut check, &at("text"), &step.text);
        placeholders(
            &mut check,
            &at("command"),
            step.command.as_deref().unwrap_or_default(),
        );
        check.source(&at("source"), &step.source);
    }
    for (index, line) in kind.env.iter().enumerate() {
        let at = |field: &'static str| ["env".into(), index.into(), Step::Key(field)];
        let good = !line.name.is_empty()
            && line
                .name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !good {
            check.refuse(
                &at("name"),
                format!("`{}` is no name of a variable", line.name),
                "write capitals, digits and underscores: ZOHO_CLIENT_ID",
            );
        }
        placeholders(&mut check, &at("value"), &line.value);
        placeholders(
            &mut check,
            &at("note"),
            line.note.as_deref().unwrap_or_default(),
        );
    }
    for (index, task) in kind.task.iter().enumerate() {
        let at = |field: &'static str| ["task".into(), index.into(), Step::Key(field)];
        check.not_blank(&at("text"), &task.text);
        placeholders(&mut check, &at("text"), &task.text);
        check.source(&at("source"), &task.source);
    }
    statements(&mut check, "warning", &kind.warning);
    statements(&mut check, "storage", &kind.storage);
    statements(&mut check, "limit", &kind.limit);
}

/// Exactly one kind may be the one where nothing tells.
pub(super) fn check_default(kinds: &[Kind], problems: &mut Vec<Problem>) {
    let defaults: Vec<&str> = kinds
        .iter()
        .filter(|kind| kind.is_default)
        .map(|kind| kind.id.as_str())
        .collect();
    if defaults.len() != 1 {
        problems.push(Problem {
            file: "oauth/kinds".to_string(),
            line: None,
            message: format!("{} kinds are the default", defaults.len()),
            help: "write is-default = true in one of them".to_string(),
        });
    }
}

fn statements(check: &mut Checker<'_>, list: &'static str, statements: &[Statement]) {
    let mut seen = BTreeSet::new();
    for (index, statement) in statements.iter().enumerate() {
        let at = |field: &'static str| [Step::Key(list), index.into(), Step::Key(field)];
        check.id_form(&at("id"), &statement.id);
        if !seen.insert(&statement.id) {
            check.refuse(
                &at("id"),
                format!("the id `{}` is used twice", statement.id),
                "keep one of them",
            );
        }
        check.not_blank(&at("title"), &statement.title);
        check.not_blank(&at("text"), &statement.text);
        check.source(&at("source"), &statement.source);
    }
}

fn placeholders(check: &mut Checker<'_>, steps: &[Step<'_>], text: &str) {
    let mut rest = text;
    while let Some((_, from)) = rest.split_once('{') {
        let name = from.split('}').next().unwrap_or_default();
        if !PLACEHOLDERS.contains(&name) {
            let help = format!("write one of {{{}}}", PLACEHOLDERS.join("}, {"));
            check.refuse(steps, format!("`{{{name}}}` is not filled in"), &help);
        }
        rest = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_others_stay() {
        let filling = Filling {
            values: vec![
                ("scopes", "{accounts}".to_string()),
                ("accounts", "accounts.zoho.eu".to_string()),
            ],
        };
        assert_eq!(
            filling.fill("{scopes} at {accounts}, {nothing} {"),
            "{accounts} at accounts.zoho.eu, {nothing} {"
        );
    }

    #[test]
    fn every_kind_says_how_its_tokens_are_kept_and_revoked() {
        let rules = super::super::load::load(None).unwrap();
        assert!(rules.kinds.len() >= 7);
        for kind in &rules.kinds {
            assert!(!kind.storage.is_empty(), "{}", kind.id);
            assert!(
                kind.step
                    .iter()
                    .any(|step| step.title.to_lowercase().contains("revoke")),
                "{}",
                kind.id
            );
        }
    }
}
