//! The migration plan: everything that a report says, in the order in which it is said.
//!
//! Owns the shape. Every text in it is masked, every date, step and limit has its source beside it, so that an output
//! needs nothing else. It must not know how it is filled or shown. The JSON report is this shape written out, and is
//! read back when reports are merged: fields may be added under the same [`SCHEMA`], nothing else changes under it.

use super::requests::Auth;
use crate::finding::{Confidence, PathClass, Safety};
pub use crate::finding::{Coverage, Unread};
use crate::rules::model::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of this shape.
pub const SCHEMA: u32 = 1;

/// What [`Plan::report`] holds: tells a saved report from other JSON of the program.
pub const REPORT: &str = "migration";

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Plan {
    pub schema: u32,
    /// Always [`REPORT`].
    pub report: String,
    pub tool: Tool,
    /// `YYYY-MM-DD`: the day from which days are counted.
    pub today: String,
    /// At least one; paths are relative to theirs. Where there is one only, its name need not be shown.
    pub repositories: Vec<Repository>,
    pub summary: Summary,
    /// The work list: by deadline, the most overdue first; products without a finding and without a date last.
    pub products: Vec<Product>,
    /// The OAuth clients and connections that are needed.
    pub clients: Vec<Client>,
    /// Tokens to revoke and passwords to change.
    pub credentials: Vec<Credential>,
    /// What is told of the past, for people who find it in old instructions.
    pub history: Vec<Fact>,
    /// What this report cannot say, and why. Whole sentences.
    pub gaps: Vec<String>,
    /// Where every date, step, limit and scope comes from.
    pub sources: Vec<Source>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Tool {
    /// `authshift`
    pub name: String,
    pub version: String,
}

/// A code base that was scanned.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Repository {
    /// Unique among those of a report.
    pub name: String,
    /// Absent if the saved result does not say.
    pub coverage: Option<Coverage>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Diagnostic {
    pub level: Level,
    pub path: Option<String>,
    pub message: String,
}

/// Errors and warnings are findings; notes (documentation, code that only carries a token) are counted beside them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Summary {
    /// Errors and warnings.
    pub findings: u64,
    pub errors: u64,
    pub warnings: u64,
    pub notes: u64,
    /// Files with an error or a warning.
    pub files: u64,
    /// Of errors and warnings.
    pub effort: EffortCounts,
    /// Of errors and warnings, the most first.
    pub languages: Vec<LanguageCount>,
    pub tokens_to_revoke: u64,
    pub passwords_to_change: u64,
    /// The deadline that passed first, and the days since then; negative while it lies ahead.
    pub first_deadline: Option<String>,
    pub days_overdue: Option<i64>,
}

/// How much work a finding is.
#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// `authshift fix` does it.
    Automatic,
    /// `authshift fix --unsafe` does it, and a person looks at it.
    Review,
    /// A person has to do it.
    Rewrite,
}

impl Effort {
    pub const ALL: [Effort; 3] = [Effort::Automatic, Effort::Review, Effort::Rewrite];

    pub fn of(safety: Option<Safety>) -> Effort {
        match safety {
            Some(Safety::Safe) => Effort::Automatic,
            Some(Safety::Unsafe) => Effort::Review,
            Some(Safety::Display) | None => Effort::Rewrite,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Effort::Automatic => "automatic",
            Effort::Review => "review",
            Effort::Rewrite => "rewrite",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct EffortCounts {
    pub automatic: u64,
    pub review: u64,
    pub rewrite: u64,
}

impl EffortCounts {
    pub fn add(&mut self, effort: Effort) {
        match effort {
            Effort::Automatic => self.automatic += 1,
            Effort::Review => self.review += 1,
            Effort::Rewrite => self.rewrite += 1,
        }
    }

    pub fn of(self, effort: Effort) -> u64 {
        match effort {
            Effort::Automatic => self.automatic,
            Effort::Review => self.review,
            Effort::Rewrite => self.rewrite,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct LanguageCount {
    pub language: String,
    pub findings: u64,
    pub files: u64,
}

/// One product of Zoho, with all that is to be done about it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Product {
    /// `desk`; absent where nothing tells.
    pub id: Option<String>,
    /// `Zoho Desk`
    pub name: String,
    pub deadline: Option<Deadline>,
    /// Dates that hold for one data centre or one part of the product only.
    pub other_dates: Vec<OtherDate>,
    pub errors: u64,
    pub warnings: u64,
    pub notes: u64,
    /// Of errors and warnings.
    pub effort: EffortCounts,
    /// In the order of repositories and paths.
    pub files: Vec<File>,
    pub data_centers: Vec<DataCenter>,
    /// Endpoints that went away with the token.
    pub endpoints: Vec<Endpoint>,
    pub packages: Vec<Package>,
    pub requests: RequestCounts,
    /// Requests that sign in with OAuth already.
    pub on_oauth: Vec<Place>,
    /// Requests through a connection: OAuth, if that is its type.
    pub through_connection: Vec<Place>,
}

/// Both dates of a product, and the one that counts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Deadline {
    /// `YYYY-MM-DD`: the date by which the work is ordered.
    pub date: String,
    /// No authtoken was made after it.
    pub no_new_tokens: Option<String>,
    /// Authtokens stopped; absent where Zoho names no date.
    pub stops_working: Option<String>,
    /// The API that is called ended.
    pub api_end: Option<String>,
    /// Negative while the date lies ahead.
    pub days_overdue: i64,
    pub source: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct OtherDate {
    /// `authtokens stopped`
    pub what: String,
    pub date: String,
    pub data_center: Option<String>,
    /// `CRM functions that call other services`
    pub context: Option<String>,
    pub note: Option<String>,
    pub source: String,
}

/// Where something stands.
#[derive(
    Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
pub struct Place {
    /// Name of the repository.
    pub repository: String,
    pub path: String,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct File {
    pub repository: String,
    pub path: String,
    pub path_class: PathClass,
    /// In the order of lines.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Finding {
    pub rule: String,
    pub level: Level,
    pub confidence: Confidence,
    pub effort: Effort,
    pub line: u32,
    pub column: u32,
    pub language: String,
    pub message: String,
    pub help: String,
    pub data_center: Option<String>,
    /// Of this request alone.
    pub scopes: Vec<String>,
    /// From the setting or the literal to the request, in the order in which the token passes them.
    pub flow: Vec<Step>,
    /// Absent if the saved result does not have it.
    pub excerpt: Option<Excerpt>,
    pub fix: Option<Suggestion>,
    /// The same wherever its lines move.
    pub fingerprint: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Step {
    pub path: String,
    pub line: u32,
    /// `written here`, `read from the settings`
    pub role: String,
}

/// Masked lines of a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Excerpt {
    pub first_line: u32,
    pub text: String,
    /// Byte range of the finding within `text`.
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Suggestion {
    pub title: String,
    pub safety: Safety,
    /// Why it is not safe, or why a person has to do it.
    pub reason: Option<String>,
    /// A masked unified diff of this fix alone, for people. Absent where a fix is only described, or if the saved
    /// result does not have it.
    pub patch: Option<String>,
    /// Files that it adds.
    pub creates: Vec<String>,
}

/// Where a product is called.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct DataCenter {
    /// `eu`
    pub id: String,
    pub name: String,
    /// Hosts of this product in the code, with the number of requests to each.
    pub hosts: BTreeMap<String, u64>,
    pub accounts_host: String,
    /// `www.zohoapis.eu`
    pub api_host: Option<String>,
    pub source: String,
}

/// An endpoint to be rewritten.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Endpoint {
    /// `crm-v1`
    pub id: String,
    /// What the code calls, as `METHOD url` where the method is known.
    pub old: Vec<String>,
    /// With `<dc>` for the data centre.
    pub new: String,
    /// What else changes: body, criteria, answer.
    pub changes: String,
    pub ended: Option<String>,
    pub places: Vec<Place>,
    pub source: String,
}

/// A client library that only knows authtokens, or does so in this version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Package {
    pub id: String,
    pub name: String,
    /// `npm`, `maven`, …; `source` for none.
    pub registry: String,
    /// Its name in that registry.
    pub package: Option<String>,
    /// The first version that knows OAuth.
    pub oauth_from: Option<String>,
    /// Whether nobody knows which versions need an authtoken.
    pub oauth_unknown: bool,
    pub successor: String,
    pub places: Vec<Place>,
    pub source: String,
}

/// How the requests to a product sign in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct RequestCounts {
    pub authtoken: u64,
    /// With an OAuth token in the header.
    pub oauth: u64,
    /// Through a connection, which may be of OAuth or hold an API key.
    pub connection: u64,
    pub unknown: u64,
}

/// A program or connection that signs in, and what it has to be registered as.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Client {
    pub repository: String,
    /// `the program in web`, `connection desk_tasks`
    pub name: String,
    pub kind: ApplicationKind,
    /// Folder of the program; empty for the root.
    pub folder: String,
    /// For Deluge: the link name of the connection, if the scripts have one.
    pub connection: Option<String>,
    /// The fewest scopes that suffice.
    pub scopes: Vec<String>,
    /// Every scope that Zoho lists for the requests: always enough.
    pub every_scope: Vec<String>,
    pub requests: Vec<Request>,
    /// What to do, once for each data centre that is called.
    pub setups: Vec<Setup>,
    /// For Deluge and extensions: what to do in each script.
    pub scripts: Vec<Script>,
    pub warnings: Vec<Fact>,
    /// Where what is kept.
    pub storage: Vec<Fact>,
    pub limits: Vec<Fact>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct ApplicationKind {
    /// `server`, `self-client`, `custom-function`, `extension`, `third-party`, `browser`, `mobile`
    pub id: String,
    pub name: String,
    /// What to choose in Zoho's console; absent where nothing is registered there.
    pub register_as: Option<String>,
    /// One or two sentences.
    pub summary: String,
    /// Whether `--app-kind` said so.
    pub is_given: bool,
    /// Why this kind, the strongest first. Empty if it is given, or nothing tells.
    pub evidence: Vec<Evidence>,
    /// Evidence for other kinds, which counted less.
    pub against: Vec<Evidence>,
    pub source: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Evidence {
    /// Kind that it speaks for.
    pub kind: String,
    /// `takes requests with Express`
    pub what: String,
    pub place: Place,
}

/// A request and the scopes that it needs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Request {
    pub place: Place,
    /// Id of the product.
    pub product: String,
    pub method: Option<String>,
    /// With `{}` for what is not known, without its query.
    pub url: String,
    pub status: ScopeStatus,
    /// What Zoho's specification calls the operation.
    pub operation: Option<String>,
    /// Of this request alone.
    pub scopes: Vec<String>,
    /// One scope of each group is needed.
    pub scope_groups: Vec<Vec<String>>,
    pub data_center: Option<String>,
    pub host: Option<String>,
    pub signs_in_with: Auth,
    /// With [`ScopeStatus::Unknown`]: what the scopes of the product begin with.
    pub family: Option<String>,
}

#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum ScopeStatus {
    Known,
    /// The endpoint is in no table, or it is not known which one is meant.
    Unknown,
    /// The API has ended: it needs another endpoint first.
    Ended,
}

/// The steps for one data centre, with its addresses.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Setup {
    pub data_center: String,
    pub data_center_name: String,
    /// Whether a host in the code told the data centre; else it is the usual one.
    pub is_known: bool,
    pub accounts_host: String,
    pub console_url: String,
    /// Ready to paste, with `CLIENT_ID` and `REDIRECT_URI` in it; absent where none is used or no scope is known.
    pub authorization_url: Option<String>,
    pub token_url: String,
    pub revoke_url: String,
    /// In order.
    pub steps: Vec<Instruction>,
    /// A filled-in `.env.example`; absent where there is nothing to keep.
    pub env_example: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Instruction {
    pub title: String,
    pub text: String,
    /// Ready to paste, with placeholders in capitals.
    pub command: Option<String>,
    pub source: String,
}

/// A statement with its source.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Fact {
    pub title: String,
    pub text: String,
    pub source: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Script {
    pub repository: String,
    pub path: String,
    pub scopes: Vec<String>,
    /// What is left to do, in order; empty if it is on OAuth.
    pub tasks: Vec<String>,
}

#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    Token,
    Password,
}

/// A token or password that stands in the files.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Credential {
    pub kind: CredentialKind,
    /// Its first characters at most.
    pub mask: String,
    /// Equal for equal credentials; absent for short ones.
    pub digest: Option<String>,
    /// Id of the product, if that is known.
    pub product: Option<String>,
    pub product_name: String,
    /// How often it stands there.
    pub count: u64,
    pub places: Vec<CredentialPlace>,
    /// In a file that git tracks: the value stays in the history when it is deleted.
    pub is_tracked: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialPlace {
    pub repository: String,
    pub path: String,
    pub line: u32,
    /// Absent where that is not known.
    pub tracked: Option<bool>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Source {
    /// An address, or the name of what it was taken from.
    pub source: String,
    /// What it is the source of.
    pub supports: Vec<String>,
}
