//! What native nodes become on the way up.
//!
//! It owns the intermediate forms between the grammar and the tree. It must not know which native node
//! has which children.

use crate::syntax::tree::{Annotation, Argument, NodeId, Parameter};

/// Names longer than this are not repeated for every declaration that shares them: only hostile files
/// have them, and the copies would outgrow the file.
pub(super) const LONGEST_SHARED_NAME: usize = 200;

/// A range of bytes of this part's text (without the part's place in the file).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Extent {
    pub(super) fn new(start: usize, end: usize) -> Extent {
        Extent { start, end }
    }
}

/// A native node that was lowered and waits for its parent.
#[derive(Debug)]
pub(super) struct Item<'tree> {
    pub(super) kind: &'tree str,
    pub(super) field: Option<&'tree str>,
    pub(super) extent: Extent,
    pub(super) lowered: Lowered,
}

impl Item<'_> {
    pub(super) fn has_content(&self) -> bool {
        !matches!(self.lowered, Lowered::Nothing)
    }
}

/// The children of a native node. Whoever uses one takes it; what is left in the end is salvaged.
#[derive(Debug, Default)]
pub(super) struct Children<'tree>(pub(super) Vec<Item<'tree>>);

impl<'tree> Children<'tree> {
    pub(super) fn take(&mut self) -> Children<'tree> {
        std::mem::take(self)
    }

    fn take_where(&mut self, wanted: impl Fn(&Item<'_>) -> bool) -> Lowered {
        self.0
            .iter_mut()
            .find(|item| wanted(item) && item.has_content())
            .map(|item| item.lowered.take())
            .unwrap_or_default()
    }

    pub(super) fn take_field(&mut self, field: &str) -> Lowered {
        self.take_where(|item| item.field == Some(field))
    }

    pub(super) fn take_kind(&mut self, kind: &str) -> Lowered {
        self.take_where(|item| item.kind == kind)
    }

    pub(super) fn take_first(&mut self) -> Lowered {
        self.take_where(|_| true)
    }

    pub(super) fn take_last(&mut self) -> Lowered {
        self.0
            .iter_mut()
            .rfind(|item| item.has_content())
            .map(|item| item.lowered.take())
            .unwrap_or_default()
    }

    pub(super) fn has(&self, kind: &str) -> bool {
        self.0.iter().any(|item| item.kind == kind)
    }

    pub(super) fn extent_of_field(&self, field: &str) -> Option<Extent> {
        self.0
            .iter()
            .find(|item| item.field == Some(field))
            .map(|item| item.extent)
    }
}

/// What a native node became. Forms other than `Node` are open: the parent decides what node they are.
#[derive(Debug, Default)]
pub(super) enum Lowered {
    #[default]
    Nothing,
    /// One expression or statement.
    Node(NodeId),
    /// Several statements or members that stand in one list.
    Nodes(Vec<NodeId>),
    /// A name that may be an expression, a type, or what a declaration declares.
    Identifier(Extent),
    This(Extent),
    Super(Extent),
    /// A piece of a string literal; the literal is read as a whole.
    Fragment(Extent),
    /// `a.b.C`, `String[]`.
    Path(Path),
    /// The number of `[]`.
    Dimensions(usize),
    Types(Vec<Path>),
    Chain(Chain),
    Ternary(Ladder),
    If(Ladder),
    Switch(Box<Switch>),
    Arms(Vec<Arm>),
    Arm(Box<Arm>),
    Labels {
        values: Vec<NodeId>,
        is_default: bool,
    },
    Block(Body),
    Break(Extent),
    Yield {
        value: Option<NodeId>,
        extent: Extent,
    },
    Arguments(Vec<Argument>),
    Pair(Box<Argument>),
    Annotation(Box<OpenAnnotation>),
    Modifiers(Box<Modifiers>),
    Declarator(Box<Declarator>),
    Parameter(Box<Parameter>),
    Parameters(Vec<Parameter>),
    Members(Vec<NodeId>),
    EnumConstant(Box<EnumConstant>),
    EnumBody(Box<EnumBody>),
}

impl Lowered {
    pub(super) fn take(&mut self) -> Lowered {
        std::mem::take(self)
    }
}

/// A qualified name or a type, without type arguments.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) segments: Vec<Extent>,
    pub(super) dimensions: usize,
}

/// Operators whose chains are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Or,
    And,
    Other,
}

/// `a + b + c`, open to the right.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) operator: Operator,
    pub(super) operands: Vec<NodeId>,
    pub(super) extent: Extent,
}

/// `if … else if … else …` or `a ? b : c ? d : e`, open to the left: the lists are in reverse order.
#[derive(Debug)]
pub(super) struct Ladder {
    pub(super) conditions: Vec<NodeId>,
    pub(super) arms: Vec<NodeId>,
    /// Whether there is a last `else`.
    pub(super) is_complete: bool,
    pub(super) extent: Extent,
}

/// A `switch`, which may be a statement or an expression.
#[derive(Debug)]
pub(super) struct Switch {
    pub(super) selector: Option<NodeId>,
    pub(super) arms: Vec<Arm>,
    pub(super) extent: Extent,
}

#[derive(Debug)]
pub(super) struct Arm {
    pub(super) labels: Vec<NodeId>,
    pub(super) is_default: bool,
    pub(super) content: ArmContent,
}

impl Arm {
    pub(super) fn has_only_labels(&self) -> bool {
        match &self.content {
            ArmContent::Body(body) => body.nodes.is_empty() && body.extent.start == body.extent.end,
            ArmContent::Value(_) => false,
        }
    }
}

#[derive(Debug)]
pub(super) enum ArmContent {
    /// `case A -> value;`
    Value(NodeId),
    Body(Body),
}

/// The statements of a block.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) nodes: Vec<NodeId>,
    /// A last statement whose meaning depends on what the block belongs to.
    pub(super) ending: Option<Ending>,
    pub(super) extent: Extent,
}

#[derive(Debug)]
pub(super) enum Ending {
    /// `break;`, which in a `switch` only ends the arm.
    Break(Extent),
    /// `yield value;`, which in a `switch` expression is the value of the arm.
    Yield {
        value: Option<NodeId>,
        extent: Extent,
    },
}

#[derive(Debug)]
pub(super) struct OpenAnnotation {
    pub(super) path: Path,
    pub(super) arguments: Vec<Argument>,
    pub(super) extent: Extent,
}

#[derive(Debug, Default)]
pub(super) struct Modifiers {
    pub(super) annotations: Vec<Annotation>,
    pub(super) is_static: bool,
    pub(super) is_final: bool,
}

/// One variable of a declaration; its type stands with the declaration.
#[derive(Debug)]
pub(super) struct Declarator {
    pub(super) name: Extent,
    pub(super) dimensions: usize,
    pub(super) value: Option<NodeId>,
    pub(super) extent: Extent,
}

#[derive(Debug)]
pub(super) struct EnumConstant {
    pub(super) name: Extent,
    pub(super) annotations: Vec<Annotation>,
    pub(super) arguments: Vec<Argument>,
    pub(super) members: Option<(Vec<NodeId>, Extent)>,
    pub(super) extent: Extent,
}

#[derive(Debug, Default)]
pub(super) struct EnumBody {
    pub(super) constants: Vec<EnumConstant>,
    pub(super) members: Vec<NodeId>,
}
