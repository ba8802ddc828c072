//! Front ends: source text in, language-neutral [`tree::Tree`] out.
//!
//! One file (or folder) per language. A front end is a mapping: no constant folding, no HTTP, no Zoho.

pub(crate) mod native;

pub mod children;
pub mod config;
pub mod deluge;
pub mod html;
pub mod java;
pub mod javascript;
pub mod language;
pub mod markdown;
pub mod print;
pub mod rust;
pub mod text;
pub mod tree;

pub use tree::{Language, Span, Tree};

/// The text that a front end lowers: a whole file, or an embedded part of one.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The decoded text, without byte-order mark.
    pub text: &'a str,
    /// Where `text` begins in the file, in bytes of the decoded file.
    pub base: u32,
    /// The path of the file, for dialects that hang on the name (`.tsx`, `docker-compose.yml`).
    pub path: &'a str,
}
