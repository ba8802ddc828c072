//! Statements and the order in which they run.
//!
//! Owns that items of a block come first, what a `let` becomes, and what the last expression is.

use super::control::{Sink, has_statements};
use super::items::Sourced;
use super::lowering::{Lowered, Lowering};
use crate::syntax::tree::{Binding, Kind, NodeId};
use syn::{Expr, Pat, Stmt};

impl Lowering<'_> {
    /// The statements of a fragment.
    pub(super) fn statement_list(&mut self, statements: &[Stmt]) -> Vec<NodeId> {
        self.statements(statements, Sink::Nowhere)
    }

    /// The statements of a block, the value of the last of which goes into `sink`.
    pub(super) fn statements(&mut self, statements: &[Stmt], sink: Sink<'_>) -> Vec<NodeId> {
        let offset = self.offset;
        let items: Vec<Sourced<'_>> = statements
            .iter()
            .filter_map(|statement| match statement {
                Stmt::Item(item) => Some(Sourced { item, offset }),
                _ => None,
            })
            .collect();
        let mut body = if items.is_empty() {
            Vec::new()
        } else {
            self.module(&items, false)
        };
        for (index, statement) in statements.iter().enumerate() {
            let is_last = index + 1 == statements.len();
            match statement {
                Stmt::Item(_) => {}
                Stmt::Local(local) => self.local(local, &mut body),
                Stmt::Expr(expression, None) if is_last => {
                    self.value_into(expression, sink, &mut body);
                }
                Stmt::Expr(expression, _) => self.statement(expression, &mut body),
                Stmt::Macro(call) => {
                    let lowered = self.macro_call(&call.mac);
                    let is_value = is_last
                        && call.semi_token.is_none()
                        && matches!(sink, Sink::Return)
                        && !super::macros::leaves(&call.mac);
                    let node = if is_value {
                        let kind = Kind::Return {
                            value: Some(lowered.node),
                        };
                        self.add(kind, lowered.start, lowered.end).node
                    } else {
                        lowered.node
                    };
                    body.push(node);
                }
            }
        }
        body
    }

    fn statement(&mut self, expression: &Expr, body: &mut Vec<NodeId>) {
        match expression {
            Expr::Assign(assignment) if has_statements(&assignment.right) => {
                self.value_into(&assignment.right, Sink::Place(&assignment.left), body);
            }
            Expr::Assign(assignment) if matches!(*assignment.left, Expr::Infer(_)) => {
                self.value_into(&assignment.right, Sink::Nowhere, body);
            }
            Expr::Return(left) => match &left.expr {
                Some(value) if has_statements(value) => {
                    self.value_into(value, Sink::Return, body);
                }
                _ => {
                    self.value_into(expression, Sink::Nowhere, body);
                }
            },
            expression => {
                self.value_into(expression, Sink::Nowhere, body);
            }
        }
    }

    fn local(&mut self, local: &syn::Local, body: &mut Vec<NodeId>) {
        let start = self.start(local.let_token.span);
        let end = self.end(local.semi_token.span);
        let annotations = self.annotations(&local.attrs);
        let (pattern, type_name) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, self.type_name(&typed.ty)),
            pattern => (pattern, None),
        };
        let mut binding = Binding {
            target: NodeId(0),
            value: None,
            type_name,
            is_static: false,
            is_constant: false,
            annotations,
        };
        let Some(init) = &local.init else {
            if let Some(target) = self.pattern(pattern) {
                binding.target = target.node;
                body.push(self.add(Kind::Binding(Box::new(binding)), start, end).node);
            }
            return;
        };
        if let Pat::Ident(ident) = pattern
            && ident.subpat.is_none()
            && local_flow(&init.expr)
        {
            // The variable is declared, the arms assign it.
            let target = self.name_node(&ident.ident);
            binding.target = target.node;
            let declared = self.add(Kind::Binding(Box::new(binding)), start, target.end);
            body.push(declared.node);
            self.value_into(&init.expr, Sink::Variable(&ident.ident), body);
            return;
        }
        let value: Lowered = self.expression(&init.expr);
        let mut literals = Vec::new();
        self.pattern_conditions(pattern, &mut literals);
        match self.pattern(pattern) {
            Some(target) => {
                binding.target = target.node;
                binding.value = Some(value.node);
                let node = self.add(Kind::Binding(Box::new(binding)), start, end);
                body.push(node.node);
            }
            None => body.push(value.node),
        }
        if let Some((_, diverge)) = &init.diverge {
            let mut other = Vec::new();
            let (from, to) = self.value_into(diverge, Sink::Nowhere, &mut other);
            let kind = Kind::Branch {
                conditions: literals,
                arms: other,
                exhaustive: false,
                is_try: false,
            };
            body.push(self.add(kind, from, to).node);
        }
    }
}

/// Whether the value of a `let` is best assigned by the statements that compute it.
fn local_flow(expression: &Expr) -> bool {
    match expression {
        Expr::Block(block) => block.label.is_none(),
        Expr::Unsafe(_) => true,
        expression => has_statements(expression),
    }
}
