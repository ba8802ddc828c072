//! Calls, `new`, and the calls that name a module.

use super::piece::{Child, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{Annotation, Argument, Call, Kind, NodeId};

impl<'t> Lowering<'t> {
    pub(super) fn call(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let callee = frame.children.take_field("function");
        let arguments = frame.children.take_field("arguments");
        if frame.parent == "decorator" {
            let name = callee.map_or("", |callee| self.slice(callee.start, callee.end));
            let arguments = self.arguments(arguments);
            return self.annotation(name, arguments, &frame);
        }
        if let (Some(callee), Some(arguments)) = (&callee, &arguments)
            && let Some(kind) = self.require(callee, arguments)
        {
            return Piece::Node(self.builder.add(kind, frame.start, frame.end));
        }
        let callee = self.value_or_unknown(callee, frame.start);
        let arguments = self.arguments(arguments);
        self.add_call(callee, arguments, false, &frame)
    }

    pub(super) fn new_expression(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let callee = frame.children.take_field("constructor");
        let callee = self.value_or_unknown(callee, frame.start);
        let arguments = frame.children.take_field("arguments");
        let arguments = self.arguments(arguments);
        self.add_call(callee, arguments, true, &frame)
    }

    fn add_call(
        &mut self,
        callee: NodeId,
        arguments: Vec<Argument>,
        is_new: bool,
        frame: &Frame<'t>,
    ) -> Piece<'t> {
        let call = Call {
            callee,
            arguments,
            is_new,
            body: None,
        };
        let kind = Kind::Call(Box::new(call));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    fn arguments(&mut self, child: Option<Child<'t>>) -> Vec<Argument> {
        let children = match child {
            Some(Child {
                piece: Piece::Arguments(children),
                ..
            }) => children,
            // A tagged template: the template is the argument.
            Some(template) => vec![template],
            None => Vec::new(),
        };
        let mut arguments = Vec::with_capacity(children.len() / 2);
        for child in children {
            arguments.extend(self.argument(child));
        }
        arguments
    }

    /// `require("x")`, `import("x")` with a literal name.
    fn require(&self, callee: &Child<'t>, arguments: &Child<'t>) -> Option<Kind> {
        let is_require = match callee.kind {
            "import" => true,
            "identifier" => self.slice(callee.start, callee.end) == "require",
            _ => false,
        };
        let Piece::Arguments(arguments) = &arguments.piece else {
            return None;
        };
        let mut arguments = arguments.iter().filter(|child| !child.is_nothing());
        let (first, more) = (arguments.next()?, arguments.next());
        let is_literal = matches!(first.kind, "string" | "template_string")
            && matches!(first.piece, Piece::Leaf);
        // `import("x", {…})` may have options; `require` has one argument.
        if !is_require || !is_literal || (more.is_some() && callee.kind != "import") {
            return None;
        }
        let (name, _) = self.written_name(first);
        Some(Kind::Require {
            module: name.text,
            module_span: name.span,
        })
    }

    /// `@Name`, `@a.Name(…)`
    pub(super) fn decorator(&mut self, frame: Frame<'t>) -> Piece<'t> {
        for child in frame.children {
            match child.piece {
                Piece::Annotation(mut annotation) => {
                    annotation.span = self.builder.span(frame.start, frame.end);
                    return Piece::Annotation(annotation);
                }
                _ if !child.is_named || matches!(child.kind, "comment" | "ERROR") => {}
                _ => {
                    let name = self.slice(child.start, child.end);
                    let annotation = Annotation {
                        name: last_part(name),
                        arguments: Vec::new(),
                        span: self.builder.span(frame.start, frame.end),
                    };
                    return Piece::Annotation(Box::new(annotation));
                }
            }
        }
        Piece::Nothing
    }

    fn annotation(&mut self, name: &str, arguments: Vec<Argument>, frame: &Frame<'t>) -> Piece<'t> {
        Piece::Annotation(Box::new(Annotation {
            name: last_part(name),
            arguments,
            span: self.builder.span(frame.start, frame.end),
        }))
    }
}

fn last_part(path: &str) -> String {
    path.rsplit('.').next().unwrap_or(path).trim().to_string()
}
