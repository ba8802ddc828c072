//! Client libraries: their use in code and their entry in a manifest.

use super::Matching;
use super::candidate::{Candidate, way, way_of_part};
use super::sent::{Sent, SentAs};
use crate::facts::SdkUse;
use crate::finding::Confidence;
use crate::flow::value::{Alternative, Role};
use crate::rules::model::{Level, Matcher, Sdk, SdkCall};

impl<'r> Matching<'_, 'r> {
    pub(super) fn packages(&self, found: &mut Vec<Candidate<'r>>) {
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                match matcher {
                    Matcher::Sdk {} => {
                        for usage in &self.facts.sdk_uses {
                            for sdk in &self.knowledge.rules.sdks {
                                self.sdk_use(rule, usage, sdk, found);
                            }
                        }
                    }
                    Matcher::Dependency { level, .. } => self.dependencies(rule, *level, found),
                    _ => {}
                }
            }
        }
    }

    fn sdk_use(
        &self,
        rule: &'r crate::rules::model::Detection,
        usage: &SdkUse,
        sdk: &'r Sdk,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let from_module = usage.module.as_ref().is_some_and(|module| {
            sdk.imports.iter().any(|known| {
                module == known
                    || module
                        .strip_prefix(known.as_str())
                        .is_some_and(|rest| rest.starts_with(['.', '/', ':']))
                    || known
                        .strip_prefix(module.as_str())
                        .is_some_and(|rest| rest.starts_with('.'))
            })
        });
        let imported = self.imports_any(usage.place.file, &sdk.imports);
        if !from_module && !imported {
            return;
        }
        // Several entries may name one callee, each with another place for the token.
        let fits = |call: &&SdkCall| {
            call.callee
                .iter()
                .any(|callee| callee_fits(callee, &usage.callee, from_module))
        };
        let mut calls = sdk.call.iter().filter(fits);
        let Some((flow, values)) = calls.find_map(|call| token_of(call, usage)) else {
            return;
        };
        if sdk.oauth_from.is_some() && self.uses_oauth_version(sdk) {
            return;
        }
        let mut candidate = Candidate::new(rule, usage.place);
        candidate.confidence = if sdk.oauth_unknown {
            Confidence::Medium
        } else {
            Confidence::High
        };
        let called = usage
            .callee
            .rsplit('.')
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        candidate.product = sdk
            .products
            .iter()
            .find(|id| {
                **id == called
                    || self
                        .knowledge
                        .product(id)
                        .is_some_and(|product| product.words.contains(&called))
            })
            .or_else(|| sdk.products.first())
            .cloned()
            .or_else(|| self.product_at(usage.place));
        candidate.words.insert("name", sdk.name.clone());
        candidate.words.insert("successor", sdk.successor.clone());
        candidate.evidence.push(format!("sdk:{}", sdk.id));
        candidate.evidence.push(format!("callee:{}", usage.callee));
        candidate.carried = flow.iter().map(|step| step.0).collect();
        candidate.sent.extend(
            values
                .iter()
                .filter_map(|value| Sent::within(value, 0..value.template().len(), SentAs::Token)),
        );
        candidate.add_flow(flow);
        if sdk.oauth_unknown {
            candidate.level = Level::Warning;
        }
        found.push(candidate);
    }

    /// Whether a manifest of the project names a version that knows OAuth.
    fn uses_oauth_version(&self, sdk: &Sdk) -> bool {
        let Some(from) = &sdk.oauth_from else {
            return false;
        };
        self.declared(sdk).into_iter().any(|(_, version)| {
            version
                .as_deref()
                .is_some_and(|version| at_least(version, from))
        })
    }

    /// Where manifests name the package, and which version.
    fn declared(&self, sdk: &Sdk) -> Vec<(&crate::facts::Setting, Option<String>)> {
        // Without a registry the name of the repository is the name of what builds from it.
        let package = match (&sdk.package, sdk.registry.as_str()) {
            (Some(package), _) => package,
            (None, "source") => &sdk.id,
            _ => return Vec::new(),
        };
        let mut declared = Vec::new();
        for setting in &self.facts.settings {
            let path = self.path(setting.key_place.file);
            let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            let value = setting.value.as_ref().and_then(Alternative::constant);
            let found = match sdk.registry.as_str() {
                "npm" if file == "package.json" => setting
                    .key
                    .strip_suffix(package.as_str())
                    .is_some_and(|section| section.to_ascii_lowercase().ends_with("dependencies.")),
                "npm" if file == "package-lock.json" || file == "npm-shrinkwrap.json" => {
                    setting.key == format!("dependencies.{package}.version")
                        || setting.key == format!("packages.node_modules/{package}.version")
                }
                "crates" if file == "cargo.lock" => {
                    setting.key.starts_with("package.")
                        && setting.key.ends_with(".name")
                        && value.as_deref() == Some(package)
                }
                // Under another name: `tracker = { package = "…", version = "…" }`.
                "crates"
                    if file == "cargo.toml"
                        && setting.key.ends_with(".package")
                        && setting.key.contains("dependencies.") =>
                {
                    value.as_deref() == Some(package)
                }
                "crates" if file == "cargo.toml" => {
                    setting.key.strip_suffix(package.as_str()).map_or_else(
                        || {
                            setting
                                .key
                                .strip_suffix(&format!("{package}.version"))
                                .is_some_and(|section| section.ends_with("dependencies."))
                        },
                        |section| section.ends_with("dependencies."),
                    )
                }
                "packagist" if file == "composer.json" => {
                    setting.key == format!("require.{package}")
                        || setting.key == format!("require-dev.{package}")
                }
                "maven" | "source" if file == "pom.xml" => {
                    let artifact = package.rsplit(':').next().unwrap_or(package);
                    setting.key.ends_with(".artifactId") && value.as_deref() == Some(artifact)
                }
                _ => false,
            };
            if !found {
                continue;
            }
            let version = match setting.key.rsplit_once('.') {
                Some((owner, "artifactId" | "name" | "package")) => {
                    let sibling = format!("{owner}.version");
                    self.facts
                        .settings
                        .iter()
                        .find(|other| {
                            other.key == sibling && other.key_place.file == setting.key_place.file
                        })
                        .and_then(|other| other.value.as_ref().and_then(Alternative::constant))
                }
                _ => value,
            };
            declared.push((setting, version));
        }
        declared
    }

    /// `group:artifact:version` of a Gradle build file.
    fn gradle(
        &self,
        rule: &'r crate::rules::model::Detection,
        level: Option<Level>,
        found: &mut Vec<Candidate<'r>>,
    ) {
        for text in &self.facts.texts {
            let path = self.path(text.place.file);
            if !path.ends_with(".gradle") && !path.ends_with(".gradle.kts") {
                continue;
            }
            let Some(coordinates) = text.text.first().and_then(Alternative::constant) else {
                continue;
            };
            let parts: Vec<&str> = coordinates.split(':').collect();
            let Some(artifact) = parts.get(1) else {
                continue;
            };
            for sdk in &self.knowledge.rules.sdks {
                let wanted = sdk.package.as_deref().unwrap_or(&sdk.id);
                if !matches!(sdk.registry.as_str(), "maven" | "source")
                    || wanted.rsplit(':').next() != Some(*artifact)
                {
                    continue;
                }
                if let (Some(version), Some(from)) = (parts.get(2), &sdk.oauth_from)
                    && at_least(version, from)
                {
                    continue;
                }
                found.push(dependency(rule, level, sdk, text.place));
            }
        }
    }

    fn dependencies(
        &self,
        rule: &'r crate::rules::model::Detection,
        level: Option<Level>,
        found: &mut Vec<Candidate<'r>>,
    ) {
        self.gradle(rule, level, found);
        for sdk in &self.knowledge.rules.sdks {
            for (setting, version) in self.declared(sdk) {
                if let (Some(version), Some(from)) = (&version, &sdk.oauth_from)
                    && at_least(version, from)
                {
                    continue;
                }
                let mut candidate = dependency(rule, level, sdk, setting.key_place);
                if let Some(place) = setting.value_place {
                    candidate.add_flow([(place, Role::Setting)]);
                }
                found.push(candidate);
            }
        }
    }
}

fn dependency<'r>(
    rule: &'r crate::rules::model::Detection,
    level: Option<Level>,
    sdk: &Sdk,
    place: crate::flow::value::Place,
) -> Candidate<'r> {
    let mut candidate = Candidate::new(rule, place);
    candidate.level = level.unwrap_or(rule.level);
    candidate.confidence = if sdk.oauth_unknown {
        Confidence::Medium
    } else {
        Confidence::High
    };
    candidate.product = sdk.products.first().cloned();
    candidate.words.insert("name", sdk.name.clone());
    candidate.words.insert("successor", sdk.successor.clone());
    candidate.evidence.push(format!("dependency:{}", sdk.id));
    candidate
}

fn callee_fits(wanted: &str, callee: &str, from_module: bool) -> bool {
    if wanted == callee {
        return true;
    }
    let simple = |name: &str| {
        name.trim_start_matches("new ")
            .rsplit('.')
            .next()
            .unwrap_or("")
            .to_string()
    };
    if let Some(method) = wanted.strip_prefix('.') {
        return !callee.starts_with("new ") && simple(callee) == method;
    }
    if wanted.starts_with("new ") != callee.starts_with("new ") {
        return false;
    }
    // The module itself has whatever name its importer gives it.
    from_module
        && (simple(wanted) == simple(callee) || !wanted.trim_start_matches("new ").contains('.'))
}

/// The way of the token into the call; `None` if the call has none.
fn token_of<'u>(
    call: &SdkCall,
    usage: &'u SdkUse,
) -> Option<(Vec<crate::facts::Step>, &'u [Alternative])> {
    if let Some(option) = &call.option
        && let Some(part) = usage.options.iter().find(|part| part.is_named(option))
    {
        let mut flow = vec![(part.place, Role::Passed)];
        flow.extend(way_of_part(part));
        return Some((flow, &part.value));
    }
    let index = call.argument?;
    let position = if index < 0 {
        usage
            .arguments
            .len()
            .checked_sub(index.unsigned_abs() as usize)?
    } else {
        index as usize
    };
    let argument = usage.arguments.get(position)?;
    Some((way(argument), argument))
}

/// Whether a version requirement begins at this version or later: compared number by number.
fn at_least(version: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.trim_start_matches(|character: char| !character.is_ascii_digit())
            .split(|character: char| !character.is_ascii_digit() && character != '.')
            .next()
            .unwrap_or("")
            .split('.')
            .filter_map(|number| number.parse().ok())
            .collect()
    };
    let (have, want) = (numbers(version), numbers(wanted));
    let longest = have.len().max(want.len());
    let padded = |mut numbers: Vec<u64>| {
        numbers.resize(longest, 0);
        numbers
    };
    !have.is_empty() && padded(have) >= padded(want)
}
