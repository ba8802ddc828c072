//! What a function gives back, and whether that is a promise already.

use crate::fix::locate::Locator;
use crate::syntax::tree::{Function, Kind, NodeId};

/// The values that a function itself returns, not those of functions within.
pub(super) fn returns(locator: &Locator<'_>, function: &Function) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut pending: Vec<NodeId> = function.body.clone();
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Return { value } => found.extend(*value),
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    found
}

/// Whether every value that a function returns is a promise already, so that nobody sees it become async.
pub(super) fn returns_promises(locator: &Locator<'_>, function: &Function) -> bool {
    let returned = returns(locator, function);
    !returned.is_empty() && returned.iter().all(|id| is_promise(locator, *id))
}

/// What promises are made of: chains, and the calls of clients that give promises.
fn is_promise(locator: &Locator<'_>, id: NodeId) -> bool {
    const CHAINS: [&str; 3] = ["then", "catch", "finally"];
    const CLIENTS: [&str; 10] = [
        "fetch",
        "axios",
        "rp",
        "undici",
        "fetchJson",
        "ofetch",
        "$fetch",
        "nodeFetch",
        "requestPromise",
        "Promise",
    ];
    // What these give is more than a promise until the body is asked for: callers may go on with it.
    const CHAINABLE: [&str; 2] = ["got", "ky"];
    // These give a client, and no answer.
    const MAKERS: [&str; 3] = ["create", "extend", "defaults"];
    const BODIES: [&str; 5] = ["json", "text", "buffer", "blob", "arrayBuffer"];
    let Kind::Call(call) = locator.kind(id) else {
        return false;
    };
    let asks_for_body = matches!(locator.kind(call.callee), Kind::Member { property, .. } if BODIES.contains(&property.text.as_str()));
    let mut at = call.callee;
    loop {
        match locator.kind(at) {
            Kind::Member { object, property } => {
                if CHAINS.contains(&property.text.as_str()) {
                    return true;
                }
                if MAKERS.contains(&property.text.as_str()) {
                    return false;
                }
                at = *object;
            }
            Kind::Call(inner) => at = inner.callee,
            Kind::Name(name) => {
                // What a module gives is known by the module, whatever it is called here.
                let module = locator
                    .unit
                    .imported_names
                    .get(name)
                    .map(|(module, _)| module.as_str());
                let required = required_module(locator, name);
                let known = |name: &str| {
                    CLIENTS.contains(&name)
                        || (asks_for_body && CHAINABLE.contains(&name))
                        || name.starts_with("request-promise")
                        || name == "node-fetch"
                        || name == "cross-fetch"
                };
                return known(name) || module.is_some_and(known) || required.is_some_and(known);
            }
            _ => return false,
        }
    }
}

/// The module in `const name = require('module')`.
fn required_module<'u>(locator: &Locator<'u>, name: &str) -> Option<&'u str> {
    locator.unit.tree.body().iter().find_map(|id| {
        let Kind::Binding(binding) = locator.kind(*id) else {
            return None;
        };
        let Kind::Name(known) = locator.kind(binding.target) else {
            return None;
        };
        match locator.kind(binding.value?) {
            Kind::Require { module, .. } if known == name => Some(module.as_str()),
            _ => None,
        }
    })
}
