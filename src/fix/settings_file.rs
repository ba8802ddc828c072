//! The settings file that the helper of a program reads: the one that the program took the old token from.
//!
//! Owns the choice of the file and of the names in it. It must not know how lines of it are written.

use super::placement::{Family, folder_of, join, relative};
use super::{Sources, setting_names};
use crate::facts::{Facts, Setting};
use crate::finding::{PathClass, path_class};
use crate::flow::Unit;
use crate::flow::value::Place;
use crate::rules::helpers::{Helper, Keys, SettingsFile};
use crate::rules::matching::Candidate;
use crate::rules::model::{Level, Matcher};
use crate::syntax::tree::Language;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The file of each family of languages that has just one.
pub(super) struct SettingsFiles {
    by_family: HashMap<Family, Chosen>,
}

/// A file and its names, old and new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub path: String,
    /// The whole key path of the old token.
    pub key: String,
    pub keys: Keys,
}

impl SettingsFiles {
    pub fn new(units: &[Rc<Unit>], facts: &Facts, candidates: &[Candidate<'_>]) -> SettingsFiles {
        let mut settings: HashMap<u32, Vec<&Setting>> = HashMap::new();
        for setting in &facts.settings {
            settings
                .entry(setting.key_place.file)
                .or_default()
                .push(setting);
        }
        // By family, path and place: the first setting of a file comes first.
        let mut seen: BTreeMap<(Family, &str, u32), &Setting> = BTreeMap::new();
        for candidate in candidates.iter().filter(|candidate| is_sink(candidate)) {
            let Some(unit) = units.get(candidate.place.file as usize) else {
                continue;
            };
            let class = path_class::classify(&unit.path, Some(&super::recipe::head(&unit.text)));
            let Some(family) = Family::of(unit.language()) else {
                continue;
            };
            if class != PathClass::Production {
                continue;
            }
            for place in &candidate.carried {
                let Some(file) = units.get(place.file as usize) else {
                    continue;
                };
                if file.is_embedded || format_of(family) != Some(file.language()) {
                    continue;
                }
                let known = settings.get(&place.file);
                if let Some(setting) = known.and_then(|list| holding(list, *place))
                    && !is_sample(&file.path)
                {
                    let start = setting.key_place.span.start;
                    seen.insert((family, file.path.as_str(), start), setting);
                }
            }
        }
        let mut by_family: HashMap<Family, Option<Chosen>> = HashMap::new();
        for ((family, path, _), setting) in seen {
            by_family
                .entry(family)
                // Of several files nobody can say which one the program will have where it runs.
                .and_modify(|chosen| {
                    if chosen.as_ref().is_some_and(|chosen| chosen.path != path) {
                        *chosen = None;
                    }
                })
                .or_insert_with(|| Some(chosen(units, path, setting)));
        }
        SettingsFiles {
            by_family: by_family
                .into_iter()
                .filter_map(|(family, chosen)| Some((family, chosen?)))
                .collect(),
        }
    }

    /// The choice that this file, or the file that it is a sample of, belongs to.
    pub fn of(&self, unit: &Unit) -> Option<&Chosen> {
        self.by_family
            .iter()
            .filter(|(family, _)| format_of(**family) == Some(unit.language()))
            .map(|(_, chosen)| chosen)
            .find(|chosen| chosen.path == unit.path || is_sample(&unit.path))
    }

    /// What the helper at `helper_path` needs to read its settings, if it reads a file at all.
    pub fn for_helper(
        &self,
        helper: Helper,
        helper_path: &str,
        sources: &dyn Sources,
    ) -> Option<SettingsFile> {
        let family = match helper {
            Helper::Java => Family::Java,
            Helper::CommonJs | Helper::EsModule | Helper::TypeScript => Family::JavaScript,
            _ => return None,
        };
        let chosen = self.by_family.get(&family)?;
        let path = match helper {
            Helper::Java => match chosen.path.rsplit_once("/resources/") {
                Some((_, resource)) => resource.to_string(),
                None => in_project(
                    &chosen.path,
                    &["pom.xml", "build.gradle", "build.gradle.kts"],
                    sources,
                ),
            },
            Helper::TypeScript => in_project(&chosen.path, &["package.json"], sources),
            _ => relative(folder_of(helper_path), &chosen.path),
        };
        Some(SettingsFile {
            path,
            keys: chosen.keys.clone(),
        })
    }
}

fn is_sink(candidate: &Candidate<'_>) -> bool {
    candidate.level >= Level::Warning
        && candidate
            .rule
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Header { .. } | Matcher::Parameter { .. }))
}

/// What the helpers of a family can read.
fn format_of(family: Family) -> Option<Language> {
    match family {
        Family::Java => Some(Language::Properties),
        Family::JavaScript => Some(Language::Json),
    }
}

fn holding<'s>(settings: &[&'s Setting], place: Place) -> Option<&'s Setting> {
    settings
        .iter()
        .find(|setting| {
            setting.key_place.span.contains(place.span)
                || setting
                    .value_place
                    .is_some_and(|value| value.span.contains(place.span))
        })
        .copied()
}

fn chosen(units: &[Rc<Unit>], path: &str, setting: &Setting) -> Chosen {
    let written = units
        .get(setting.key_place.file as usize)
        .map_or("", |unit| unit.slice(setting.key_place.span))
        .trim_matches(['"', '\'']);
    // In JSON the key is the last name of the path, in properties the whole of it.
    let is_whole = written.len() >= setting.key.len();
    let last = if is_whole {
        setting.key.rfind('.').map_or(0, |dot| dot + 1)
    } else {
        setting.key.len() - written.len()
    };
    Chosen {
        path: path.to_string(),
        key: setting.key.clone(),
        keys: setting_names::beside(&setting.key, last),
    }
}

/// Files that show people what to write, and that no program reads.
pub(super) fn is_sample(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.split(['.', '-', '_'])
        .any(|part| matches!(part, "example" | "sample" | "template" | "dist" | "tpl"))
}

/// The path from the folder of the project, in which programs are run.
fn in_project(path: &str, marks: &[&str], sources: &dyn Sources) -> String {
    let mut folder = folder_of(path);
    while !marks.iter().any(|mark| sources.exists(&join(folder, mark))) {
        if folder.is_empty() {
            return path.to_string();
        }
        folder = folder_of(folder);
    }
    path.strip_prefix(folder)
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_told_by_their_names() {
        for path in ["a/config.example.json", "zoho-sample.properties", "x.dist"] {
            assert!(is_sample(path), "{path}");
        }
        for path in ["a/config.json", "examples/config.json", "distance.json"] {
            assert!(!is_sample(path), "{path}");
        }
    }
}
