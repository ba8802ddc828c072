//! How the open forms are turned into nodes of the tree.
//!
//! It owns what a form is as an expression, as a statement, and where nothing wanted it. It must not know
//! which native node has which children.

use super::lowered::{
    Arm, ArmContent, Body, Chain, Ending, EnumConstant, Extent, Ladder, Lowered, OpenAnnotation,
    Operator, Path,
};
use super::{Lowering, unicode};
use crate::syntax::tree::{
    Annotation, Argument, Binding, Call, ConcatForm, Kind, Name, NodeId, Parameter, Span,
};

impl Lowering<'_> {
    pub(super) fn add(&mut self, kind: Kind, extent: Extent) -> NodeId {
        self.builder.add(kind, extent.start, extent.end)
    }

    pub(super) fn add_opaque(&mut self, children: Vec<NodeId>, extent: Extent) -> NodeId {
        self.add(Kind::Opaque { children }, extent)
    }

    pub(super) fn span(&self, extent: Extent) -> Span {
        self.builder.span(extent.start, extent.end)
    }

    /// The extent of a node that was added before.
    pub(super) fn extent_of(&self, id: NodeId) -> Extent {
        let span = self.builder.node_span(id);
        Extent::new(
            (span.start as usize).saturating_sub(self.base),
            (span.end as usize).saturating_sub(self.base),
        )
    }

    pub(super) fn name_text(&self, extent: Extent) -> String {
        unicode::name(self.source(extent)).into_owned()
    }

    pub(super) fn name(&self, extent: Extent) -> Name {
        Name {
            text: self.name_text(extent),
            span: self.span(extent),
        }
    }

    pub(super) fn add_name(&mut self, extent: Extent) -> NodeId {
        let name = self.name_text(extent);
        self.add(Kind::Name(name), extent)
    }

    /// `a.b.C` with its `[]`.
    pub(super) fn path_text(&self, path: &Path) -> String {
        let mut text = String::new();
        for (index, segment) in path.segments.iter().enumerate() {
            if index > 0 {
                text.push('.');
            }
            text.push_str(&unicode::name(self.source(*segment)));
        }
        for _ in 0..path.dimensions {
            text.push_str("[]");
        }
        text
    }

    /// `a.b.C` as an expression; its `[]` are left out.
    pub(super) fn add_path(&mut self, path: &Path) -> Option<NodeId> {
        let (first, rest) = path.segments.split_first()?;
        let mut node = self.add_name(*first);
        for segment in rest {
            node = self.add_member(node, *segment, Extent::new(first.start, segment.end));
        }
        Some(node)
    }

    pub(super) fn add_member(
        &mut self,
        object: NodeId,
        property: Extent,
        extent: Extent,
    ) -> NodeId {
        let property = self.name(property);
        self.add(Kind::Member { object, property }, extent)
    }

    /// A name or type, if that is what it is.
    pub(super) fn path(lowered: Lowered) -> Option<Path> {
        match lowered {
            Lowered::Identifier(extent) => Some(Path {
                segments: vec![extent],
                dimensions: 0,
            }),
            Lowered::Path(path) => Some(path),
            _ => None,
        }
    }

    pub(super) fn arguments(lowered: Lowered) -> Vec<Argument> {
        match lowered {
            Lowered::Arguments(arguments) => arguments,
            _ => Vec::new(),
        }
    }

    pub(super) fn argument(value: NodeId) -> Argument {
        Argument {
            name: None,
            value,
            is_spread: false,
        }
    }

    /// The node of an expression (or of a statement in a place that has room for one node).
    pub(super) fn expression(&mut self, lowered: Lowered) -> Option<NodeId> {
        match lowered {
            Lowered::Node(node) => Some(node),
            Lowered::Identifier(extent) => Some(self.add_name(extent)),
            Lowered::This(extent) => Some(self.add(Kind::This, extent)),
            Lowered::Super(extent) => Some(self.add(Kind::Super, extent)),
            Lowered::Path(path) => self.add_path(&path),
            Lowered::Chain(chain) => Some(self.close_chain(chain)),
            Lowered::Ternary(ladder) => Some(self.close_ternary(ladder)),
            Lowered::If(ladder) => Some(self.close_if(ladder)),
            Lowered::Switch(switch) => Some(self.close_switch(*switch, true)),
            Lowered::Block(body) => Some(self.close_block(body)),
            Lowered::Break(extent) => Some(self.add(Kind::Leave { value: None }, extent)),
            Lowered::Yield { value, extent } => Some(self.add(Kind::Leave { value }, extent)),
            Lowered::Annotation(annotation) => self.close_annotation_value(*annotation),
            other => {
                let mut nodes = Vec::new();
                self.salvage(other, &mut nodes);
                match nodes.as_slice() {
                    [] => None,
                    [node] => Some(*node),
                    [first, .., last] => {
                        let extent =
                            Extent::new(self.extent_of(*first).start, self.extent_of(*last).end);
                        Some(self.add_opaque(nodes, extent))
                    }
                }
            }
        }
    }

    /// Appends what stands as a statement in a list.
    pub(super) fn statement(&mut self, lowered: Lowered, list: &mut Vec<NodeId>) {
        match lowered {
            Lowered::Nodes(mut nodes) => list.append(&mut nodes),
            Lowered::Switch(switch) => {
                let node = self.close_switch(*switch, false);
                list.push(node);
            }
            other => list.extend(self.expression(other)),
        }
    }

    /// Appends the nodes of something that found no use where it stands. Bare names are left out: beside
    /// the grammar they say nothing.
    pub(super) fn salvage(&mut self, lowered: Lowered, list: &mut Vec<NodeId>) {
        let values =
            |arguments: Vec<Argument>| arguments.into_iter().map(|argument| argument.value);
        let annotated = |annotations: Vec<Annotation>| {
            annotations
                .into_iter()
                .flat_map(|annotation| annotation.arguments)
                .map(|argument| argument.value)
        };
        match lowered {
            Lowered::Nothing
            | Lowered::Identifier(_)
            | Lowered::This(_)
            | Lowered::Super(_)
            | Lowered::Path(_)
            | Lowered::Dimensions(_)
            | Lowered::Types(_) => {}
            Lowered::Fragment(extent) => list.push(self.add_fragment(extent)),
            Lowered::Nodes(nodes) | Lowered::Members(nodes) => list.extend(nodes),
            Lowered::Arms(arms) => {
                list.extend(arms.into_iter().flat_map(|arm| self.loose_arm(arm)))
            }
            Lowered::Arm(arm) => {
                let nodes = self.loose_arm(*arm);
                list.extend(nodes);
            }
            Lowered::Labels { values, .. } => list.extend(values),
            Lowered::Arguments(arguments) => list.extend(values(arguments)),
            Lowered::Pair(argument) => list.push(argument.value),
            Lowered::Annotation(annotation) => list.extend(values(annotation.arguments)),
            Lowered::Modifiers(modifiers) => list.extend(annotated(modifiers.annotations)),
            Lowered::Declarator(declarator) => {
                let target = self.add_name(declarator.name);
                let binding = Binding {
                    target,
                    value: declarator.value,
                    type_name: None,
                    is_static: false,
                    is_constant: false,
                    annotations: Vec::new(),
                };
                list.push(self.add(Kind::Binding(Box::new(binding)), declarator.extent));
            }
            Lowered::Parameter(parameter) => list.push(self.loose_parameter(*parameter)),
            Lowered::Parameters(parameters) => {
                for parameter in parameters {
                    list.push(self.loose_parameter(parameter));
                }
            }
            Lowered::EnumConstant(constant) => self.loose_constant(*constant, list),
            Lowered::EnumBody(body) => {
                for constant in body.constants {
                    self.loose_constant(constant, list);
                }
                list.extend(body.members);
            }
            other => self.statement(other, list),
        }
    }

    fn loose_arm(&mut self, arm: Arm) -> Vec<NodeId> {
        let mut nodes = arm.labels;
        match arm.content {
            ArmContent::Value(value) => nodes.push(value),
            ArmContent::Body(body) => nodes.push(self.close_block(body)),
        }
        nodes
    }

    /// A parameter without its function declares its name all the same.
    fn loose_parameter(&mut self, parameter: Parameter) -> NodeId {
        let extent = Extent::new(
            (parameter.span.start as usize).saturating_sub(self.base),
            (parameter.span.end as usize).saturating_sub(self.base),
        );
        let binding = Binding {
            target: parameter.target,
            value: parameter.default,
            type_name: parameter.type_name,
            is_static: false,
            is_constant: false,
            annotations: parameter.annotations,
        };
        self.add(Kind::Binding(Box::new(binding)), extent)
    }

    fn loose_constant(&mut self, constant: EnumConstant, list: &mut Vec<NodeId>) {
        let annotations = constant.annotations.into_iter();
        list.extend(
            annotations
                .flat_map(|annotation| annotation.arguments)
                .chain(constant.arguments)
                .map(|argument| argument.value),
        );
        if let Some((members, _)) = constant.members {
            list.extend(members);
        }
    }

    /// `@A("x")` as the value of another annotation.
    fn close_annotation_value(&mut self, annotation: OpenAnnotation) -> Option<NodeId> {
        let callee = self.add_path(&annotation.path)?;
        let call = Call {
            callee,
            arguments: annotation.arguments,
            is_new: false,
            body: None,
        };
        Some(self.add(Kind::Call(Box::new(call)), annotation.extent))
    }

    fn close_chain(&mut self, chain: Chain) -> NodeId {
        let Chain {
            operator,
            mut operands,
            extent,
        } = chain;
        let kind = match operator {
            Operator::Plus => Kind::Concat {
                operands,
                form: ConcatForm::Operator,
            },
            Operator::Or => Kind::Choice {
                conditions: Vec::new(),
                alternatives: operands,
            },
            Operator::And => {
                let alternatives = operands.pop().into_iter().collect();
                Kind::Choice {
                    conditions: operands,
                    alternatives,
                }
            }
            Operator::Other => Kind::Opaque { children: operands },
        };
        self.add(kind, extent)
    }

    fn close_ternary(&mut self, mut ladder: Ladder) -> NodeId {
        ladder.conditions.reverse();
        ladder.arms.reverse();
        let kind = Kind::Choice {
            conditions: ladder.conditions,
            alternatives: ladder.arms,
        };
        self.add(kind, ladder.extent)
    }

    fn close_if(&mut self, mut ladder: Ladder) -> NodeId {
        ladder.conditions.reverse();
        ladder.arms.reverse();
        let kind = Kind::Branch {
            conditions: ladder.conditions,
            arms: ladder.arms,
            exhaustive: ladder.is_complete,
            is_try: false,
        };
        self.add(kind, ladder.extent)
    }

    /// The statements of a block that belongs to anything but a `switch`.
    pub(super) fn close_body(&mut self, body: Body) -> Vec<NodeId> {
        let mut nodes = body.nodes;
        if let Some(ending) = body.ending {
            nodes.push(self.close_ending(ending));
        }
        nodes
    }

    pub(super) fn close_ending(&mut self, ending: Ending) -> NodeId {
        match ending {
            Ending::Break(extent) => self.add(Kind::Leave { value: None }, extent),
            Ending::Yield { value, extent } => self.add(Kind::Leave { value }, extent),
        }
    }

    pub(super) fn close_block(&mut self, body: Body) -> NodeId {
        let extent = body.extent;
        let body = self.close_body(body);
        self.add(Kind::Block { body }, extent)
    }
}
