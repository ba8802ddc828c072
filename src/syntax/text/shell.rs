//! Variables set in shells: `export K=v`, `K=v` at the beginning of a line, `ENV K=v` of container files.
//!
//! It owns only these statements at the beginning of a line. It must not read what follows them.

use super::Reader;
use crate::syntax::tree::{Binding, Kind, NodeId, Text};

impl Reader<'_> {
    /// Records the variables that are set at the beginning of a line, and says where its rest begins.
    pub(super) fn shell_settings(&mut self, start: usize, end: usize) -> usize {
        let line = self.slice(start, end);
        let mut at = end - line.trim_start().len();
        let rest = self.slice(at, end);
        let word = rest.split([' ', '\t']).next().unwrap_or("");
        let is_container = self.style.is_shell && matches!(word, "ENV" | "ARG");
        let declares = word == "export"
            || is_container
            || (self.style.is_shell
                && matches!(word, "local" | "readonly" | "declare" | "setenv" | "env"));
        if declares && word.len() < rest.len() {
            let behind = self.slice(at + word.len(), end);
            at = end - behind.trim_start().len();
        } else if !self.style.is_shell {
            return start;
        }
        let mut reached = start;
        loop {
            let rest = self.slice(at, end);
            let length = rest
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                .count();
            let is_name = rest
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
            if length == 0 || !is_name {
                return reached;
            }
            let key = (at, at + length);
            let value_start = match rest.as_bytes().get(length) {
                Some(b'=') if rest.as_bytes().get(length + 1) != Some(&b'=') => key.1 + 1,
                // `ENV KEY value` and `setenv KEY value` take the rest of the line.
                Some(b' ' | b'\t') if reached == start && matches!(word, "ENV" | "setenv") => {
                    end - self.slice(key.1, end).trim_start().len()
                }
                _ => return reached,
            };
            let (value, behind) = self.shell_value(value_start, end);
            self.shell_setting(key, value);
            reached = behind;
            let rest = self.slice(behind, end);
            if !rest.starts_with([' ', '\t']) {
                return reached;
            }
            at = end - rest.trim_start().len();
        }
    }

    fn shell_value(&mut self, start: usize, end: usize) -> (Option<NodeId>, usize) {
        let rest = self.slice(start, end);
        if rest.starts_with(['"', '\''])
            && let Some((token, behind)) = self.literal(start, end)
            && self
                .slice(behind, end)
                .chars()
                .next()
                .is_none_or(is_end_of_word)
        {
            return (token.node, behind);
        }
        let length = rest.find(is_end_of_word).unwrap_or(rest.len());
        if length == 0 {
            return (None, start);
        }
        let behind = start + length;
        let word = self.slice(start, behind);
        let kind = if word.contains(['$', '`', '"', '\'', '\\']) {
            Kind::Opaque {
                children: Vec::new(),
            }
        } else {
            Kind::String(Text::exact(word, self.builder.span(start, behind)))
        };
        (Some(self.builder.add(kind, start, behind)), behind)
    }

    fn shell_setting(&mut self, key: (usize, usize), value: Option<NodeId>) {
        let name = self.slice(key.0, key.1).to_string();
        let target = self.builder.add(Kind::Name(name), key.0, key.1);
        let own = self.builder.node_span(target);
        let whole = value.map_or(own, |value| own.join(self.builder.node_span(value)));
        let length = (whole.end - own.start) as usize;
        let binding = Binding {
            target,
            value,
            type_name: None,
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        let id = self
            .builder
            .add(Kind::Binding(Box::new(binding)), key.0, key.0 + length);
        self.body.push(id);
    }
}

fn is_end_of_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, ';' | '&' | '|' | ')')
}
