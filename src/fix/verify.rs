//! What a request is but for its authentication, so that two evaluations of a program can be compared.
//!
//! Owns the comparison that every fix has to pass: the same requests in the same files, with the same method,
//! URL, parameters and headers. It must not know how either evaluation came about.

use crate::facts::{Facts, Part, Request};
use crate::flow::Unit;
use crate::flow::value::{Alternative, Place};
use crate::rules::helpers::Helper;
use crate::rules::matching::Knowledge;
use crate::syntax::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is sent, by path and where it is sent from.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    files: BTreeMap<String, BTreeSet<(Place, String)>>,
    /// Those of requests to addresses of which nothing is known.
    anywhere: BTreeSet<String>,
    /// By path the addresses that are not Zoho's and are sent something to sign in with.
    strangers: BTreeSet<(String, String)>,
}

/// Everything that a project sends, without what signs it in. `parameters` and `schemes` are the names that carry a
/// token, in lower case.
pub fn sent(
    facts: &Facts,
    units: &[Rc<Unit>],
    knowledge: &Knowledge<'_>,
    parameters: &[String],
    schemes: &[String],
) -> Sent {
    let mut sent = Sent::default();
    let mut helpers: BTreeMap<u32, bool> = BTreeMap::new();
    for request in &facts.requests {
        let Some((place, unit)) = request
            .place
            .and_then(|place| Some((place, units.get(place.file as usize)?)))
        else {
            continue;
        };
        // What the helpers send hangs on settings, which fixes are about.
        let is_helper = helpers
            .entry(place.file)
            .or_insert_with(|| Helper::in_source(&unit.text).is_some());
        if *is_helper {
            continue;
        }
        // Parameters alone are a guess that may hang on the token: nothing says that they are sent anywhere.
        if request.urls.is_empty() && request.headers.is_empty() && !request.is_defaults {
            continue;
        }
        let signature = signature(request, unit.language(), parameters, schemes);
        if signs_in(request, parameters, schemes) {
            let strangers = knowledge.strangers(request);
            sent.strangers
                .extend(strangers.map(|address| (unit.path.clone(), address)));
        }
        if request.urls.iter().all(|url| url.template() == HOLE) {
            sent.anywhere.insert(signature.clone());
        }
        let file = sent.files.entry(unit.path.clone()).or_default();
        file.insert((place, signature));
    }
    sent
}

impl Sent {
    /// The first file from which a token goes to an address that is not Zoho's and was sent none before, and that
    /// address.
    pub fn told(&self, now: &Sent) -> Option<(String, String)> {
        now.strangers.difference(&self.strangers).next().cloned()
    }

    /// The first file that no longer sends what it sent, or sends something else; without the requests at the places
    /// that are `dropped`. Files that sent nothing before may send what they will.
    pub fn changed(&self, now: &Sent, dropped: &BTreeSet<Place>) -> Option<&str> {
        let nothing = BTreeSet::new();
        self.files.iter().find_map(|(path, before)| {
            let kept: BTreeSet<&str> = before
                .iter()
                .filter(|(place, _)| !dropped.contains(place))
                .map(|(_, signature)| signature.as_str())
                .collect();
            let after = now.files.get(path).unwrap_or(&nothing);
            let after: BTreeSet<&str> = after
                .iter()
                .map(|(_, signature)| signature.as_str())
                // With its new header a request is seen that was there before, but said nothing.
                .filter(|signature| kept.contains(signature) || !now.anywhere.contains(*signature))
                .collect();
            (kept != after).then_some(path.as_str())
        })
    }
}

/// The functions of Deluge that send a request and the task block that does all they can: one becomes the
/// other, and the method, address, parameters and headers say whether the request is the same.
const DELUGE_CLIENTS: [&str; 2] = ["invokeurl", "getUrl, postUrl, putUrl"];

fn signs_in(request: &Request, parameters: &[String], schemes: &[String]) -> bool {
    let names = |part: &Part, fits: &dyn Fn(&str) -> bool| {
        (part.name.iter()).any(|name| fits(&name.template().trim().to_ascii_lowercase()))
    };
    let is_parameter = |name: &str| parameters.iter().any(|known| known == name);
    request
        .headers
        .iter()
        .any(|part| names(part, &|name| is_header(name, schemes)))
        || (request.query.iter().chain(&request.form)).any(|part| names(part, &is_parameter))
}

fn is_header(name: &str, schemes: &[String]) -> bool {
    name == "authorization"
        || schemes
            .iter()
            .any(|scheme| name.starts_with(scheme.as_str()))
}

fn signature(
    request: &Request,
    language: Language,
    parameters: &[String],
    schemes: &[String],
) -> String {
    let client = request.client.as_deref().map(|client| {
        if language == Language::Deluge && DELUGE_CLIENTS.contains(&client) {
            "invokeurl"
        } else {
            client
        }
    });
    let texts = |list: &[Alternative]| -> BTreeSet<String> {
        list.iter()
            .map(|text| without(&text.template(), parameters))
            .collect()
    };
    let pairs = |list: &[Part], is_sign_in: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        list.iter()
            .flat_map(|part| {
                let names: BTreeSet<String> = part.name.iter().map(Alternative::template).collect();
                let values: BTreeSet<String> =
                    part.value.iter().map(Alternative::template).collect();
                names
                    .into_iter()
                    .filter(|name| !is_sign_in(&name.trim().to_ascii_lowercase()))
                    .map(move |name| format!("{name}={values:?}"))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let is_header = |name: &str| is_header(name, schemes);
    // Header objects that are handed on with a body are taken for a form by some clients.
    let is_parameter = |name: &str| is_header(name) || parameters.iter().any(|known| known == name);
    // Where nothing is known of a body, nothing can be compared.
    let mut bodies = texts(&request.body);
    bodies.remove("{}");
    let mut methods = request.methods.clone();
    methods.sort();
    methods.dedup();
    format!(
        "{:?} {methods:?} {:?} {:?} {:?} {:?} {:?}",
        client,
        texts(&request.urls),
        pairs(&request.headers, &is_header),
        pairs(&request.query, &is_parameter),
        pairs(&request.form, &is_parameter),
        bodies,
    )
}

/// A URL or form without the parameters that carry a token. Only the token goes with its name: one unknown piece, or
/// what is written up to the next one. What stands behind it may hold parameters of its own and is kept.
fn without(text: &str, parameters: &[String]) -> String {
    let (head, query) = match text.split_once('?') {
        Some((head, query)) => (head, query),
        None if text.contains('=') => ("", text),
        None => return text.to_string(),
    };
    let is_token = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        parameters.contains(&name.trim().to_ascii_lowercase())
    };
    let mut kept: Vec<String> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        // Some code puts `?authtoken=` behind an address that has a `?` already.
        let pair = match pair.rsplit_once('?') {
            Some((before, last)) if is_token(last) => {
                kept.push(before.to_string());
                last
            }
            _ => pair,
        };
        if !is_token(pair) {
            kept.push(pair.to_string());
            continue;
        }
        let value = pair.split_once('=').map_or("", |(_, value)| value);
        let behind = match value.strip_prefix(HOLE) {
            Some(behind) => behind,
            None => value
                .find(HOLE)
                .and_then(|at| value.get(at..))
                .unwrap_or_default(),
        };
        match kept.last_mut() {
            Some(before) => before.push_str(behind),
            None if behind.is_empty() => {}
            None => kept.push(behind.to_string()),
        }
    }
    if kept.is_empty() {
        return head.to_string();
    }
    format!("{head}?{}", kept.join("&"))
}

/// What is unknown, as templates print it.
const HOLE: &str = "{}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::Span;

    fn place(at: u32) -> Place {
        let span = Span {
            start: at,
            end: at + 1,
        };
        Place { file: 0, span }
    }

    #[test]
    fn a_call_of_deluge_may_become_a_block_and_nothing_else_may() {
        let of = |client: &str, language| {
            let request = Request {
                client: Some(client.to_string()),
                methods: vec!["GET".to_string()],
                ..Request::default()
            };
            signature(&request, language, &[], &[])
        };
        let call = "getUrl, postUrl, putUrl";
        assert_eq!(
            of(call, Language::Deluge),
            of("invokeurl", Language::Deluge)
        );
        assert_ne!(of("openUrl", Language::Deluge), of(call, Language::Deluge));
        assert_ne!(of("invokeurl", Language::Java), of(call, Language::Java));
    }

    #[test]
    fn only_the_requests_that_are_named_may_go() {
        let sent = |requests: &[(u32, &str)]| Sent {
            files: BTreeMap::from([(
                "a.js".to_string(),
                requests
                    .iter()
                    .map(|(at, what)| (place(*at), what.to_string()))
                    .collect(),
            )]),
            ..Sent::default()
        };
        let before = sent(&[(10, "create"), (20, "tickets"), (30, "tickets")]);
        let create = BTreeSet::from([place(10)]);
        assert_eq!(before.changed(&sent(&[(5, "tickets")]), &create), None);
        assert_eq!(before.changed(&Sent::default(), &create), Some("a.js"));
        let nothing = BTreeSet::new();
        assert_eq!(
            before.changed(&sent(&[(5, "tickets")]), &nothing),
            Some("a.js")
        );
        let more = sent(&[(5, "tickets"), (6, "other")]);
        assert_eq!(before.changed(&more, &create), Some("a.js"));
        let only = sent(&[(10, "create")]);
        assert_eq!(only.changed(&Sent::default(), &create), None);
        // What one place sends may be sent from another one as well: then it stays.
        let twice = sent(&[(10, "create"), (40, "create")]);
        assert_eq!(twice.changed(&Sent::default(), &create), Some("a.js"));
    }

    #[test]
    fn a_url_is_the_same_without_the_token() {
        let names = ["authtoken".to_string()];
        for (left, right) in [
            ("https://a/b?authtoken={}&c=1", "https://a/b?c=1"),
            ("https://a/b?c=1&authtoken={}", "https://a/b?c=1"),
            ("https://a/b?authtoken={}", "https://a/b"),
            ("authtoken={}&scope=x", "scope=x"),
        ] {
            assert_eq!(without(left, &names), without(right, &names));
        }
        for (left, right) in [
            ("https://a/b?c=1", "https://a/b?c=2"),
            ("https://a/b?c=1&authtoken={}{}", "https://a/b?c=1"),
            ("https://a/b?authtoken={}{}", "https://a/b"),
            ("https://a/b?authtoken=5e7ac0ffee{}", "https://a/b"),
            ("authtoken={}{}", "{}"),
            ("https://a/b?authtoken={}&c=1&d=1", "https://a/b?c=1?d=1"),
            ("https://a/b?authtoken={}&c=1", "https://a/b&c=1"),
        ] {
            assert_ne!(without(left, &names), without(right, &names), "{left}");
        }
    }
}
