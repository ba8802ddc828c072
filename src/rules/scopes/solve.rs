//! The scopes to ask for, of many requests together.
//!
//! Owns the choice among alternatives. It must not know endpoints.

use super::Need;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// So many choices are tried before the best so far is taken.
const MOST_CHOICES: usize = 20_000;

/// The fewest scopes that suffice; of sets of one size the one that allows the least. Sorted.
pub fn smallest<'n>(needs: impl IntoIterator<Item = &'n Need>) -> Vec<String> {
    let mut spellings = Spellings::default();
    let mut groups: BTreeSet<Vec<String>> = BTreeSet::new();
    for group in needs.into_iter().flat_map(|need| &need.groups) {
        let mut keys: Vec<String> = Vec::new();
        for scope in group {
            let key = spellings.take(scope);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        // The narrowest first, so that it is found first; among these as the specification lists them.
        keys.sort_by_key(|key| breadth(key));
        groups.insert(keys);
    }
    let mut search = Search {
        best: None,
        tried: 0,
    };
    let groups: Vec<&Vec<String>> = groups.iter().collect();
    search.choose(&groups, &mut Vec::new());
    let mut chosen: Vec<String> = search
        .best
        .unwrap_or_default()
        .iter()
        .map(|key| spellings.of(key).to_string())
        .collect();
    chosen.sort();
    chosen
}

/// Every scope that is listed for any of the requests: always enough. Sorted.
pub fn every<'n>(needs: impl IntoIterator<Item = &'n Need>) -> Vec<String> {
    let mut spellings = Spellings::default();
    for scope in needs
        .into_iter()
        .flat_map(|need| need.groups.iter().flatten())
    {
        spellings.take(scope);
    }
    let mut scopes: Vec<String> = (spellings.0.into_values()).map(str::to_string).collect();
    scopes.sort();
    scopes
}

/// Scopes by what they are without case: specifications mix `READ` and `read`, and Zoho takes both.
#[derive(Default)]
pub(super) struct Spellings<'s>(BTreeMap<String, &'s str>);

impl<'s> Spellings<'s> {
    /// What stands for the scope in every spelling. Zoho's pages write operations in capitals and resources in small
    /// letters, so that spelling is kept.
    pub fn take(&mut self, scope: &'s str) -> String {
        let key = scope.to_ascii_lowercase();
        let kept = self.0.entry(key.clone()).or_insert(scope);
        // Capitals sort before small letters.
        let order = |scope: &'s str| {
            let (resource, operation) = scope.rsplit_once('.')?;
            Some((operation, Reverse(resource)))
        };
        if order(scope) < order(kept) {
            *kept = scope;
        }
        key
    }

    /// The spelling that is kept of a scope.
    pub fn of<'t>(&'t self, scope: &'t str) -> &'t str {
        let key = scope.to_ascii_lowercase();
        self.0.get(&key).copied().unwrap_or(scope)
    }
}

/// How much a scope allows besides what it is asked for.
fn breadth(scope: &str) -> usize {
    let words = || scope.split('.');
    let wide = words().filter(|word| *word == "all").count();
    let is_everything = words().any(|word| word == "fullaccess");
    wide + 2 * usize::from(is_everything)
}

struct Search<'k> {
    best: Option<Vec<&'k str>>,
    tried: usize,
}

impl<'k> Search<'k> {
    fn choose(&mut self, groups: &[&'k Vec<String>], chosen: &mut Vec<&'k str>) {
        self.tried += 1;
        let cost = |set: &[&str]| {
            (
                set.len(),
                set.iter().map(|scope| breadth(scope)).sum::<usize>(),
            )
        };
        if let Some(best) = &self.best
            && (cost(chosen) >= cost(best) || self.tried > MOST_CHOICES)
        {
            return;
        }
        // The group with the fewest alternatives leaves the least to try.
        let open = groups
            .iter()
            .filter(|group| !group.iter().any(|scope| chosen.contains(&scope.as_str())))
            .min_by_key(|group| group.len());
        let Some(group) = open else {
            self.best = Some(chosen.clone());
            return;
        };
        for scope in group.iter() {
            chosen.push(scope);
            self.choose(groups, chosen);
            chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(groups: &[&[&str]]) -> Need {
        Need {
            groups: groups
                .iter()
                .map(|group| group.iter().map(|scope| (*scope).to_string()).collect())
                .collect(),
            operation: String::new(),
        }
    }

    #[test]
    fn one_scope_that_serves_two_requests_is_asked_for_once() {
        let needs = [
            need(&[&["Desk.basic.READ", "Desk.settings.READ"]]),
            need(&[&["Desk.contacts.READ", "Desk.settings.READ"]]),
        ];
        assert_eq!(smallest(&needs), ["Desk.settings.READ"]);
        assert_eq!(
            every(&needs),
            [
                "Desk.basic.READ",
                "Desk.contacts.READ",
                "Desk.settings.READ"
            ]
        );
    }

    #[test]
    fn of_sets_of_one_size_the_narrowest_is_taken() {
        let needs = [need(&[&[
            "ZohoCRM.modules.ALL",
            "ZohoCRM.modules.leads.READ",
        ]])];
        assert_eq!(smallest(&needs), ["ZohoCRM.modules.leads.READ"]);
    }

    #[test]
    fn capitals_make_no_difference() {
        let needs = [need(&[&["a.READ"]]), need(&[&["a.read"]])];
        assert_eq!(smallest(&needs), ["a.READ"]);
        let needs = [
            need(&[&["A.READ"]]),
            need(&[&["a.read"]]),
            need(&[&["a.READ"]]),
        ];
        assert_eq!(smallest(&needs), ["a.READ"]);
        assert_eq!(every(&needs), ["a.READ"]);
    }

    #[test]
    fn requests_without_scopes_need_none() {
        assert!(smallest(&[need(&[])]).is_empty());
    }

    #[test]
    fn many_alternatives_take_no_time() {
        let groups: Vec<Vec<String>> = (0..60)
            .map(|at| {
                (0..8)
                    .map(|step| format!("s{}", (at * 7 + step * 5) % 61))
                    .collect()
            })
            .collect();
        let needs = [Need {
            groups,
            operation: String::new(),
        }];
        let start = std::time::Instant::now();
        assert!(!smallest(&needs).is_empty());
        assert!(start.elapsed().as_secs() < 5);
    }
}
