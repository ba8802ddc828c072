//! Plans: what a code base needs at Zoho once its code is changed.
//!
//! Owns what is asked of facts and rules for that, one file per question, and the shape of the answer ([`model`]). It
//! must not know how it is shown.

pub mod model;
#[cfg(test)]
pub(crate) mod sample;
pub mod scopes;

pub use model::Plan;
