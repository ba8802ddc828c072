//! Zoho as data, and the matching of facts against it.

pub mod applications;
mod check;
mod check_clients;
mod check_headers;
pub mod deadline;
pub mod embed;
pub mod explain;
pub mod helpers;
pub mod load;
pub mod matching;
pub mod model;
mod pattern;
pub mod prefilter;
pub mod problem;
pub mod scopes;
pub mod topics;

pub use deadline::{deadline_of, other_dates};
pub use explain::{RuleRow, explain, list};
pub use load::{legacy_endpoint, load};
pub use prefilter::prefilter_literals;
pub use problem::{Problem, RulesError};
