//! Front ends for settings files: one file per format, each with its own `lower`.
//!
//! It owns the flat shape that all formats share: one [`crate::syntax::tree::Kind::Binding`] per setting,
//! named by its whole key path joined with dots. It must not know what any key means.

pub mod dotenv;
pub mod ini;
pub mod json;
mod lines;
pub mod properties;
mod settings;
pub mod toml;
pub mod xml;
pub mod yaml;

#[cfg(test)]
pub(crate) mod checks;
