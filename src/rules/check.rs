//! What a good file of rules is: ids, dates, sources, patterns, placeholders, packages.
//!
//! Owns the checks that serde cannot make, each of them with what to write instead. Client tables have their
//! own file. It must not know where the files come from.

use super::model::{
    Deadline, Detection, EndpointGroup, ExampleKind, LegacyEndpoint, Matcher, Product, Rules, Sdk,
};
use super::pattern::pattern;
use super::problem::{Problem, RuleFile, Step};
use std::collections::BTreeSet;

pub(super) use super::check_clients::clients;

/// Names of front ends and of file types, as rules and reports write them.
pub(super) const LANGUAGES: [&str; 15] = [
    "java",
    "javascript",
    "typescript",
    "rust",
    "deluge",
    "dotenv",
    "properties",
    "ini",
    "yaml",
    "json",
    "toml",
    "xml",
    "html",
    "markdown",
    "text",
];

/// What messages may be filled with.
const PLACEHOLDERS: [&str; 5] = ["product", "name", "scheme", "successor", "host"];

const REGISTRIES: [&str; 9] = [
    "maven",
    "npm",
    "crates",
    "packagist",
    "pypi",
    "rubygems",
    "go",
    "nuget",
    "source",
];

/// Ids that other files refer to.
pub(super) struct Known {
    products: BTreeSet<String>,
    data_centers: BTreeSet<String>,
    /// Ids of legacy endpoints that more than one product has.
    doubled_legacy: BTreeSet<String>,
}

impl Known {
    pub(super) fn of(rules: &Rules) -> Known {
        let mut seen = BTreeSet::new();
        let mut doubled_legacy = BTreeSet::new();
        for legacy in rules.products.iter().flat_map(|product| &product.legacy) {
            if !seen.insert(legacy.id.clone()) {
                doubled_legacy.insert(legacy.id.clone());
            }
        }
        Known {
            products: ids(rules.products.iter().map(|product| &product.id)),
            data_centers: ids(rules.data_centers.iter().map(|center| &center.id)),
            doubled_legacy,
        }
    }
}

fn ids<'a>(all: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    all.cloned().collect()
}

/// Collects the problems of one file.
pub(super) struct Checker<'a> {
    pub(super) file: &'a RuleFile,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    pub(super) fn refuse(&mut self, steps: &[Step<'_>], message: String, help: &str) {
        let problem = self.file.problem(steps, message, help);
        self.problems.push(problem);
    }

    /// An id is the file name, in lower case with dashes.
    pub(super) fn id(&mut self, id: &str) {
        if id != self.file.stem() {
            let help = format!("write id = \"{}\" or rename the file", self.file.stem());
            self.refuse(
                &["id".into()],
                format!("id `{id}` is not the file name"),
                &help,
            );
        }
        self.id_form(&["id".into()], id);
    }

    pub(super) fn id_form(&mut self, steps: &[Step<'_>], id: &str) {
        let good = !id.is_empty()
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !good {
            self.refuse(
                steps,
                format!("`{id}` is no id"),
                "write lower-case letters, digits and dashes",
            );
        }
    }

    pub(super) fn not_blank(&mut self, steps: &[Step<'_>], text: &str) {
        if text.trim().is_empty() {
            self.refuse(
                steps,
                "empty text".to_string(),
                "write the text or leave the field out",
            );
        }
    }

    pub(super) fn source(&mut self, steps: &[Step<'_>], source: &str) {
        let address = source
            .strip_prefix("https://")
            .or_else(|| source.strip_prefix("http://"));
        let blank = source.contains(char::is_whitespace);
        match address {
            Some(rest) if rest.contains('.') && !blank => {}
            None if source.trim().len() >= 3
                && !source.contains("://")
                && (blank || !(source.contains('.') && source.contains('/'))) => {}
            _ => self.refuse(
                steps,
                format!("`{source}` is no source"),
                "write an address that begins with https://, or the name of a document",
            ),
        }
    }

    pub(super) fn sources(&mut self, sources: &[String]) {
        if sources.is_empty() {
            self.refuse(
                &["source".into()],
                "no source".to_string(),
                "name at least one page that says so: source = [\"https://…\"]",
            );
        }
        for (index, source) in sources.iter().enumerate() {
            self.source(&["source".into(), index.into()], source);
        }
    }

    fn date(&mut self, steps: &[Step<'_>], date: &str) {
        if date.len() != 10 || date.parse::<jiff::civil::Date>().is_err() {
            self.refuse(
                steps,
                format!("`{date}` is no date"),
                "write it as 2020-11-30",
            );
        }
    }

    /// Texts that are compared with hosts: no scheme, no path, lower case.
    fn host(&mut self, steps: &[Step<'_>], host: &str) {
        let plain = host.replace("{tld}", "zoho.com");
        let good = plain.contains('.')
            && plain.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
            });
        if !good {
            self.refuse(
                steps,
                format!("`{host}` is no host"),
                "write it in lower case without https:// and path, {tld} for every data centre: \
                 desk.{tld}",
            );
        }
    }

    pub(super) fn language(&mut self, steps: &[Step<'_>], language: &str) {
        if !LANGUAGES.contains(&language) {
            let help = format!("write one of {}", LANGUAGES.join(", "));
            self.refuse(steps, format!("`{language}` is no language"), &help);
        }
    }
}

pub(super) fn product(
    file: &RuleFile,
    product: &Product,
    known: &Known,
    problems: &mut Vec<Problem>,
) {
    let mut check = Checker { file, problems };
    check.id(&product.id);
    check.not_blank(&["name".into()], &product.name);
    check.sources(&product.source);
    if product.hosts.is_empty() {
        check.refuse(
            &["hosts".into()],
            "no hosts".to_string(),
            "write hosts = [\"desk.{tld}\"]",
        );
    }
    for (index, host) in product.hosts.iter().enumerate() {
        check.host(&["hosts".into(), index.into()], host);
    }
    for (index, name) in product.names.iter().enumerate() {
        if name.len() < 4 || name != &name.to_ascii_lowercase() {
            check.refuse(
                &["names".into(), index.into()],
                format!("`{name}` does not name one product"),
                "write four lower-case letters or more, or put it in words",
            );
        }
    }
    for (index, carrier) in product.carriers.iter().enumerate() {
        let steps = ["carriers".into(), index.into(), "source".into()];
        check.source(&steps, &carrier.source);
    }
    for (index, legacy) in product.legacy.iter().enumerate() {
        legacy_endpoint(&mut check, index, legacy, known);
    }
    deadlines(file, &[], &product.deadline, known, problems);
}

fn legacy_endpoint(check: &mut Checker<'_>, index: usize, legacy: &LegacyEndpoint, known: &Known) {
    let at = |field: &'static str| ["legacy".into(), index.into(), Step::Key(field)];
    check.id_form(&at("id"), &legacy.id);
    if known.doubled_legacy.contains(&legacy.id) {
        check.refuse(
            &at("id"),
            format!("the id `{}` is used twice", legacy.id),
            "give every legacy endpoint an id of its own",
        );
    }
    check.source(&at("source"), &legacy.source);
    check.not_blank(&at("successor"), &legacy.successor);
    check.not_blank(&at("note"), &legacy.note);
    if let Some(ended) = &legacy.ended {
        check.date(&at("ended"), ended);
    }
    for host in &legacy.hosts {
        check.host(&at("hosts"), host);
    }
    if legacy.paths.is_empty() {
        check.refuse(
            &at("paths"),
            "no paths".to_string(),
            "write paths = [\"/api/json\"]",
        );
    }
    for path in &legacy.paths {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let wild = |segment: &&str| segment.contains('*') && *segment != "*";
        if !path.starts_with('/')
            || path.contains(['?', '#', ' '])
            || segments.iter().any(wild)
            || segments
                .iter()
                .all(|segment| segment.is_empty() || *segment == "*")
        {
            check.refuse(
                &at("paths"),
                format!("`{path}` is no path prefix"),
                "begin with /, name a segment, and use * only for a whole one: /api/*/json",
            );
        }
    }
}

/// `steps` leads to the table that holds `deadline`.
pub(super) fn deadlines(
    file: &RuleFile,
    steps: &[Step<'_>],
    deadlines: &[Deadline],
    known: &Known,
    problems: &mut Vec<Problem>,
) {
    let mut check = Checker { file, problems };
    for (index, deadline) in deadlines.iter().enumerate() {
        let mut at = steps.to_vec();
        at.extend([Step::Key("deadline"), Step::Index(index)]);
        let at = |field: &'static str| {
            let mut at = at.clone();
            at.push(Step::Key(field));
            at
        };
        check.date(&at("date"), &deadline.date);
        check.source(&at("source"), &deadline.source);
        if let Some(center) = &deadline.data_center
            && !known.data_centers.contains(center)
        {
            let all: Vec<&str> = known.data_centers.iter().map(String::as_str).collect();
            let help = format!("write one of {}", all.join(", "));
            check.refuse(
                &at("data-center"),
                format!("`{center}` is no data centre"),
                &help,
            );
        }
    }
}

pub(super) fn data_centers(
    file: &RuleFile,
    centers: &[super::model::DataCenter],
    problems: &mut Vec<Problem>,
) {
    let mut check = Checker { file, problems };
    let mut seen = BTreeSet::new();
    for (index, center) in centers.iter().enumerate() {
        let at = |field: &'static str| ["data-center".into(), index.into(), Step::Key(field)];
        check.id_form(&at("id"), &center.id);
        if !seen.insert(&center.id) {
            check.refuse(
                &at("id"),
                format!("the id `{}` is used twice", center.id),
                "keep one of them",
            );
        }
        check.source(&at("source"), &center.source);
        check.host(&at("accounts-host"), &center.accounts_host);
        for host in center.api_host.iter().chain(&center.wrong_hosts) {
            check.host(&at("api-host"), host);
        }
        for host in &center.product_domains {
            check.host(&at("product-domains"), host);
        }
        if center.product_domains.is_empty() {
            check.refuse(
                &at("product-domains"),
                "no product domain".to_string(),
                "write product-domains = [\"zoho.com\"]",
            );
        }
        if !["high", "medium", "low"].contains(&center.confidence.as_str()) {
            check.refuse(
                &at("confidence"),
                format!("`{}` is no confidence", center.confidence),
                "write high, medium or low",
            );
        }
    }
}

pub(super) fn sdks(file: &RuleFile, sdks: &[Sdk], known: &Known, problems: &mut Vec<Problem>) {
    let mut check = Checker { file, problems };
    let mut seen = BTreeSet::new();
    for (index, sdk) in sdks.iter().enumerate() {
        let at = |field: &'static str| ["sdk".into(), index.into(), Step::Key(field)];
        check.id_form(&at("id"), &sdk.id);
        if !seen.insert(&sdk.id) {
            check.refuse(
                &at("id"),
                format!("the id `{}` is used twice", sdk.id),
                "keep one of them",
            );
        }
        check.source(&at("source"), &sdk.source);
        check.not_blank(&at("successor"), &sdk.successor);
        if !REGISTRIES.contains(&sdk.registry.as_str()) {
            let help = format!("write one of {}", REGISTRIES.join(", "));
            check.refuse(
                &at("registry"),
                format!("`{}` is no registry", sdk.registry),
                &help,
            );
        }
        if sdk.package.is_none() && sdk.imports.is_empty() {
            check.refuse(
                &at("id"),
                format!("`{}` has neither package nor imports", sdk.id),
                "name the package in its registry, or the modules by which code imports it",
            );
        }
        if sdk.registry != "source" && sdk.package.is_none() {
            check.refuse(
                &at("registry"),
                format!("`{}` has no package in {}", sdk.id, sdk.registry),
                "name the package, or write registry = \"source\"",
            );
        }
        if sdk.products.is_empty() {
            check.refuse(
                &at("products"),
                "no product".to_string(),
                "name the products it talks to",
            );
        }
        for product in &sdk.products {
            if !known.products.contains(product) {
                let all: Vec<&str> = known.products.iter().map(String::as_str).collect();
                let help = format!("write one of {}", all.join(", "));
                check.refuse(&at("products"), format!("`{product}` is no product"), &help);
            }
        }
        if let Some(version) = &sdk.oauth_from
            && !version.starts_with(|first: char| first.is_ascii_digit())
        {
            check.refuse(
                &at("oauth-from"),
                format!("`{version}` is no version"),
                "write the first version that knows OAuth: 3.0.0",
            );
        }
        for (number, call) in sdk.call.iter().enumerate() {
            let at = |field: &'static str| {
                [
                    Step::Key("sdk"),
                    index.into(),
                    "call".into(),
                    number.into(),
                    Step::Key(field),
                ]
            };
            for callee in &call.callee {
                if let Err(help) = super::check_clients::callee_form(callee) {
                    check.refuse(&at("callee"), format!("`{callee}` is no callee"), help);
                }
            }
            if call.argument.is_none() && call.option.is_none() {
                check.refuse(
                    &at("callee"),
                    "it is not said where the token stands".to_string(),
                    "write argument = 0, or option = \"authtoken\"",
                );
            }
        }
    }
}

pub(super) fn detection(file: &RuleFile, detection: &Detection, problems: &mut Vec<Problem>) {
    let mut check = Checker { file, problems };
    check.id(&detection.id);
    check.sources(&detection.source);
    for (field, text) in [
        ("summary", &detection.summary),
        ("message", &detection.message),
        ("help", &detection.help),
        ("why", &detection.why),
    ] {
        check.not_blank(&[field.into()], text);
        placeholders(&mut check, field, text);
    }
    if detection.matchers.is_empty() {
        check.refuse(
            &["match".into()],
            "no matcher".to_string(),
            "write match = [{ matcher = \"parameter\", names = [\"authtoken\"] }]",
        );
    }
    for (index, one) in detection.matchers.iter().enumerate() {
        matcher(&mut check, &["match".into(), index.into()], one);
    }
    for wanted in [ExampleKind::Hit, ExampleKind::NearMiss] {
        if !detection
            .example
            .iter()
            .any(|example| example.kind == wanted)
        {
            check.refuse(
                &["example".into()],
                "an example is missing".to_string(),
                "give at least one of kind = \"hit\" and one of kind = \"near-miss\"",
            );
        }
    }
    for (index, example) in detection.example.iter().enumerate() {
        let at = |field: &'static str| ["example".into(), index.into(), Step::Key(field)];
        check.language(&at("language"), &example.language);
        check.not_blank(&at("code"), &example.code);
    }
    if let Some(instead) = &detection.instead {
        check.language(&["instead".into(), "language".into()], &instead.language);
    }
}

/// `{word}` that is not one of the known ones.
fn placeholders(check: &mut Checker<'_>, field: &'static str, text: &str) {
    for part in text.split('{').skip(1) {
        let word = part.split('}').next().unwrap_or_default();
        if field != "message" || !PLACEHOLDERS.contains(&word) {
            let help = format!(
                "only the message has placeholders, and they are {{{}}}",
                PLACEHOLDERS.join("}, {")
            );
            check.refuse(
                &[field.into()],
                format!("`{{{word}}}` is no placeholder"),
                &help,
            );
        }
    }
}

fn matcher(check: &mut Checker<'_>, steps: &[Step<'_>], matcher: &Matcher) {
    let empty = match matcher {
        Matcher::Header {
            names,
            schemes,
            raw,
        } => names.is_empty() || (schemes.is_empty() && !raw),
        Matcher::Parameter { names, .. } => names.is_empty(),
        Matcher::Endpoint { group, paths } => (*group == EndpointGroup::Paths) == paths.is_empty(),
        Matcher::Setting { keys, weak_keys } => keys.is_empty() && weak_keys.is_empty(),
        Matcher::Literal { shapes } => shapes.is_empty(),
        Matcher::Mention { words } => words.is_empty(),
        Matcher::Sdk {}
        | Matcher::Dependency { .. }
        | Matcher::Carrier {}
        | Matcher::Incomplete { .. } => false,
    };
    if empty {
        check.refuse(
            steps,
            "the matcher has nothing to look for".to_string(),
            "give names, schemes or raw, keys, shapes, words, or paths (only with group = \"paths\")",
        );
    }
    if let Matcher::Setting { keys, weak_keys } = matcher {
        for key in keys.iter().chain(weak_keys) {
            if key.is_empty()
                || !key
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            {
                check.refuse(
                    steps,
                    format!("`{key}` is no key word"),
                    "write lower-case letters and digits only, as keys are compared: zohoauthtoken",
                );
            }
        }
    }
    if let Matcher::Literal { shapes } = matcher {
        for shape in shapes {
            if let Err(reason) = pattern(shape) {
                check.refuse(
                    steps,
                    format!("the pattern `{shape}` {reason}"),
                    "begin with a literal or a class with an upper bound: [0-9a-z]{32}",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_are_those_of_the_front_ends() {
        use crate::syntax::Language;
        let all = [
            Language::Java,
            Language::JavaScript,
            Language::TypeScript,
            Language::Rust,
            Language::Deluge,
            Language::Dotenv,
            Language::Properties,
            Language::Ini,
            Language::Yaml,
            Language::Json,
            Language::Toml,
            Language::Xml,
            Language::Html,
            Language::Markdown,
            Language::Text,
        ];
        assert_eq!(all.map(Language::name), LANGUAGES);
    }
}
