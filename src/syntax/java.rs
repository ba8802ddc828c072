//! The Java front end: a tree-sitter syntax tree in, the language-neutral tree out.
//!
//! It owns the mapping of Java's syntax. It must not know any library, HTTP or Zoho, and folds nothing.
//!
//! The native tree is walked once, children before parents, with an explicit stack: what a native node
//! becomes ([`lowered::Lowered`]) is put together from what its children became. Chains stay open
//! ([`lowered::Chain`], [`lowered::Ladder`]) until something other than a further link takes them, so
//! their length costs neither depth nor copies. What stands beside the grammar (`ERROR` nodes) is kept
//! as *strays* and goes into the nearest list of statements around it, at its place.

mod classes;
mod close;
mod declarations;
mod expressions;
mod literal;
mod lowered;
mod prepare;
mod statements;
#[cfg(test)]
mod tests;
mod unicode;

use lowered::{Children, Extent, Item, Lowered};

use crate::syntax::tree::{Language, NodeId, Tree, TreeBuilder};
use crate::syntax::{Input, native};

/// Lowers a Java file, or a part of one. Never fails: what cannot be read is said in
/// [`Tree::partly_read`].
pub fn lower(input: Input<'_>) -> Tree {
    let mut lowering = Lowering {
        text: input.text,
        base: input.base as usize,
        builder: TreeBuilder::new(Language::Java, input.base),
        strays: Vec::new(),
        compact_constructors: Vec::new(),
    };
    let readable = prepare::prepare(input.text);
    let native = native::parse(readable.text.as_ref(), &tree_sitter_java::LANGUAGE.into());
    if let Some(start) = readable.open_comment {
        let end = input.text.len();
        lowering.builder.comment(start, end, start + 2, end);
    }
    let body = match native {
        Ok(native) => lowering.walk(&native, readable.broken_token),
        Err(reason) => {
            lowering.builder.partly_read(reason);
            Vec::new()
        }
    };
    lowering.builder.finish(body, input.text.len())
}

struct Lowering<'a> {
    text: &'a str,
    base: usize,
    builder: TreeBuilder,
    /// Nodes that found no place where they stood, in the order of the source.
    strays: Vec<NodeId>,
    /// Constructors of records without parameters of their own; they take those of the record.
    compact_constructors: Vec<NodeId>,
}

/// A native node whose children are being lowered.
struct Frame {
    /// Its children begin here on the stack of items.
    items: usize,
    /// Strays from here on stand inside of it.
    strays: usize,
}

impl Lowering<'_> {
    /// Lowers the whole native tree and returns the statements of the root.
    fn walk(&mut self, native: &tree_sitter::Tree, broken_token: Option<usize>) -> Vec<NodeId> {
        let mut cursor = native.walk();
        let mut frames: Vec<Frame> = Vec::new();
        let mut items: Vec<Item<'_>> = Vec::new();
        let mut syntax_error = None;
        'descend: loop {
            let node = cursor.node();
            let is_error = node.is_error() || node.is_missing();
            if is_error && !frames.is_empty() {
                syntax_error.get_or_insert(node.start_byte());
            }
            if self.has_parts(&node) && cursor.goto_first_child() {
                frames.push(Frame {
                    items: items.len(),
                    strays: self.strays.len(),
                });
                continue;
            }
            let mut frame = Frame {
                items: items.len(),
                strays: self.strays.len(),
            };
            loop {
                let node = cursor.node();
                let extent = Extent::new(node.start_byte(), node.end_byte());
                let children = Children(items.split_off(frame.items));
                if frames.is_empty() {
                    let somewhere = node.has_error().then_some(extent.start);
                    let first = [syntax_error, broken_token].into_iter().flatten().min();
                    if let Some(position) = first.or(somewhere) {
                        self.report_syntax_error(position);
                    }
                    return self.root(children, node.is_error());
                }
                if !node.is_missing() && !is_punctuation(node.kind()) {
                    let lowered = self.node(node.kind(), extent, children, frame.strays);
                    items.push(Item {
                        kind: node.kind(),
                        field: cursor.field_name(),
                        extent,
                        lowered,
                    });
                }
                if cursor.goto_next_sibling() {
                    continue 'descend;
                }
                cursor.goto_parent();
                match frames.pop() {
                    Some(parent) => frame = parent,
                    None => return Vec::new(),
                }
            }
        }
    }

    /// Whether the children of a native node say more than its text.
    fn has_parts(&self, node: &tree_sitter::Node<'_>) -> bool {
        match node.kind() {
            "string_literal" => self
                .text
                .get(node.byte_range())
                .is_some_and(|text| text.contains("\\{")),
            "dimensions" => false,
            _ => true,
        }
    }

    fn report_syntax_error(&mut self, position: usize) {
        let before = self.text.as_bytes().get(..position).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.builder
            .partly_read(format!("syntax error at line {line}"));
    }

    fn root(&mut self, mut children: Children<'_>, is_error: bool) -> Vec<NodeId> {
        let extent = Extent::new(0, self.text.len());
        if is_error {
            for item in &mut children.0 {
                let mut nodes = Vec::new();
                self.salvage(item.lowered.take(), &mut nodes);
                item.lowered = Lowered::Nodes(nodes);
            }
        }
        let body = self.body(children, 0, extent);
        self.close_body(body)
    }

    /// What a native node becomes, given what its children became. `strays` is where the strays inside
    /// of it begin.
    fn node(
        &mut self,
        kind: &str,
        extent: Extent,
        mut children: Children<'_>,
        strays: usize,
    ) -> Lowered {
        let lowered = match kind {
            "line_comment" | "block_comment" => self.comment(extent),

            "block" | "constructor_body" => {
                Lowered::Block(self.body(children.take(), strays, extent))
            }
            "switch_block_statement_group" => self.switch_group(children.take(), strays, extent),
            "class_body" | "interface_body" | "annotation_type_body" | "enum_body_declarations" => {
                Lowered::Members(self.members(children.take(), strays))
            }
            "enum_body" => self.enum_body(children.take(), strays),

            "identifier" | "type_identifier" | "underscore_pattern" => Lowered::Identifier(extent),
            "string_fragment" | "multiline_string_fragment" => Lowered::Fragment(extent),
            "this" => Lowered::This(extent),
            "super" => Lowered::Super(extent),
            "void_type" | "integral_type" | "floating_point_type" | "boolean_type" => {
                Lowered::Identifier(extent)
            }
            "scoped_identifier" | "scoped_type_identifier" => self.scoped_path(&mut children),
            "generic_type" | "annotated_type" => self.plain_type(&mut children),
            "array_type" => self.array_type(&mut children),
            "dimensions" => self.dimensions(extent),
            "superclass" | "super_interfaces" | "extends_interfaces" | "type_list"
            | "catch_type" => self.types(&mut children),

            "string_literal" => self.string(extent, &mut children),
            "string_interpolation" | "dimensions_expr" | "parenthesized_expression" | "guard" => {
                self.wrapped(&mut children)
            }
            "character_literal" => self.string(extent, &mut children),
            "decimal_integer_literal"
            | "hex_integer_literal"
            | "octal_integer_literal"
            | "binary_integer_literal"
            | "decimal_floating_point_literal"
            | "hex_floating_point_literal" => self.number(extent),
            "true" => self.boolean(true, extent),
            "false" => self.boolean(false, extent),
            "null_literal" => self.null(extent),
            "cast_expression" => children.take_field("value"),
            "template_expression" => children.take_field("template_argument"),
            "expression_statement" | "pattern" => children.take_first(),
            "binary_expression" => self.binary(extent, &mut children),
            "ternary_expression" => self.ternary(extent, &mut children),
            "assignment_expression" => self.assignment(extent, &mut children),
            "instanceof_expression" => self.instance_of(extent, &mut children),
            "lambda_expression" => self.lambda(extent, &mut children),
            "field_access" => self.field_access(extent, &mut children),
            "array_access" => self.array_access(extent, &mut children),
            "method_invocation" => self.method_invocation(extent, &mut children),
            "explicit_constructor_invocation" => self.constructor_invocation(extent, &mut children),
            "object_creation_expression" => self.object_creation(extent, &mut children),
            "array_creation_expression" => self.array_creation(extent, &mut children),
            "array_initializer" | "element_value_array_initializer" => {
                self.list(extent, &mut children)
            }
            "method_reference" => self.method_reference(extent, &mut children),
            "class_literal" => self.class_literal(extent, &mut children),
            "argument_list" => self.argument_list(&mut children),
            "type_pattern" | "record_pattern_component" => self.type_pattern(extent, &mut children),

            "if_statement" => self.if_statement(extent, &mut children),
            "switch_expression" => self.switch(extent, &mut children),
            "switch_block" => self.switch_block(&mut children),
            "switch_rule" => self.switch_rule(&mut children),
            "record_pattern" => self.record_pattern(extent, &mut children),
            "switch_label" => self.switch_label(&mut children),
            "while_statement" | "do_statement" | "for_statement" => {
                self.plain_loop(extent, &mut children)
            }
            "enhanced_for_statement" => self.collection_loop(extent, &mut children),
            "try_statement" | "try_with_resources_statement" => {
                self.try_statement(extent, &mut children)
            }
            "catch_clause" => self.catch_clause(extent, &mut children),
            "catch_formal_parameter" => self.catch_parameter(extent, &mut children),
            "finally_clause" => children.take_first(),
            "resource_specification" => self.statement_list(&mut children),
            "resource" => self.resource(extent, &mut children),
            "synchronized_statement" => self.statement_list(&mut children),
            "labeled_statement" => children.take_last(),
            "return_statement" => self.return_statement(extent, &mut children),
            "throw_statement" | "continue_statement" => self.leave_statement(extent, &mut children),
            "break_statement" => self.break_statement(extent, &mut children),
            "yield_statement" => self.yield_statement(extent, &mut children),

            "package_declaration" => self.package(extent, &mut children),
            "import_declaration" => self.import(extent, &mut children),
            "class_declaration"
            | "interface_declaration"
            | "annotation_type_declaration"
            | "record_declaration"
            | "enum_declaration" => self.class(extent, &mut children),
            "enum_constant" => self.enum_constant(extent, &mut children),
            "static_initializer" => self.static_initializer(extent, &mut children),
            "method_declaration"
            | "constructor_declaration"
            | "annotation_type_element_declaration" => self.function(kind, extent, &mut children),
            "compact_constructor_declaration" => self.compact_constructor(extent, &mut children),
            "field_declaration" | "constant_declaration" | "local_variable_declaration" => {
                self.variables(kind, extent, &mut children)
            }
            "variable_declarator" => self.declarator(extent, &mut children),
            "formal_parameters" | "inferred_parameters" => self.parameters(&mut children),
            "formal_parameter" | "spread_parameter" => self.parameter(kind, extent, &mut children),
            "modifiers" => self.modifiers(&mut children),
            "annotation" | "marker_annotation" => self.annotation(extent, &mut children),
            "annotation_argument_list" => self.annotation_arguments(&mut children),
            "element_value_pair" => self.element_value_pair(&mut children),

            // Types in these places are of no use, and a label names no value.
            "ERROR" | "type_arguments" | "type_parameters" | "type_bound" | "wildcard"
            | "permits" | "throws" | "receiver_parameter" => Lowered::Nothing,
            // Unary operators, assertions, module files.
            _ => self.opaque(extent, &mut children),
        };
        for item in children.0 {
            let mut nodes = Vec::new();
            self.salvage(item.lowered, &mut nodes);
            self.strays.append(&mut nodes);
        }
        lowered
    }

    fn comment(&mut self, extent: Extent) -> Lowered {
        let source = self.source(extent).trim_end_matches('\r');
        let end = extent.start + source.len();
        let (opening, closing) = match source {
            _ if source.starts_with("//") => (2, 0),
            "/**/" => (2, 2),
            _ if source.starts_with("/**") => (3, 2),
            _ => (2, 2),
        };
        let (start, opening) = (extent.start, opening.min(source.len()));
        self.builder.comment(
            start,
            end,
            start + opening,
            (end - closing).max(start + opening),
        );
        Lowered::Nothing
    }

    fn source(&self, extent: Extent) -> &str {
        self.text.get(extent.start..extent.end).unwrap_or_default()
    }
}

/// Tokens that say nothing once the grammar has used them.
fn is_punctuation(kind: &str) -> bool {
    matches!(
        kind,
        "(" | ")"
            | "{"
            | "}"
            | "["
            | "]"
            | ";"
            | ","
            | "."
            | ":"
            | "->"
            | "?"
            | "@"
            | "\""
            | "\"\"\""
    )
}
