//! Front end for Markdown: prose is documentation, code is embedded.
//!
//! It owns fences, indented code, front matter and HTML comments. It must not read the code: that is the
//! work of the front end that the label or the content of a block calls for. A block inside a quotation
//! keeps the `>` of its lines. The address of a link is a string of its own: readers follow it.

mod links;

use super::Input;
use super::text::prose::{IndentedCode, Line, document, lines, list_marker};
use super::tree::{Kind, Language, NodeId, Text, Tree, TreeBuilder};

/// How deep code is indented below the text around it.
const CODE_DEPTH: usize = 4;

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        text: input.text,
        builder: TreeBuilder::new(Language::Markdown, input.base),
        indented: IndentedCode::new(),
        fence: None,
        comment: None,
        has_no_more_comments: false,
        body: Vec::new(),
    };
    let begin = reader.front_matter();
    let rest = input.text.get(begin..).unwrap_or("");
    for line in lines(rest) {
        reader.line(&Line {
            start: begin + line.start,
            end: begin + line.end,
            next: begin + line.next,
            ..line
        });
    }
    reader.finish()
}

struct Fence {
    mark: u8,
    length: usize,
    label: String,
    start: usize,
}

struct Reader<'a> {
    text: &'a str,
    builder: TreeBuilder,
    indented: IndentedCode,
    fence: Option<Fence>,
    /// Where the HTML comment ends that began on an earlier line.
    comment: Option<usize>,
    has_no_more_comments: bool,
    /// The addresses of links.
    body: Vec<NodeId>,
}

impl Reader<'_> {
    /// Embeds the settings between `---` lines at the top, and says where the text begins.
    fn front_matter(&mut self) -> usize {
        let mut all = lines(self.text);
        let Some(first) = all.next().filter(|line| line.text.trim_end() == "---") else {
            return 0;
        };
        match all.find(|line| matches!(line.text.trim_end(), "---" | "...")) {
            Some(last) => {
                self.builder.embed("yaml", first.next, last.start);
                last.next
            }
            None => 0,
        }
    }

    fn line(&mut self, line: &Line<'_>) {
        if let Some(fence) = &self.fence {
            if closes(fence, line.text) {
                self.builder.embed(&fence.label, fence.start, line.start);
                self.fence = None;
                self.indented.restart();
            }
            return;
        }
        if let Some(end) = self.comment {
            if end > line.end {
                return;
            }
            self.comment = None;
            self.prose(end.max(line.start), line.end);
            return;
        }
        if let Some((mark, length, label)) = opens(line.text) {
            self.indented.close(&mut self.builder);
            self.fence = Some(Fence {
                mark,
                length,
                label,
                start: line.next,
            });
            return;
        }
        if self.indented.take(&mut self.builder, line, CODE_DEPTH) {
            return;
        }
        self.prose(line.start, line.end);
    }

    /// Records prose and the HTML comments in it.
    fn prose(&mut self, start: usize, end: usize) {
        let mut at = start;
        while let Some(length) = self.text.get(at..end).and_then(|rest| rest.find("<!--")) {
            let opening = at + length;
            if self.has_no_more_comments {
                break;
            }
            let Some(inner) = self
                .text
                .get(opening + 4..)
                .and_then(|rest| rest.find("-->"))
            else {
                self.has_no_more_comments = true;
                break;
            };
            let text_end = opening + 4 + inner;
            self.text_between(at, opening);
            self.builder
                .comment(opening, text_end + 3, opening + 4, text_end);
            at = text_end + 3;
            if at > end {
                self.comment = Some(at);
                return;
            }
        }
        self.text_between(at, end);
    }

    fn text_between(&mut self, start: usize, end: usize) {
        document(&mut self.builder, self.text, start, end);
        let line = self.text.get(start..end).unwrap_or("");
        for address in links::addresses(line) {
            let (from, to) = (start + address.start, start + address.end);
            let span = self.builder.span(from, to);
            let text = Text::exact(line.get(address).unwrap_or(""), span);
            let node = self.builder.add(Kind::String(text), from, to);
            self.body.push(node);
        }
    }

    fn finish(mut self) -> Tree {
        self.indented.close(&mut self.builder);
        if let Some(fence) = self.fence.take() {
            let start = fence.start.min(self.text.len());
            self.builder.embed(&fence.label, start, self.text.len());
        }
        self.builder.finish(self.body, self.text.len())
    }
}

/// A line without the marks of quotations and list items before it.
fn content(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        if let Some(quoted) = rest.strip_prefix('>') {
            rest = quoted.trim_start();
        } else if let Some(width) = list_marker(rest) {
            rest = rest.get(width..).unwrap_or("").trim_start();
        } else {
            return rest;
        }
    }
}

/// Mark, length and label of the fence that a line opens.
fn opens(line: &str) -> Option<(u8, usize, String)> {
    let rest = content(line);
    let mark = rest
        .bytes()
        .next()
        .filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = rest.bytes().take_while(|byte| *byte == mark).count();
    let information = rest.get(length..)?;
    if length < 3 || (mark == b'`' && information.contains('`')) {
        return None;
    }
    let word = information.split_whitespace().next().unwrap_or("");
    let word = word.trim_start_matches(['{', '.']);
    let end = word.find(['{', '}', ',', ':']).unwrap_or(word.len());
    let label = word.get(..end).unwrap_or("").to_lowercase();
    Some((mark, length, label))
}

fn closes(fence: &Fence, line: &str) -> bool {
    let rest = line.trim_start_matches(['>', ' ', '\t']);
    let length = rest.bytes().take_while(|byte| *byte == fence.mark).count();
    length >= fence.length
        && rest
            .get(length..)
            .is_some_and(|rest| rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::config::checks::{assert_quick, check, comments, embedded, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "README.md", text)
    }

    fn parts(text: &str) -> Vec<(String, &str)> {
        embedded(&read(text), text)
    }

    #[test]
    fn fences_are_embedded_with_their_label() {
        let text = "# T\r\n\r\n```JS title=x\r\nlet a;\r\n```\r\n~~~~\nb\n~~~\n~~~~\n- item\n\n  ```deluge\n  c\n  ```\n1. ```{.java}\n   d\n   ```\n> ```sh\n> e\n> ```\nuse ```f``` here\n";
        assert_eq!(
            parts(text),
            [
                ("js".to_string(), "let a;\r\n"),
                (String::new(), "b\n~~~\n"),
                ("deluge".to_string(), "  c\n"),
                ("java".to_string(), "   d\n"),
                ("sh".to_string(), "> e\n"),
            ]
        );
        let tree = read(text);
        assert_eq!(comments(&tree, text), ["# T", "- item", "use ```f``` here"]);
    }

    #[test]
    fn an_unclosed_fence_goes_to_the_end() {
        assert_eq!(parts("```py\na\n"), [("py".to_string(), "a\n")]);
        assert_eq!(parts("```py"), [("py".to_string(), "")]);
    }

    #[test]
    fn indented_code_is_embedded_but_text_of_a_list_is_not() {
        let text = "text\n\n    a = 1;\n\n\tb = 😀;\n\nmore\n    no code\n\n- item\n\n    of the item\n\n      code\n";
        assert_eq!(
            parts(text),
            [
                (String::new(), "    a = 1;\n\n\tb = 😀;"),
                (String::new(), "      code"),
            ]
        );
        let tree = read(text);
        assert_eq!(
            comments(&tree, text),
            ["text", "more", "no code", "- item", "of the item"]
        );
    }

    #[test]
    fn html_comments_are_told_from_the_prose_around() {
        let text = "a <!-- b --> c <!-- d\n```\ne --> f\n<!-- open";
        let tree = read(text);
        assert_eq!(
            comments(&tree, text),
            ["a", " b ", "c", " d\n```\ne ", "f", "<!-- open"]
        );
        assert_eq!(embedded(&tree, text), []);
    }

    #[test]
    fn front_matter_is_embedded() {
        let text = "---\na: b\n---\nc\n";
        assert_eq!(parts(text), [("yaml".to_string(), "a: b\n")]);
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        for text in [
            "<!--".repeat(200_000),
            "<!-- --> ".repeat(100_000),
            "<!--\n".repeat(100_000),
            ">".repeat(500_000),
            "- ".repeat(200_000),
            "```\n".repeat(100_000),
            "    x\n\n".repeat(100_000),
            "`".repeat(1_000_000),
        ] {
            assert_quick("a Markdown file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)(```|~~~|<!--|-->|    |[ab`> \t\n\r😀-]|1\\. |---\n|.){0,60}") {
            lowered(lower, "README.md", &text);
        }
    }
}
