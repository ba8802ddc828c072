//! Comments, documentation and names that only carry a token: notes.

use super::Matching;
use super::candidate::Candidate;
use super::evidence::{names_authtoken, says_word, squeeze};
use crate::finding::Confidence;
use crate::flow::value::Place;
use crate::rules::model::Matcher;
use std::collections::HashSet;

impl<'r> Matching<'_, 'r> {
    pub(super) fn prose(&self, found: &mut Vec<Candidate<'r>>) {
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                match matcher {
                    Matcher::Mention { words } => {
                        for mention in &self.facts.mentions {
                            let Some(word) = words.iter().find(|word| says(&mention.text, word))
                            else {
                                continue;
                            };
                            if !self.file(mention.place.file).says_zoho
                                && !squeeze(&mention.text).contains("zoho")
                            {
                                continue;
                            }
                            let mut candidate =
                                Candidate::new(rule, self.line_with(mention.place, word));
                            candidate.confidence = Confidence::Medium;
                            candidate.product = self
                                .knowledge
                                .host_in(&mention.text)
                                .and_then(|(product, ..)| product.map(|product| product.id.clone()))
                                .or_else(|| self.product_of_file(mention.place.file));
                            candidate.words.insert("name", word.clone());
                            candidate.evidence.push(format!("mention:{word}"));
                            found.push(candidate);
                        }
                    }
                    Matcher::Carrier {} => {
                        let mut seen: HashSet<(u32, String)> = HashSet::new();
                        for carrier in &self.facts.carriers {
                            let name = squeeze(&carrier.name);
                            if !names_authtoken(&name) || !self.file(carrier.place.file).says_zoho {
                                continue;
                            }
                            if !seen.insert((carrier.place.file, name)) {
                                continue;
                            }
                            let mut candidate = Candidate::new(rule, carrier.place);
                            candidate.product = self.product_of_file(carrier.place.file);
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

impl Matching<'_, '_> {
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
    use super::says;

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
