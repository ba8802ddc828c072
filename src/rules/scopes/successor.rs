//! From a call of an API that has ended to the one that takes its place.
//!
//! Which that is stands with the endpoint in `rules/products/`.

use super::{Need, of_request};
use crate::rules::model::{LegacyEndpoint, LegacyOperation};

/// What the successor of a call needs, where it is known which one that is.
///
/// `url` may have `{}` for what is not known.
pub fn of_ended(product: &str, legacy: &LegacyEndpoint, url: &str) -> Option<Need> {
    let path = path_of(url);
    let (operation, segments) = legacy
        .operation
        .iter()
        .find_map(|operation| Some((operation, matched(operation, path)?)))?;
    let mut successor = legacy.successor.replace("<dc>", "com");
    successor.push_str(&operation.successor);
    for (name, value) in segments {
        successor = successor.replace(&format!("{{{name}}}"), value);
    }
    of_request(product, &operation.method, &successor)
}

fn path_of(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => url,
    }
}

/// The segments that the successor takes, if the path is one of this operation.
fn matched<'u>(operation: &LegacyOperation, path: &'u str) -> Option<Vec<(String, &'u str)>> {
    let mut taken = Vec::new();
    let mut segments = path.trim_start_matches('/').split('/');
    for wanted in operation.path.trim_start_matches('/').split('/') {
        let segment = segments.next()?;
        if let Some(name) = wanted
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            taken.push((name.to_string(), segment));
        } else if wanted != "*" && !wanted.eq_ignore_ascii_case(segment) {
            return None;
        }
    }
    segments.next().is_none().then_some(taken)
}

#[cfg(test)]
mod tests {
    use super::super::smallest;
    use super::*;

    fn scopes(product: &str, url: &str) -> Option<Vec<String>> {
        let rules = crate::rules::load(None).unwrap();
        let product = rules.products.iter().find(|known| known.id == product)?;
        let need = (product.legacy.iter()).find_map(|legacy| of_ended(&product.id, legacy, url))?;
        Some(smallest([&need]))
    }

    #[test]
    fn calls_of_an_ended_api_need_the_scopes_of_their_successors() {
        for (product, url, wanted) in [
            (
                "desk",
                "https://support.zoho.com/api/xml/requests/getrecords?portal=a",
                "Desk.tickets.READ",
            ),
            (
                "desk",
                "https://support.zoho.eu/api/json/requests/addrecords",
                "Desk.tickets.CREATE",
            ),
        ] {
            assert_eq!(
                scopes(product, url),
                Some(vec![wanted.to_string()]),
                "{url}"
            );
        }
        let read = scopes(
            "crm",
            "https://crm.zoho.com/crm/private/json/Leads/getRecords",
        );
        assert!(
            read.is_some_and(|scopes| scopes.iter().all(|scope| scope.starts_with("ZohoCRM.")))
        );
    }

    #[test]
    fn what_has_no_known_successor_needs_nothing_yet() {
        for url in [
            "https://support.zoho.com/api/xml/requests/nothingSuch",
            "https://crm.zoho.com/crm/private/json/Leads",
            "https://crm.zoho.com/",
            "{}",
        ] {
            assert_eq!(scopes("desk", url), None, "{url}");
        }
    }
}
