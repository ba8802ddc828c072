//! The endpoints of one product, and the one that a request goes to.
//!
//! Owns the format of `rules/scopes/*.json` and the comparison of paths. It must not know which scopes are chosen.

use super::solve::Spellings;
use super::{Need, Specification};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// What stands for an unknown part of a URL.
const HOLE: &str = "{}";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: Source,
    #[serde(rename = "product")]
    _product: String,
    base: Vec<String>,
    endpoints: Vec<Endpoint>,
}

/// Zoho's own address, where there is a public one, and the repository that the text stands in.
#[derive(Debug, Deserialize)]
struct Source {
    #[serde(default)]
    url: Option<String>,
    repo: String,
    version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoint {
    method: String,
    path: String,
    operation: String,
    scopes: Vec<String>,
    #[serde(rename = "match")]
    belong: Belong,
    #[serde(default)]
    groups: Vec<Vec<String>>,
    #[serde(rename = "confidence")]
    _confidence: String,
}

/// How the scopes of an endpoint belong together.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Belong {
    All,
    Any,
    Mixed,
    None,
    Unknown,
}

#[derive(Debug)]
pub(super) struct Table {
    pub specification: Specification,
    /// The segments before the path of an endpoint.
    bases: Vec<Vec<String>>,
    endpoints: Vec<Endpoint>,
    /// By method and number of segments.
    index: HashMap<(String, usize), Vec<usize>>,
}

impl Table {
    pub fn read(text: &str) -> Result<Table, serde_json::Error> {
        let mut file: File = serde_json::from_str(text)?;
        spell_alike(&mut file.endpoints);
        let mut index: HashMap<(String, usize), Vec<usize>> = HashMap::new();
        for (at, endpoint) in file.endpoints.iter().enumerate() {
            index
                .entry((endpoint.method.clone(), segments(&endpoint.path).len()))
                .or_default()
                .push(at);
        }
        Ok(Table {
            specification: Specification {
                place: file.source.url.unwrap_or(file.source.repo),
                version: file.source.version,
            },
            bases: file
                .base
                .iter()
                .map(|base| {
                    let path = path_of(base);
                    segments(path).into_iter().map(str::to_string).collect()
                })
                .collect(),
            endpoints: file.endpoints,
            index,
        })
    }

    /// A specification names one of `PUT` and `PATCH`; both update, and need the same.
    pub fn need(&self, method: &str, url: &str) -> Option<Need> {
        let other = match method {
            "PUT" => "PATCH",
            "PATCH" => "PUT",
            _ => return self.need_of(method, url),
        };
        self.need_of(method, url)
            .or_else(|| self.need_of(other, url))
    }

    fn need_of(&self, method: &str, url: &str) -> Option<Need> {
        let all = segments(path_of(url));
        let path = self.bases.iter().find_map(|base| {
            let fits = all.len() >= base.len()
                && base.iter().zip(&all).all(|(known, is)| is_same(known, is));
            fits.then(|| all.get(base.len()..)).flatten()
        })?;
        // The first segment names the resource: without it any of them may be meant.
        if path.first()?.contains(HOLE) {
            return None;
        }
        let list = self.index.get(&(method.to_string(), path.len()))?;
        let mut best: Vec<&Endpoint> = Vec::new();
        let mut most = 0;
        for at in list {
            let endpoint = self.endpoints.get(*at)?;
            let Some(score) = score(&segments(&endpoint.path), path) else {
                continue;
            };
            if score > most {
                best.clear();
                most = score;
            }
            if score == most {
                best.push(endpoint);
            }
        }
        let needs: BTreeSet<Option<Vec<Vec<String>>>> = best
            .iter()
            .map(|endpoint| endpoint.groups_for(path))
            .collect();
        // Two operations that share method and path are one as long as they need the same.
        if needs.len() != 1 {
            return None;
        }
        Some(Need {
            groups: needs.into_iter().next()??,
            operation: best.first()?.operation.clone(),
        })
    }
}

impl Endpoint {
    fn listed(&self) -> impl Iterator<Item = &String> {
        self.scopes.iter().chain(self.groups.iter().flatten())
    }

    /// One scope of each group is needed. `None` where the specification says nothing, or a scope has a hole that
    /// the path does not fill.
    fn groups_for(&self, path: &[&str]) -> Option<Vec<Vec<String>>> {
        let fill = |scope: &String| self.filled(scope, path);
        match self.belong {
            Belong::All => self
                .scopes
                .iter()
                .map(|scope| Some(vec![fill(scope)?]))
                .collect(),
            Belong::Any => {
                let group: Vec<String> = self.scopes.iter().filter_map(fill).collect();
                (!group.is_empty()).then(|| vec![group])
            }
            Belong::Mixed => self
                .groups
                .iter()
                .map(|group| {
                    let group: Vec<String> = group.iter().filter_map(fill).collect();
                    (!group.is_empty()).then_some(group)
                })
                .collect(),
            Belong::None => Some(Vec::new()),
            Belong::Unknown => None,
        }
    }

    fn filled(&self, scope: &str, path: &[&str]) -> Option<String> {
        let Some((before, rest)) = scope.split_once('{') else {
            return Some(scope.to_string());
        };
        let (name, after) = rest.split_once('}')?;
        let wanted = format!("{{{name}}}");
        let at = segments(&self.path)
            .iter()
            .position(|segment| segment.eq_ignore_ascii_case(&wanted))?;
        let value = path.get(at)?;
        (!value.contains(HOLE)).then(|| format!("{before}{}{after}", value.to_ascii_lowercase()))
    }
}

/// One spelling for each scope of a table, so that the same scope is the same text wherever it is shown.
fn spell_alike(endpoints: &mut [Endpoint]) {
    let written: Vec<String> = endpoints
        .iter()
        .flat_map(Endpoint::listed)
        .cloned()
        .collect();
    let mut spellings = Spellings::default();
    for scope in &written {
        spellings.take(scope);
    }
    for endpoint in endpoints {
        let groups = endpoint.groups.iter_mut().flatten();
        for scope in endpoint.scopes.iter_mut().chain(groups) {
            *scope = spellings.of(scope).to_string();
        }
    }
}

/// The path of a URL without query and fragment; of a template whose host is unknown as well.
fn path_of(url: &str) -> &str {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = url.get(..end).unwrap_or(url);
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/')
        .and_then(|at| rest.get(at..))
        .unwrap_or_default()
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .collect()
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// `v8`, `v1.1`: tables have one version of an interface, whose scopes are those of the others.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix(['v', 'V']).is_some_and(|number| {
        !number.is_empty()
            && number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

fn is_same(known: &str, is: &str) -> bool {
    known.eq_ignore_ascii_case(is) || is_version(known) && is_version(is)
}

/// How well a path fits, in segments that are the same word; `None` if it does not, or if none is: parameters alone
/// fit everything, so they say nothing of the request. What is not known of a path may be a parameter, not a word.
fn score(known: &[&str], is: &[&str]) -> Option<usize> {
    let mut score = 0;
    for (known, is) in known.iter().zip(is) {
        if is_same(known, is) {
            score += 1;
        } else if !is_parameter(known) {
            return None;
        }
    }
    (score > 0).then_some(score)
}
