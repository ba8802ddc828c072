//! `expected.txt` of a case: its lines, read strictly, and what a report has against them.
//!
//! The format is described in `fixtures/README.md`. A finding is taken for at most one line and a line for at
//! most one finding, in the way that leaves the fewest of both over.

use super::report::{Finding, Report};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    pub line: u32,
}

/// A line that asks for a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub place: Place,
    /// Alternatives.
    pub rules: Vec<String>,
    /// `None` where it is open; the same for product and confidence.
    pub level: Option<String>,
    pub product: Option<String>,
    pub confidence: Option<String>,
    pub or: Vec<Place>,
    pub also: Vec<Place>,
}

/// A finding that is right and may as well be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub path: String,
    /// `None` for the whole file.
    pub line: Option<u32>,
    /// Alternatives; empty for any.
    pub rules: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Expected {
    pub wanted: Vec<Wanted>,
    pub noted: Vec<(Place, Vec<String>)>,
    pub allowed: Vec<Allowed>,
    pub silent: Vec<String>,
}

/// A line of the file on disk is met by a finding that holds it or lies right beside it.
const TOLERANCE: u32 = 1;

impl Place {
    fn parse(text: &str) -> Result<Place, String> {
        let (path, line) = text
            .rsplit_once(':')
            .ok_or_else(|| format!("`{text}` is no place: <path>:<line>"))?;
        let line = line
            .parse()
            .ok()
            .filter(|line| *line > 0)
            .ok_or_else(|| format!("`{line}` in `{text}` is no line"))?;
        Ok(Place {
            path: path.to_owned(),
            line,
        })
    }

    fn parse_list(text: &str) -> Result<Vec<Place>, String> {
        text.split(',').map(Place::parse).collect()
    }

    /// How far a finding lies from here; `None` if that is too far.
    fn distance(&self, finding: &Finding) -> Option<u32> {
        let distance = finding.range.distance(self.line);
        (finding.path == self.path && distance <= TOLERANCE).then_some(distance)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.path, self.line)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.place, self.rules.join("|"))?;
        let level = self.level.as_deref().unwrap_or("level=any");
        let product = self.product.as_deref().unwrap_or("product=any");
        write!(formatter, " {level} {product}")
    }
}

fn alternatives(text: &str) -> Vec<String> {
    text.split('|').map(str::to_owned).collect()
}

impl Expected {
    pub fn parse(text: &str) -> Result<Expected, String> {
        let mut expected = Expected::default();
        for (index, line) in text.lines().enumerate() {
            let mut words: Vec<&str> = line.split_whitespace().collect();
            if let Some(comment) = words.iter().position(|word| word.starts_with('#')) {
                words.truncate(comment);
            }
            if !words.is_empty() {
                expected
                    .take(&words)
                    .map_err(|error| format!("expected.txt:{}: {error}", index + 1))?;
            }
        }
        Ok(expected)
    }

    fn take(&mut self, words: &[&str]) -> Result<(), String> {
        match words {
            ["silent", path] => self.silent.push((*path).to_owned()),
            ["note", place, rules] => self.noted.push((Place::parse(place)?, alternatives(rules))),
            ["may", place, rules @ ..] if rules.len() <= 1 => {
                let (path, line) = match place.strip_suffix(":*") {
                    Some(path) => (path.to_owned(), None),
                    None => {
                        let place = Place::parse(place)?;
                        (place.path, Some(place.line))
                    }
                };
                let rules = rules.iter().flat_map(|rules| alternatives(rules)).collect();
                self.allowed.push(Allowed { path, line, rules });
            }
            [place, rules, level, product, options @ ..] => {
                let mut wanted = Wanted {
                    place: Place::parse(place)?,
                    rules: alternatives(rules),
                    level: one_of(level, &["error", "warning"], "level=any")?,
                    product: (*product != "product=any").then(|| (*product).to_owned()),
                    confidence: None,
                    or: Vec::new(),
                    also: Vec::new(),
                };
                for option in options {
                    match option.split_once('=') {
                        Some(("confidence", value)) => {
                            wanted.confidence = one_of(value, &["high", "medium"], "")?;
                        }
                        Some(("or", places)) => wanted.or = Place::parse_list(places)?,
                        Some(("also", places)) => wanted.also = Place::parse_list(places)?,
                        _ => return Err(format!("`{option}` is no option")),
                    }
                }
                self.wanted.push(wanted);
            }
            _ => return Err(format!("cannot read `{}`", words.join(" "))),
        }
        Ok(())
    }

    /// Names that the program does not know, files and lines that the case does not have.
    pub fn mistakes(
        &self,
        files: &[(String, u32)],
        rules: &[String],
        products: &[String],
    ) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut contradictions = Vec::new();
        let mut place = |path: &str, line: u32| match files.iter().find(|(name, _)| name == path) {
            None => mistakes.push(format!("there is no file {path}")),
            Some((_, lines)) if line > *lines => {
                mistakes.push(format!("{path} has {lines} lines, no line {line}"));
            }
            Some(_) => {}
        };
        for wanted in &self.wanted {
            for one in [&wanted.place]
                .into_iter()
                .chain(&wanted.or)
                .chain(&wanted.also)
            {
                place(&one.path, one.line);
            }
        }
        self.noted
            .iter()
            .for_each(|(one, _)| place(&one.path, one.line));
        self.silent.iter().for_each(|path| place(path, 0));
        for path in &self.silent {
            if self.wanted.iter().any(|wanted| wanted.place.path == *path) {
                contradictions.push(format!("{path} is silent and has a finding"));
            }
        }
        for allowed in &self.allowed {
            place(&allowed.path, allowed.line.unwrap_or(0));
        }
        mistakes.append(&mut contradictions);
        let named = self.wanted.iter().map(|wanted| &wanted.rules);
        let named = named.chain(self.noted.iter().map(|(_, rules)| rules));
        let named = named.chain(self.allowed.iter().map(|allowed| &allowed.rules));
        for rule in named.flatten() {
            if !rules.contains(rule) {
                mistakes.push(format!("there is no rule {rule}"));
            }
        }
        for product in self
            .wanted
            .iter()
            .filter_map(|wanted| wanted.product.as_ref())
        {
            if product != NO_PRODUCT && !products.contains(product) {
                mistakes.push(format!("there is no product {product}"));
            }
        }
        mistakes
    }
}

/// One of the values, or open.
fn one_of(text: &str, values: &[&str], open: &str) -> Result<Option<String>, String> {
    if text == open {
        Ok(None)
    } else if values.contains(&text) {
        Ok(Some(text.to_owned()))
    } else {
        Err(format!("`{text}` is none of {}", values.join(", ")))
    }
}

/// What a report has against an `expected.txt`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// The case itself is wrong, or the run failed.
    Broken(String),
    /// A finding that is not there.
    Missing(String),
    /// The finding is there with another level, product or confidence.
    Differs(String),
    /// The flow leaves out a place.
    Flow(String),
    /// A finding that no line names.
    Unexpected(String),
}

impl Failure {
    pub fn kind(&self) -> &'static str {
        match self {
            Failure::Broken(_) => "broken",
            Failure::Missing(_) => "missing",
            Failure::Differs(_) => "differs",
            Failure::Flow(_) => "flow",
            Failure::Unexpected(_) => "unexpected",
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Failure::Broken(text)
            | Failure::Missing(text)
            | Failure::Differs(text)
            | Failure::Flow(text)
            | Failure::Unexpected(text) => text,
        }
    }
}

/// Compares; nothing if all is as expected.
pub fn compare(expected: &Expected, report: &Report) -> Vec<Failure> {
    let findings = &report.findings;
    let mut failures = Vec::new();
    // First what fits in everything; then, for what is left, the right place and rule.
    let mut taken = vec![None; findings.len()];
    assign(expected, findings, &mut taken, |wanted, finding| {
        place_of(wanted, finding).filter(|_| differences(wanted, finding).is_empty())
    });
    assign(expected, findings, &mut taken, |wanted, finding| {
        // A note is no finding with another level: notes are cheap, and stand in many places.
        place_of(wanted, finding).filter(|_| !finding.is_note())
    });

    for (index, wanted) in expected.wanted.iter().enumerate() {
        let finding = taken.iter().position(|taken| *taken == Some(index));
        let Some(finding) = finding.and_then(|position| findings.get(position)) else {
            let is_noted = findings
                .iter()
                .any(|finding| finding.is_note() && place_of(wanted, finding).is_some());
            let hint = if is_noted { " (a note only)" } else { "" };
            failures.push(Failure::Missing(format!("{wanted}{hint}")));
            continue;
        };
        let differences = differences(wanted, finding);
        if !differences.is_empty() {
            failures.push(Failure::Differs(format!(
                "{wanted}: {}",
                differences.join(", ")
            )));
        }
        for place in &wanted.also {
            let in_flow = finding.flow.iter().any(|step| {
                step.path == place.path && step.range.distance(place.line) <= TOLERANCE
            });
            if !in_flow
                && !findings
                    .iter()
                    .any(|finding| place.distance(finding).is_some())
            {
                failures.push(Failure::Flow(format!("{wanted}: nothing leads to {place}")));
            }
        }
    }
    for (place, rules) in &expected.noted {
        let found = findings
            .iter()
            .any(|finding| rules.contains(&finding.rule) && place.distance(finding).is_some());
        if !found {
            failures.push(Failure::Missing(format!(
                "{place} {} note",
                rules.join("|")
            )));
        }
    }
    for (finding, taken) in findings.iter().zip(&taken) {
        if taken.is_none() && !finding.is_note() && !is_allowed(expected, finding) {
            failures.push(Failure::Unexpected(finding.to_string()));
        }
    }
    failures
}

/// How far a finding of a wanted rule lies from the nearest place where it may stand.
fn place_of(wanted: &Wanted, finding: &Finding) -> Option<u32> {
    if !wanted.rules.contains(&finding.rule) {
        return None;
    }
    let main = wanted.place.distance(finding);
    let other = wanted
        .or
        .iter()
        .filter_map(|place| place.distance(finding))
        .min();
    // The first place is meant where both fit.
    main.map(|distance| distance * 2)
        .into_iter()
        .chain(other.map(|distance| distance * 2 + 1))
        .min()
}

/// What stands for the product of a finding that tells none.
const NO_PRODUCT: &str = "none";

fn differences(wanted: &Wanted, finding: &Finding) -> Vec<String> {
    let no_product = NO_PRODUCT.to_owned();
    let product = finding.product.as_ref().unwrap_or(&no_product);
    let fields = [
        ("level", &wanted.level, Some(&finding.level)),
        ("product", &wanted.product, Some(product)),
        ("confidence", &wanted.confidence, Some(&finding.confidence)),
    ];
    fields
        .into_iter()
        .filter_map(|(name, wanted, found)| {
            let wanted = wanted.as_ref()?;
            (Some(wanted) != found).then(|| {
                let found = found.map_or(NO_PRODUCT, String::as_str);
                format!("{name} is {found}, not {wanted}")
            })
        })
        .collect()
}

/// `may` and `note` lines.
fn is_allowed(expected: &Expected, finding: &Finding) -> bool {
    let by_may = expected.allowed.iter().any(|allowed| {
        allowed.path == finding.path
            && allowed
                .line
                .is_none_or(|line| finding.range.distance(line) <= TOLERANCE)
            && (allowed.rules.is_empty() || allowed.rules.contains(&finding.rule))
    });
    let by_note = expected
        .noted
        .iter()
        .any(|(place, rules)| rules.contains(&finding.rule) && place.distance(finding).is_some());
    by_may || by_note
}

/// Gives as many wanted lines as possible a finding of their own, nearest first; `taken` says for each finding
/// which line has it. What is taken before stays so.
fn assign(
    expected: &Expected,
    findings: &[Finding],
    taken: &mut [Option<usize>],
    fits: impl Fn(&Wanted, &Finding) -> Option<u32>,
) {
    let choices: Vec<Vec<usize>> = expected
        .wanted
        .iter()
        .map(|wanted| {
            let mut choices: Vec<(u32, usize)> = findings
                .iter()
                .enumerate()
                .filter_map(|(index, finding)| Some((fits(wanted, finding)?, index)))
                .collect();
            choices.sort_unstable();
            choices.into_iter().map(|(_, index)| index).collect()
        })
        .collect();
    let before: Vec<bool> = taken.iter().map(Option::is_some).collect();
    for wanted in 0..choices.len() {
        if !taken.contains(&Some(wanted)) {
            give(wanted, &choices, taken, &mut before.clone());
        }
    }
}

/// Finds a free finding for a line, if need be by moving other lines to their other choices.
fn give(
    wanted: usize,
    choices: &[Vec<usize>],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for &finding in &choices[wanted] {
        if std::mem::replace(&mut tried[finding], true) {
            continue;
        }
        if taken[finding].is_none_or(|other| give(other, choices, taken, tried)) {
            taken[finding] = Some(wanted);
            return true;
        }
    }
    false
}
