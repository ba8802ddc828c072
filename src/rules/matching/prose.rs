//! Comments, documentation and names that only carry a token: notes.

use super::Matching;
use super::candidate::Candidate;
use super::evidence::{names_authtoken, says_word, squeeze};
use crate::finding::Confidence;
use crate::flow::value::Place;
use crate::rules::model::Matcher;
use std::collections::{BTreeSet, HashSet};

impl<'r> Matching<'_, 'r> {
    pub(super) fn prose(&self, found: &mut Vec<Candidate<'r>>) {
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                match matcher {
                    Matcher::Mention { words } => {
                        let told: BTreeSet<(u32, u32)> = found
                            .iter()
                            .map(|candidate| (candidate.place.file, candidate.place.span.start))
                            .collect();
                        for mention in &self.facts.mentions {
                            let Some(word) = words.iter().find(|word| says(&mention.text, word))
                            else {
                                continue;
                            };
                            // Beside a command others may stand that have nothing to do with it.
                            let file = mention.place.file;
                            let by_its_file = self.file(file).says_zoho
                                && !self.units[file as usize].is_typed_in();
                            if !by_its_file && !squeeze(&mention.text).contains("zoho") {
                                continue;
                            }
                            if self.is_told_better(mention.place, &told) {
                                continue;
                            }
                            let place = self.line_with(mention.place, word);
                            if tells_of_the_change(self.slice(place)) {
                                continue;
                            }
                            let mut candidate = Candidate::new(rule, place);
                            candidate.confidence = Confidence::Medium;
                            candidate.product = self
                                .knowledge
                                .host_in(&mention.text)
                                .and_then(|(product, ..)| product.map(|product| product.id.clone()))
                                .or_else(|| self.product_at(mention.place));
                            candidate.words.insert("name", word.clone());
                            candidate.evidence.push(format!("mention:{word}"));
                            found.push(candidate);
                        }
                    }
                    Matcher::Carrier {} => {
                        let mut seen: HashSet<(u32, String)> = HashSet::new();
                        let carried = self.carried_names(found);
                        let shared = self.files_shared_with_another();
                        for carrier in &self.facts.carriers {
                            let name = squeeze(&carrier.name);
                            if !names_authtoken(&name) || !self.file(carrier.place.file).says_zoho {
                                continue;
                            }
                            // It may be another vendor's, unless it is seen on its way to Zoho.
                            let is_anothers = !name.contains("zoho")
                                && (shared.contains(&carrier.place.file)
                                    || self.knowledge.is_named_for_another(&carrier.name));
                            if is_anothers
                                && !carried.contains(&(carrier.place.file, carrier.name.as_str()))
                            {
                                continue;
                            }
                            if !seen.insert((carrier.place.file, name)) {
                                continue;
                            }
                            let mut candidate = Candidate::new(rule, carrier.place);
                            candidate.product = self.product_at(carrier.place);
                            candidate.words.insert("name", carrier.name.clone());
                            candidate.evidence.push(format!("carrier:{}", carrier.name));
                            found.push(candidate);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

impl<'r> Matching<'_, 'r> {
    /// A command in which something else was found.
    fn is_told_better(&self, place: Place, told: &BTreeSet<(u32, u32)>) -> bool {
        let (start, end) = (place.span.start, place.span.end);
        self.units[place.file as usize].is_typed_in()
            && told
                .range((place.file, start)..(place.file, end))
                .next()
                .is_some()
    }

    /// Files that carry an authtoken and have one that is named for another vendor.
    fn files_shared_with_another(&self) -> HashSet<u32> {
        let carriers = self.facts.carriers.iter();
        let files: HashSet<u32> = carriers.map(|carrier| carrier.place.file).collect();
        let is_part = |character: char| character.is_alphanumeric() || "_$.".contains(character);
        let has_anothers = |file: &u32| {
            let text = self.units[*file as usize].own_text();
            text.split(|character| !is_part(character))
                .filter(|name| name.len() > "authtoken".len())
                .any(|name| self.knowledge.is_token_of_another(name))
        };
        files.into_iter().filter(has_anothers).collect()
    }

    /// The names in the code that tokens pass through, by file.
    fn carried_names(&self, found: &[Candidate<'r>]) -> HashSet<(u32, &str)> {
        /// Longer code is no step of one value.
        const LONGEST_STEP: u32 = 200;
        let steps = found.iter().flat_map(|candidate| {
            let steps = candidate.flow.iter().map(|step| &step.0);
            steps.chain(&candidate.carried).chain([&candidate.place])
        });
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let places: HashSet<Place> = steps
            .filter(|place| place.span.end - place.span.start <= LONGEST_STEP)
            .copied()
            .collect();
        places
            .into_iter()
            .flat_map(|place| {
                let words = self.slice(place).split(move |c: char| !is_part(c));
                words.map(move |word| (place.file, word))
            })
            .collect()
    }

    /// The line of a comment in which the word stands; the comment itself if it is short.
    fn line_with(&self, place: Place, word: &str) -> Place {
        let text = self.slice(place);
        if text.len() < 200 && text.lines().count() < 4 {
            return place;
        }
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if says(line, word) {
                let lead = line.len() - line.trim_start().len();
                let from = place.span.start as usize + start + lead;
                let span = crate::syntax::Span::new(from, from + line.trim().len());
                return Place {
                    file: place.file,
                    span,
                };
            }
            start += line.len();
        }
        let first = text.lines().next().unwrap_or("").len();
        let start = place.span.start as usize;
        Place {
            file: place.file,
            span: crate::syntax::Span::new(start, start + first),
        }
    }
}

/// Whether a line says that authtokens have gone, or what took their place, and asks nobody for one.
fn tells_of_the_change(line: &str) -> bool {
    const GONE: [&str; 12] = [
        "replaced",
        "replaces",
        "removed",
        "removes",
        "dropped",
        "drops",
        "migrated",
        "switched",
        "moved to oauth",
        "no longer",
        "instead of",
        "deprecated",
    ];
    let line = line.to_ascii_lowercase();
    GONE.iter().any(|word| line.contains(word))
        && !line.contains("apiauthtoken")
        && !line.contains("your")
        && !line.contains("://")
}

/// Whether a text says a word of a rule. A separator in the word stands for any or none (`auth-token` finds
/// `authtoken`, `AUTH_TOKEN` and "auth token"); a word without one stands as it is, not within another.
fn says(text: &str, word: &str) -> bool {
    let wanted = squeeze(word);
    if wanted.len() != word.len() {
        return says_word(&squeeze(text), &wanted);
    }
    let text = text.to_ascii_lowercase();
    text.match_indices(&wanted).any(|(at, _)| {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        !is_letter(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_letter(bytes.get(at + wanted.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::{says, tells_of_the_change};

    #[test]
    fn what_tells_of_the_change_asks_for_no_authtoken() {
        for line in [
            "- Replaced Zoho-authtoken by OAuth.",
            "The authtoken parameter is no longer sent.",
            "OAuth instead of authtokens",
        ] {
            assert!(tells_of_the_change(line), "{line}");
        }
        for line in [
            "Replace this with your Zoho authtoken.",
            "Create an authtoken and paste it.",
            "Deprecated: https://accounts.zoho.com/apiauthtoken/create",
        ] {
            assert!(!tells_of_the_change(line), "{line}");
        }
    }

    #[test]
    fn a_separator_in_a_word_stands_for_any_or_none() {
        for text in [
            "an authtoken",
            "AUTH_TOKEN",
            "your Auth Token",
            "zoho-authtoken",
            "ZohoAuthToken",
        ] {
            assert!(says(text, "auth-token"), "{text}");
        }
        assert!(!says("an oauthtoken", "auth-token"));
        assert!(!says("Zoho-oauthtoken", "auth-token"));
    }

    #[test]
    fn a_word_without_separator_stands_as_it_is() {
        for text in ["scope=crmapi", "ZohoCRM/crmapi", "CRMAPI"] {
            assert!(says(text, "crmapi"), "{text}");
        }
        for text in ["Zoho CRM API", "zohocrm_api", "zohocrmapi", "crmapis"] {
            assert!(!says(text, "crmapi"), "{text}");
        }
    }
}
