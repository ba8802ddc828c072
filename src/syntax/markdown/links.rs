//! The addresses that links in a line of Markdown lead to.
//!
//! Owns the three ways to write a link: inline, between angle brackets, and as a definition. Only whole
//! addresses of the web count. It must not know what an address means.

use std::ops::Range;

/// Where the addresses stand in the line, in order.
pub(super) fn addresses(line: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if !line.contains("://") {
        return found;
    }
    let definition = definition(line).and_then(|start| address(line, start));
    let mut at = definition.as_ref().map_or(0, |address| address.end);
    found.extend(definition);
    while let Some(start) = opening(line, at) {
        // What was read is not read again: a line of nothing but openings would be read as often as it has them.
        let address = address(line, start);
        at = address.as_ref().map_or(start, |address| address.end);
        found.extend(address);
    }
    found
}

/// Behind the next mark from `at` on after which an address may stand.
fn opening(line: &str, at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        let mark = at + line.get(at..)?.find(['(', '<'])?;
        let is_link = line.as_bytes().get(mark) == Some(&b'<')
            || line.get(..mark).is_some_and(|before| before.ends_with(']'));
        if is_link {
            return Some(mark + 1);
        }
        at = mark + 1;
    }
}

/// `[name]: address`
fn definition(line: &str) -> Option<usize> {
    let content = line.trim_start();
    if !content.starts_with('[') {
        return None;
    }
    let behind = content.find("]:")? + 2;
    let rest = content.get(behind..)?;
    let start = line.len() - rest.trim_start().len();
    Some(start + usize::from(rest.trim_start().starts_with('<')))
}

/// The address that begins here, without the brackets around it.
fn address(line: &str, start: usize) -> Option<Range<usize>> {
    let rest = line.get(start..)?;
    let scheme = rest
        .get(..8)
        .or_else(|| rest.get(..7))?
        .to_ascii_lowercase();
    if !scheme.starts_with("http://") && !scheme.starts_with("https://") {
        return None;
    }
    let mut open = 0_usize;
    let end = rest.find(|character: char| match character {
        '(' => {
            open += 1;
            false
        }
        ')' if open > 0 => {
            open -= 1;
            false
        }
        ')' | '<' | '>' | '"' => true,
        _ => character.is_whitespace(),
    });
    Some(start..start + end.unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<&str> {
        addresses(line)
            .into_iter()
            .filter_map(|range| line.get(range))
            .collect()
    }

    #[test]
    fn links_of_every_form_are_read() {
        assert_eq!(
            read(
                "see [a](https://a.example/x?y=1#z) and ![b](HTTP://b.example/(c) \"title\"), <https://d.example>"
            ),
            [
                "https://a.example/x?y=1#z",
                "HTTP://b.example/(c)",
                "https://d.example"
            ]
        );
        assert_eq!(read("[a]: https://a.example"), ["https://a.example"]);
        assert_eq!(
            read("  [a]: <https://a.example> 'T'"),
            ["https://a.example"]
        );
        assert_eq!(read("[a](<https://a.example>)"), ["https://a.example"]);
        assert_eq!(
            read("[![x](https://a.example/i.svg)](https://b.example)"),
            ["https://a.example/i.svg", "https://b.example"]
        );
    }

    #[test]
    fn other_text_is_no_link() {
        for line in [
            "https://a.example",
            "[a](/b) :// [c](#d)",
            "[a] (https://a.example)",
            "a < b :// https://c.example",
            "](ftp://a",
        ] {
            assert_eq!(read(line), Vec::<&str>::new(), "{line}");
        }
    }

    #[test]
    fn openings_without_end_are_read_once() {
        let begin = std::time::Instant::now();
        for part in ["](http://", "<http://a ", "](", "<", "[a]: https://"] {
            addresses(&part.repeat(100_000));
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(10));
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read(line in "(\\]\\(|<|https?://|\\[a\\]:|[a😀 ()>\"]){0,40}") {
            for range in addresses(&line) {
                assert!(line.get(range).is_some());
            }
        }
    }
}
