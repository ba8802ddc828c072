//! The API hosts of the products, searched for together.
//!
//! Owns what counts as a host in a text: all patterns of all products in one search, since making a search for
//! each costs more than many a scan. It must not know requests or files.

use crate::rules::model::Rules;
use regex::Regex;
use std::collections::HashMap;

/// A host that stands in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'t> {
    /// Index of the product.
    pub product: usize,
    pub host: &'t str,
    /// `zoho.eu` of `desk.zoho.eu`; none of a host that is the same in every data centre.
    pub domain: Option<&'t str>,
}

pub(super) struct Hosts {
    regex: Option<Regex>,
    /// Product by what stands before the domain, with its dot; in small letters.
    prefixes: HashMap<String, usize>,
    /// Product by whole host.
    wholes: HashMap<String, usize>,
}

impl Hosts {
    pub fn new(rules: &Rules) -> Hosts {
        let mut prefixes = HashMap::new();
        let mut wholes = HashMap::new();
        for (index, product) in rules.products.iter().enumerate() {
            for host in &product.hosts {
                let host = host.to_ascii_lowercase();
                match host.strip_suffix("{tld}") {
                    Some(prefix) => prefixes.entry(prefix.to_string()).or_insert(index),
                    None => wholes.entry(host).or_insert(index),
                };
            }
        }
        let centers = rules.data_centers.iter();
        let domains: Vec<&String> = centers.flat_map(|center| &center.product_domains).collect();
        let regex = format!(
            r"(?i-u)(?P<prefix>{})(?P<domain>{}|zoho\.\{{\}}|\{{\}}\.zoho\.com)|(?P<whole>{})",
            alternatives(prefixes.keys()),
            alternatives(domains),
            alternatives(wholes.keys()),
        );
        Hosts {
            regex: Regex::new(&regex).ok(),
            prefixes,
            wholes,
        }
    }

    /// The host of the first product, in the order of the products, that a text has a host of.
    pub fn find<'t>(&self, text: &'t str) -> Option<Found<'t>> {
        let mut first: Option<Found<'t>> = None;
        self.each(text, |_, found| {
            if first
                .as_ref()
                .is_none_or(|first| found.product < first.product)
            {
                first = Some(found);
            }
        });
        first
    }

    /// Every host in a text with its first byte, in their order.
    pub fn each<'t>(&self, text: &'t str, mut visit: impl FnMut(usize, Found<'t>)) {
        let Some(regex) = self.regex.as_ref() else {
            return;
        };
        let mut at = 0;
        while let Some(found) = regex.captures_at(text, at) {
            let Some(whole) = found.get(0) else { return };
            // What is no host may begin one a letter later.
            at = whole.start() + 1;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            let product = match (found.name("prefix"), found.name("whole")) {
                (Some(prefix), _) => self.prefixes.get(&prefix.as_str().to_ascii_lowercase()),
                (_, Some(whole)) => self.wholes.get(&whole.as_str().to_ascii_lowercase()),
                _ => None,
            };
            let domain = found.name("domain").map(|domain| domain.as_str());
            let Some(product) = product.copied() else {
                continue;
            };
            if stands_alone(text, whole.range(), domain.is_some()) {
                let host = whole.as_str();
                visit(
                    whole.start(),
                    Found {
                        product,
                        host,
                        domain,
                    },
                );
            }
        }
    }
}

/// Texts to choose from, the longest first: `zoho.com` begins `zoho.com.au`. Without any, what never matches.
fn alternatives<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let mut texts: Vec<String> = texts.into_iter().map(|text| regex::escape(text)).collect();
    if texts.is_empty() {
        return r"[a&&b]".to_string();
    }
    texts.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
    texts.join("|")
}

/// Whether a host is not part of a longer name. One of a data centre may end in the dot of a sentence or of the root.
fn stands_alone(text: &str, range: std::ops::Range<usize>, in_center: bool) -> bool {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| is_name(*byte) || (in_center && *byte == b'.')) {
        return false;
    }
    match bytes.get(range.end..) {
        None | Some([]) => true,
        Some([b'.']) => in_center,
        Some([after, ..]) => !is_name(*after) && *after != b'.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load::load;

    fn found(text: &str) -> Option<(String, String, Option<String>)> {
        let rules = load(None).unwrap();
        let hosts = Hosts::new(&rules);
        let found = hosts.find(text)?;
        Some((
            rules.products[found.product].id.clone(),
            found.host.to_string(),
            found.domain.map(str::to_string),
        ))
    }

    fn product(text: &str) -> Option<String> {
        found(text).map(|(product, ..)| product)
    }

    #[test]
    fn a_host_of_any_data_center_names_its_product() {
        let (product, host, domain) = found("GET https://Desk.zoho.com.au/api/v1").unwrap();
        assert_eq!(
            (product.as_str(), host.as_str(), domain.as_deref()),
            ("desk", "Desk.zoho.com.au", Some("zoho.com.au"))
        );
        assert_eq!(
            self::product("https://desk.zoho.{}/api"),
            Some("desk".into())
        );
        assert_eq!(
            self::product("see desk.zoho.eu"),
            Some("desk".into()),
            "at the end"
        );
        assert_eq!(
            self::product("see desk.zoho.eu."),
            Some("desk".into()),
            "with a dot behind"
        );
    }

    #[test]
    fn part_of_a_longer_name_is_no_host() {
        for text in [
            "https://mydesk.zoho.com/",
            "https://my-desk.zoho.com/",
            "https://eu.desk.zoho.com/",
            "https://desk.zoho.community/",
            "https://desk.zoho.com.evil.example/",
            "desk.zoho.com-old",
            "zoho.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_hosts_the_first_product_counts_whatever_their_order_in_the_text() {
        assert_eq!(
            product("desk.zoho.com books.zoho.com"),
            product("books.zoho.com desk.zoho.com")
        );
        assert_eq!(
            product("é desk.zoho.com,desk.zoho.com"),
            Some("desk".into())
        );
    }
}
