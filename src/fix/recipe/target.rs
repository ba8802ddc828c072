//! The requests that a finding is about, and the place of the one that a fix works on.

use crate::facts::Request;
use crate::fix::Planner;
use crate::fix::dialect::Place;
use crate::fix::locate::Locator;
use crate::rules::matching::Candidate;
use crate::syntax::tree::{Call, Language, NodeId};

/// The request of a finding, with the call that makes it.
pub(super) struct Target<'a> {
    pub request: &'a Request,
    /// The file of the call.
    pub file: u32,
    pub call: NodeId,
    pub made: &'a Call,
}

/// The one request that a finding is about; an error where there is none in sight, or several.
pub(super) fn of<'a>(
    planner: &Planner<'a, '_>,
    candidate: &Candidate<'_>,
) -> Result<Target<'a>, String> {
    let all = all(planner, candidate);
    let mut targets: Vec<Target<'a>> = Vec::new();
    for request in all {
        if request.is_defaults {
            return Err("this holds for every request of a client, and would keep the first access token after it has expired: set the header for each request, or use an interceptor".to_string());
        }
        let Some(place) = request.place else { continue };
        let Some(locator) = planner.locator(place.file) else {
            continue;
        };
        let Some((call, made)) = locator.call_of_name(place.span) else {
            continue;
        };
        let known = targets
            .iter()
            .any(|target| target.file == place.file && target.call == call);
        if !known {
            targets.push(Target {
                request,
                file: place.file,
                call,
                made,
            });
        }
    }
    if targets.len() > 1 {
        return Err("several requests take it: give each of them the header".to_string());
    }
    targets
        .pop()
        .ok_or_else(|| "the call that sends it is not in sight".to_string())
}

fn all<'a>(planner: &Planner<'a, '_>, candidate: &Candidate<'_>) -> Vec<&'a Request> {
    let mut requests = planner.requests_at(candidate.place);
    if requests.is_empty() {
        requests = planner.requests_around(candidate.place);
    }
    requests
}

/// The client of any request that a finding is about.
pub(super) fn client<'a>(planner: &Planner<'a, '_>, candidate: &Candidate<'_>) -> Option<&'a str> {
    all(planner, candidate)
        .iter()
        .find_map(|request| request.client.as_deref())
}

/// The question for the dialect.
pub(super) fn place<'l, 'u>(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    locator: &'l Locator<'u>,
    at: NodeId,
    call: Option<NodeId>,
    client: Option<&'l str>,
) -> Place<'l, 'u> {
    Place {
        locator,
        file: candidate.place.file,
        at,
        call,
        client,
        awaited: super::awaited::around(planner, locator, at).is_some(),
        error_first: client.is_some_and(|client| {
            planner
                .client(client)
                .is_some_and(|known| known.error_first)
        }),
        accounts: planner.accounts(candidate),
        quote: quote(locator, at),
    }
}

/// The quote of the text at or in a node; that of most texts in the file if there is none.
fn quote(locator: &Locator<'_>, at: NodeId) -> char {
    if matches!(locator.unit.language(), Language::Java | Language::Rust) {
        return '"';
    }
    let text = locator.text(at);
    let first = text
        .find(['"', '\'', '`'])
        .and_then(|at| text.get(at..)?.chars().next());
    let doubles = || {
        let whole: &str = &locator.unit.text;
        (whole.matches('"').count() > whole.matches('\'').count()).then_some("")
    };
    match first {
        Some('`') if text.contains("Zoho-") => '`',
        Some(quote) if quote != '`' => quote,
        _ if locator.once("quotes", doubles).is_some() => '"',
        _ => '\'',
    }
}
