//! From candidates to findings: positions, texts, dates, excerpts.
//!
//! Owns the wording that is put together from rules and candidates. It must not know syntax beyond the names
//! around a place, nor output formats.

use super::load::{Files, Loaded, position};
use super::symbols::Symbols;
use crate::finding::{
    Confidence, Credential, Finding, Fix, FlowStep, Identity, PathClass, Range, excerpt, path_class,
};
use crate::flow::Unit;
use crate::flow::value::{Place, Role};
use crate::redact;
use crate::rules::deadline;
use crate::rules::matching::{Candidate, Knowledge, SentLiterals, sent_literals};
use crate::rules::model::Level;
use crate::rules::scopes;
use crate::scan::LineIndex;
use crate::syntax::tree::Language;
use jiff::civil::Date;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A flow with more steps is cut: nobody reads it.
const MOST_STEPS: usize = 40;

/// Makes findings of candidates.
pub struct Maker<'a, 'r> {
    pub files: &'a Files,
    pub units: &'a [Rc<Unit>],
    pub knowledge: &'a Knowledge<'r>,
    pub today: Date,
    /// From the report root to the repository's root, for fingerprints: what stands before every path.
    pub repository_prefix: String,
}

/// What all findings of one file need of it, made once and only for files that have some.
struct Surroundings<'a> {
    loaded: &'a Loaded,
    class: PathClass,
    index: LineIndex<'a>,
    is_bundle: bool,
}

impl<'a> Surroundings<'a> {
    fn new(path: &str, loaded: &'a Loaded) -> Surroundings<'a> {
        let head: Vec<u8> = loaded.text.bytes().take(4096).collect();
        Surroundings {
            loaded,
            class: path_class::classify(path, Some(&head)),
            index: LineIndex::new(&loaded.text),
            is_bundle: is_bundle(&loaded.text),
        }
    }

    fn range(&self, place: Place) -> Range {
        Range {
            start: position(&self.loaded.source, &self.index, place.span.start),
            end: position(&self.loaded.source, &self.index, place.span.end),
        }
    }
}

/// By path.
type Indices<'a> = HashMap<&'a str, OnceCell<Surroundings<'a>>>;

impl<'a> Maker<'a, '_> {
    /// One for each candidate, if it can be shown. `fixes` belong to the candidates in their order; there may be none at all.
    pub fn findings(
        &self,
        candidates: Vec<Candidate<'_>>,
        fixes: Vec<Option<Fix>>,
    ) -> Vec<Option<Finding>> {
        let indices: Indices<'a> = self
            .files
            .loaded
            .keys()
            .map(|path| (path.as_str(), OnceCell::new()))
            .collect();
        let symbols: Vec<OnceCell<Symbols>> = self.units.iter().map(|_| OnceCell::new()).collect();
        let sent = sent_literals(&candidates, self.units);
        candidates
            .into_iter()
            .zip(fixes.into_iter().chain(std::iter::repeat_with(|| None)))
            .map(|(candidate, fix)| {
                let mut finding = self.finding(candidate, &indices, &symbols, &sent)?;
                finding.fix = fix;
                Some(finding)
            })
            .collect()
    }

    fn around<'i>(&self, path: &str, indices: &'i Indices<'a>) -> Option<&'i Surroundings<'a>> {
        let (path, loaded) = self.files.loaded.get_key_value(path)?;
        let cell = indices.get(path.as_str())?;
        Some(cell.get_or_init(|| Surroundings::new(path, loaded)))
    }

    fn finding(
        &self,
        candidate: Candidate<'_>,
        indices: &Indices<'a>,
        symbols: &[OnceCell<Symbols>],
        sent: &SentLiterals<'_>,
    ) -> Option<Finding> {
        let file = candidate.place.file as usize;
        let unit = self.units.get(file)?;
        let around = self.around(&unit.path, indices)?;
        let loaded = around.loaded;
        let range = around.range(candidate.place);
        let class = around.class;
        let mut level = candidate.level;
        let mut confidence = candidate.confidence;
        match class {
            PathClass::Vendored => level = Level::Note,
            // Compiled output beside its source has to be built anew; bundles are nobody's to repair.
            PathClass::Generated if around.is_bundle => level = Level::Note,
            PathClass::Generated => level = level.min(Level::Warning),
            _ => {}
        }
        if unit_is_documentation(loaded.language) && candidate.secret.is_none() {
            level = level.min(Level::Warning);
        }
        if matches!(class, PathClass::Docs) {
            confidence = confidence.min(Confidence::Medium);
        }
        let steps = self.steps(&candidate, indices);
        let labels: Vec<(std::ops::Range<usize>, String)> = candidate
            .flow
            .iter()
            .filter(|step| {
                self.units
                    .get(step.0.file as usize)
                    .is_some_and(|other| other.path == unit.path)
                    && !step.0.span.contains(candidate.place.span)
                    && !candidate.place.span.contains(step.0.span)
            })
            .take(6)
            .map(|(place, role)| {
                (
                    place.span.start as usize..place.span.end as usize,
                    role_text(*role).to_string(),
                )
            })
            .collect();
        let secrets: Vec<std::ops::Range<usize>> = candidate
            .secret
            .iter()
            .map(|_| candidate.place.span.start as usize..candidate.place.span.end as usize)
            .chain(near(sent.get(unit.path.as_str()), candidate.place))
            .collect();
        let excerpt = excerpt::make(
            &loaded.text,
            candidate.place.span.start as usize..candidate.place.span.end as usize,
            range.start,
            &labels,
            &secrets,
        );
        let legacy = candidate.legacy.as_ref().and_then(|(product, id)| {
            self.knowledge
                .product(product)?
                .legacy
                .iter()
                .find(|legacy| legacy.id == *id)
        });
        let deadline = deadline::deadline_of(
            self.knowledge.rules,
            candidate.product.as_deref(),
            legacy.is_some(),
            legacy,
            self.today,
        );
        let message = self.fill(&candidate.rule.message, &candidate);
        let help = match legacy {
            Some(legacy) => format!(
                "{} {}",
                self.fill(&candidate.rule.help, &candidate),
                legacy.note
            ),
            None => self.fill(&candidate.rule.help, &candidate),
        };
        let credential = candidate.secret.as_ref().map(|secret| Credential {
            mask: secret.mask(),
            digest: secret.digest(),
            tracked: loaded.tracked,
        });
        Some(Finding {
            rule: candidate.rule.id.clone(),
            level,
            confidence,
            product: candidate.product.clone(),
            path: unit.path.clone(),
            range,
            message,
            help,
            path_class: class,
            language: unit.language().name().to_string(),
            deadline,
            scopes: scopes(&candidate),
            data_center: candidate.data_center.clone(),
            flow: steps,
            fix: None,
            fingerprint: String::new(),
            credential,
            excerpt,
            identity: Identity {
                path: format!("{}{}", self.repository_prefix, unit.path),
                symbol: symbols
                    .get(file)?
                    .get_or_init(|| Symbols::of(&unit.tree))
                    .at(candidate.place.span),
                evidence: candidate.evidence.clone(),
            },
        })
    }

    fn steps(&self, candidate: &Candidate<'_>, indices: &Indices<'a>) -> Vec<FlowStep> {
        let mut steps: Vec<FlowStep> = Vec::new();
        for (place, role) in &candidate.flow {
            if *place == candidate.place {
                continue;
            }
            let Some(unit) = self.units.get(place.file as usize) else {
                continue;
            };
            let Some(around) = self.around(&unit.path, indices) else {
                continue;
            };
            // What names a whole file or class says nothing.
            let slice = unit.slice(place.span);
            if slice.is_empty() || slice.bytes().filter(|byte| *byte == b'\n').count() > 20 {
                continue;
            }
            let step = FlowStep {
                path: unit.path.clone(),
                range: around.range(*place),
                role: role_text(*role).to_string(),
            };
            let repeats = steps.iter().any(|known| {
                known.path == step.path
                    && known.range.start.line == step.range.start.line
                    && known.role == step.role
            });
            if !repeats {
                steps.push(step);
            }
            if steps.len() >= MOST_STEPS {
                break;
            }
        }
        steps
    }

    fn fill(&self, template: &str, candidate: &Candidate<'_>) -> String {
        let product = candidate
            .product
            .as_deref()
            .and_then(|id| self.knowledge.product(id))
            .map_or_else(|| "Zoho".to_string(), |product| product.name.clone());
        let mut text = template.replace("{product}", &product);
        for (word, value) in &candidate.words {
            text = text.replace(&format!("{{{word}}}"), &redact::mask_excerpt(value));
        }
        for (word, default) in [
            ("{host}", "Zoho"),
            ("{name}", "authtoken"),
            ("{scheme}", "Zoho-authtoken"),
            ("{successor}", "its successor"),
        ] {
            text = text.replace(word, default);
        }
        text
    }
}

/// Minified or bundled code: very long lines.
fn is_bundle(text: &str) -> bool {
    text.lines().any(|line| line.len() > 2_000)
}

/// Those of the ranges, which are sorted, that an excerpt around a place can show.
fn near(
    ranges: Option<&Vec<std::ops::Range<usize>>>,
    place: Place,
) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    /// Bytes before and behind a place, more than any excerpt shows.
    const NEAR: usize = 16 * 1024;
    let from = (place.span.start as usize).saturating_sub(NEAR);
    let to = (place.span.end as usize).saturating_add(NEAR);
    let ranges = ranges.map(Vec::as_slice).unwrap_or_default();
    let first = ranges.partition_point(|range| range.start < from);
    ranges
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(move |range| range.start < to)
        .cloned()
}

fn unit_is_documentation(language: Language) -> bool {
    language == Language::Markdown
}

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Literal => "written here",
        Role::Bound => "bound to a name",
        Role::Declared => "declared here",
        Role::Stored => "stored here",
        Role::Passed => "passed on",
        Role::Parameter => "received as a parameter",
        Role::Returned => "returned",
        Role::Read => "read from the settings",
        Role::Setting => "defined in the settings",
        Role::Sent => "put into the request",
        Role::Request => "sent with this request",
        Role::Commented => "used in code that is commented out",
    }
}

/// The scopes that the requests of a finding need; none where no endpoint is known.
fn scopes(candidate: &Candidate<'_>) -> Vec<String> {
    let needs: Vec<scopes::Need> = candidate
        .asked
        .iter()
        .filter_map(|asked| {
            let product = asked.product.as_ref().or(candidate.product.as_ref())?;
            scopes::of_request(product, &asked.method, &asked.url)
        })
        .collect();
    scopes::smallest(&needs)
}
