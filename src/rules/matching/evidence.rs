//! Which product a request goes to, and how sure that is.
//!
//! Owns hosts, legacy scope words, companions and names as evidence. It knows the product data and facts; of
//! files it knows their paths and texts through [`FileEvidence`], of syntax nothing.

use super::hosts::Hosts;
use crate::facts::{Part, Request};
use crate::flow::value::Alternative;
use crate::rules::model::{EndpointGroup, LegacyEndpoint, Matcher, Product, Rules};
use crate::rules::prefilter::{path_literal, site_names};
use regex::Regex;
use std::collections::{BTreeSet, HashMap};

/// The first of the paths that a URL contains, without case, and where.
pub(super) fn endpoint_in<'p>(url: &str, paths: &'p [String]) -> Option<(&'p String, usize)> {
    let lower = url.to_ascii_lowercase();
    paths
        .iter()
        .find_map(|path| Some((path, lower.find(&path.to_ascii_lowercase())?)))
}

/// How strongly something says Zoho, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Strength {
    #[default]
    Nothing,
    /// Something in the project says Zoho.
    Project,
    /// Something in the same file, or its path, does.
    File,
    /// A path, scope word or companion of this request.
    Words,
    /// The host of this request.
    Host,
}

/// What is known about where something goes.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub strength: Strength,
    pub product: Option<String>,
    /// The product is not told by the request itself.
    pub product_is_guess: bool,
    pub data_center: Option<String>,
    pub host: Option<String>,
    /// The request goes to a host that is certainly another one.
    pub is_foreign: bool,
}

impl Evidence {
    /// Whether it is known where the request goes, and that no product is there.
    pub fn goes_elsewhere(&self) -> bool {
        let is_open = |host: &String| {
            host.contains(['{', '$']) || host.starts_with("accounts.") || host.contains("zohoapis")
        };
        self.is_foreign || self.host.as_ref().is_some_and(|host| !is_open(host))
    }
}

/// Evidence found in one file, made once.
#[derive(Clone, Debug, Default)]
pub struct FileEvidence {
    /// Says Zoho in code, in an import or in its path.
    pub says_zoho: bool,
    /// Has the API host of a product.
    pub has_host: bool,
    /// Has any host of Zoho.
    pub names_zoho_host: bool,
    /// Has a host, legacy path, legacy scope or companion, or says Zoho in its path: more than the bare word.
    pub is_zoho: bool,
    /// Products by how often they are named, the strongest evidence first.
    pub products: Vec<String>,
    /// Products of which it has a host.
    pub host_products: BTreeSet<String>,
    pub data_center: Option<String>,
}

/// The product data, ready for questions.
pub struct Knowledge<'r> {
    pub rules: &'r Rules,
    hosts: Hosts,
    unified: Option<Regex>,
    zoho_host: Option<Regex>,
    names: Vec<(usize, String)>,
    /// The name of a site: no host is without one.
    site: Option<Regex>,
    /// A site, or a path, scope word or companion that tells a product: most lines have none.
    sign: Option<Regex>,
    /// Paths with `*` between segments, and shapes of values: compiled once, asked for every string.
    patterns: HashMap<String, Regex>,
}

impl<'r> Knowledge<'r> {
    pub fn new(rules: &'r Rules) -> Knowledge<'r> {
        let mut names: Vec<(usize, String)> = Vec::new();
        for (index, product) in rules.products.iter().enumerate() {
            for name in &product.names {
                names.push((index, squeeze(name)));
            }
            for word in &product.words {
                names.push((index, format!("zoho{}", squeeze(word))));
            }
        }
        names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
        names.dedup();
        let paths = rules
            .products
            .iter()
            .flat_map(|product| &product.legacy)
            .flat_map(|legacy| &legacy.paths)
            .map(|path| path.to_ascii_lowercase())
            .filter_map(|path| Some((path_pattern(&path)?, path)));
        let shapes = rules
            .detections
            .iter()
            .flat_map(|detection| &detection.matchers)
            .filter_map(|matcher| match matcher {
                Matcher::Literal { shapes } => Some(shapes),
                _ => None,
            })
            .flatten()
            .map(|shape| (format!("^(?:{shape})$"), shape.clone()));
        let patterns = paths
            .chain(shapes)
            .filter_map(|(pattern, name)| Some((name, Regex::new(&pattern).ok()?)))
            .collect();
        Knowledge {
            rules,
            hosts: Hosts::new(rules),
            unified: Regex::new(r"(?i)(?:^|[^a-z0-9.-])(?:www\.)?zohoapis\.(?:[a-z.]+|\{\})/(?P<path>[a-z]+)").ok(),
            zoho_host: Regex::new(
                r"(?i)(?:[a-z0-9-]+|\{\})\.zoho(?:apis|cloud|platform)?\.(?:com\.au|com\.cn|com|eu|in|jp|ca|sa|uk|ae|\{\})(?:[^a-z0-9.-]|$)",
            )
            .ok(),
            names,
            site: any_of(&site_names(rules)),
            sign: any_of(&signs(rules)),
            patterns,
        }
    }

    /// Whether a header signs in with an OAuth access token, in one of the ways that lead there.
    pub fn signs_in_with_oauth(&self, header: &Part) -> bool {
        let begins = |value: &Alternative| self.rules.begins_with_oauth(&value.template());
        header.is_named("authorization") && header.value.iter().any(begins)
    }

    /// Whether a value has one of the shapes that a rule gives for credentials.
    pub fn matches_shape(&self, shapes: &[String], value: &str) -> bool {
        shapes
            .iter()
            .filter_map(|shape| self.patterns.get(shape))
            .any(|pattern| pattern.is_match(value))
    }

    /// Where a path pattern (`/crm/private/json`, `/*/api`) stands in a text; both in lower case.
    fn find_path(&self, text: &str, path: &str, anywhere: bool) -> Option<usize> {
        if let Some(pattern) = self.patterns.get(path) {
            return pattern.find(text).map(|found| found.start());
        }
        find_path(text, path, anywhere)
    }

    pub fn product(&self, id: &str) -> Option<&'r Product> {
        self.rules.products.iter().find(|product| product.id == id)
    }

    /// Whether a text has the name of a site: of Zoho, or of a product with a site of its own.
    pub(super) fn says_site(&self, text: &str) -> bool {
        self.site.as_ref().is_none_or(|site| site.is_match(text))
    }

    /// The product, data centre and host that a text names by a host.
    pub fn host_in(&self, text: &str) -> Option<(Option<&'r Product>, Option<String>, String)> {
        if !self.says_site(text) {
            return None;
        }
        if let Some(found) = self.hosts.find(text) {
            return Some((
                self.rules.products.get(found.product),
                found.domain.and_then(|domain| self.data_center(domain)),
                found.host.to_ascii_lowercase(),
            ));
        }
        if let Some(found) = self.unified.as_ref().and_then(|regex| regex.captures(text)) {
            let path = found
                .name("path")
                .map_or("", |path| path.as_str())
                .to_ascii_lowercase();
            let product = self
                .rules
                .products
                .iter()
                .find(|product| product.unified_path.as_deref() == Some(path.as_str()));
            let host = found
                .get(0)
                .map_or("", |whole| whole.as_str())
                .trim_matches(['/', '"', '\''])
                .to_string();
            let center =
                self.rules
                    .data_centers
                    .iter()
                    .find(|center| {
                        center.api_host.as_ref().is_some_and(|api| {
                            text.to_ascii_lowercase().contains(&format!("{api}/"))
                        })
                    })
                    .map(|center| center.id.clone());
            return Some((product, center, host));
        }
        let found = self.zoho_host.as_ref().and_then(|regex| regex.find(text))?;
        let host = found.as_str().trim_end_matches(|character: char| {
            !character.is_ascii_alphanumeric() && character != '}'
        });
        Some((
            None,
            self.data_center_of_host(host),
            host.to_ascii_lowercase(),
        ))
    }

    /// The products whose hosts stand in a text, and where.
    pub(super) fn products_in(&self, text: &str) -> Vec<(usize, &'r str)> {
        if !self.says_site(text) {
            return Vec::new();
        }
        let products = &self.rules.products;
        let mut found: Vec<(usize, &'r str)> = Vec::new();
        self.hosts.each(text, |at, host| {
            if let Some(product) = products.get(host.product) {
                found.push((at, product.id.as_str()));
            }
        });
        for captures in self
            .unified
            .iter()
            .flat_map(|unified| unified.captures_iter(text))
        {
            if let Some(path) = captures.name("path")
                && let Some(product) = products.iter().find(|product| {
                    product
                        .unified_path
                        .as_deref()
                        .is_some_and(|unified| unified.eq_ignore_ascii_case(path.as_str()))
                })
            {
                found.push((path.start(), product.id.as_str()));
            }
        }
        found
    }

    fn data_center(&self, domain: &str) -> Option<String> {
        let domain = domain.to_ascii_lowercase();
        self.rules
            .data_centers
            .iter()
            .find(|center| center.product_domains.contains(&domain))
            .map(|center| center.id.clone())
    }

    fn data_center_of_host(&self, host: &str) -> Option<String> {
        let host = host.to_ascii_lowercase();
        self.rules
            .data_centers
            .iter()
            .filter_map(|center| {
                center
                    .product_domains
                    .iter()
                    .filter(|domain| host.ends_with(&format!(".{domain}")))
                    .map(|domain| (domain.len(), center.id.clone()))
                    .max()
            })
            .max()
            .map(|(_, id)| id)
    }

    /// Whether a URL is one where authtokens are made or deleted: it goes away with them.
    pub fn is_about_authtokens(&self, url: &str) -> bool {
        let matchers = self.rules.detections.iter().flat_map(|rule| &rule.matchers);
        matchers
            .filter_map(|matcher| match matcher {
                Matcher::Endpoint {
                    group: EndpointGroup::Paths,
                    paths,
                } => Some(paths),
                _ => None,
            })
            .any(|paths| endpoint_in(url, paths).is_some())
    }

    /// A legacy endpoint in a URL or path.
    pub fn legacy_in(
        &self,
        text: &str,
        near: Option<&str>,
    ) -> Option<(&'r Product, &'r LegacyEndpoint, usize)> {
        let lower = text.to_ascii_lowercase();
        let host = self.host_in(text);
        let mut best: Option<(&'r Product, &'r LegacyEndpoint, usize)> = None;
        for product in &self.rules.products {
            for legacy in &product.legacy {
                let host_fits = match &host {
                    Some((found, _, name)) => {
                        if legacy.hosts.is_empty() {
                            found.is_some_and(|found| found.id == product.id)
                                || (found.is_none() && legacy.distinctive)
                        } else {
                            legacy
                                .hosts
                                .iter()
                                .any(|pattern| match pattern.strip_suffix("{tld}") {
                                    Some(prefix) => name.starts_with(prefix),
                                    None => name == pattern,
                                })
                        }
                    }
                    None => {
                        legacy.distinctive
                            || (near == Some(product.id.as_str()) && legacy.hosts.is_empty())
                    }
                };
                if !host_fits {
                    continue;
                }
                for path in &legacy.paths {
                    let path = path.to_ascii_lowercase();
                    let found = self.find_path(&lower, &path, host.is_some()).or_else(|| {
                        // A base URL that ends where the last segment would begin.
                        let folder = path.rsplit_once('/').map(|(folder, _)| folder)?;
                        let base = lower.trim_end_matches('/');
                        (legacy.distinctive && folder.len() > 5 && base.ends_with(folder))
                            .then(|| base.len() - folder.len())
                    });
                    if let Some(at) = found
                        && best.is_none_or(|(_, _, known)| at < known)
                    {
                        best = Some((product, legacy, at));
                    }
                }
            }
        }
        best
    }

    /// What the request itself says.
    pub fn assess(&self, request: &Request) -> Evidence {
        let mut evidence = Evidence::default();
        let mut foreign = 0;
        let mut own = 0;
        for url in &request.urls {
            let template = url.template();
            match self.host_in(&template) {
                Some((product, center, host)) => {
                    own += 1;
                    evidence.strength = Strength::Host;
                    evidence.host.get_or_insert(host);
                    if let Some(product) = product
                        && evidence.product.is_none()
                    {
                        evidence.product = Some(product.id.clone());
                    }
                    if evidence.data_center.is_none() {
                        evidence.data_center = center;
                    }
                }
                None if is_foreign(&template) => foreign += 1,
                None => {}
            }
        }
        for url in &request.urls {
            if let Some(product) = self.product_of_words(&url.template()) {
                evidence.strength = evidence.strength.max(Strength::Words);
                evidence.product.get_or_insert(product);
            }
        }
        for part in request
            .query
            .iter()
            .chain(&request.form)
            .chain(&request.headers)
        {
            let (proves, product) = self.companion(part);
            if proves {
                evidence.strength = evidence.strength.max(Strength::Words);
            }
            if let Some(product) = product
                && (proves || evidence.strength >= Strength::Words)
            {
                evidence.product.get_or_insert(product);
            }
        }
        for body in &request.body {
            if let Some(product) = self.product_of_words(&body.template()) {
                evidence.strength = evidence.strength.max(Strength::Words);
                evidence.product.get_or_insert(product);
            }
        }
        if evidence.product.is_none()
            && let Some(product) = request
                .urls
                .iter()
                .find_map(|url| self.product_of_base(url))
        {
            evidence.product = Some(product.to_string());
            evidence.product_is_guess = true;
        }
        evidence.is_foreign = foreign > 0 && own == 0 && evidence.strength < Strength::Words;
        evidence
    }

    /// The hosts of a request that are known and none of Zoho's.
    pub fn strangers<'q>(&'q self, request: &'q Request) -> impl Iterator<Item = String> + 'q {
        request.urls.iter().filter_map(|url| {
            let url = url.template();
            let own = self.host_in(&url).is_some() || self.product_of_words(&url).is_some();
            (!own && is_foreign(&url))
                .then(|| host_name(&url))
                .flatten()
        })
    }

    /// Whether the request is one that only ever took authtokens: to an API that went away with them, or with a
    /// scope of theirs.
    pub fn takes_only_authtokens(&self, request: &Request) -> bool {
        let is_legacy = |text: &Alternative| {
            let text = text.template();
            self.legacy_in(&text, None).is_some() || self.has_legacy_scope(&text)
        };
        let mut parts = request.query.iter().chain(&request.form);
        request.urls.iter().chain(&request.body).any(is_legacy)
            || parts.any(|part| part.is_named("scope") && self.companion(part).0)
    }

    fn has_legacy_scope(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        lower.contains("scope=")
            && self
                .rules
                .products
                .iter()
                .flat_map(|product| &product.legacy_scopes)
                .any(|scope| lower.contains(&format!("scope={}", scope.to_ascii_lowercase())))
    }

    /// A product named by words of a URL or body: a legacy path, a legacy scope, a companion parameter.
    pub fn product_of_words(&self, text: &str) -> Option<String> {
        if !self.sign.as_ref().is_none_or(|sign| sign.is_match(text)) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        for product in &self.rules.products {
            for legacy in product.legacy.iter().filter(|legacy| legacy.distinctive) {
                if legacy.paths.iter().any(|path| {
                    self.find_path(&lower, &path.to_ascii_lowercase(), true)
                        .is_some()
                }) {
                    return Some(product.id.clone());
                }
            }
            for scope in &product.legacy_scopes {
                let scope = scope.to_ascii_lowercase();
                if lower.contains(&format!("scope={scope}"))
                    || (scope.contains('/') && lower.contains(&scope))
                {
                    return Some(product.id.clone());
                }
            }
            for companion in product
                .companion_parameters
                .iter()
                .filter(|companion| companion.proves)
            {
                if lower.contains(&format!("{}=", companion.name.to_ascii_lowercase())) {
                    return Some(product.id.clone());
                }
            }
        }
        None
    }

    /// Whether this name and value go with the calls of a product.
    fn companion(&self, part: &Part) -> (bool, Option<String>) {
        for name in part.name.iter().filter_map(Alternative::constant) {
            let name = name.trim().to_ascii_lowercase();
            if name == "scope" {
                for value in part.value.iter().filter_map(Alternative::constant) {
                    let value = value.to_ascii_lowercase();
                    for product in &self.rules.products {
                        if product
                            .legacy_scopes
                            .iter()
                            .any(|scope| scope.eq_ignore_ascii_case(&value))
                        {
                            return (true, Some(product.id.clone()));
                        }
                    }
                }
            }
            for product in &self.rules.products {
                for companion in product
                    .companion_headers
                    .iter()
                    .chain(&product.companion_parameters)
                {
                    if companion.name.eq_ignore_ascii_case(&name) {
                        return (
                            companion.proves,
                            Some(product.id.clone()).filter(|_| companion.proves),
                        );
                    }
                }
            }
        }
        (false, None)
    }

    /// Evidence of a file, from its path and its text without comments.
    pub fn of_file(&self, path: &str, code: &str) -> FileEvidence {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut evidence = FileEvidence::default();
        let has_sign = |line: &&str| self.sign.as_ref().is_none_or(|sign| sign.is_match(line));
        for line in code
            .lines()
            .filter(|line| line.len() < 20_000)
            .filter(has_sign)
        {
            let lower = line.to_ascii_lowercase();
            let says = self.says_site(&lower);
            if says {
                evidence.says_zoho = true;
                if let Some((product, center, _)) = self.host_in(line) {
                    evidence.names_zoho_host = true;
                    if let Some(product) = product {
                        evidence.has_host = true;
                        evidence.host_products.insert(product.id.clone());
                        *counts.entry(product.id.clone()).or_default() += 100;
                    }
                    if evidence.data_center.is_none() {
                        evidence.data_center = center;
                    }
                }
            }
            if let Some(product) = self.product_of_words(line) {
                evidence.says_zoho = true;
                *counts.entry(product).or_default() += 50;
            }
            if says {
                let squeezed = squeeze(&lower);
                for (product, name) in &self.names {
                    if squeezed.contains(name.as_str()) {
                        if let Some(product) = self.rules.products.get(*product) {
                            *counts.entry(product.id.clone()).or_default() += 2;
                        }
                        break;
                    }
                }
                for product in &self.rules.products {
                    for companion in product
                        .companion_headers
                        .iter()
                        .filter(|companion| companion.proves)
                    {
                        if lower.contains(&companion.name.to_ascii_lowercase()) {
                            *counts.entry(product.id.clone()).or_default() += 50;
                        }
                    }
                }
            }
            for product in &self.rules.products {
                for companion in product
                    .companion_parameters
                    .iter()
                    .filter(|companion| companion.proves)
                {
                    if contains_word(&lower, &companion.name.to_ascii_lowercase()) {
                        evidence.says_zoho = true;
                        *counts.entry(product.id.clone()).or_default() += 30;
                    }
                }
            }
        }
        if let Some(product) = self.product_of_path(path) {
            *counts.entry(product).or_default() += 20;
        }
        if path.to_ascii_lowercase().contains("zoho") {
            evidence.says_zoho = true;
            evidence.is_zoho = true;
        }
        evidence.is_zoho |= counts.values().any(|count| *count >= 30);
        let mut products: Vec<(String, usize)> = counts.into_iter().collect();
        products.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
        evidence.products = products.into_iter().map(|(product, _)| product).collect();
        evidence
    }

    /// A product whose whole name stands in a squeezed text.
    pub(super) fn product_named_in(&self, squeezed: &str) -> Option<&'r str> {
        let (product, _) = self
            .names
            .iter()
            .find(|(_, name)| squeezed.contains(name.as_str()))?;
        Some(self.rules.products.get(*product)?.id.as_str())
    }

    /// A product named by a file's path: its own name first, then its folders from the inside out.
    pub fn product_of_path(&self, path: &str) -> Option<String> {
        let squeezed: Vec<String> = path.split('/').rev().map(squeeze).collect();
        for part in &squeezed {
            if let Some(product) = self.product_named_in(part) {
                return Some(product.to_string());
            }
        }
        // `…/zoho/books/…`: a product word beside the word zoho.
        if squeezed.iter().any(|part| part.contains("zoho")) {
            for part in &squeezed {
                for product in &self.rules.products {
                    let named = product.words.iter().any(|word| {
                        let word = squeeze(word);
                        *part == word
                            || part.starts_with(&format!("{word}api"))
                            || (part.contains(&word) && word.len() > 5)
                    });
                    if named || *part == product.id {
                        return Some(product.id.clone());
                    }
                }
            }
        }
        None
    }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at]
            .bytes()
            .next_back()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        let after = text[at + word.len()..]
            .bytes()
            .next()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        before && after
    })
}

/// Lower case, without separators.
pub fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|character| !"-_./ ".contains(*character))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// Whether a name or text says authtoken and not only oauthtoken. The last letter of `zoho` is no OAuth.
pub fn names_authtoken(text: &str) -> bool {
    says_word(&squeeze(text), "authtoken")
}

/// Whether a squeezed text has a squeezed word, and not only as the tail of a longer one (`oauthtoken`).
pub fn says_word(text: &str, word: &str) -> bool {
    let text = text.replace("zoho", "zoh0");
    let word = word.replace("zoho", "zoh0");
    text.match_indices(&word)
        .any(|(at, _)| !(word.starts_with("auth") && text[..at].ends_with('o')))
}

/// One search for all of these words, in any case.
fn any_of(words: &[String]) -> Option<Regex> {
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    Regex::new(&format!("(?i-u:{})", words.join("|"))).ok()
}

/// Words of which a line has one if it tells a product.
fn signs(rules: &Rules) -> Vec<String> {
    let mut words = site_names(rules);
    for product in &rules.products {
        for legacy in product.legacy.iter().filter(|legacy| legacy.distinctive) {
            words.extend(
                legacy
                    .paths
                    .iter()
                    .map(|path| path_literal(path).to_string()),
            );
        }
        words.extend(product.legacy_scopes.iter().cloned());
        let companions = product
            .companion_headers
            .iter()
            .chain(&product.companion_parameters);
        let proving = companions.filter(|companion| companion.proves);
        words.extend(proving.map(|companion| companion.name.clone()));
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The regular expression of a path with `*` for a segment between others.
fn path_pattern(path: &str) -> Option<String> {
    let wanted = path.trim_matches('/');
    (wanted.contains('*') && !wanted.starts_with('*')).then(|| {
        let segments = regex::escape(wanted).replace(r"\*", r"[^/?]+");
        format!("(?:^|/){segments}")
    })
}

/// Where a path without `*` within stands in a text.
fn find_path(text: &str, pattern: &str, anywhere: bool) -> Option<usize> {
    let segments: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let first = segments.first()?;
    if *first == "*" {
        let rest = format!("/{}", segments[1..].join("/"));
        return text.find(&rest).filter(|_| anywhere);
    }
    let wanted = segments.join("/");
    text.match_indices(wanted.as_str())
        .map(|(at, _)| at)
        .find(|at| {
            let before = *at == 0 || text[..*at].ends_with('/') || text[..*at].ends_with('}');
            let after = text[at + wanted.len()..]
                .bytes()
                .next()
                .is_none_or(|byte| !byte.is_ascii_alphanumeric());
            before && after
        })
}

/// Whether a URL certainly goes elsewhere.
fn is_foreign(template: &str) -> bool {
    let Some(name) = host_name(template) else {
        return false;
    };
    // Gateways and local servers may pass requests on.
    let is_local = name == "localhost"
        || !name.contains('.')
        || name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        || name.ends_with(".local")
        || name.ends_with(".internal");
    !is_local
}

/// The name of the host that a URL is sure to go to, without user, password and port.
fn host_name(template: &str) -> Option<String> {
    let (_, rest) = template.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    if host.contains("{}") || host.contains(['$', '%']) || host.is_empty() {
        return None;
    }
    let name = host.rsplit('@').next().unwrap_or(&host);
    Some(name.split(':').next().unwrap_or_default().to_string())
}
