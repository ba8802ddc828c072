//! What a native node has become before its parent decides what to do with it.
//!
//! Owns the intermediate values of the lowering and how they turn into nodes when nobody wants them in any
//! other form. A part is only made a node when its parent takes it as one: so chains of operators stay flat,
//! declared names leave no stray `Name` nodes, and every node of the tree has a parent.

use super::walk::Lowering;
use crate::syntax::tree::{
    Annotation, Argument, ConcatForm, Entry, ImportedName, Kind, Name, NodeId, Parameter,
    PatternEntry,
};

/// A lowered child, with the native node it came from.
#[derive(Debug)]
pub(super) struct Child<'t> {
    /// The kind of the native node; for a token its text.
    pub kind: &'t str,
    /// The role that the grammar gives it in its parent.
    pub field: Option<&'t str>,
    pub start: usize,
    pub end: usize,
    pub is_named: bool,
    pub piece: Piece<'t>,
}

#[derive(Debug)]
pub(super) enum Piece<'t> {
    /// Punctuation, comments, types: no meaning of its own.
    Nothing,
    /// An identifier or literal, lowered when it is asked for.
    Leaf,
    Node(NodeId),
    /// Several statements, or the readable rest of a syntax error.
    Statements(Vec<NodeId>),
    Block(Vec<NodeId>),
    /// `a + b + c`, `a || b || c`, …
    Chain(Operator, Vec<NodeId>),
    /// `if` or `?:`; the parts stand in reverse, because the last `else` is lowered first.
    Branch(Box<Cascade>),
    Ternary(Box<Cascade>),
    Arguments(Vec<Child<'t>>),
    /// `...x`
    Spread(NodeId),
    Entry(Box<Entry>),
    PatternEntry(Box<PatternEntry>),
    /// `target = default` in a pattern or parameter list.
    WithDefault(NodeId, NodeId),
    Rest(NodeId),
    Parameter(Box<Parameter>),
    Parameters(Vec<Parameter>),
    Annotation(Box<Annotation>),
    /// `[expression]` as the name of a property.
    ComputedKey(NodeId),
    /// Superclass and interfaces, and a superclass expression that is more than a name.
    Heritage(Vec<String>, Option<NodeId>),
    Members(Vec<NodeId>),
    Imported(Vec<ImportedName>),
    Exported(Vec<Specifier>),
    /// The opening tag of an element: its name and its attributes.
    Tag(Name, Vec<Entry>),
    SwitchArm(Box<SwitchArm>),
    SwitchArms(Vec<SwitchArm>),
    /// The left side of `exports.x = …`.
    ExportTarget(ExportTarget),
    /// `exports.x = module.exports.y = value`, innermost target first.
    Exports(Vec<ExportTarget>, Box<Child<'t>>),
}

/// The operators that make flat chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `+`
    Concat,
    /// `||`, `??`
    Either,
    /// `&&`
    Both,
    /// Any other: only the operands matter.
    Other,
}

#[derive(Debug)]
pub(super) struct Cascade {
    pub conditions: Vec<NodeId>,
    pub arms: Vec<NodeId>,
    pub exhaustive: bool,
}

#[derive(Debug)]
pub(super) struct SwitchArm {
    pub value: Option<NodeId>,
    pub body: Vec<NodeId>,
    pub is_default: bool,
    pub start: usize,
    pub end: usize,
}

/// `name as alias` in an export clause.
#[derive(Debug)]
pub(super) struct Specifier {
    pub name: Name,
    pub alias: Option<Name>,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ExportTarget {
    /// `exports`: only a second name of the object.
    Alias,
    /// `module.exports`
    Module,
    /// `exports.name`, `module.exports.name`
    Named(String),
}

impl<'t> Child<'t> {
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.piece, Piece::Nothing)
    }
}

/// Takes children out of a list by their role.
pub(super) trait Parts<'t> {
    fn take_field(&mut self, field: &str) -> Option<Child<'t>>;
    fn take_kind(&mut self, kind: &str) -> Option<Child<'t>>;
    fn has_kind(&self, kind: &str) -> bool;
}

impl<'t> Parts<'t> for Vec<Child<'t>> {
    fn take_field(&mut self, field: &str) -> Option<Child<'t>> {
        let child = self.iter_mut().find(|child| child.field == Some(field))?;
        Some(take(child))
    }
    fn take_kind(&mut self, kind: &str) -> Option<Child<'t>> {
        let child = self.iter_mut().find(|child| child.kind == kind)?;
        Some(take(child))
    }
    fn has_kind(&self, kind: &str) -> bool {
        self.iter().any(|child| child.kind == kind)
    }
}

/// Moves a child out and leaves an empty place that no role finds again.
fn take<'t>(child: &mut Child<'t>) -> Child<'t> {
    std::mem::replace(
        child,
        Child {
            kind: "",
            field: None,
            start: child.start,
            end: child.end,
            is_named: false,
            piece: Piece::Nothing,
        },
    )
}

impl<'t> Lowering<'t> {
    /// The child as one expression or statement; `None` if there is nothing in it.
    pub(super) fn value(&mut self, child: Child<'t>) -> Option<NodeId> {
        let (start, end) = (child.start, child.end);
        let kind = match child.piece {
            Piece::Leaf => return self.leaf(child.kind, start, end),
            Piece::Node(id) | Piece::Spread(id) | Piece::Rest(id) | Piece::ComputedKey(id) => {
                return Some(id);
            }
            Piece::Statements(mut nodes) if nodes.len() == 1 => return nodes.pop(),
            Piece::Block(body) => Kind::Block { body },
            Piece::Chain(operator, operands) => chain(operator, operands),
            Piece::Branch(cascade) => {
                let (conditions, arms) = cascade.in_order();
                Kind::Branch {
                    conditions,
                    arms,
                    exhaustive: cascade.exhaustive,
                    is_try: false,
                }
            }
            Piece::Ternary(cascade) => {
                let (conditions, alternatives) = cascade.in_order();
                Kind::Choice {
                    conditions,
                    alternatives,
                }
            }
            other => {
                let rest = Child {
                    piece: other,
                    ..child
                };
                let mut children = Vec::new();
                self.collect(rest, &mut children);
                if children.len() < 2 {
                    return children.pop();
                }
                Kind::Opaque { children }
            }
        };
        Some(self.builder.add(kind, start, end))
    }

    /// The child as an expression that has to be there: an empty `Opaque` if it is not.
    pub(super) fn value_or_unknown(&mut self, child: Option<Child<'t>>, at: usize) -> NodeId {
        let value = child.and_then(|child| self.value(child));
        value.unwrap_or_else(|| self.unknown(at))
    }

    /// What is not readable.
    pub(super) fn unknown(&mut self, at: usize) -> NodeId {
        let children = Vec::new();
        self.builder.add(Kind::Opaque { children }, at, at)
    }

    /// Adds every node that the child holds to a list, whatever the child is.
    pub(super) fn collect(&mut self, child: Child<'t>, nodes: &mut Vec<NodeId>) {
        let (start, end) = (child.start, child.end);
        match child.piece {
            Piece::Nothing
            | Piece::Imported(_)
            | Piece::Exported(_)
            | Piece::ExportTarget(_)
            | Piece::Annotation(_) => {}
            Piece::Statements(more) | Piece::Members(more) => nodes.extend(more),
            Piece::Arguments(arguments) => {
                for argument in arguments {
                    self.collect(argument, nodes);
                }
            }
            Piece::Entry(entry) => {
                let entries = vec![*entry];
                nodes.push(self.builder.add(Kind::Map { entries }, start, end));
            }
            Piece::Tag(_, entries) => {
                nodes.push(self.builder.add(Kind::Map { entries }, start, end))
            }
            Piece::PatternEntry(entry) => {
                nodes.extend([Some(entry.target), entry.default].into_iter().flatten())
            }
            Piece::WithDefault(target, default) => nodes.extend([target, default]),
            Piece::Parameter(parameter) => collect_parameter(&parameter, nodes),
            Piece::Parameters(parameters) => {
                for parameter in &parameters {
                    collect_parameter(parameter, nodes);
                }
            }
            Piece::Heritage(_, value) => nodes.extend(value),
            Piece::SwitchArm(arm) => collect_arm(*arm, nodes),
            Piece::SwitchArms(arms) => {
                for arm in arms {
                    collect_arm(arm, nodes);
                }
            }
            Piece::Exports(targets, value) => {
                nodes.extend(self.export_assignment(targets, *value, start, end));
            }
            _ => nodes.extend(self.value(child)),
        }
    }

    /// The child as an argument of a call or an item of a list.
    pub(super) fn argument(&mut self, child: Child<'t>) -> Option<Argument> {
        let is_spread = matches!(child.piece, Piece::Spread(_));
        let value = self.value(child)?;
        Some(Argument {
            name: None,
            value,
            is_spread,
        })
    }
}

impl Cascade {
    fn in_order(&self) -> (Vec<NodeId>, Vec<NodeId>) {
        let conditions = self.conditions.iter().rev().copied().collect();
        let arms = self.arms.iter().rev().copied().collect();
        (conditions, arms)
    }
}

fn chain(operator: Operator, mut operands: Vec<NodeId>) -> Kind {
    match operator {
        Operator::Concat => Kind::Concat {
            operands,
            form: ConcatForm::Operator,
        },
        Operator::Either => Kind::Choice {
            conditions: Vec::new(),
            alternatives: operands,
        },
        Operator::Both => {
            let alternatives = operands.pop().into_iter().collect();
            Kind::Choice {
                conditions: operands,
                alternatives,
            }
        }
        Operator::Other => Kind::Opaque { children: operands },
    }
}

fn collect_parameter(parameter: &Parameter, nodes: &mut Vec<NodeId>) {
    nodes.push(parameter.target);
    nodes.extend(parameter.default);
}

fn collect_arm(arm: SwitchArm, nodes: &mut Vec<NodeId>) {
    nodes.extend(arm.value);
    nodes.extend(arm.body);
}
