//! A readable dump of a tree, for people who write front ends and for their tests.
//!
//! It owns the layout: one node per line, indented by depth, with its span. It must not know any
//! language. It shows literals as they are, so it is no output for users.

use std::fmt::Write;

use super::tree::{
    Annotation, Argument, AssignOperator, Binding, ConcatForm, Entry, ExportedName, Function,
    Imported, ImportedName, Key, Kind, Mapping, NodeId, Parameter, PatternEntry, Segment, Span,
    Text, Tree,
};

/// Deeper nodes are no longer indented further, so that the dump of a deep tree stays small.
const DEEPEST_INDENTATION: usize = 60;

/// The tree as indented lines. `text` is the decoded text of the whole file, to which spans refer.
pub fn print(tree: &Tree, text: &str) -> String {
    let mut output = format!("{} {}", tree.language.name(), span(tree.span(tree.root)));
    if let Some(reason) = &tree.partly_read {
        let _ = write!(output, " partly read: {reason}");
    }
    output.push('\n');
    let mut pending = vec![(1, Line::Node(String::new(), tree.root))];
    while let Some((depth, line)) = pending.pop() {
        output.push_str(&"  ".repeat(depth.min(DEEPEST_INDENTATION)));
        let start_of_line = output.len();
        match line {
            Line::Note(note) => output.push_str(&note),
            Line::Node(label, id) => {
                output.push_str(&label);
                let start = output.len();
                let mut parts = describe(tree.kind(id), &mut output);
                if output.len() > start {
                    output.push(' ');
                }
                output.push_str(&span(tree.span(id)));
                parts.reverse();
                pending.extend(parts.into_iter().map(|part| (depth + 1, part)));
            }
        }
        // What stands for a name in broken code may hold line ends.
        if output[start_of_line..].contains(char::is_control) {
            let written = output.split_off(start_of_line);
            for character in written.chars() {
                match character.is_control() {
                    true => output.extend(character.escape_default()),
                    false => output.push(character),
                }
            }
        }
        output.push('\n');
    }
    for comment in &tree.comments {
        let content = text.get(comment.text.start as usize..comment.text.end as usize);
        let content = content.unwrap_or_default();
        let _ = writeln!(
            output,
            "  comment {content:?} {} in {}",
            span(comment.text),
            span(comment.span)
        );
    }
    for embedded in &tree.embedded {
        let _ = writeln!(
            output,
            "  embedded {:?} {}",
            embedded.label,
            span(embedded.span)
        );
    }
    output
}

enum Line {
    /// A node, after a word for its part in its parent.
    Node(String, NodeId),
    /// A part that is no node.
    Note(String),
}

fn span(span: Span) -> String {
    format!("{}..{}", span.start, span.end)
}

/// Writes what a node is and returns what is in it, in order.
fn describe(kind: &Kind, output: &mut String) -> Vec<Line> {
    match kind {
        Kind::Module { body } => titled(output, "module", plain(body)),
        Kind::Block { body } => titled(output, "block", plain(body)),
        Kind::Package { name } => titled(output, &format!("package {name}"), Vec::new()),
        Kind::Import {
            module,
            module_span,
            names,
        } => titled(
            output,
            &format!("import {module} at {}", span(*module_span)),
            names.iter().map(imported_name).collect(),
        ),
        Kind::Export { names } => titled(
            output,
            "export",
            names.iter().flat_map(exported_name).collect(),
        ),
        Kind::Class(class) => {
            let mut title = "class".to_string();
            push_name(
                &mut title,
                class.name.as_ref().map(|name| name.text.as_str()),
            );
            if !class.supertypes.is_empty() {
                let _ = write!(title, " extends {}", class.supertypes.join(", "));
            }
            let mut parts = annotations(&class.annotations, "");
            parts.extend(plain(&class.members));
            titled(output, &title, parts)
        }
        Kind::Function(function) => describe_function(function, output),
        Kind::Binding(binding) => describe_binding(binding, output),
        Kind::Assign {
            target,
            operator,
            value,
        } => {
            let operator = match operator {
                AssignOperator::Set => "set",
                AssignOperator::Append => "append",
                AssignOperator::Default => "default",
            };
            let parts = vec![node("target: ", *target), node("value: ", *value)];
            titled(output, &format!("assign {operator}"), parts)
        }
        Kind::Return { value } => titled(output, "return", plain(value.as_slice())),
        Kind::Leave { value } => titled(output, "leave", plain(value.as_slice())),
        Kind::Branch {
            conditions,
            arms,
            exhaustive,
            is_try,
        } => {
            let mut title = if *is_try { "try" } else { "branch" }.to_string();
            push_flags(&mut title, &[(*exhaustive, "exhaustive")]);
            titled(
                output,
                &title,
                [all("condition: ", conditions), all("arm: ", arms)].concat_lines(),
            )
        }
        Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        } => {
            let parts = [
                all("pattern: ", pattern.as_slice()),
                all("iterable: ", iterable.as_slice()),
                all("header: ", header),
                plain(body),
            ];
            titled(output, "loop", parts.concat_lines())
        }
        Kind::Name(name) => titled(output, &format!("name {name}"), Vec::new()),
        Kind::This => titled(output, "this", Vec::new()),
        Kind::Super => titled(output, "super", Vec::new()),
        Kind::Member { object, property } => titled(
            output,
            &format!("member {} at {}", property.text, span(property.span)),
            vec![node("", *object)],
        ),
        Kind::Index { object, index } => titled(
            output,
            "index",
            vec![node("object: ", *object), node("index: ", *index)],
        ),
        Kind::Call(call) => {
            let mut parts = vec![node("callee: ", call.callee)];
            parts.extend(arguments(&call.arguments));
            parts.extend(all("body: ", call.body.as_slice()));
            titled(output, if call.is_new { "call new" } else { "call" }, parts)
        }
        Kind::String(text) => titled(output, &string(text), Vec::new()),
        Kind::Number(number) => titled(output, &format!("number {number}"), Vec::new()),
        Kind::Boolean(value) => titled(output, &format!("boolean {value}"), Vec::new()),
        Kind::Null => titled(output, "null", Vec::new()),
        Kind::Concat { operands, form } => {
            let form = match form {
                ConcatForm::Operator => "operator",
                ConcatForm::Interpolation => "interpolation",
                ConcatForm::Adjacent => "adjacent",
            };
            titled(output, &format!("concat {form}"), plain(operands))
        }
        Kind::Format {
            template,
            arguments: values,
        } => {
            let mut parts = vec![node("template: ", *template)];
            parts.extend(arguments(values));
            titled(output, "format", parts)
        }
        Kind::Choice {
            conditions,
            alternatives,
        } => {
            let parts = [
                all("condition: ", conditions),
                all("alternative: ", alternatives),
            ];
            titled(output, "choice", parts.concat_lines())
        }
        Kind::Map { entries } => titled(output, "map", entries.iter().flat_map(entry).collect()),
        Kind::List { items } => titled(
            output,
            "list",
            items.iter().map(|item| argument("", item)).collect(),
        ),
        Kind::Await { value } => titled(output, "await", vec![node("", *value)]),
        Kind::Pattern { entries } => titled(
            output,
            "pattern",
            entries.iter().flat_map(pattern_entry).collect(),
        ),
        Kind::Require {
            module,
            module_span,
        } => titled(
            output,
            &format!("require {module} at {}", span(*module_span)),
            Vec::new(),
        ),
        Kind::Opaque { children } => titled(output, "opaque", plain(children)),
    }
}

fn titled(output: &mut String, title: &str, parts: Vec<Line>) -> Vec<Line> {
    output.push_str(title);
    parts
}

/// Joins lists of lines.
trait ConcatLines {
    fn concat_lines(self) -> Vec<Line>;
}

impl<const COUNT: usize> ConcatLines for [Vec<Line>; COUNT] {
    fn concat_lines(self) -> Vec<Line> {
        self.into_iter().flatten().collect()
    }
}

fn node(label: &str, id: NodeId) -> Line {
    Line::Node(label.to_string(), id)
}

fn all(label: &str, nodes: &[NodeId]) -> Vec<Line> {
    nodes.iter().map(|id| node(label, *id)).collect()
}

fn plain(nodes: &[NodeId]) -> Vec<Line> {
    all("", nodes)
}

fn push_name(title: &mut String, name: Option<&str>) {
    if let Some(name) = name {
        title.push(' ');
        title.push_str(name);
    }
}

fn push_flags(title: &mut String, flags: &[(bool, &str)]) {
    for (_, word) in flags.iter().filter(|(is_set, _)| *is_set) {
        push_name(title, Some(word));
    }
}

fn describe_function(function: &Function, output: &mut String) -> Vec<Line> {
    let mut title = "function".to_string();
    push_name(
        &mut title,
        function.name.as_ref().map(|name| name.text.as_str()),
    );
    push_flags(
        &mut title,
        &[
            (function.is_async, "async"),
            (function.is_static, "static"),
            (function.is_constructor, "constructor"),
            (function.is_accessor, "accessor"),
            (function.is_arrow, "arrow"),
        ],
    );
    let mut parts = annotations(&function.annotations, "");
    parts.extend(function.parameters.iter().flat_map(parameter));
    parts.extend(plain(&function.body));
    titled(output, &title, parts)
}

fn describe_binding(binding: &Binding, output: &mut String) -> Vec<Line> {
    let mut title = "binding".to_string();
    push_flags(
        &mut title,
        &[
            (binding.is_static, "static"),
            (binding.is_constant, "constant"),
        ],
    );
    if let Some(type_name) = &binding.type_name {
        let _ = write!(title, " of {type_name}");
    }
    let mut parts = annotations(&binding.annotations, "");
    parts.push(node("target: ", binding.target));
    parts.extend(all("value: ", binding.value.as_slice()));
    titled(output, &title, parts)
}

fn parameter(parameter: &Parameter) -> Vec<Line> {
    let mut label = "parameter".to_string();
    push_flags(
        &mut label,
        &[(parameter.is_rest, "rest"), (parameter.is_field, "field")],
    );
    if let Some(type_name) = &parameter.type_name {
        let _ = write!(label, " of {type_name}");
    }
    let mut parts = annotations(&parameter.annotations, "parameter ");
    parts.push(Line::Node(
        format!("{label} {}: ", span(parameter.span)),
        parameter.target,
    ));
    parts.extend(all("parameter default: ", parameter.default.as_slice()));
    parts
}

fn annotations(annotations: &[Annotation], label: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for annotation in annotations {
        lines.push(Line::Note(format!(
            "{label}@{} {}",
            annotation.name,
            span(annotation.span)
        )));
        let values = annotation.arguments.iter();
        lines.extend(values.map(|value| argument(&format!("{label}@{} ", annotation.name), value)));
    }
    lines
}

fn arguments(arguments: &[Argument]) -> Vec<Line> {
    arguments
        .iter()
        .map(|value| argument("argument ", value))
        .collect()
}

fn argument(label: &str, argument: &Argument) -> Line {
    let mut label = label.to_string();
    if let Some(name) = &argument.name {
        let _ = write!(label, "{} at {} ", name.text, span(name.span));
    }
    if argument.is_spread {
        label.push_str("spread ");
    }
    if label.ends_with(' ') {
        label.pop();
        label.push_str(": ");
    }
    Line::Node(label, argument.value)
}

fn imported_name(name: &ImportedName) -> Line {
    let imported = match &name.imported {
        Imported::Named(imported) => imported,
        Imported::Default => "default",
        Imported::Whole => "whole",
        Imported::Everything => "everything",
    };
    let mut note = format!("imported {imported}");
    if !name.local.is_empty() {
        let _ = write!(note, " as {}", name.local);
    }
    Line::Note(format!("{note} {}", span(name.span)))
}

fn exported_name(name: &ExportedName) -> Vec<Line> {
    let mut note = format!("exported {}", name.name.as_deref().unwrap_or("module"));
    if let Some((module, imported)) = &name.from {
        let _ = write!(note, " from {module} {imported}");
    }
    let mut lines = vec![Line::Note(format!("{note} {}", span(name.span)))];
    lines.extend(all("exported value: ", name.value.as_slice()));
    lines
}

fn entry(entry: &Entry) -> Vec<Line> {
    let (key, label) = match &entry.key {
        Key::Static(name) => (None, format!("entry {} at {}", name.text, span(name.span))),
        Key::Computed(key) => (Some(*key), "entry computed".to_string()),
        Key::Spread => (None, "entry spread".to_string()),
    };
    let mut lines = all("key: ", key.as_slice());
    lines.push(Line::Node(
        format!("{label} {}: ", span(entry.span)),
        entry.value,
    ));
    lines
}

fn pattern_entry(entry: &PatternEntry) -> Vec<Line> {
    let label = match &entry.key {
        Some(name) => format!("taken {} at {}: ", name.text, span(name.span)),
        None => "taken rest: ".to_string(),
    };
    let mut lines = vec![Line::Node(label, entry.target)];
    lines.extend(all("taken default: ", entry.default.as_slice()));
    lines
}

/// A literal, with its segments if it is not simply the bytes between its delimiters.
fn string(text: &Text) -> String {
    let mut title = format!("string {:?}", text.value);
    if let [
        Segment {
            mapping: Mapping::Exact,
            ..
        },
    ]
    | [] = text.segments.as_slice()
    {
        return title;
    }
    title.push_str(" [");
    for (index, segment) in text.segments.iter().enumerate() {
        let mapping = match segment.mapping {
            Mapping::Exact => "exact",
            Mapping::Escaped => "escaped",
            Mapping::Derived => "derived",
        };
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(title, "{separator}{mapping} {}", span(segment.source));
    }
    title.push(']');
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::{Language, TreeBuilder};

    #[test]
    fn every_node_has_a_line_with_its_span() {
        let text = "// a\nt = 'x' + y";
        let mut builder = TreeBuilder::new(Language::JavaScript, 0);
        builder.comment(0, 4, 2, 4);
        let target = builder.add(Kind::Name("t".into()), 5, 6);
        let literal = Text::exact("x", Span::new(10, 11));
        let left = builder.add(Kind::String(literal), 9, 12);
        let right = builder.add(Kind::Name("y".into()), 15, 16);
        let form = ConcatForm::Operator;
        let operands = vec![left, right];
        let value = builder.add(Kind::Concat { operands, form }, 9, 16);
        let operator = AssignOperator::Set;
        let assign = Kind::Assign {
            target,
            operator,
            value,
        };
        let assign = builder.add(assign, 5, 16);
        let tree = builder.finish(vec![assign], text.len());
        let expected = "\
javascript 0..16
  module 0..16
    assign set 5..16
      target: name t 5..6
      value: concat operator 9..16
        string \"x\" 9..12
        name y 15..16
  comment \" a\" 2..4 in 0..4
";
        assert_eq!(print(&tree, text), expected);
    }

    #[test]
    fn a_deep_tree_prints_without_overflow_and_in_little_space() {
        let mut builder = TreeBuilder::new(Language::Text, 0);
        let mut inner = builder.add(Kind::Null, 0, 0);
        for _ in 0..100_000 {
            let children = vec![inner];
            inner = builder.add(Kind::Opaque { children }, 0, 0);
        }
        let tree = builder.finish(vec![inner], 0);
        let dump = print(&tree, "");
        assert_eq!(dump.lines().count(), 100_003);
        assert!(dump.len() < 100_003 * 140);
    }
}
