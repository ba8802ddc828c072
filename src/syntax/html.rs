//! The front end for HTML and what is written like it: Vue and Svelte components, server pages (JSP, EJS).
//!
//! Owns where tags, comments and embedded code begin and end. It must not know what a script says: bodies
//! are handed on as [`Embedded`](crate::syntax::tree::Embedded) parts. It reads tags only, in one pass and
//! without a stack; whether elements are closed in order does not matter to anyone here.
//!
//! Each tag with a telling attribute is a `Call` whose callee is the name of the tag and whose one argument
//! is a `Map` of these attributes. Character references in values are escapes; all else is exact.

use crate::syntax::Input;
use crate::syntax::tree::{
    Argument, Call, Entry, Key, Kind, Language, Mapping, Name, NodeId, Text, Tree, TreeBuilder,
};

/// How far a value in braces (`on:click={() => a > b}`) may reach.
const LONGEST_BRACED_VALUE: usize = 1024;

/// Lowers one file, or one embedded part of a file.
pub fn lower(input: Input<'_>) -> Tree {
    let mut scanner = Scanner {
        builder: TreeBuilder::new(Language::Html, input.base),
        text: input.text,
        code_label: code_label(input.path),
        body: Vec::new(),
        is_unclosed: false,
    };
    scanner.run();
    let Scanner { builder, body, .. } = scanner;
    builder.finish(body, input.text.len())
}

/// The language between `<%` and `%>`.
fn code_label(path: &str) -> &'static str {
    match path
        .rsplit('.')
        .next()
        .unwrap_or("")
        .to_ascii_lowercase()
        .as_str()
    {
        "jsp" | "jspf" | "jspx" | "tag" => "java",
        "ejs" => "js",
        _ => "",
    }
}

struct Scanner<'t> {
    builder: TreeBuilder,
    text: &'t str,
    code_label: &'static str,
    body: Vec<NodeId>,
    /// Whether something was found that does not end; only the first place is told.
    is_unclosed: bool,
}

/// An attribute: the ranges of its name and, without quotes, of its value.
struct Attribute {
    name: (usize, usize),
    value: Option<(usize, usize)>,
    end: usize,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) {
        let mut position = 0;
        while let Some(start) = self.find("<", position) {
            position = self.markup(start);
        }
    }

    fn rest(&self, position: usize) -> &'t str {
        self.text.get(position..).unwrap_or("")
    }

    fn slice(&self, range: (usize, usize)) -> &'t str {
        self.text.get(range.0..range.1).unwrap_or("")
    }

    fn byte(&self, position: usize) -> Option<u8> {
        self.text.as_bytes().get(position).copied()
    }

    fn find(&self, what: &str, from: usize) -> Option<usize> {
        Some(from + self.rest(from).find(what)?)
    }

    /// The end of a part that has to be closed: of its content, and of its closing mark.
    fn close(&mut self, start: usize, from: usize, mark: &str) -> (usize, usize) {
        match self.find(mark, from) {
            Some(at) => (at, at + mark.len()),
            None => {
                self.unclosed(start);
                (self.text.len(), self.text.len())
            }
        }
    }

    fn unclosed(&mut self, start: usize) {
        if std::mem::replace(&mut self.is_unclosed, true) {
            return;
        }
        let line = self.slice((0, start)).matches('\n').count() + 1;
        self.builder
            .partly_read(format!("syntax error at line {line}"));
    }

    /// Reads what begins with `<` and returns where to go on.
    fn markup(&mut self, start: usize) -> usize {
        let rest = self.rest(start);
        if rest.starts_with("<!--") {
            let (inner, end) = self.close(start, start + 4, "-->");
            self.builder.comment(start, end, start + 4, inner);
            return end;
        }
        if rest.starts_with("<%--") {
            let (inner, end) = self.close(start, start + 4, "--%>");
            self.builder.comment(start, end, start + 4, inner);
            return end;
        }
        if let Some(code) = rest.strip_prefix("<%") {
            let from = start + 2 + usize::from(code.starts_with(['=', '!', '-', '@']));
            let (inner, end) = self.close(start, from, "%>");
            if !code.starts_with('@') {
                let label = self.code_label;
                self.embed(label, from, inner);
            }
            return end;
        }
        if rest.starts_with("<?php") {
            let (inner, end) = match self.find("?>", start + 5) {
                Some(at) => (at, at + 2),
                // PHP need not be closed at the end of a file.
                None => (self.text.len(), self.text.len()),
            };
            self.embed("php", start + 5, inner);
            return end;
        }
        match self.byte(start + 1) {
            Some(byte) if byte.is_ascii_alphabetic() => self.tag(start),
            _ => start + 1,
        }
    }

    fn embed(&mut self, label: &str, start: usize, end: usize) {
        if !self.slice((start, end)).trim().is_empty() {
            self.builder.embed(label, start, end);
        }
    }

    fn tag(&mut self, start: usize) -> usize {
        let mut position = start + 1;
        while self.byte(position).is_some_and(is_name_byte) {
            position += 1;
        }
        let name = (start + 1, position);
        let mut attributes = Vec::new();
        let mut is_empty = false;
        loop {
            match self.byte(position) {
                None => {
                    self.unclosed(start);
                    break;
                }
                Some(b'>') => {
                    position += 1;
                    break;
                }
                Some(b'/') => {
                    is_empty = self.byte(position + 1) == Some(b'>');
                    position += 1;
                }
                Some(byte) if byte.is_ascii_whitespace() => position += 1,
                Some(b'<') if !self.rest(position).starts_with("<%") => {
                    // The tag was never closed, and the next one begins.
                    self.unclosed(start);
                    break;
                }
                Some(_) => {
                    let attribute = self.attribute(position);
                    position = attribute.end;
                    attributes.push(attribute);
                }
            }
        }
        self.add_tag(name, &attributes, start, position);
        let tag = self.slice(name).to_ascii_lowercase();
        if is_empty || !matches!(tag.as_str(), "script" | "style") {
            return position;
        }
        let end = self.raw_text_end(&tag, position);
        if tag == "script" {
            let label = self.script_label(&attributes);
            self.embed(&label, position, end);
        }
        end
    }

    /// Where the body of a `<script>` or `<style>` ends.
    fn raw_text_end(&mut self, tag: &str, from: usize) -> usize {
        let mut position = from;
        while let Some(at) = self.find("</", position) {
            let name = self.slice((at + 2, at + 2 + tag.len()));
            if name.eq_ignore_ascii_case(tag) {
                return at;
            }
            position = at + 2;
        }
        self.unclosed(from);
        self.text.len()
    }

    /// Always moves on, whatever stands there.
    fn attribute(&self, start: usize) -> Attribute {
        let mut position = start;
        if self.rest(start).starts_with("<%") {
            let end = self.find("%>", start).map_or(self.text.len(), |at| at + 2);
            return Attribute {
                name: (start, end),
                value: None,
                end,
            };
        }
        if self.byte(start) == Some(b'{') {
            position = self.braced_end(start);
        }
        while let Some(byte) = self.byte(position) {
            let ends = byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/' | b'<');
            if ends && position > start {
                break;
            }
            position += 1;
        }
        let name = (start, position);
        let mut after = position;
        while self
            .byte(after)
            .is_some_and(|byte| byte.is_ascii_whitespace())
        {
            after += 1;
        }
        if self.byte(after) != Some(b'=') {
            return Attribute {
                name,
                value: None,
                end: position,
            };
        }
        after += 1;
        while self
            .byte(after)
            .is_some_and(|byte| byte.is_ascii_whitespace())
        {
            after += 1;
        }
        let (value, end) = self.attribute_value(after);
        Attribute {
            name,
            value: Some(value),
            end,
        }
    }

    fn attribute_value(&self, start: usize) -> ((usize, usize), usize) {
        if let Some(quote @ (b'"' | b'\'')) = self.byte(start) {
            let mark = if quote == b'"' { "\"" } else { "'" };
            return match self.find(mark, start + 1) {
                Some(at) => ((start + 1, at), at + 1),
                None => ((start + 1, self.text.len()), self.text.len()),
            };
        }
        let mut end = start;
        if self.byte(start) == Some(b'{') {
            end = self.braced_end(start);
        }
        while self
            .byte(end)
            .is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'>')
        {
            end += 1;
        }
        ((start, end), end)
    }

    /// The end of `{…}`, or its start if it is not closed nearby.
    fn braced_end(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let bytes = self.text.as_bytes().iter().enumerate();
        for (position, byte) in bytes.skip(start).take(LONGEST_BRACED_VALUE) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return position + 1;
            }
        }
        start
    }

    fn add_tag(
        &mut self,
        name: (usize, usize),
        attributes: &[Attribute],
        start: usize,
        end: usize,
    ) {
        if !attributes
            .iter()
            .any(|attribute| is_telling(self.slice(attribute.name)))
        {
            return;
        }
        let mut entries = Vec::new();
        for attribute in attributes {
            let key = self.slice(attribute.name);
            // The name of a field is the name of its parameter.
            let Some(value) = attribute.value else {
                continue;
            };
            if is_telling(key) || key.eq_ignore_ascii_case("name") {
                let text = self.attribute_text(value);
                entries.push(Entry {
                    key: Key::Static(Name {
                        text: key.to_ascii_lowercase(),
                        span: self.builder.span(attribute.name.0, attribute.name.1),
                    }),
                    value: self.builder.add(Kind::String(text), value.0, value.1),
                    span: self.builder.span(attribute.name.0, attribute.end),
                });
            }
        }
        let tag = Kind::Name(self.slice(name).to_string());
        let callee = self.builder.add(tag, name.0, name.1);
        let value = self.builder.add(Kind::Map { entries }, start, end);
        let call = Call {
            callee,
            arguments: vec![Argument {
                name: None,
                value,
                is_spread: false,
            }],
            is_new: false,
            body: None,
        };
        let call = self.builder.add(Kind::Call(Box::new(call)), start, end);
        self.body.push(call);
    }

    fn attribute_text(&self, range: (usize, usize)) -> Text {
        let mut text = Text::default();
        let mut plain = range.0;
        let mut position = range.0;
        while let Some(at) = self.slice((position, range.1)).find('&') {
            let start = position + at;
            let Some((length, value)) = character_reference(self.slice((start, range.1))) else {
                position = start + 1;
                continue;
            };
            self.push_exact(plain, start, &mut text);
            position = start + length;
            text.push(&value, self.builder.span(start, position), Mapping::Escaped);
            plain = position;
        }
        self.push_exact(plain, range.1, &mut text);
        text
    }

    fn push_exact(&self, start: usize, end: usize, text: &mut Text) {
        if start < end {
            let span = self.builder.span(start, end);
            text.push(self.slice((start, end)), span, Mapping::Exact);
        }
    }

    /// The language of a script, in the words that Markdown fences use where there are any.
    fn script_label(&self, attributes: &[Attribute]) -> String {
        let value = |name: &str| {
            let mut attributes = attributes.iter();
            let found = attributes.find(|a| self.slice(a.name).eq_ignore_ascii_case(name));
            found
                .and_then(|attribute| attribute.value)
                .map(|range| self.slice(range).trim())
        };
        let written = value("lang")
            .or_else(|| value("type"))
            .or_else(|| value("language"));
        let written = written.unwrap_or("").to_ascii_lowercase();
        let written = written.split(';').next().unwrap_or("").trim();
        let subtype = written.rsplit('/').next().unwrap_or(written);
        let label = match subtype {
            "" | "module" | "js" => "js",
            "jsx" | "babel" => "jsx",
            "ts" | "typescript" => "ts",
            "importmap" | "speculationrules" => "json",
            "x-template" | "template" | "x-handlebars-template" | "x-handlebars" => "html",
            other if other.contains("javascript") || other == "ecmascript" => "js",
            other if other == "json" || other.ends_with("+json") => "json",
            other => other,
        };
        label.to_string()
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'.' | b'_')
}

/// Attributes that hold addresses and values.
fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(
        name.as_str(),
        "src" | "href" | "action" | "formaction" | "value" | "content"
    ) || name.starts_with("data-")
}

/// `&amp;`, `&#38;` or `&#x26;`: its length in bytes and its value.
pub(crate) fn character_reference(source: &str) -> Option<(usize, String)> {
    let body = source.strip_prefix('&')?;
    let end = body.char_indices().take(12).find(|(_, c)| *c == ';')?.0;
    let name = body.get(..end)?;
    let value = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((1 + end + 1, value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn parse(text: &str, path: &str, base: u32) -> Tree {
        lower(Input { text, base, path })
    }

    /// Tags with their attributes.
    fn show(tree: &Tree) -> Vec<String> {
        let mut shown = Vec::new();
        for id in tree.body() {
            let Kind::Call(call) = tree.kind(*id) else {
                panic!("not a tag")
            };
            let Kind::Name(tag) = tree.kind(call.callee) else {
                panic!("no name")
            };
            let Kind::Map { entries } = tree.kind(call.arguments[0].value) else {
                panic!("no attributes")
            };
            let mut line = tag.clone();
            for entry in entries {
                let (Key::Static(key), Kind::String(value)) = (&entry.key, tree.kind(entry.value))
                else {
                    panic!("not an attribute")
                };
                line += &format!(" {}={}", key.text, value.value);
            }
            shown.push(line);
        }
        shown
    }

    fn embedded<'t>(tree: &Tree, text: &'t str) -> Vec<(String, &'t str)> {
        let parts = tree.embedded.iter().map(|part| {
            let (start, end) = (part.span.start as usize, part.span.end as usize);
            (part.label.clone(), text[start..end].trim())
        });
        parts.collect()
    }

    fn check(tree: &Tree, text: &str, base: u32) {
        let slice = |span: crate::syntax::Span| {
            let range = (span.start - base) as usize..(span.end - base) as usize;
            text.get(range)
                .expect("a span outside the text or inside a character")
        };
        for (_, node) in tree.nodes() {
            slice(node.span);
            if let Kind::String(value) = &node.kind {
                for segment in &value.segments {
                    let range = segment.value.start as usize..segment.value.end as usize;
                    if segment.mapping == Mapping::Exact {
                        assert_eq!(slice(segment.source), &value.value[range]);
                    }
                }
            }
        }
        for comment in &tree.comments {
            slice(comment.text);
        }
        for part in &tree.embedded {
            slice(part.span);
        }
    }

    #[test]
    fn telling_attributes_are_kept_and_others_are_not() {
        let text = "<p class=x><A HREF='https://crm.zoho.com/?a=b&amp;authtoken=c' id=d>x</A>\n<input type=\"hidden\" name=\"authtoken\" value=\"e\"/><form action=/f/g method=post><img src=h.png><meta name=i content='j'><div data-token = k>";
        let tree = parse(text, "a.html", 0);
        check(&tree, text, 0);
        assert_eq!(tree.partly_read, None);
        assert_eq!(
            show(&tree),
            [
                "A href=https://crm.zoho.com/?a=b&authtoken=c",
                "input name=authtoken value=e",
                "form action=/f/g",
                "img src=h.png",
                "meta name=i content=j",
                "div data-token=k",
            ]
        );
    }

    #[test]
    fn scripts_are_embedded_with_their_language() {
        let text = "<script>a < b</script><script type='module'>c</script><script lang=ts>d</script>\
            <SCRIPT type=\"application/json\">{\"e\":1}</SCRIPT><script type='application/ld+json'>f</script>\
            <script src='g.js'></script><style>a > b { content: '<i>' }</style><script type=text/babel>h</script>\
            <script type='text/x-template'><b></script>";
        let tree = parse(text, "a.vue", 0);
        check(&tree, text, 0);
        let expected = [
            ("js", "a < b"),
            ("js", "c"),
            ("ts", "d"),
            ("json", "{\"e\":1}"),
            ("json", "f"),
            ("jsx", "h"),
            ("html", "<b>"),
        ];
        let found = embedded(&tree, text);
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), *b)).collect();
        assert_eq!(found, expected);
        assert_eq!(show(&tree), ["script src=g.js"]);
    }

    #[test]
    fn server_pages_embed_their_code() {
        let text = "<%@ page import=\"a\" %><%-- b --%><% String c = \"d\"; %><a href=\"<%= e %>\"><?php f(); ?>";
        let tree = parse(text, "web/x.JSP", 0);
        check(&tree, text, 0);
        assert_eq!(
            embedded(&tree, text),
            [
                ("java".to_string(), "String c = \"d\";"),
                ("php".to_string(), "f();")
            ]
        );
        assert_eq!(show(&tree), ["a href=<%= e %>"]);
    }

    #[test]
    fn comments_are_recorded_and_tags_in_them_are_not_read() {
        let text = "<!-- <a href=b> --><c d={() => e > f} href=g>";
        let tree = parse(text, "a.svelte", 0);
        let texts: Vec<&str> = tree
            .comments
            .iter()
            .map(|c| &text[c.text.start as usize..c.text.end as usize])
            .collect();
        assert_eq!(texts, [" <a href=b> "]);
        assert_eq!(show(&tree), ["c href=g"]);
    }

    #[test]
    fn what_does_not_end_is_told_with_its_line() {
        let tree = parse("<p>\n<script>a", "a.html", 0);
        assert_eq!(tree.partly_read.as_deref(), Some("syntax error at line 2"));
        assert_eq!(tree.embedded.len(), 1);
    }

    #[test]
    fn the_base_moves_every_span() {
        let text = "<!-- a --><b href='c&amp;d'><script>e</script>";
        let (plain, moved) = (parse(text, "", 0), parse(text, "", 500));
        check(&moved, text, 500);
        assert_eq!(
            moved.embedded[0].span.start,
            plain.embedded[0].span.start + 500
        );
        assert_eq!(
            moved.comments[0].text.start,
            plain.comments[0].text.start + 500
        );
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let repeated = [
            "<",
            "<a",
            "<a ",
            "<!--",
            "<%",
            "<script>",
            "</",
            "<a b=\"",
            "<a {",
            "{ ",
            "&",
            "<a href='&",
        ];
        for part in repeated {
            let text = format!("<a {}", part.repeat(100_000));
            let start = Instant::now();
            check(&parse(&text, "a.html", 0), &text, 0);
            assert!(start.elapsed() < Duration::from_secs(10), "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_text_lowers(text in "[<>a-c/=\"' %!&;{}\u{e9}\\-]{0,60}|(<script>|</script|<a href=|<!--|-->|<%|%>|.){0,20}") {
            check(&parse(&text, "a.jsp", 3), &text, 3);
        }
    }
}
