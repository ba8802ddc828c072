//! How deep a parser would have to recurse for a text: the check before parsing.
//!
//! Owns an upper bound of the depth of the syntax tree, taken from the tokens alone. The parser recurses
//! once or more for every nesting, and so do the release and the walk of its tree for every link of a
//! chain; an overflow there ends the whole process. It must not know what the code means.
//!
//! The bound of a bracket is one more than the worst statement in it. That of a statement is the number of
//! its operators (each may nest once) and the bound of its worst bracket. Statements end where nothing after
//! can contain what stood before: at `;`, at most commas, and where a word follows a closed brace.

use super::scan::{Token, TokenKind};
use std::collections::HashSet;

/// Deeper text is not parsed. Real files stay below a tenth of it.
pub(super) const DEEPEST: usize = 3_000;

pub(super) struct Bound {
    pub depth: usize,
    /// Whether brackets fit together.
    pub is_balanced: bool,
    /// Where the arguments of macros begin that are too deep to be read as code. They do not count above,
    /// because to a parser the arguments of a macro are tokens.
    pub deep_macros: HashSet<usize>,
}

/// Words that may stand before an expression or type without any punctuation between.
const PREFIX_WORDS: [&str; 19] = [
    "else", "return", "break", "yield", "as", "if", "match", "while", "for", "in", "let", "move",
    "static", "dyn", "impl", "async", "unsafe", "const", "become",
];

#[derive(Default)]
struct Level {
    close: u8,
    start: usize,
    is_macro: bool,
    operators: usize,
    deepest: usize,
    worst: usize,
    /// Only brackets, for the arguments of macros.
    brackets: usize,
    open_angles: usize,
    is_in_bars: bool,
}

impl Level {
    fn end_statement(&mut self) {
        self.worst = self.worst.max(self.operators + self.deepest);
        self.operators = 0;
        self.deepest = 0;
        self.open_angles = 0;
        self.is_in_bars = false;
    }
}

pub(super) fn bound(text: &str, tokens: &[Token]) -> Bound {
    let mut deep_macros = HashSet::new();
    let mut levels = vec![Level::default()];
    let mut is_balanced = true;
    for (index, token) in tokens.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
        let follows_brace = before(1).is_some_and(|token| token.kind == TokenKind::Close(b'}'));
        let Some(level) = levels.last_mut() else {
            break;
        };
        let word = match token.kind {
            TokenKind::Identifier => text.get(token.start..token.end).unwrap_or_default(),
            _ => "",
        };
        match token.kind {
            TokenKind::Identifier
            | TokenKind::Lifetime
            | TokenKind::Text
            | TokenKind::Number
            | TokenKind::Punctuation(b'#')
                if follows_brace && word != "else" && word != "as" =>
            {
                level.end_statement();
            }
            _ => {}
        }
        match token.kind {
            TokenKind::Punctuation(b';') => level.end_statement(),
            TokenKind::Punctuation(b',') if level.open_angles > 0 || level.is_in_bars => {}
            TokenKind::Punctuation(b',') => level.end_statement(),
            TokenKind::Punctuation(byte) => {
                level.operators += 1;
                match byte {
                    b'<' => level.open_angles += 1,
                    b'>' if !is_arrow(before(1), token) => {
                        level.open_angles = level.open_angles.saturating_sub(1);
                    }
                    b'|' => level.is_in_bars = !level.is_in_bars,
                    _ => {}
                }
            }
            TokenKind::Identifier if PREFIX_WORDS.contains(&word) => level.operators += 1,
            TokenKind::Open(byte) => {
                // `a(b)(c)[d]` nests to the left.
                if matches!(before(1), Some(last) if matches!(last.kind, TokenKind::Close(_))) {
                    level.operators += 1;
                }
                levels.push(Level {
                    close: closing(byte),
                    start: token.start,
                    is_macro: is_macro(before(1), before(2), before(3)),
                    ..Level::default()
                });
            }
            TokenKind::Close(byte) => {
                if levels.len() == 1 {
                    is_balanced = false;
                    continue;
                }
                if let Some(level) = levels.pop() {
                    is_balanced &= level.close == byte;
                    close(level, levels.last_mut(), &mut deep_macros);
                }
            }
            _ => {}
        }
    }
    is_balanced &= levels.len() == 1;
    while levels.len() > 1 {
        if let Some(level) = levels.pop() {
            close(level, levels.last_mut(), &mut deep_macros);
        }
    }
    let depth = levels.pop().map_or(0, |mut level| {
        level.end_statement();
        level.worst
    });
    Bound {
        depth,
        is_balanced,
        deep_macros,
    }
}

fn close(mut level: Level, parent: Option<&mut Level>, deep_macros: &mut HashSet<usize>) {
    level.end_statement();
    let mut depth = level.worst + 1;
    let brackets = level.brackets + 1;
    if level.is_macro && depth > DEEPEST / 2 {
        deep_macros.insert(level.start);
        depth = brackets;
    }
    if let Some(parent) = parent {
        parent.deepest = parent.deepest.max(depth);
        parent.brackets = parent.brackets.max(brackets);
    }
}

/// `->` and `=>`
fn is_arrow(before: Option<&Token>, token: &Token) -> bool {
    before.is_some_and(|before| {
        before.end == token.start
            && matches!(
                before.kind,
                TokenKind::Punctuation(b'-') | TokenKind::Punctuation(b'=')
            )
    })
}

/// `name!(`, `macro_rules! name {`
fn is_macro(first: Option<&Token>, second: Option<&Token>, third: Option<&Token>) -> bool {
    let is = |token: Option<&Token>, kind: TokenKind| token.is_some_and(|token| token.kind == kind);
    let bang = TokenKind::Punctuation(b'!');
    (is(first, bang) && is(second, TokenKind::Identifier))
        || (is(first, TokenKind::Identifier)
            && is(second, bang)
            && is(third, TokenKind::Identifier))
}

fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan_file;
    use super::*;

    fn depth(text: &str) -> usize {
        bound(text, &scan_file(text).tokens).depth
    }

    #[test]
    fn everything_that_nests_counts() {
        let many = 500;
        for (prefix, link, suffix) in [
            ("", "(", ""),
            ("", "{", ""),
            ("x = ", "!", "a"),
            ("x = ", "&", "a"),
            ("x = a", " + a", ""),
            ("x = a", ".b()", ""),
            ("x = a", "(b, c)", ""),
            ("x = a", "?", ""),
            ("x = a", " as T", ""),
            ("x = ", "return ", "a"),
            ("x = ", "match ", "a"),
            ("if a {}", " else if a {}", ""),
            ("x = ", "|a, b| ", "c"),
            ("type X = ", "A<B, ", ""),
            ("type X = ", "fn(A, B) -> ", "C"),
            ("use ", "a::", "b"),
        ] {
            let text = format!("{prefix}{}{suffix}", link.repeat(many));
            assert!(depth(&text) >= many, "{link}");
        }
    }

    #[test]
    fn long_flat_code_does_not_count() {
        let text = "fn f(a: &str) -> u8 { let x = a + b; g(-1, *c) }\n".repeat(10_000);
        assert!(depth(&text) < 40, "{}", depth(&text));
        let text = format!("static X: [i8; 2] = [{}];", "-1, ".repeat(100_000));
        assert!(depth(&text) < 20);
    }

    #[test]
    fn arguments_of_macros_count_apart() {
        let text = format!("fn f() {{ m!({}) }}", "+ ".repeat(10_000));
        let bound = bound(&text, &scan_file(&text).tokens);
        assert!(bound.depth < 10);
        assert_eq!(bound.deep_macros.len(), 1);
        assert!(bound.is_balanced);
    }
}
