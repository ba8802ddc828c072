//! Facts: the narrow waist between evaluation and rules. What a code base does, in terms of requests,
//! settings and names, without a judgement.
//!
//! Owns the fact types. It must not know syntax trees or Zoho; places are opaque handles.

use crate::flow::value::{Alternative, Place, Role, Steps};

/// One part of a request: a name and a value with their provenance.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: Vec<Alternative>,
    pub value: Vec<Alternative>,
    /// The call, entry or assignment that puts it into the request.
    pub place: Place,
    /// The way of the container to the request, if it is not written there directly.
    pub steps: Steps,
}

impl Part {
    /// Whether one of the possible names is this one, without case.
    pub fn is_named(&self, wanted: &str) -> bool {
        self.name
            .iter()
            .filter_map(Alternative::constant)
            .any(|name| name.trim().eq_ignore_ascii_case(wanted))
    }
}

/// An HTTP request, or what is known of one.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Name of the client idiom, `None` for pairs and strings that no known client was seen to send.
    pub client: Option<String>,
    pub place: Option<Place>,
    /// Upper case, where known.
    pub methods: Vec<String>,
    /// Complete URLs, base and path joined.
    pub urls: Vec<Alternative>,
    pub headers: Vec<Part>,
    pub query: Vec<Part>,
    pub form: Vec<Part>,
    pub body: Vec<Alternative>,
    /// The name under which the platform signs in.
    pub connection: Vec<Alternative>,
    /// True for client instances with defaults: what they hold goes into many requests.
    pub is_defaults: bool,
}

/// A string expression that no request above explains.
#[derive(Clone, Debug)]
pub struct LooseText {
    pub place: Place,
    pub text: Vec<Alternative>,
}

/// A key with a value outside any known request: a map entry, an indexed assignment, a two-argument call.
#[derive(Clone, Debug)]
pub struct LoosePair {
    pub part: Part,
    pub kind: PairKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PairKind {
    /// `{key: value}`, `x.key = value`, `x["key"] = value`.
    Entry,
    /// `anything("key", value)`.
    Call,
    /// `@Annotation("key") parameter`.
    Annotation,
}

/// A key of a configuration file with its value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The whole key path.
    pub key: String,
    pub key_place: Place,
    pub value: Option<Alternative>,
    pub value_place: Option<Place>,
}

/// A string literal in code, bound to a name if it is.
#[derive(Clone, Debug)]
pub struct Credential {
    pub value: Alternative,
    pub place: Place,
    /// Names near it: variable, field, key.
    pub name: Option<String>,
}

/// A call or construction that belongs to a package from outside.
#[derive(Clone, Debug)]
pub struct SdkUse {
    /// The module it comes from, where an import says so.
    pub module: Option<String>,
    /// `ZohoBooks.initialize`, `new ReportClient`.
    pub callee: String,
    pub place: Place,
    pub arguments: Vec<Vec<Alternative>>,
    /// Entries of the options object, if there is one.
    pub options: Vec<Part>,
}

/// A module that a file imports from outside.
#[derive(Clone, Debug)]
pub struct Imported {
    pub module: String,
    pub place: Place,
}

/// A declared name: variable, field, parameter, function.
#[derive(Clone, Debug)]
pub struct Carrier {
    pub name: String,
    pub place: Place,
}

/// A comment or a line of prose.
#[derive(Clone, Debug)]
pub struct Mention {
    pub text: String,
    pub place: Place,
}

/// A value handed to code that is no known HTTP client: only kept there, or none of our business.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The argument as it stands in the call.
    pub place: Place,
    /// The entries of options that stand there, and of options within them.
    pub entries: Vec<Place>,
    pub to: Receiver,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A function or class of the project; its name.
    Project(String),
    /// A module from outside.
    Module(String),
}

/// All facts of a project.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub requests: Vec<Request>,
    pub texts: Vec<LooseText>,
    pub pairs: Vec<LoosePair>,
    pub settings: Vec<Setting>,
    pub credentials: Vec<Credential>,
    pub sdk_uses: Vec<SdkUse>,
    pub imports: Vec<Imported>,
    pub carriers: Vec<Carrier>,
    pub mentions: Vec<Mention>,
    pub handed: Vec<Handed>,
}

/// A step for people: where, and what happens there.
pub type Step = (Place, Role);
