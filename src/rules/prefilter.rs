//! The few literals that a file has to contain before anything is decoded or parsed.
//!
//! Owns their derivation from the rules: every rule that can begin a finding names a text without which it
//! cannot match, and what contains another one is left out. It must not know how files are searched.

use super::model::{EndpointGroup, Matcher, Rules};
use super::problem::Problem;

/// Searching for many literals costs more than reading the files; see the design's measurements.
const MOST: usize = 24;
/// A shorter literal is in every other file.
const SHORTEST: usize = 4;

/// A text that has to be in a file for something to match, and what needs it.
struct Need {
    literal: String,
    /// Name of the file within a folder of rules: `products/desk.toml`.
    file: String,
    reason: String,
}

/// Lower-case literals, sorted; a file that can begin a finding contains at least one of them, in any case.
pub fn prefilter_literals(rules: &Rules) -> Vec<String> {
    let mut literals: Vec<String> = needs(rules).into_iter().map(|need| need.literal).collect();
    literals.sort_by_key(|literal| (literal.len(), literal.clone()));
    let mut kept: Vec<String> = Vec::new();
    for literal in literals {
        if !kept.iter().any(|shorter| literal.contains(shorter)) {
            kept.push(literal);
        }
    }
    kept.sort();
    kept
}

/// Refuses rules that have no literal to search for, and too many different ones.
pub(super) fn check(rules: &Rules, problems: &mut Vec<Problem>) {
    let mut refuse = |file: String, message: String, help: &str| {
        problems.push(Problem {
            file,
            line: None,
            message,
            help: help.to_string(),
        });
    };
    for need in needs(rules) {
        if need.literal.len() < SHORTEST {
            refuse(
                need.file,
                format!(
                    "{} has no literal of {SHORTEST} characters or more to search files for",
                    need.reason
                ),
                "use a longer, more particular name",
            );
        }
    }
    let names = site_names(rules);
    for detection in &rules.detections {
        for matcher in &detection.matchers {
            let Matcher::Setting { keys, .. } = matcher else {
                continue;
            };
            for key in keys {
                let key = key.to_ascii_lowercase();
                if !names.iter().any(|name| key.contains(name)) {
                    refuse(
                        format!("detections/{}.toml", detection.id),
                        format!("the key `{key}` of {} names no Zoho site", detection.id),
                        "put it in weak-keys, which count only beside the word zoho",
                    );
                }
            }
        }
    }
    let literals = prefilter_literals(rules);
    if literals.len() > MOST {
        refuse(
            "rules".to_string(),
            format!(
                "files would be searched for {} literals, more than {MOST}: {}",
                literals.len(),
                literals.join(", ")
            ),
            "name things by a text that contains one of the others, such as zoho",
        );
    }
}

fn needs(rules: &Rules) -> Vec<Need> {
    let mut all = Vec::new();
    let mut need = |file: &str, literal: &str, reason: String| {
        all.push(Need {
            literal: literal.to_ascii_lowercase(),
            file: file.to_string(),
            reason,
        });
    };
    for center in &rules.data_centers {
        for host in &center.product_domains {
            let name = site_name(host);
            need(
                "oauth/data-centers.toml",
                name,
                format!("the host name `{name}`"),
            );
        }
    }
    for product in &rules.products {
        let file = &format!("products/{}.toml", product.id);
        for host in product.hosts.iter().filter(|host| !host.contains("{tld}")) {
            let name = site_name(host);
            need(file, name, format!("the host name `{name}`"));
        }
        let companions = product
            .companion_headers
            .iter()
            .chain(&product.companion_parameters);
        for companion in companions.filter(|companion| companion.proves) {
            need(file, &companion.name, format!("`{}`", companion.name));
        }
        for legacy in product.legacy.iter().filter(|legacy| legacy.distinctive) {
            for path in &legacy.paths {
                need(file, path_literal(path), format!("the path `{path}`"));
            }
        }
    }
    for detection in &rules.detections {
        for matcher in &detection.matchers {
            for literal in matcher_literals(matcher) {
                let file = &format!("detections/{}.toml", detection.id);
                need(file, literal, format!("`{literal}` of {}", detection.id));
            }
        }
    }
    for sdk in &rules.sdks {
        for name in sdk.imports.iter().chain(&sdk.package) {
            need("sdks.toml", name, format!("the package `{name}`"));
        }
    }
    all
}

/// What a matcher cannot do without, where that is not a Zoho host or product near it.
fn matcher_literals(matcher: &Matcher) -> Vec<&str> {
    let literals: &[String] = match matcher {
        Matcher::Header { schemes, .. } => schemes,
        Matcher::Parameter {
            names,
            needs_zoho: false,
        } => names,
        Matcher::Endpoint {
            group: EndpointGroup::Paths,
            paths,
        } => paths,
        // A word with separators counts only beside the name of a site.
        Matcher::Mention { words } => {
            let whole = words
                .iter()
                .filter(|word| !word.contains(['-', '_', '.', '/', ' ']));
            return whole.map(String::as_str).collect();
        }
        _ => &[],
    };
    literals.iter().map(String::as_str).collect()
}

/// The names of the sites: `zoho` of `desk.zoho.com`. The rest of a host is often put together when the
/// program runs (`"https://crm.zoho." + domain`).
pub(super) fn site_names(rules: &Rules) -> Vec<String> {
    let domains = rules
        .data_centers
        .iter()
        .flat_map(|center| &center.product_domains);
    let hosts = rules
        .products
        .iter()
        .flat_map(|product| &product.hosts)
        .filter(|host| !host.contains("{tld}"));
    let names = domains.chain(hosts).map(|host| site_name(host));
    let mut names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
    names.sort();
    names.dedup();
    names
}

/// The longest label of a host but for its last one; of equal ones that nearest to the end.
fn site_name(host: &str) -> &str {
    let labels = host.rsplit_once('.').map_or(host, |(labels, _)| labels);
    let longest = labels.split('.').max_by_key(|label| label.len());
    longest.unwrap_or(host)
}

/// A path without its first slash and its last segment, which programs tend to add; without wildcards.
pub(super) fn path_literal(path: &str) -> &str {
    let path = path.trim_matches('/');
    let path = path.rsplit('*').next().unwrap_or(path);
    match path.rfind('/') {
        Some(slash) if slash > 0 => &path[..=slash],
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::*;

    #[test]
    fn the_literals_are_few_and_none_contains_another() {
        let literals = prefilter_literals(&load(None).unwrap());
        for wanted in ["zoho", "authtoken", "site24x7", "crm/private/", "crmapi"] {
            assert!(
                literals.iter().any(|literal| literal == wanted),
                "{literals:?}"
            );
        }
        assert!(literals.len() <= 10, "{literals:?}");
        for one in &literals {
            assert!(
                !literals
                    .iter()
                    .any(|other| other != one && one.contains(other.as_str()))
            );
            assert_eq!(one, &one.to_ascii_lowercase());
        }
    }

    #[test]
    fn every_need_is_covered_and_every_hit_example_contains_a_literal() {
        let rules = load(None).unwrap();
        let literals = prefilter_literals(&rules);
        let covered = |text: &str| {
            let text = text.to_ascii_lowercase();
            literals
                .iter()
                .any(|literal| text.contains(literal.as_str()))
        };
        for need in needs(&rules) {
            assert!(covered(&need.literal), "{}", need.reason);
        }
        for product in &rules.products {
            for host in &product.hosts {
                assert!(covered(&host.replace("{tld}", "zoho.com")), "{host}");
            }
            for name in &product.names {
                assert!(covered(name) || name == "zcrm", "{name}");
            }
        }
        for detection in &rules.detections {
            for example in &detection.example {
                if example.kind == super::super::model::ExampleKind::Hit {
                    assert!(covered(&example.code), "{}: {}", detection.id, example.code);
                }
            }
        }
    }

    #[test]
    fn a_path_gives_what_programs_do_not_split() {
        assert_eq!(path_literal("/crm/private/json"), "crm/private/");
        assert_eq!(path_literal("/api/*/records/list"), "/records/");
        assert_eq!(path_literal("/single"), "single");
    }
}
