//! The front end for JavaScript (with JSX and Apps Script) and TypeScript.
//!
//! It owns the mapping from the native syntax tree of tree-sitter to [`crate::syntax::tree`], and the
//! semantics of the language that this needs: hoisting, operators, module systems. It must not know HTTP,
//! Zoho or any library.
//!
//! The native tree is walked once, in post-order and with an explicit stack ([`walk`]), so the depth of the
//! source cannot overflow anything; what each construct becomes is decided in the files beside it.
//!
//! Decisions that the shared tree leaves open:
//! - An assignment to `exports`, `module.exports` or a property of them that is a statement, a part of a
//!   comma statement or the initial value of a variable is **replaced** by an [`Kind::Export`] that holds
//!   the assigned value (for a variable, its name). Elsewhere it stays an `Assign`. The preamble
//!   `exports.a = exports.b = void 0` of compilers disappears.
//! - Property names and module names have the span of the text between the quotes.
//! - `undefined` and `void 0` are `Null`; `import.meta` is `Member(Name("import"), "meta")`.
//! - A function or class expression that is a statement by itself stands inside an `Opaque`, because in a
//!   body a `Function` or `Class` declares its name.
//! - `break` that ends a `switch` arm disappears: the arm does not leave the list that the switch is in.
//!
//! [`Kind::Export`]: crate::syntax::tree::Kind::Export

mod call;
mod class;
mod control;
mod expression;
mod function;
mod jsx;
mod literal;
mod module;
mod object;
mod piece;
mod walk;

#[cfg(test)]
mod tests;

use crate::syntax::tree::{Language, Tree, TreeBuilder};
use crate::syntax::{Input, native};
use walk::Lowering;

/// Which grammar reads the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JavaScript with JSX.
    JavaScript,
    /// TypeScript, where `<T>x` is a type assertion.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
}

impl Dialect {
    fn language(self) -> Language {
        match self {
            Dialect::JavaScript => Language::JavaScript,
            Dialect::TypeScript | Dialect::Tsx => Language::TypeScript,
        }
    }

    fn grammar(self) -> tree_sitter::Language {
        match self {
            Dialect::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Dialect::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Dialect::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }
}

/// Lowers one file, or one embedded part of a file. Lines in `partly_read` count from the first line of
/// this text.
pub fn lower(input: Input<'_>, dialect: Dialect) -> Tree {
    let mut builder = TreeBuilder::new(dialect.language(), input.base);
    match native::parse(input.text, &dialect.grammar()) {
        Ok(native) => Lowering::new(builder, input.text).run(&native),
        Err(reason) => {
            builder.partly_read(reason);
            builder.finish(Vec::new(), input.text.len())
        }
    }
}
