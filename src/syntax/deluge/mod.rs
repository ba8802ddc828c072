//! The front end of Deluge, the scripting language inside Zoho's products: text in, neutral tree out.
//!
//! Owns the reading of scripts, of prose around them, and of Creator application exports that hold them.
//! It must not know requests, tokens of other services or rules: `invokeurl` is a call like any other.
//!
//! There is no public grammar, and scripts are often pasted with prose, placeholders and missing marks. So
//! every statement is read as far as it goes; the rest of it becomes [`Kind::Opaque`] with the expressions
//! that could be read, and the next statement is read as if nothing had happened.
//!
//! How scripts look in the tree, where that is not plain:
//! - A task block (`invokeurl [ … ]`, `sendmail [ … ]`) is a `Call` whose callee is the `Name` of the task
//!   in lower case, every entry a named argument with its key in lower case. `insert into` has the form as
//!   first, unnamed argument; `delete from` has the selected records.
//! - `info x`, `alert x`, `cancel submit` and the like are calls with one argument.
//! - A record selection `Form[ID == x]` is `Opaque` with form and criteria; with a plain value in the
//!   brackets it is an `Index`.
//! - Functions of the whole text come first and are exported under their full name (`standalone.fetch`). A
//!   call of such a function has that name as its callee, one `Name` with points (`thisapp.` left out):
//!   scripts import nothing, every function is known to all others.
//!
//! [`Kind::Opaque`]: crate::syntax::tree::Kind::Opaque

mod lexer;
mod literal;
#[cfg(test)]
mod measure;
mod parser;
mod recognise;

pub use lexer::{Token, TokenKind, tokens};
pub use recognise::{is_application_export, looks_like_deluge};

use super::Input;
use super::tree::Tree;

/// Reads a script, or a Creator application export.
pub fn lower(input: Input<'_>) -> Tree {
    parser::parse(input).tree
}
