//! Values with provenance: what an expression may be, and the way back to the source bytes it is made of.
//!
//! Owns strings as lists of pieces, origins of what is unknown, and the steps a value went through. It must
//! not know syntax nodes, HTTP or Zoho.

use crate::syntax::tree::{Mapping, Span};
use std::rc::Rc;

/// Index of a parsed file (or embedded part of one) in the project.
pub type FileId = u32;

/// How many alternatives a string may have before it is widened.
pub const MAX_ALTERNATIVES: usize = 8;
/// How many pieces a string may have before its tail is left out: copying more with every `+=` of a loop that
/// somebody wrote out would take forever.
const MAX_PIECES: usize = 1_200;
/// How long a literal piece may become (bytes).
const MAX_LITERAL: usize = 64 * 1024;

/// A place in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

/// What happened to a value at a step of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A literal stands here.
    Literal,
    /// Bound to a variable or constant.
    Bound,
    /// Declared as a field that nothing visible sets.
    Declared,
    /// Stored in a field or an entry.
    Stored,
    /// Handed over as an argument.
    Passed,
    /// Declared as a parameter.
    Parameter,
    /// Returned from a function.
    Returned,
    /// Read from the environment or a configuration.
    Read,
    /// Defined in a configuration file.
    Setting,
    /// Put into a request.
    Sent,
    /// The request itself.
    Request,
    /// Used in code that is commented out.
    Commented,
}

/// A persistent list of steps, oldest first when flattened. Sharing makes handing values on cheap.
#[derive(Clone, Debug, Default)]
pub struct Steps(Option<Rc<StepsNode>>);

#[derive(Debug)]
struct StepsNode {
    before: Steps,
    step: Option<(Place, Role)>,
    after: Steps,
    length: u32,
}

/// A value that was handed on more often than this says nothing more about its way.
const MAX_STEPS: u32 = 60;

impl Steps {
    pub fn one(place: Place, role: Role) -> Steps {
        Steps::default().then(place, role)
    }
    fn length(&self) -> u32 {
        self.0.as_ref().map_or(0, |node| node.length)
    }
    pub fn then(&self, place: Place, role: Role) -> Steps {
        let length = self.length() + 1;
        if length > MAX_STEPS {
            return self.clone();
        }
        Steps(Some(Rc::new(StepsNode {
            before: self.clone(),
            step: Some((place, role)),
            after: Steps::default(),
            length,
        })))
    }
    pub fn join(&self, after: &Steps) -> Steps {
        if after.0.is_none() {
            return self.clone();
        }
        if self.0.is_none() {
            return after.clone();
        }
        let length = self.length() + after.length();
        if length > MAX_STEPS {
            return self.clone();
        }
        Steps(Some(Rc::new(StepsNode {
            before: self.clone(),
            step: None,
            after: after.clone(),
            length,
        })))
    }
    /// In order, without immediate repetitions.
    pub fn flatten(&self) -> Vec<(Place, Role)> {
        enum Work {
            List(Steps),
            Step((Place, Role)),
        }
        let mut out: Vec<(Place, Role)> = Vec::new();
        let mut stack = vec![Work::List(self.clone())];
        while let Some(work) = stack.pop() {
            match work {
                Work::List(steps) => {
                    if let Some(node) = steps.0 {
                        stack.push(Work::List(node.after.clone()));
                        if let Some(step) = node.step {
                            stack.push(Work::Step(step));
                        }
                        stack.push(Work::List(node.before.clone()));
                    }
                }
                Work::Step(step) => {
                    if !out.iter().any(|known| known.0 == step.0) {
                        out.push(step);
                    }
                }
            }
        }
        out
    }
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OriginKind {
    Parameter,
    /// A field or property that nothing visible sets.
    Field,
    /// An environment variable of that name.
    Environment,
    /// A configuration key.
    Setting,
    /// The result of a call to something outside.
    Result,
    /// A global name, or an import from outside: then `module` says from where.
    Global,
    /// A computation that is not followed.
    Other,
}

/// Something unknown, with its name and where it comes from.
#[derive(Clone, Debug)]
pub struct Unknown {
    pub kind: OriginKind,
    /// The name for people and for matching: `options.authtoken`, `ZOHO_TOKEN`, `axios.get`.
    pub name: Rc<str>,
    /// The module a global comes from (`axios`, `org.apache.http.client.methods`).
    pub module: Option<Rc<str>>,
    /// Declared type, where the language has them.
    pub type_name: Option<Rc<str>>,
    pub place: Place,
    pub steps: Steps,
}

impl Unknown {
    /// The property of something unknown is unknown, and called by its path.
    pub fn member(&self, property: &str, place: Place) -> Unknown {
        let kind = match self.kind {
            OriginKind::Parameter | OriginKind::Other | OriginKind::Result => OriginKind::Field,
            ref kind => kind.clone(),
        };
        let name = if self.name.len() > 200 {
            Rc::clone(&self.name)
        } else {
            format!("{}.{property}", self.name).into()
        };
        Unknown {
            kind,
            name,
            module: self.module.clone(),
            type_name: None,
            place,
            steps: self.steps.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Content {
    Literal(Rc<str>),
    Hole(Rc<Unknown>),
}

/// One part of a string.
#[derive(Clone, Debug)]
pub struct Piece {
    pub content: Content,
    /// For a literal the source bytes that it stands for.
    pub place: Place,
    pub mapping: Mapping,
    /// The way from there to the string it is part of now.
    pub steps: Steps,
}

impl Piece {
    pub fn literal(&self) -> Option<&str> {
        match &self.content {
            Content::Literal(text) => Some(text),
            Content::Hole(_) => None,
        }
    }
    pub fn hole(&self) -> Option<&Unknown> {
        match &self.content {
            Content::Hole(unknown) => Some(unknown),
            Content::Literal(_) => None,
        }
    }
}

/// A string that an expression may be: pieces in order.
#[derive(Clone, Debug, Default)]
pub struct Alternative {
    pub pieces: Vec<Piece>,
}

impl Alternative {
    /// The text with `{}` for what is unknown.
    pub fn template(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match &piece.content {
                Content::Literal(literal) => text.push_str(literal),
                Content::Hole(_) => text.push_str("{}"),
            }
            if text.len() > MAX_LITERAL {
                break;
            }
        }
        text
    }
    /// The literal parts only, if nothing is unknown.
    pub fn constant(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            text.push_str(piece.literal()?);
        }
        Some(text)
    }
    pub fn is_empty(&self) -> bool {
        self.pieces
            .iter()
            .all(|piece| piece.literal().is_some_and(str::is_empty))
    }
    /// Whether both are made of the same pieces that came the same way.
    pub fn has_same_origin(&self, other: &Alternative) -> bool {
        self.key() == other.key()
            && self.pieces.iter().zip(&other.pieces).all(|(left, right)| {
                left.steps.flatten().first() == right.steps.flatten().first()
                    && left.steps.length() == right.steps.length()
            })
    }
    fn key(&self) -> Vec<(Option<&str>, Place)> {
        self.pieces
            .iter()
            .map(|piece| (piece.literal(), piece.place))
            .collect()
    }
}

/// A string with its alternatives and the steps that all of it went through.
#[derive(Clone, Debug)]
pub struct Text {
    pub alternatives: Rc<Vec<Alternative>>,
    pub steps: Steps,
}

impl Text {
    pub fn from_pieces(pieces: Vec<Piece>) -> Text {
        Text {
            alternatives: Rc::new(vec![Alternative { pieces }]),
            steps: Steps::default(),
        }
    }
    pub fn empty() -> Text {
        Text::from_pieces(Vec::new())
    }
    pub fn hole(unknown: &Unknown) -> Text {
        Text::from_pieces(vec![Piece {
            content: Content::Hole(Rc::new(unknown.clone())),
            place: unknown.place,
            mapping: Mapping::Derived,
            steps: unknown.steps.clone(),
        }])
    }
    pub fn then(&self, place: Place, role: Role) -> Text {
        Text {
            alternatives: Rc::clone(&self.alternatives),
            steps: self.steps.then(place, role),
        }
    }

    /// The alternatives with the steps of the whole pushed down into the pieces.
    pub fn resolved(&self) -> Vec<Alternative> {
        self.alternatives
            .iter()
            .map(|alternative| Alternative {
                pieces: alternative
                    .pieces
                    .iter()
                    .map(|piece| Piece {
                        steps: piece.steps.join(&self.steps),
                        ..piece.clone()
                    })
                    .collect(),
            })
            .collect()
    }

    /// These strings one after another: every combination, up to the limit.
    pub fn concat_all(parts: &[Text]) -> Text {
        let mut alternatives = vec![Alternative::default()];
        for part in parts {
            let part = part.resolved();
            if let [only] = part.as_slice() {
                for alternative in &mut alternatives {
                    if alternative.pieces.len() < MAX_PIECES {
                        alternative.pieces.extend(only.pieces.iter().cloned());
                    }
                }
                continue;
            }
            let mut combined = Vec::new();
            for first in &alternatives {
                for second in &part {
                    if combined.len() < MAX_ALTERNATIVES {
                        let mut pieces = first.pieces.clone();
                        pieces.extend(second.pieces.iter().cloned());
                        combined.push(Alternative { pieces });
                    }
                }
            }
            alternatives = combined;
        }
        Text {
            alternatives: Rc::new(alternatives),
            steps: Steps::default(),
        }
    }

    /// This string with another after it: every combination, up to the limit.
    pub fn concat(&self, other: &Text) -> Text {
        let (left, right) = (self.resolved(), other.resolved());
        let mut alternatives = Vec::new();
        for first in &left {
            for second in &right {
                if alternatives.len() >= MAX_ALTERNATIVES {
                    break;
                }
                let mut pieces = first.pieces.clone();
                if pieces.len() < MAX_PIECES {
                    pieces.extend(second.pieces.iter().cloned());
                }
                alternatives.push(Alternative { pieces });
            }
        }
        Text {
            alternatives: Rc::new(alternatives),
            steps: Steps::default(),
        }
    }

    /// Both sets of alternatives, each once; empty strings go when there is anything else.
    pub fn union(texts: &[Text]) -> Text {
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut empty: Vec<Alternative> = Vec::new();
        for alternative in texts.iter().flat_map(Text::resolved) {
            if alternatives.len() == MAX_ALTERNATIVES {
                break;
            }
            let list = if alternative.is_empty() {
                &mut empty
            } else {
                &mut alternatives
            };
            let is_new = list.iter().all(|known| known.key() != alternative.key());
            if is_new && list.len() < MAX_ALTERNATIVES {
                list.push(alternative);
            }
        }
        Text {
            alternatives: Rc::new(if alternatives.is_empty() {
                empty
            } else {
                alternatives
            }),
            steps: Steps::default(),
        }
    }

    /// Whether both are made of the same pieces of the source.
    pub fn is_same(&self, other: &Text) -> bool {
        self.alternatives.len() == other.alternatives.len()
            && self
                .alternatives
                .iter()
                .zip(other.alternatives.iter())
                .all(|(left, right)| left.key() == right.key())
    }

    /// The one string this is, if it is known and has no alternatives.
    pub fn constant(&self) -> Option<String> {
        match self.alternatives.as_slice() {
            [only] => only.constant(),
            _ => None,
        }
    }
    /// Every fully known alternative.
    pub fn constants(&self) -> Vec<String> {
        self.alternatives
            .iter()
            .filter_map(Alternative::constant)
            .collect()
    }
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.alternatives
            .iter()
            .flat_map(|alternative| alternative.pieces.iter().filter_map(Piece::literal))
    }
}
