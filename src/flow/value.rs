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
/// How many pieces all alternatives of a string may have together: of long ones there are fewer.
const MAX_PIECES_TOGETHER: usize = 2 * MAX_PIECES;
/// Of more alternatives than this the last are not looked at.
const MOST_COMPARED: usize = 4 * MAX_ALTERNATIVES;
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
    fn first(&self) -> Option<(Place, Role)> {
        let mut at = self.0.as_deref()?;
        loop {
            if let Some(before) = at.before.0.as_deref() {
                at = before;
            } else if at.step.is_some() {
                return at.step;
            } else {
                at = at.after.0.as_deref()?;
            }
        }
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
    fn is_same(&self, other: &Piece) -> bool {
        self.place == other.place && self.literal() == other.literal()
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
        self.is_same(other)
            && self.pieces.iter().zip(&other.pieces).all(|(left, right)| {
                left.steps.length() == right.steps.length()
                    && left.steps.first() == right.steps.first()
            })
    }
    /// Whether both are made of the same pieces of the source.
    fn is_same(&self, other: &Alternative) -> bool {
        self.pieces.len() == other.pieces.len() && self.is_extended_by(other)
    }
    /// Whether the other one is this with something after it.
    pub fn is_extended_by(&self, other: &Alternative) -> bool {
        self.pieces.len() <= other.pieces.len()
            && self
                .pieces
                .iter()
                .zip(&other.pieces)
                .all(|(left, right)| left.is_same(right))
    }
    /// Whether the other one has all of these pieces in this order, and more.
    fn is_within(&self, other: &Alternative) -> bool {
        if self.pieces.len() >= other.pieces.len() {
            return false;
        }
        let mut rest = other.pieces.iter();
        self.pieces
            .iter()
            .all(|piece| rest.any(|other| piece.is_same(other)))
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
            alternatives = fitting(combined);
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
            alternatives: Rc::new(fitting(alternatives)),
            steps: Steps::default(),
        }
    }

    /// Both sets of alternatives, each once; empty strings go when there is anything else.
    pub fn union(texts: &[Text]) -> Text {
        let mut alternatives: Vec<(usize, Alternative)> = Vec::new();
        let mut empty: Vec<Alternative> = Vec::new();
        for text in texts {
            for (rank, alternative) in text.resolved().into_iter().enumerate() {
                if alternative.is_empty() {
                    let is_new = empty.iter().all(|known| !known.is_same(&alternative));
                    if is_new && empty.len() < MAX_ALTERNATIVES {
                        empty.push(alternative);
                    }
                } else if alternatives.len() < MOST_COMPARED
                    && alternatives
                        .iter()
                        .all(|(_, known)| !known.is_same(&alternative))
                {
                    alternatives.push((rank, alternative));
                }
            }
        }
        let alternatives = if alternatives.is_empty() {
            empty
        } else {
            widened(alternatives)
        };
        Text {
            alternatives: Rc::new(fitting(alternatives)),
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
                .all(|(left, right)| left.is_same(right))
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

/// Not more alternatives than there may be. What lacks a part that another one has says nothing that the other
/// does not say: one by one, conditions that each add a part would otherwise fill all places with the first few.
/// Of what is left every text has its share.
fn widened(mut alternatives: Vec<(usize, Alternative)>) -> Vec<Alternative> {
    if alternatives.len() > MAX_ALTERNATIVES {
        let is_whole: Vec<bool> = alternatives
            .iter()
            .map(|(_, one)| !alternatives.iter().any(|(_, other)| one.is_within(other)))
            .collect();
        let mut is_whole = is_whole.into_iter();
        alternatives.retain(|_| is_whole.next().unwrap_or(true));
    }
    if alternatives.len() > MAX_ALTERNATIVES {
        let mut ranks: Vec<usize> = alternatives.iter().map(|(rank, _)| *rank).collect();
        ranks.sort_unstable();
        let last = ranks.get(MAX_ALTERNATIVES - 1).copied().unwrap_or(0);
        alternatives.retain(|(rank, _)| *rank <= last);
        alternatives.truncate(MAX_ALTERNATIVES);
    }
    alternatives.into_iter().map(|(_, one)| one).collect()
}

fn fitting(mut alternatives: Vec<Alternative>) -> Vec<Alternative> {
    let mut pieces = 0;
    let fit = alternatives.iter().take_while(|one| {
        pieces += one.pieces.len();
        pieces <= MAX_PIECES_TOGETHER
    });
    let fit = fit.count().max(1);
    alternatives.truncate(fit);
    alternatives
}
