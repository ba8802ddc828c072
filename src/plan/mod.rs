//! Plans: what a code base needs at Zoho once its code is changed.
//!
//! Owns what is asked of facts and rules for that. It must not know how it is shown.

pub mod scopes;
