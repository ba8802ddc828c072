//! The calls that send a token: task blocks, and the three functions that cannot carry a connection.
//!
//! Owns finding them and what can be said of one alone. It must not know what is done with them.

use crate::facts::Request;
use crate::fix::Planner;
use crate::flow::value::Alternative;
use crate::rules::matching::{Candidate, Knowledge};
use crate::syntax::tree::{Argument, Call, NodeId};

/// How the call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `invokeurl [ … ]`
    Block,
    /// `getUrl(…)` and the like, with the method it stands for.
    Call(&'static str),
}

pub(super) struct Send<'a> {
    pub request: &'a Request,
    pub file: u32,
    pub call: NodeId,
    pub made: &'a Call,
    pub form: Form,
}

impl<'a> Send<'a> {
    /// The entry of a block with this key.
    pub fn entry(&self, key: &str) -> Option<&'a Argument> {
        self.made
            .arguments
            .iter()
            .find(|argument| argument.name.as_ref().is_some_and(|name| name.text == key))
    }

    /// Half migrated: there is a connection or an OAuth header already.
    pub fn is_signed_in(&self, knowledge: &Knowledge<'_>) -> bool {
        let mut headers = self.request.headers.iter();
        self.form == Form::Block && self.entry("connection").is_some()
            || headers.any(|part| knowledge.signs_in_with_oauth(part))
    }
}

/// Every call that a finding is about. One that cannot be changed keeps all the others from it, for they share
/// what is taken out.
pub(super) fn all<'a>(
    planner: &Planner<'a, '_>,
    candidate: &Candidate<'_>,
) -> Result<Vec<Send<'a>>, String> {
    let mut requests = planner.requests_at(candidate.place);
    if requests.is_empty() {
        requests = planner.requests_around(candidate.place);
    }
    let mut sends: Vec<Send<'a>> = Vec::new();
    for request in requests {
        let (locator, place) = request
            .place
            .and_then(|place| Some((planner.locator(place.file)?, place)))
            .ok_or("a call that sends it is not in sight")?;
        let (call, made) = locator
            .call_of_name(place.span)
            .ok_or("a call that sends it is not in sight")?;
        if sends
            .iter()
            .any(|send| send.file == place.file && send.call == call)
        {
            continue;
        }
        sends.push(Send {
            request,
            file: place.file,
            call,
            made,
            form: form(locator.text(made.callee))?,
        });
    }
    let is_zoho = |send: &Send<'_>| {
        let hosts: Vec<String> = send
            .request
            .urls
            .iter()
            .map(Alternative::template)
            .collect();
        let known = hosts
            .iter()
            .any(|url| planner.knowledge.host_in(url).is_some());
        // The host comes from elsewhere; what was found says that it is Zoho's.
        known || hosts.iter().all(|url| !url.contains("://"))
    };
    if sends.is_empty() {
        return Err("the call that sends it is not in sight".to_string());
    }
    if !sends.iter().all(is_zoho) {
        return Err("what holds the token goes to a host that is not Zoho's as well: give each request its own".to_string());
    }
    Ok(sends)
}

fn form(callee: &str) -> Result<Form, String> {
    match callee.to_ascii_lowercase().as_str() {
        "invokeurl" => Ok(Form::Block),
        "geturl" => Ok(Form::Call("GET")),
        "posturl" => Ok(Form::Call("POST")),
        "puturl" => Ok(Form::Call("PUT")),
        "openurl" => Err("the address is opened in the browser, which signs in by itself or not at all: fetch what is needed by invokeurl with a connection".to_string()),
        _ => Err("the call has no place for a connection: use invokeurl".to_string()),
    }
}
