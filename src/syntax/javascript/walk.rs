//! The walk over the native tree: post-order, with an explicit stack.
//!
//! Owns the order of the lowering, what is skipped (types, declarations without effect), comments and
//! syntax errors. What a construct means is decided by the files it hands each node to.

use super::module::export_target;
use super::piece::{Child, Piece};
use crate::syntax::tree::{Kind, Name, NodeId, Tree, TreeBuilder};

pub(super) struct Lowering<'t> {
    pub builder: TreeBuilder,
    pub text: &'t str,
    /// Readable parts of syntax errors inside expressions: they follow the statement they stand in.
    pub stray: Vec<NodeId>,
    /// What an unlabelled `break` would leave, innermost last.
    breakable: Vec<Breakable>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breakable {
    Switch,
    Loop,
    Function,
}

/// Where an expression stands, as far as CommonJS exports care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// It is a statement, or a part of a comma statement.
    Statement,
    /// It is the initial value of a variable, or assigned by such an expression.
    Value,
    Other,
}

/// A native node whose children are being lowered.
pub(super) struct Frame<'t> {
    pub kind: &'t str,
    pub field: Option<&'t str>,
    /// The kind of the parent.
    pub parent: &'t str,
    pub start: usize,
    pub end: usize,
    pub is_named: bool,
    pub children: Vec<Child<'t>>,
    position: Position,
    /// Whether nothing in it has a meaning (types); only comments are kept.
    is_quiet: bool,
}

impl<'t> Lowering<'t> {
    pub(super) fn new(builder: TreeBuilder, text: &'t str) -> Lowering<'t> {
        Lowering {
            builder,
            text,
            stray: Vec::new(),
            breakable: Vec::new(),
        }
    }

    pub(super) fn run(mut self, native: &'t tree_sitter::Tree) -> Tree {
        let root = self.walk(native);
        let body = match root.piece {
            Piece::Block(body) => body,
            _ => {
                let mut body = Vec::new();
                self.collect(root, &mut body);
                body
            }
        };
        self.builder.finish(body, self.text.len())
    }

    fn walk(&mut self, native: &'t tree_sitter::Tree) -> Child<'t> {
        let mut cursor = native.walk();
        let mut open: Vec<Frame<'t>> = Vec::new();
        loop {
            let node = cursor.node();
            let frame = self.enter(node, cursor.field_name(), open.last());
            if !is_leaf(frame.kind) && cursor.goto_first_child() {
                open.push(frame);
                continue;
            }
            let mut child = self.leave(frame);
            loop {
                let Some(parent) = open.last_mut() else {
                    return child;
                };
                if !parent.is_quiet {
                    parent.children.push(child);
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                cursor.goto_parent();
                let Some(frame) = open.pop() else {
                    return self.nothing();
                };
                child = self.leave(frame);
            }
        }
    }

    fn nothing(&self) -> Child<'t> {
        Child {
            kind: "",
            field: None,
            start: 0,
            end: 0,
            is_named: false,
            piece: Piece::Nothing,
        }
    }

    fn enter(
        &mut self,
        node: tree_sitter::Node<'t>,
        field: Option<&'t str>,
        parent: Option<&Frame<'t>>,
    ) -> Frame<'t> {
        let kind = node.kind();
        if node.is_error() || node.is_missing() || (is_leaf(kind) && node.has_error()) {
            let line = node.start_position().row + 1;
            self.builder
                .partly_read(format!("syntax error at line {line}"));
        }
        match kind {
            "switch_statement" => self.breakable.push(Breakable::Switch),
            _ if is_loop(kind) => self.breakable.push(Breakable::Loop),
            _ if is_function(kind) => self.breakable.push(Breakable::Function),
            _ => {}
        }
        let mut frame = Frame {
            kind,
            field,
            parent: parent.map_or("", |parent| parent.kind),
            start: node.start_byte().min(self.text.len()),
            end: node.end_byte().min(self.text.len()),
            is_named: node.is_named(),
            children: Vec::new(),
            position: Position::Other,
            is_quiet: is_type(kind),
        };
        if let Some(parent) = parent {
            frame.position = position(parent, field);
            frame.is_quiet |= parent.is_quiet || self.is_only_a_name(&frame, parent);
        }
        frame
    }

    /// Whether the parent needs no more of a node than its text.
    fn is_only_a_name(&self, frame: &Frame<'t>, parent: &Frame<'t>) -> bool {
        let is_path = frame.kind == "member_expression" || frame.kind == "nested_identifier";
        match parent.kind {
            "implements_clause" | "import_alias" | "internal_module" | "module" => {
                frame.kind != "statement_block"
            }
            "as_expression" | "satisfies_expression" => parent
                .children
                .iter()
                .any(|child| child.is_named && !child.is_nothing()),
            "class_heritage" | "extends_clause" | "decorator" => {
                is_path && !self.slice(frame.start, frame.end).contains(['(', '[', '{'])
            }
            "call_expression" if parent.parent == "decorator" => {
                is_path && frame.field == Some("function")
            }
            "jsx_opening_element" | "jsx_self_closing_element" => frame.field == Some("name"),
            "jsx_attribute" => frame.kind == "jsx_namespace_name",
            "assignment_expression" => {
                parent.position != Position::Other
                    && frame.field == Some("left")
                    && export_target(self.slice(frame.start, frame.end)).is_some()
            }
            _ => false,
        }
    }

    /// Lowers a node whose children are lowered.
    fn leave(&mut self, frame: Frame<'t>) -> Child<'t> {
        if frame.kind == "switch_statement" || is_loop(frame.kind) || is_function(frame.kind) {
            self.breakable.pop();
        }
        let field = frame.field;
        let in_list = is_statement_list(frame.parent);
        let mut child = self.lower(frame);
        child.field = field;
        if in_list && !self.stray.is_empty() {
            let mut statements = Vec::new();
            let stray = std::mem::take(&mut self.stray);
            let (start, end) = (child.start, child.end);
            self.statements(child, &mut statements);
            statements.extend(stray);
            child = Child {
                kind: "ERROR",
                field,
                start,
                end,
                is_named: true,
                piece: Piece::Statements(statements),
            };
        }
        child
    }

    fn lower(&mut self, frame: Frame<'t>) -> Child<'t> {
        let mut child = Child {
            kind: frame.kind,
            field: frame.field,
            start: frame.start,
            end: frame.end,
            is_named: frame.is_named,
            piece: Piece::Nothing,
        };
        match frame.kind {
            "comment" | "html_comment" | "hash_bang_line" => self.comment(&frame),
            _ if frame.is_quiet => {
                if frame.parent == "assignment_expression"
                    && let Some(target) = export_target(self.slice(frame.start, frame.end))
                {
                    child.piece = Piece::ExportTarget(target);
                }
            }
            "ERROR" => child.piece = self.error(frame),
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "type_assertion"
            | "instantiation_expression"
            | "else_clause"
            | "finally_clause"
            | "jsx_expression" => return pass_through(frame, child),
            kind if is_leaf(kind) => {
                if frame.is_named && frame.start < frame.end {
                    child.piece = Piece::Leaf;
                }
            }
            _ if !frame.is_named => {}
            _ => child.piece = self.construct(frame),
        }
        child
    }

    /// Hands a construct to the file that knows it.
    fn construct(&mut self, frame: Frame<'t>) -> Piece<'t> {
        match frame.kind {
            "program" | "statement_block" => Piece::Block(self.statement_list(frame.children)),
            "expression_statement" => self.expression_statement(frame),
            "variable_declaration" | "lexical_declaration" | "using_declaration" => {
                self.declaration(frame)
            }
            "variable_declarator" => self.declarator(frame),
            "return_statement" | "throw_statement" => self.leave_with_value(frame),
            "break_statement" | "continue_statement" => self.jump(&frame),
            "debugger_statement" | "empty_statement" | "optional_chain" | "string_fragment"
            | "escape_sequence" => Piece::Nothing,
            "if_statement" => self.if_statement(frame),
            "switch_statement" => self.switch_statement(frame),
            "switch_body" => self.switch_body(frame),
            "switch_case" | "switch_default" => self.switch_arm(frame),
            "try_statement" => self.try_statement(frame),
            "catch_clause" => self.catch_clause(frame),
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement" => {
                self.loop_statement(frame)
            }
            "labeled_statement" | "with_statement" | "internal_module" | "module" => {
                self.wrapped_statement(frame)
            }
            "enum_declaration" => self.enum_declaration(frame),
            "enum_body" => self.enum_body(frame),
            "enum_assignment" => self.pair(frame, "name"),

            "import_statement" => self.import_statement(frame),
            "import_clause" | "named_imports" => self.import_names(frame),
            "import_specifier" | "namespace_import" => self.import_specifier(frame),
            "import_require_clause" | "import_alias" => self.import_binding(frame),
            "export_statement" => self.export_statement(frame),
            "export_clause" | "namespace_export" => self.export_names(frame),
            "export_specifier" => self.export_specifier(frame),

            "class_declaration" | "abstract_class_declaration" | "class" => self.class(frame),
            "class_body" => self.class_body(frame),
            "class_heritage" | "extends_clause" | "implements_clause" => self.heritage(frame),
            "class_static_block" => self.static_block(frame),
            "field_definition" | "public_field_definition" => self.field(frame),
            "decorator" => self.decorator(frame),

            _ if is_function(frame.kind) => self.function(frame),
            "formal_parameters" => self.parameters(frame),
            "required_parameter" | "optional_parameter" => self.parameter(frame),

            "assignment_pattern" | "object_assignment_pattern" => self.with_default(frame),
            "object_pattern" => self.object_pattern(frame),
            "array_pattern" => self.array_pattern(frame),
            "pair_pattern" => self.pair_pattern(frame),
            "rest_pattern" => self.spread(frame, true),

            "object" => self.object(frame),
            "pair" => self.pair(frame, "key"),
            "computed_property_name" => self.computed_key(frame),
            "array" => self.array(frame),
            "spread_element" => self.spread(frame, false),

            "call_expression" => self.call(frame),
            "new_expression" => self.new_expression(frame),
            "arguments" => Piece::Arguments(frame.children),
            "member_expression" => self.member(frame),
            "subscript_expression" => self.index(frame),

            "binary_expression" => self.binary(frame),
            "unary_expression" => self.unary(frame),
            "ternary_expression" => self.ternary(frame),
            "assignment_expression" | "augmented_assignment_expression" => self.assignment(frame),
            "await_expression" => self.await_expression(frame),
            "sequence_expression" => self.sequence(frame),
            "template_string" => self.template(frame),
            "template_substitution" => Piece::Statements(self.statement_list(frame.children)),

            "jsx_element" => self.jsx_element(frame),
            "jsx_opening_element" => self.jsx_tag(frame),
            "jsx_self_closing_element" => self.jsx_self_closing(frame),
            "jsx_attribute" => self.jsx_attribute(frame),
            _ => self.other(frame),
        }
    }

    /// A construct without a kind of its own: what is inside it.
    pub(super) fn other(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut children = Vec::new();
        for child in frame.children {
            self.collect(child, &mut children);
        }
        Piece::Node(
            self.builder
                .add(Kind::Opaque { children }, frame.start, frame.end),
        )
    }

    /// Keeps what is readable inside a syntax error. Neighbouring properties become one map.
    fn error(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut nodes = Vec::new();
        let mut entries = Vec::new();
        let mut entries_span = (frame.start, frame.start);
        for child in frame.children {
            if let Piece::Entry(entry) = child.piece {
                if entries.is_empty() {
                    entries_span.0 = child.start;
                }
                entries_span.1 = child.end;
                entries.push(*entry);
            } else {
                self.statements(child, &mut nodes);
            }
        }
        if !entries.is_empty() {
            let kind = Kind::Map { entries };
            nodes.push(self.builder.add(kind, entries_span.0, entries_span.1));
        }
        if is_statement_list(frame.parent) || frame.parent.is_empty() {
            return Piece::Statements(nodes);
        }
        self.stray.extend(nodes);
        Piece::Nothing
    }

    fn comment(&mut self, frame: &Frame<'t>) {
        let text = self.slice(frame.start, frame.end);
        let (opening, closing) =
            if text.starts_with("/*") && text.len() >= 4 && text.ends_with("*/") {
                (2, 2)
            } else if text.starts_with("<!--") {
                (4, 0)
            } else if text.starts_with("-->") {
                (3, 0)
            } else {
                (2.min(text.len()), 0)
            };
        let (text_start, text_end) = (frame.start + opening, frame.end - closing);
        self.builder
            .comment(frame.start, frame.end, text_start, text_end);
    }

    /// Whether a `break` without a label here leaves only a `switch`.
    pub(super) fn breaks_switch(&self) -> bool {
        self.breakable.last() == Some(&Breakable::Switch)
    }

    /// The source between two bytes.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The source of a child as a name.
    pub(super) fn name(&self, child: &Child<'t>) -> Name {
        Name {
            text: self.slice(child.start, child.end).to_string(),
            span: self.builder.span(child.start, child.end),
        }
    }
}

impl<'t> Frame<'t> {
    /// Whether this is a whole statement, or a part of a comma statement.
    pub(super) fn is_statement(&self) -> bool {
        self.position == Position::Statement
    }
}

fn position(parent: &Frame<'_>, field: Option<&str>) -> Position {
    match (parent.kind, parent.position, field) {
        ("expression_statement", ..) | ("sequence_expression", Position::Statement, _) => {
            Position::Statement
        }
        ("parenthesized_expression", position, _) => position,
        ("assignment_expression", Position::Statement | Position::Value, Some("right"))
        | ("variable_declarator", _, Some("value")) => Position::Value,
        _ => Position::Other,
    }
}

/// A wrapper without meaning: the expression inside takes its place, with its own span.
fn pass_through<'t>(frame: Frame<'t>, empty: Child<'t>) -> Child<'t> {
    frame
        .children
        .into_iter()
        .find(|child| child.is_named && !child.is_nothing())
        .unwrap_or(empty)
}

/// Nodes that are read from the source as a whole.
fn is_leaf(kind: &str) -> bool {
    matches!(
        kind,
        "identifier"
            | "property_identifier"
            | "private_property_identifier"
            | "shorthand_property_identifier"
            | "shorthand_property_identifier_pattern"
            | "type_identifier"
            | "statement_identifier"
            | "undefined"
            | "string"
            | "number"
            | "regex"
            | "true"
            | "false"
            | "null"
            | "this"
            | "super"
            | "import"
            | "meta_property"
            | "jsx_text"
            | "html_character_reference"
    )
}

/// Types and declarations that leave nothing at run time, and closing tags.
fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "type_annotation"
            | "type_arguments"
            | "type_parameters"
            | "type_predicate_annotation"
            | "asserts_annotation"
            | "interface_declaration"
            | "type_alias_declaration"
            | "function_signature"
            | "method_signature"
            | "call_signature"
            | "construct_signature"
            | "property_signature"
            | "index_signature"
            | "ambient_declaration"
            | "accessibility_modifier"
            | "override_modifier"
            | "import_attribute"
            | "jsx_closing_element"
    )
}

fn is_loop(kind: &str) -> bool {
    matches!(
        kind,
        "for_statement" | "for_in_statement" | "while_statement" | "do_statement"
    )
}

fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
            | "abstract_method_signature"
    )
}

fn is_statement_list(kind: &str) -> bool {
    matches!(
        kind,
        "program" | "statement_block" | "switch_case" | "switch_default" | "ERROR"
    )
}
