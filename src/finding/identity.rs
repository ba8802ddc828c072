//! Fingerprints: what makes a finding the same one after lines have moved.
//!
//! Owns the recipe `v1`. It must not use positions (but for counting equals in their order), dates, messages
//! or any text of a secret: a baseline has to survive edits above a finding and the passing of time, and may
//! be published.

use super::Finding;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What a finding is recognised by, besides its rule and language.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Path from the root of the repository (or from the report root where there is no repository), with `/`.
    pub path: String,
    /// The function, method, class or section around it; empty at the top level of a file.
    pub symbol: String,
    /// Method, host, path template and parameter names, in a fixed order; never values.
    pub evidence: Vec<String>,
}

/// Fills in the fingerprints. Findings that are equal in everything else are numbered in the order in which
/// they stand in the file, whatever the order of `findings`.
pub fn assign(findings: &mut [Finding]) {
    let mut equals: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        equals.entry(digest(finding)).or_default().push(index);
    }
    for (digest, mut indices) in equals {
        indices.sort_by_key(|index| findings.get(*index).map(|finding| finding.range));
        for (ordinal, index) in indices.into_iter().enumerate() {
            if let Some(finding) = findings.get_mut(index) {
                finding.fingerprint = if ordinal == 0 {
                    format!("v1:{digest}")
                } else {
                    format!("v1:{digest}:{}", ordinal + 1)
                };
            }
        }
    }
}

/// What findings that are equal but for their number have in common in their fingerprints.
pub fn without_number(fingerprint: &str) -> &str {
    match fingerprint.rsplit_once(':') {
        Some((equal, _)) if equal.contains(':') => equal,
        _ => fingerprint,
    }
}

/// Twenty hexadecimal digits: enough that two findings do not meet by chance, and too few to be taken for an
/// authtoken by other scanners.
fn digest(finding: &Finding) -> String {
    let identity = &finding.identity;
    let mut hash = Sha256::new();
    let parts = [
        &finding.rule,
        &identity.path,
        &finding.language,
        &identity.symbol,
    ];
    for part in parts.into_iter().chain(&identity.evidence) {
        // With its length, so that no two lists of parts read the same.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn fingerprints(mut findings: Vec<Finding>) -> Vec<String> {
        assign(&mut findings);
        findings
            .into_iter()
            .map(|finding| finding.fingerprint)
            .collect()
    }

    fn finding(line: u32) -> Finding {
        let mut finding = sample::finding("authtoken-header", "src/Tickets.java", line, 5);
        finding.identity = Identity {
            path: "src/Tickets.java".to_owned(),
            symbol: "Tickets.list".to_owned(),
            evidence: vec!["GET".to_owned(), "desk.zoho.com".to_owned()],
        };
        finding
    }

    #[test]
    fn equals_share_all_but_their_number() {
        let equals = fingerprints(vec![finding(3), finding(9)]);
        assert_ne!(equals[0], equals[1]);
        assert_eq!(without_number(&equals[0]), equals[0]);
        assert_eq!(without_number(&equals[1]), equals[0]);
    }

    #[test]
    fn moving_lines_rewording_and_time_change_nothing() {
        let mut moved = finding(90);
        moved.message = "other words".to_owned();
        moved.deadline = None;
        assert_eq!(fingerprints(vec![finding(3)]), fingerprints(vec![moved]));
    }

    #[test]
    fn rule_path_symbol_language_and_evidence_each_matter() {
        let mut all = vec![finding(1); 6];
        all[1].rule = "authtoken-parameter".to_owned();
        all[2].identity.path = "lib/Tickets.java".to_owned();
        all[3].identity.symbol = "Tickets.get".to_owned();
        all[4].language = "kotlin".to_owned();
        all[5].identity.evidence = vec!["GETdesk.zoho.com".to_owned()];
        let mut distinct = fingerprints(all);
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 6);
        assert!(distinct.iter().all(|print| print.len() == "v1:".len() + 20));
    }

    #[test]
    fn equals_are_numbered_by_position_whatever_order_they_come_in() {
        let forward = fingerprints(vec![finding(1), finding(2), finding(3)]);
        let mut backward = fingerprints(vec![finding(3), finding(2), finding(1)]);
        backward.reverse();
        assert_eq!(forward, backward);
        assert!(forward[1].ends_with(":2") && forward[2].ends_with(":3"));
        assert_eq!(forward[0], fingerprints(vec![finding(1)])[0]);
    }
}
