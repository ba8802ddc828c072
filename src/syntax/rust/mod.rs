//! The front end for Rust.
//!
//! It owns the mapping from the syntax of `syn` to [`crate::syntax::tree`], and the semantics of the
//! language that this needs: paths, patterns, values of blocks, macros of the standard library. It must not
//! know HTTP, Zoho or any library beyond what the language itself gives a meaning.
//!
//! `syn` recurses, and an overflow of the stack ends the whole process. So a linear scan of the tokens bounds
//! the depth first ([`bound`]), and parsing and lowering run on a thread with room for that depth. What may
//! not be parsed, or is no Rust, is read item by item, and where an item fails from its tokens ([`lexical`]).
//!
//! Decisions that the shared tree leaves open:
//! - `impl` blocks belong to the class of their type; where that is declared elsewhere, they make a class of
//!   that name. `Self` is the name of the type, `self` is `This`.
//! - A path `a::b` is a `Member`, a struct literal is a `Call` with `is_new` and one `Map`.
//! - References, dereferences, casts, `?` and parentheses vanish, `Box`, `Rc`, `Arc` and `Cow` of a type name too.
//! - `if` and `match` as values are a `Choice`; where arms hold statements and the value is bound, assigned or
//!   returned, they are a `Branch` whose arms do that.  Names that patterns bind stand as `Binding`s among the
//!   conditions. `Ok(x)` and `Some(x)` as patterns are `x`, because unwrapping vanishes.
//! - An async block is an async closure without parameters.
//! - `write!(a, …)` appends to `a`. Maps written in macros (`json!`, `hashmap!`) are `Map`s; all other macros
//!   are calls of the name with its `!`.
//! - `mod name;` imports `self::name` as a whole. An inline module is a `Block` that begins with `Package`.

mod annotations;
mod bound;
mod classes;
mod constants;
mod control;
mod expressions;
mod functions;
mod items;
mod lexical;
mod literal;
mod lowering;
mod macro_syntax;
mod macros;
mod patterns;
mod scan;
mod statements;
mod types;
mod uses;

#[cfg(test)]
mod tests;

use crate::syntax::Input;
use crate::syntax::tree::{Language, Tree, TreeBuilder};
use bound::DEEPEST;
use lowering::Lowering;

/// What one unit of depth takes on the stack, with room to spare.
const STACK_PER_LEVEL: usize = 64 * 1024;
const STACK_AT_LEAST: usize = 2 * 1024 * 1024;
/// Longer texts are not parsed: nobody writes them.
const LONGEST: usize = 8 * 1024 * 1024;

/// Lowers one file, or one embedded part of a file. Lines in `partly_read` count from the first line of
/// this text.
pub fn lower(input: Input<'_>) -> Tree {
    let scan = scan::scan_file(input.text);
    let bound = bound::bound(input.text, &scan.tokens);
    let refusal = if input.text.len() > LONGEST {
        Some("too long to parse")
    } else if bound.depth > DEEPEST {
        Some("nested too deeply to parse")
    } else {
        None
    };
    if let Some(reason) = refusal {
        return lexical::tree(input, &scan, reason);
    }
    // Every file has a thread of its own: the places of tokens are counted per thread.
    let stack = STACK_AT_LEAST + bound.depth * STACK_PER_LEVEL;
    let parsed = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack);
        let work = || {
            let builder = TreeBuilder::new(Language::Rust, input.base);
            Lowering::new(builder, input.text, &scan, &bound).run()
        };
        match thread.spawn_scoped(scope, work) {
            Ok(running) => running.join().map_err(|_| "the parser failed"),
            Err(_) => Err("not enough memory to parse"),
        }
    });
    match parsed {
        Ok(tree) => tree,
        Err(reason) => lexical::tree(input, &scan, reason),
    }
}
