//! Plans: what a code base needs at Zoho once its code is changed.
//!
//! Owns what is asked of facts and rules for that, one file per question, and the shape of the answer ([`model`]). It
//! must not know how it is shown.

pub mod build;
mod clients;
mod finish;
mod merge;
pub mod model;
mod products;
pub mod requests;
#[cfg(test)]
pub(crate) mod sample;
pub mod saved;
pub mod scopes;
mod signs;
pub mod survey;

pub use build::{Choices, Entry, Input, build};
pub use merge::merge;
pub use model::Plan;
