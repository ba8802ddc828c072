//! Authtokens made with a password: nothing makes them any more, so the request goes, and what reads its answer.
//!
//! A function that makes a token and gives it gives an access token afterwards; a call that deletes one goes. Owns when
//! that can be done. Everything else is shown: what keeps a token or asks for a password may be of use for more. It must
//! not know how a language writes things, nor how a token is sent.

mod answer;
mod callers;
mod remains;

use super::deluge;
use crate::facts::Request;
use crate::finding::{FixKind, PathClass, Safety, path_class};
use crate::fix::dialect::{self, Place, Supply};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner};
use crate::flow::value::{self, Alternative};
use crate::rules::matching::Candidate;
use crate::syntax::tree::{Function, Kind, Language, NodeId, Span};

const TITLE: &str = "Fetch access tokens with a refresh token instead of making an authtoken";

/// Whether a rule is about the making of tokens.
pub(in crate::fix) fn is_about(recipes: &[String]) -> bool {
    recipes
        .iter()
        .any(|recipe| recipe == "replace-token-creation")
}

/// What a person has to do.
pub(in crate::fix) fn by_hand(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    why: &str,
) -> Plan {
    let rules = planner.knowledge.rules;
    let center = candidate.data_center.as_deref();
    let console = rules.address(center, |protocol| &protocol.console);
    let token = rules.address(center, |protocol| &protocol.token);
    let why = if why.is_empty() {
        String::new()
    } else {
        format!("{why}; ")
    };
    Plan::display(
        TITLE,
        format!(
            "{why}nothing makes or deletes authtokens any more: 1. fix the requests that send the token, 2. take out this call and what reads its answer, 3. take the e-mail address and the password out of code and settings, and change the password, 4. register a client at {console}; its refresh token gives access tokens at {token}"
        ),
    )
}

/// Plans what can be taken out once the requests that send the token are repaired.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) {
    /// A program makes its token in one place or two.
    const MOST: usize = 64;
    let mut count = 0;
    for (index, candidate) in candidates.iter().enumerate() {
        let is_planned = plans.get(index).is_some_and(Option::is_some);
        if !is_about(&candidate.rule.fix) || !is_planned {
            continue;
        }
        count += 1;
        let tried = match count > MOST {
            true => Err("tokens are made in too many places".to_string()),
            false => attempt(planner, candidates, candidate, plans),
        };
        let plan = tried.unwrap_or_else(|why| by_hand(planner, candidate, &why));
        go_with(planner, candidates, &plan, plans);
        if let Some(slot) = plans.get_mut(index) {
            *slot = Some(plan);
        }
    }
}

/// Findings about what goes anyway (the answer that is read) go with it.
fn go_with(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plan: &Plan,
    plans: &mut [Option<Plan>],
) {
    for (candidate, slot) in candidates.iter().zip(plans) {
        let is_shown = slot
            .as_ref()
            .is_some_and(|known| known.safety == Safety::Display && !is_about(&candidate.rule.fix));
        let Some(unit) = planner.units.get(candidate.place.file as usize) else {
            continue;
        };
        let goes = plan
            .edits
            .iter()
            .any(|edit| edit.path == unit.path && edit.span.contains(candidate.place.span));
        if is_shown && goes {
            *slot = Some(plan.clone());
        }
    }
}

/// The request that a finding is about.
struct Made<'a> {
    request: &'a Request,
    place: value::Place,
    call: NodeId,
}

fn attempt(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    candidate: &Candidate<'_>,
    plans: &[Option<Plan>],
) -> Result<Plan, String> {
    let made = made(planner, candidate)?;
    let locator = planner
        .locator(made.place.file)
        .ok_or("the file of the call is not at hand")?;
    let unit = locator.unit;
    let class = path_class::classify(&unit.path, Some(&super::head(&unit.text)));
    if class == PathClass::Generated {
        return Err(
            "the file is built from others: repair the source and build this file anew".to_string(),
        );
    }
    if unit.is_embedded {
        return Err("the code is part of a document".to_string());
    }
    if is_deletion(candidate) {
        let accounts = planner.accounts(candidate);
        return deletion(locator, &made, &accounts.url);
    }
    match unit.language() {
        Language::Deluge => deluge::creation::plan(locator, made.place, made.call, plans),
        Language::Java | Language::JavaScript | Language::TypeScript | Language::Rust => {
            creation(planner, candidates, candidate, &made, plans)
        }
        _ => Err(String::new()),
    }
}

fn is_deletion(candidate: &Candidate<'_>) -> bool {
    candidate
        .words
        .get("name")
        .is_some_and(|path| path.ends_with("/delete"))
}

/// The one call that makes the request.
fn made<'a>(planner: &Planner<'a, '_>, candidate: &Candidate<'_>) -> Result<Made<'a>, String> {
    let mut found: Vec<Made<'a>> = Vec::new();
    for request in planner.requests_around(candidate.place) {
        let Some(place) = request.place else { continue };
        let Some((call, _)) = planner
            .locator(place.file)
            .and_then(|locator| locator.call_of_name(place.span))
        else {
            continue;
        };
        if !found.iter().any(|made| made.place == place) {
            found.push(Made {
                request,
                place,
                call,
            });
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(made), None) => Ok(made),
        (Some(_), Some(_)) => Err("several calls ask this address".to_string()),
        _ => Err(String::new()),
    }
}

/// A call that deletes a token and whose answer nothing uses.
fn deletion(locator: &Locator<'_>, made: &Made<'_>, accounts_url: &str) -> Result<Plan, String> {
    const USED: &str = "the answer to the call is used";
    let statement = locator.statement_of(made.call);
    let mut at = made.call;
    while at != statement {
        let parent = locator.parent(at).ok_or(USED)?;
        let is_same = match locator.kind(parent) {
            Kind::Await { .. } => true,
            Kind::Opaque { children } => children.len() == 1,
            // `fetch(…).catch(…)`, `url.openConnection().getInputStream().close()`
            Kind::Member { object, .. } => *object == at,
            Kind::Call(call) => call.callee == at,
            _ => false,
        };
        if !is_same {
            return Err(USED.to_string());
        }
        at = parent;
    }
    let has_function = locator.unit.tree.nodes().any(|(_, node)| {
        matches!(node.kind, Kind::Function(_)) && locator.span(statement).contains(node.span)
    });
    // The last expression of a function is its value in Rust.
    let is_statement = !matches!(
        locator.kind(statement),
        Kind::Binding(_) | Kind::Assign { .. } | Kind::Return { .. } | Kind::Function(_)
    );
    if has_function || !is_statement {
        return Err(USED.to_string());
    }
    let edit = super::entry::statement(locator, statement)?;
    Ok(Plan {
        title: "Take out the call that deletes an authtoken".to_string(),
        safety: Safety::Unsafe,
        reason: Some(format!(
            "nothing deletes authtokens any more; a refresh token is revoked at {accounts_url}/oauth/v2/token/revoke"
        )),
        edits: vec![edit],
        helper: None,
        after: Vec::new(),
        drops: vec![made.place],
        kind: FixKind::Program,
    })
}

/// A function that makes a token and gives it.
fn creation(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    candidate: &Candidate<'_>,
    made: &Made<'_>,
    plans: &[Option<Plan>],
) -> Result<Plan, String> {
    let locator = planner
        .locator(made.place.file)
        .ok_or("the file of the call is not at hand")?;
    let function =
        declared_around(locator, made.call).ok_or("the request is made outside of a function")?;
    let Kind::Function(declared) = locator.kind(function) else {
        return Err("the request is made outside of a function".to_string());
    };
    if declared.is_constructor || declared.is_accessor {
        return Err("a constructor or getter makes the token".to_string());
    }
    only_request(planner, locator, candidate, made, &[function])?;
    let reading = answer::read(locator, function, &[made.call])?;
    let drops = only_request(planner, locator, candidate, made, &reading.functions)?;
    let after = callers::mended(planner, candidates, plans, made.place.file, function)?;
    let first = declared
        .body
        .first()
        .copied()
        .ok_or("the function has no body")?;
    let place = Place {
        locator,
        file: made.place.file,
        at: first,
        call: None,
        client: made.request.client.as_deref(),
        awaited: false,
        error_first: false,
        accounts: planner.accounts(candidate),
        quote: '\'',
    };
    let supply = dialect::supply(planner, &place, function, callback(&reading.gives))?;
    let body =
        body(locator, function, declared).ok_or("the body of the function is not in sight")?;
    let mut reasons = Vec::new();
    if reading.may_give_nothing && !supply.gives_nothing {
        reasons.push("the function gave nothing where it got no token, and now fails".to_string());
    }
    reasons.extend(supply.reason.clone());
    reasons.push(if declared.parameters.is_empty() {
        "the function gives an access token: take the e-mail address and the password out of code and settings".to_string()
    } else {
        "the function gives an access token: its callers need no e-mail address and password for it any more, so take these out of code and settings".to_string()
    });
    let mut edits = vec![replaced(locator, &body, &supply)];
    edits.extend(supply.edits);
    edits.extend(remains::edits(
        planner,
        locator,
        made.place.file,
        function,
        body.inner,
        &reading.functions,
    ));
    Ok(Plan {
        title: TITLE.to_string(),
        safety: Safety::Unsafe,
        reason: Some(reasons.join("; ")),
        edits,
        helper: Some(supply.helper),
        after,
        drops,
        kind: FixKind::Program,
    })
}

fn callback(gives: &answer::Gives) -> Option<&str> {
    match gives {
        answer::Gives::Value => None,
        answer::Gives::Callback(name) => Some(name),
    }
}

/// The innermost function around a call that is declared and not handed to another call.
fn declared_around(locator: &Locator<'_>, call: NodeId) -> Option<NodeId> {
    let mut at = locator.function_around(call)?;
    while locator
        .parent(at)
        .is_some_and(|parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee != at))
    {
        at = locator.function_around(at)?;
    }
    Some(at)
}

/// The requests of these functions, if all of them ask the address at which tokens are made.
fn only_request(
    planner: &Planner<'_, '_>,
    locator: &Locator<'_>,
    candidate: &Candidate<'_>,
    made: &Made<'_>,
    functions: &[NodeId],
) -> Result<Vec<value::Place>, String> {
    let address = candidate
        .words
        .get("name")
        .map(|path| path.to_ascii_lowercase());
    let spans: Vec<Span> = functions.iter().map(|id| locator.span(*id)).collect();
    let mut found = vec![made.place];
    for request in &planner.facts.requests {
        let Some(place) = request.place else { continue };
        let is_within =
            place.file == made.place.file && spans.iter().any(|span| span.contains(place.span));
        if !is_within || found.contains(&place) {
            continue;
        }
        let asks = |url: &Alternative| {
            let url = url.template().to_ascii_lowercase();
            address
                .as_ref()
                .is_some_and(|address| url.contains(address.as_str()))
        };
        if request.urls.is_empty() || !request.urls.iter().all(asks) {
            return Err("the function makes another request as well".to_string());
        }
        found.push(place);
    }
    Ok(found)
}

/// Where the body of a function stands.
struct Body {
    inner: Span,
    /// Whether it stands between braces, or is one expression.
    has_braces: bool,
}

fn body(locator: &Locator<'_>, function: NodeId, declared: &Function) -> Option<Body> {
    let whole = locator.span(function);
    let annotations = declared.annotations.iter().map(|one| one.span.end);
    let parameters = declared.parameters.iter().map(|one| one.span.end);
    let name = declared.name.iter().map(|one| one.span.end);
    let head = annotations
        .chain(parameters)
        .chain(name)
        .filter(|end| *end <= whole.end)
        .max()
        .unwrap_or(whole.start)
        .max(whole.start);
    let rest = locator.slice(Span {
        start: head,
        end: whole.end,
    });
    let from = match declared.is_arrow {
        true => rest.find("=>")? + 2,
        false => rest.find(')')?,
    };
    let tail = rest.get(from..)?;
    let blank = tail.len() - tail.trim_start().len();
    if declared.is_arrow && !tail.trim_start().starts_with('{') {
        return Some(Body {
            inner: Span {
                start: head + (from + blank) as u32,
                end: whole.end,
            },
            has_braces: false,
        });
    }
    let open = from + tail.find('{')? + 1;
    rest.ends_with('}').then(|| Body {
        inner: Span {
            start: head + open as u32,
            end: whole.end - 1,
        },
        has_braces: true,
    })
}

/// The new body in the place of the old one.
fn replaced(locator: &Locator<'_>, body: &Body, supply: &Supply) -> TextEdit {
    let path = &locator.unit.path;
    if !body.has_braces {
        return TextEdit::replace(path, body.inner, supply.expression.clone());
    }
    let line_end = locator.line_end();
    let outer = locator.indentation(body.inner.start);
    let step = locator.step();
    TextEdit::replace(
        path,
        body.inner,
        format!(
            "{line_end}{outer}{step}{}{line_end}{outer}",
            supply.statement
        ),
    )
}
