//! Parsing with tree-sitter so that no input can overflow the stack.
//!
//! Owns the room that the native parser gets. Its library releases the parse stack of ambiguous text by
//! recursion, one level for each symbol that is still open (`{a:{a:{a:…`), and an overflow there ends the
//! whole process. So a text that could do it is parsed on a thread whose stack is large enough for the
//! worst case; the memory is only reserved, and touched in the worst case alone.

/// What a text of any kind can do on the stack of an ordinary thread: two megabytes.
const ORDINARY_LENGTH: usize = 4 * 1024;
/// More than a level of recursion takes, for each byte of text: a symbol has at least one byte.
const STACK_PER_BYTE: usize = 256;
const STACK_AT_LEAST: usize = 1024 * 1024;
/// Longer texts are not parsed: nobody writes them.
const LONGEST: usize = 8 * 1024 * 1024;

/// The native tree, or why there is none, in words for the user.
pub(crate) fn parse(
    text: &str,
    grammar: &tree_sitter::Language,
) -> Result<tree_sitter::Tree, &'static str> {
    if text.len() <= ORDINARY_LENGTH {
        return parse_here(text, grammar);
    }
    if text.len() > LONGEST {
        return Err("too long to parse");
    }
    let stack = STACK_AT_LEAST + text.len() * STACK_PER_BYTE;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack);
        match thread.spawn_scoped(scope, || parse_here(text, grammar)) {
            Ok(running) => running.join().unwrap_or(Err("the parser failed")),
            Err(_) => Err("not enough memory to parse"),
        }
    })
}

fn parse_here(
    text: &str,
    grammar: &tree_sitter::Language,
) -> Result<tree_sitter::Tree, &'static str> {
    let mut parser = tree_sitter::Parser::new();
    if parser.set_language(grammar).is_err() {
        return Err("the grammar does not fit the parser");
    }
    parser.parse(text, None).ok_or("the parser failed")
}
