//! `authshift` finds where a code base still signs in to Zoho with an authtoken, says what has to change to
//! Zoho OAuth 2.0 and by when it had to, and makes the change.

pub mod audit;
pub mod cli;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod flow;
pub mod output;
pub mod parallel;
pub mod pipeline;
pub mod plan;
pub mod redact;
pub mod rules;
pub mod scan;
pub mod syntax;
