//! Whose token a request sends: the helper signs in with the one account of the program.
//!
//! Owns what no fix may take over without a word: tokens of callers, of many accounts, and those that the program
//! goes on making. It must not know how a language writes things beyond names of its libraries.

use super::origin::{Declared, Taken, declared, path};
use super::{creation, frozen};
use crate::facts::{Facts, Part};
use crate::finding::Safety;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner, parts};
use crate::flow::value::{OriginKind, Piece, Place, Role};
use crate::rules::matching::Candidate;
use crate::rules::model::Matcher;
use crate::syntax::tree::{Kind, Language, NodeId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const CALLERS: &str = "the token comes with the request of a caller: with an access token of the program, whoever calls would use the account of the program. Let callers send an OAuth access token of their own, or see that only those may call who may use that account";
const SEVERAL: &str = "other requests to this product take another setting: they may be different accounts, and the helper signs in with one";

/// Takes back what the fixes promise where the token is not simply that of the program.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) {
    let made = making(planner, candidates, plans);
    let mut pairs: Pairs = HashMap::new();
    let facts: &Facts = planner.facts;
    for pair in &facts.pairs {
        pairs.entry(pair.part.place).or_default().push(&pair.part);
    }
    let mut accounts: Accounts = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if !is_sent_by_code(planner, candidate) {
            continue;
        }
        let Some(Some(plan)) = plans.get_mut(index) else {
            continue;
        };
        let pieces = pieces(planner, candidate, &pairs);
        match of_pieces(planner, &pieces) {
            Some(Whose::Caller) => {
                *plan = Plan::display(plan.title.clone(), CALLERS);
                continue;
            }
            Some(Whose::Each(name)) => demote(
                plan,
                format!("the token is that of each {name}: the helper signs in with one account"),
            ),
            None => {}
        }
        if plan.safety == Safety::Safe
            && let Some(reason) = frozen::reason(planner, candidate, plan)
        {
            demote(plan, reason.to_string());
        }
        if let Some(made) = made.iter().find(|made| made.gave(&pieces)) {
            let reason = match made.holds(candidate.place) {
                true => "this still makes an authtoken, which fails: take that out".to_string(),
                false => format!("this still calls {}(), which fails: take it out", made.name),
            };
            demote(plan, reason);
        }
        let names = settings(planner, &pieces);
        if let Some(helper) = &plan.helper
            && !names.is_empty()
        {
            let product = candidate.product.clone().unwrap_or_default();
            let account = accounts.entry((product, helper.path.clone())).or_default();
            account.extend(names.into_iter().map(|names| (index, names)));
        }
    }
    for takers in accounts.values().filter(|takers| are_several(takers)) {
        let indices: BTreeSet<usize> = takers.iter().map(|(index, _)| *index).collect();
        for index in indices {
            if let Some(Some(plan)) = plans.get_mut(index) {
                demote(plan, SEVERAL.to_string());
            }
        }
    }
    follow(plans);
}

/// By product and helper: which fixes take which settings.
type Accounts = BTreeMap<(String, String), Vec<(usize, BTreeSet<String>)>>;

/// A fix that needs another one is no safer than that.
fn follow(plans: &mut [Option<Plan>]) {
    for index in 0..plans.len() {
        let Some(Some(plan)) = plans.get(index) else {
            continue;
        };
        let needed = plan
            .after
            .iter()
            .filter_map(|after| plans.get(*after)?.as_ref());
        let least = needed.map(|plan| plan.safety).max();
        if plan.safety == Safety::Safe
            && least.is_some_and(|least| least > Safety::Safe)
            && let Some(Some(plan)) = plans.get_mut(index)
        {
            plan.safety = Safety::Unsafe;
            plan.reason = plan
                .reason
                .take()
                .or_else(|| Some("the fix of what takes the token is not safe".to_string()));
        }
    }
}

fn demote(plan: &mut Plan, reason: String) {
    match plan.safety {
        Safety::Display => return,
        Safety::Safe => plan.reason = Some(reason),
        Safety::Unsafe => {
            plan.reason = Some(match plan.reason.take() {
                Some(known) => format!("{reason}; {known}"),
                None => reason,
            });
        }
    }
    plan.safety = Safety::Unsafe;
}

fn is_sent_by_code(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> bool {
    let language = planner
        .units
        .get(candidate.place.file as usize)
        .map(|unit| unit.language());
    matches!(
        language,
        Some(Language::Java | Language::JavaScript | Language::TypeScript | Language::Rust)
    ) && candidate
        .rule
        .matchers
        .iter()
        .any(|matcher| matches!(matcher, Matcher::Header { .. } | Matcher::Parameter { .. }))
}

/// Keys with values that no request in sight has, by their places.
type Pairs<'a> = HashMap<Place, Vec<&'a Part>>;

/// What the token of a finding is made of.
fn pieces<'a>(
    planner: &Planner<'a, '_>,
    candidate: &Candidate<'_>,
    pairs: &Pairs<'a>,
) -> Vec<&'a Piece> {
    let mut requests = planner.requests_at(candidate.place);
    requests.extend(planner.requests_around(candidate.place));
    let whole = requests
        .iter()
        .copied()
        .flat_map(parts)
        .filter(|part| part.place == candidate.place)
        .chain(pairs.get(&candidate.place).into_iter().flatten().copied())
        .flat_map(|part| &part.value)
        .flat_map(|value| &value.pieces);
    let mut found: Vec<&Piece> = whole.collect();
    if found.is_empty() {
        let texts = requests
            .iter()
            .copied()
            .flat_map(|request| request.urls.iter().chain(&request.body));
        found.extend(texts.flat_map(|text| &text.pieces).filter(|piece| {
            candidate.carried.contains(&piece.place)
                || piece
                    .steps
                    .flatten()
                    .first()
                    .is_some_and(|first| candidate.carried.contains(&first.0))
        }));
    }
    found
}

enum Whose {
    Caller,
    /// What there is one of for each account.
    Each(String),
}

fn of_pieces(planner: &Planner<'_, '_>, pieces: &[&Piece]) -> Option<Whose> {
    let mut each = None;
    for piece in pieces {
        let Some(unknown) = piece.hole() else {
            continue;
        };
        let place = unknown.place;
        let Some(locator) = planner.locator(place.file) else {
            continue;
        };
        let Some(around) = locator.smallest_around(place.span) else {
            continue;
        };
        let at = declares(locator, around, place).unwrap_or(around);
        match of(locator, at) {
            Some(Whose::Caller) => return Some(Whose::Caller),
            found => each = each.or(found),
        }
    }
    each
}

/// The name that a parameter declares which stands at a place, with what is written around the name.
fn declares(locator: &Locator<'_>, around: NodeId, place: Place) -> Option<NodeId> {
    std::iter::once(around)
        .chain(locator.ancestors(around))
        .find_map(|id| match locator.kind(id) {
            Kind::Function(function) => Some(function),
            _ => None,
        })?
        .parameters
        .iter()
        .find(|parameter| parameter.span == place.span)
        .map(|parameter| parameter.target)
}

/// How often one variable may be that of another.
const MOST_HOPS: usize = 8;

fn of(locator: &Locator<'_>, expression: NodeId) -> Option<Whose> {
    let (mut root, mut taken) = path(locator, expression);
    for _ in 0..MOST_HOPS {
        let Kind::Name(name) = locator.kind(root) else {
            return looked_up(&taken).then(|| Whose::Each("row".to_string()));
        };
        if looked_up(&taken) {
            return Some(Whose::Each(name.clone()));
        }
        match declared(locator, root, name)? {
            Declared::Element => return Some(Whose::Each(name.clone())),
            Declared::Parameter {
                function,
                parameter,
                position,
                keys,
            } => {
                let is_pattern = !keys.is_empty();
                let mut all = named(keys);
                all.append(&mut taken);
                let has_body = matches!(locator.kind(function), Kind::Function(function) if !function.body.is_empty());
                let is_told = parameter
                    .annotations
                    .iter()
                    .any(|annotation| FROM_CALLER.contains(&annotation.name.as_str()));
                let type_name = parameter.type_name.as_deref();
                if (is_told && has_body)
                    || (is_pattern && is_route(locator, function) && comes_in("req", &all))
                    || (!is_pattern && comes_in(name, &all))
                    || of_server(locator, type_name, &all)
                {
                    return Some(Whose::Caller);
                }
                if is_row(type_name, &all) {
                    return Some(Whose::Each("row".to_string()));
                }
                return is_element(locator, function, position, &all)
                    .then(|| Whose::Each(name.clone()));
            }
            Declared::Variable {
                value,
                type_name,
                keys,
                ..
            } => {
                let mut all = named(keys);
                all.append(&mut taken);
                if of_server(locator, type_name, &all) {
                    return Some(Whose::Caller);
                }
                if is_row(type_name, &all) {
                    return Some(Whose::Each("row".to_string()));
                }
                let (next, mut before) = path(locator, value?);
                before.append(&mut all);
                if looked_up(&before) {
                    return Some(Whose::Each(name.clone()));
                }
                (root, taken) = (next, before);
            }
        }
    }
    None
}

fn named(keys: Vec<String>) -> Vec<Taken> {
    keys.into_iter()
        .map(|name| Taken {
            name,
            is_call: false,
        })
        .collect()
}

/// Annotations of parameters that hold a part of a request to the program.
const FROM_CALLER: [&str; 14] = [
    "RequestParam",
    "RequestHeader",
    "RequestBody",
    "CookieValue",
    "PathVariable",
    "QueryParam",
    "HeaderParam",
    "FormParam",
    "PathParam",
    "CookieParam",
    "QueryValue",
    "Query",
    "Headers",
    "Body",
];

/// What a handler in JavaScript takes of the request that it is called with.
fn comes_in(parameter: &str, taken: &[Taken]) -> bool {
    const REQUESTS: [&str; 9] = [
        "req", "request", "ctx", "context", "event", "evt", "e", "c", "_req",
    ];
    const PARTS: [&str; 20] = [
        "query",
        "body",
        "params",
        "headers",
        "header",
        "get",
        "param",
        "cookies",
        "signedCookies",
        "parameter",
        "parameters",
        "postData",
        "queryStringParameters",
        "pathParameters",
        "payload",
        "user",
        "session",
        "auth",
        "url",
        "nextUrl",
    ];
    let mut taken = taken.iter().map(|one| one.name.as_str());
    let first = match taken.next() {
        Some("request" | "req") => taken.next(),
        first => first,
    };
    REQUESTS.contains(&parameter) && first.is_some_and(|first| PARTS.contains(&first))
}

/// What a server in Java or Rust takes of the request that it is called with.
fn of_server(locator: &Locator<'_>, type_name: Option<&str>, taken: &[Taken]) -> bool {
    const PARTS: [&str; 17] = [
        "getParameter",
        "getParameterMap",
        "getParameterValues",
        "getHeader",
        "getHeaders",
        "getCookies",
        "getSession",
        "getAttribute",
        "getQueryParam",
        "getQueryParams",
        "getQueryStringParameters",
        "queryParam",
        "queryParams",
        "pathParam",
        "formParam",
        "getRequest",
        "getRequestHeaders",
    ];
    let Some(type_name) = type_name else {
        return false;
    };
    let last = type_name.rsplit(['.', ':']).next().unwrap_or_default();
    match locator.unit.language() {
        Language::Java => {
            let is_request = ["Request", "Exchange", "Context", "RequestEvent"]
                .iter()
                .any(|end| last.ends_with(end));
            is_request
                && taken
                    .first()
                    .is_some_and(|first| first.is_call && PARTS.contains(&first.name.as_str()))
        }
        Language::Rust => matches!(
            last,
            "Query" | "Json" | "Form" | "Path" | "HeaderMap" | "HttpRequest" | "TypedHeader"
        ),
        _ => false,
    }
}

/// Whether a value is a column of what a query gives.
fn is_row(type_name: Option<&str>, taken: &[Taken]) -> bool {
    let is_rows =
        type_name.is_some_and(|name| name.ends_with("ResultSet") || name.ends_with("RowSet"));
    is_rows && taken.first().is_some_and(|first| first.is_call)
}

/// Whether something is taken of what was looked up among several: `users.findOne(…).token`.
fn looked_up(taken: &[Taken]) -> bool {
    let found = taken.iter().position(|one| {
        let name = one.name.as_str();
        let is_query = ["find", "query", "select", "fetchOne"]
            .iter()
            .any(|verb| name.starts_with(verb));
        one.is_call && (is_query || matches!(name, "first" | "maybeSingle" | "single"))
    });
    found.is_some_and(|found| {
        taken
            .iter()
            .skip(found + 1)
            .any(|one| !one.name.is_empty() && !matches!(one.name.as_str(), "then" | "promise"))
    })
}

/// Whether a function answers requests: `app.get('/', …)`.
fn is_route(locator: &Locator<'_>, function: NodeId) -> bool {
    const ROUTES: [&str; 8] = [
        "get", "post", "put", "patch", "delete", "all", "use", "route",
    ];
    called_by(locator, function).is_some_and(|(method, _)| ROUTES.contains(&method))
}

/// The method that a function is handed to, and of what.
fn called_by<'u>(locator: &Locator<'u>, function: NodeId) -> Option<(&'u str, NodeId)> {
    let Kind::Call(call) = locator.kind(locator.parent(function)?) else {
        return None;
    };
    match locator.kind(call.callee) {
        Kind::Member { object, property } if call.callee != function => {
            Some((property.text.as_str(), *object))
        }
        _ => None,
    }
}

/// Whether a parameter holds one element of a list after the other, or what a query gives.
fn is_element(locator: &Locator<'_>, function: NodeId, position: usize, taken: &[Taken]) -> bool {
    let Some((method, object)) = called_by(locator, function) else {
        return false;
    };
    match method {
        "forEach" | "map" | "flatMap" | "filter" | "some" | "every" | "each" | "eachSeries"
        | "eachLimit" | "mapSeries" | "for_each" => position == 0,
        "reduce" => position == 1,
        "then" | "ifPresent" => {
            let (_, mut before) = path(locator, object);
            before.extend(taken.iter().map(|one| Taken {
                name: one.name.clone(),
                is_call: one.is_call,
            }));
            looked_up(&before)
        }
        "query" | "find" | "findOne" | "findById" => position == 1 && !taken.is_empty(),
        _ => false,
    }
}

/// The settings that a token is read from: those that one place chooses between, or falls back to, together; those
/// that are handed to a function at different places apart.
fn settings(planner: &Planner<'_, '_>, pieces: &[&Piece]) -> Vec<BTreeSet<String>> {
    let mut by_call: BTreeMap<Vec<Place>, BTreeSet<String>> = BTreeMap::new();
    for piece in pieces {
        let steps = piece.steps.flatten();
        let name = match piece.hole() {
            Some(unknown) => matches!(unknown.kind, OriginKind::Environment | OriginKind::Setting)
                .then(|| unknown.name.to_string()),
            None => steps.iter().find_map(|(place, role)| {
                let unit = planner.units.get(place.file as usize)?;
                (*role == Role::Setting).then(|| unit.slice(place.span).to_string())
            }),
        };
        let Some(name) = name else { continue };
        let handed = steps.iter().filter(|(_, role)| *role == Role::Passed);
        let handed = handed.map(|(place, _)| *place).collect();
        by_call.entry(handed).or_default().insert(name);
    }
    if by_call.contains_key(&Vec::new()) {
        return vec![by_call.into_values().flatten().collect()];
    }
    by_call.into_values().collect()
}

/// Whether the fixes take settings of more than one account. Those that one request chooses between, or falls back
/// to, are one.
fn are_several(takers: &[(usize, BTreeSet<String>)]) -> bool {
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for (_, names) in takers {
        let (same, others): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| !group.is_disjoint(names));
        groups = others;
        let mut joined = names.clone();
        joined.extend(same.into_iter().flatten());
        groups.push(joined);
    }
    groups.len() > 1
}

/// A function that makes tokens and goes on doing so.
struct Making {
    whole: Place,
    name: String,
}

impl Making {
    fn holds(&self, place: Place) -> bool {
        place.file == self.whole.file && self.whole.span.contains(place.span)
    }

    /// Whether what is sent came out of the function.
    fn gave(&self, pieces: &[&Piece]) -> bool {
        pieces
            .iter()
            .filter_map(|piece| piece.hole().map(|unknown| (piece, unknown)))
            .any(|(piece, unknown)| {
                let steps = piece.steps.flatten();
                self.holds(unknown.place) || steps.iter().any(|(place, _)| self.holds(*place))
            })
    }
}

/// The functions that make tokens, where that is not repaired without a further look.
fn making(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &[Option<Plan>],
) -> Vec<Making> {
    let mut found = Vec::new();
    for (candidate, plan) in candidates.iter().zip(plans) {
        let is_repaired = plan
            .as_ref()
            .is_some_and(|plan| plan.safety == Safety::Safe);
        if is_repaired || !creation::is_about(&candidate.rule.fix) {
            continue;
        }
        let Some(locator) = planner.locator(candidate.place.file) else {
            continue;
        };
        let Some(at) = locator.smallest_around(candidate.place.span) else {
            continue;
        };
        let named = locator.ancestors(at).find_map(|id| {
            let Kind::Function(function) = locator.kind(id) else {
                return None;
            };
            let own = function.name.as_ref().map(|name| name.text.clone());
            let bound = || match locator.kind(locator.parent(id)?) {
                Kind::Binding(binding) => match locator.kind(binding.target) {
                    Kind::Name(name) => Some(name.clone()),
                    _ => None,
                },
                _ => None,
            };
            Some((id, own.or_else(bound)?))
        });
        let Some((function, name)) = named else {
            continue;
        };
        found.push(Making {
            whole: Place {
                file: candidate.place.file,
                span: locator.span(function),
            },
            name,
        });
    }
    found
}
