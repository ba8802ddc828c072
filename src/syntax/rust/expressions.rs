//! Expressions that are no control flow.
//!
//! Owns which wrappers vanish and what each operator becomes. The depth of its recursion is bounded before
//! parsing.

use super::lowering::{Lowered, Lowering};
use crate::syntax::tree::{Argument, AssignOperator, Call, ConcatForm, Entry, Key, Kind, NodeId};
use syn::{BinOp, Expr, Lit, UnOp};

impl Lowering<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Lowered {
        match expression {
            Expr::Lit(literal) => self.literal(&literal.lit),
            Expr::Path(path) => self.path_expression(path),
            Expr::Field(field) => self.field(field),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call(call) => self.call(call),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Reference(reference) => {
                let start = self.start(reference.and_token.span);
                let inner = self.expression(&reference.expr);
                inner.within(start, inner.end)
            }
            Expr::RawAddr(address) => {
                let start = self.start(address.and_token.span);
                let inner = self.expression(&address.expr);
                inner.within(start, inner.end)
            }
            Expr::Paren(paren) => {
                let (start, end) = self.range(paren.paren_token.span.join());
                self.expression(&paren.expr).within(start, end)
            }
            Expr::Group(group) => self.expression(&group.expr),
            Expr::Cast(cast) => {
                let inner = self.expression(&cast.expr);
                let end = self.type_end(&cast.ty);
                inner.within(inner.start, end.unwrap_or(inner.end))
            }
            Expr::Try(attempt) => {
                let inner = self.expression(&attempt.expr);
                let end = self.end(attempt.question_token.span);
                inner.within(inner.start, end)
            }
            Expr::Await(awaited) => {
                let value = self.expression(&awaited.base);
                let end = self.end(awaited.await_token.span);
                self.add(Kind::Await { value: value.node }, value.start, end)
            }
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Assign(assignment) => {
                let target = self.expression(&assignment.left);
                let value = self.expression(&assignment.right);
                self.assign(target, AssignOperator::Set, value)
            }
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::Tuple(tuple) => {
                let (start, end) = self.range(tuple.paren_token.span.join());
                self.list(tuple.elems.iter(), start, end)
            }
            Expr::Array(array) => {
                let (start, end) = self.range(array.bracket_token.span.join());
                self.list(array.elems.iter(), start, end)
            }
            Expr::Repeat(repeat) => {
                let (start, end) = self.range(repeat.bracket_token.span.join());
                let children = vec![
                    self.expression(&repeat.expr).node,
                    self.expression(&repeat.len).node,
                ];
                self.opaque(children, start, end)
            }
            Expr::Index(index) => {
                let object = self.expression(&index.expr);
                let end = self.end(index.bracket_token.span.close());
                let kind = Kind::Index {
                    object: object.node,
                    index: self.expression(&index.index).node,
                };
                self.add(kind, object.start, end)
            }
            Expr::Range(range) => self.range_expression(range),
            Expr::Closure(closure) => self.closure(closure),
            Expr::Async(block) => self.async_block(block),
            Expr::Infer(infer) => {
                let (start, end) = self.range(infer.underscore_token.span);
                self.opaque(Vec::new(), start, end)
            }
            Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::Const(_)
            | Expr::TryBlock(_)
            | Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::Let(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Yield(_) => self.control(expression),
            _ => self.opaque(Vec::new(), 0, 0),
        }
    }

    pub(super) fn literal(&mut self, literal: &Lit) -> Lowered {
        let (start, end) = self.range(literal.span());
        let source = self.slice(start, end);
        let kind = match literal {
            Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_) | Lit::Byte(_) | Lit::Char(_) => {
                Kind::String(super::literal::text(&self.builder, source, start))
            }
            Lit::Bool(value) => Kind::Boolean(value.value),
            Lit::Int(_) | Lit::Float(_) => Kind::Number(source.to_string()),
            _ => Kind::Opaque {
                children: Vec::new(),
            },
        };
        self.add(kind, start, end)
    }

    fn path_expression(&mut self, path: &syn::ExprPath) -> Lowered {
        let Some(outer) = &path.qself else {
            return self.path(&path.path);
        };
        // `<T as Trait>::f` and `<T>::f`: what `T` gives.
        let lowered = self.path(&path.path);
        let start = self.start(outer.lt_token.span);
        lowered.within(start, lowered.end)
    }

    fn field(&mut self, field: &syn::ExprField) -> Lowered {
        let object = self.expression(&field.base);
        let property = self.member_name(&field.member);
        let end = match &field.member {
            syn::Member::Named(ident) => self.end(ident.span()),
            syn::Member::Unnamed(index) => self.end(index.span),
        };
        let kind = Kind::Member {
            object: object.node,
            property,
        };
        self.add(kind, object.start, end)
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> Lowered {
        let object = self.expression(&call.receiver);
        let property = self.name(&call.method);
        let name_end = self.end(call.method.span());
        let kind = Kind::Member {
            object: object.node,
            property,
        };
        let callee = self.add(kind, object.start, name_end);
        let arguments = self.arguments(call.args.iter());
        let end = self.end(call.paren_token.span.close());
        self.call_node(callee.node, arguments, object.start, end)
    }

    fn call(&mut self, call: &syn::ExprCall) -> Lowered {
        let callee = self.expression(&call.func);
        let arguments = self.arguments(call.args.iter());
        let end = self.end(call.paren_token.span.close());
        self.call_node(callee.node, arguments, callee.start, end)
    }

    pub(super) fn call_node(
        &mut self,
        callee: NodeId,
        arguments: Vec<Argument>,
        start: usize,
        end: usize,
    ) -> Lowered {
        let call = Call {
            callee,
            arguments,
            is_new: false,
            body: None,
        };
        self.add(Kind::Call(Box::new(call)), start, end)
    }

    pub(super) fn arguments<'e>(
        &mut self,
        expressions: impl Iterator<Item = &'e Expr>,
    ) -> Vec<Argument> {
        expressions
            .map(|expression| unnamed(self.expression(expression).node))
            .collect()
    }

    fn list<'e>(
        &mut self,
        expressions: impl Iterator<Item = &'e Expr>,
        start: usize,
        end: usize,
    ) -> Lowered {
        let items = self.arguments(expressions);
        self.add(Kind::List { items }, start, end)
    }

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> Lowered {
        let callee = self.path(&literal.path);
        let (start, end) = self.range(literal.brace_token.span.join());
        let mut entries = Vec::new();
        for field in &literal.fields {
            let name = self.member_name(&field.member);
            let value = self.expression(&field.expr);
            let key_start = match &field.member {
                syn::Member::Named(ident) => self.start(ident.span()),
                syn::Member::Unnamed(index) => self.start(index.span),
            };
            entries.push(Entry {
                key: Key::Static(name),
                value: value.node,
                span: self.builder.span(key_start, value.end.max(key_start)),
            });
        }
        if let Some(rest) = &literal.rest {
            let value = self.expression(rest);
            let entry_start = literal.dot2_token.as_ref().map_or(value.start, |dots| {
                dots.spans
                    .first()
                    .map_or(value.start, |dot| self.start(*dot))
            });
            entries.push(Entry {
                key: Key::Spread,
                value: value.node,
                span: self.builder.span(entry_start, value.end.max(entry_start)),
            });
        }
        let map = self.add(Kind::Map { entries }, start, end);
        let call = Call {
            callee: callee.node,
            arguments: vec![unnamed(map.node)],
            is_new: true,
            body: None,
        };
        self.add(Kind::Call(Box::new(call)), callee.start, end)
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Lowered {
        let start = match &unary.op {
            UnOp::Deref(star) => {
                let start = self.start(star.span);
                let inner = self.expression(&unary.expr);
                return inner.within(start, inner.end);
            }
            UnOp::Not(not) => self.start(not.span),
            UnOp::Neg(minus) => self.start(minus.span),
            _ => usize::MAX,
        };
        let inner = self.expression(&unary.expr);
        let start = start.min(inner.start);
        if matches!(unary.op, UnOp::Neg(_))
            && matches!(self.builder.kind(inner.node), Kind::Number(_))
        {
            let source = self.slice(start, inner.end).to_string();
            return self.add(Kind::Number(source), start, inner.end);
        }
        self.opaque(vec![inner.node], start, inner.end)
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Lowered {
        match &binary.op {
            BinOp::AddAssign(_) => {
                let target = self.expression(&binary.left);
                let value = self.expression(&binary.right);
                return self.assign(target, AssignOperator::Append, value);
            }
            BinOp::Add(_) | BinOp::And(_) | BinOp::Or(_) => {}
            _ => {
                let left = self.expression(&binary.left);
                let right = self.expression(&binary.right);
                return self.opaque(vec![left.node, right.node], left.start, right.end);
            }
        }
        // A chain of one operator is flat. It nests to the left.
        let is_same = |op: &BinOp| std::mem::discriminant(op) == std::mem::discriminant(&binary.op);
        let mut reversed = vec![&*binary.right];
        let mut left = &*binary.left;
        while let Expr::Binary(inner) = left
            && is_same(&inner.op)
        {
            reversed.push(&inner.right);
            left = &inner.left;
        }
        reversed.push(left);
        let mut operands = Vec::new();
        let (mut start, mut end) = (usize::MAX, 0);
        for operand in reversed.into_iter().rev() {
            let lowered = self.expression(operand);
            start = start.min(lowered.start);
            end = end.max(lowered.end);
            operands.push(lowered.node);
        }
        let kind = match &binary.op {
            BinOp::Add(_) => Kind::Concat {
                operands,
                form: ConcatForm::Operator,
            },
            _ => Kind::Opaque { children: operands },
        };
        self.add(kind, start.min(end), end)
    }

    pub(super) fn assign(
        &mut self,
        target: Lowered,
        operator: AssignOperator,
        value: Lowered,
    ) -> Lowered {
        let kind = Kind::Assign {
            target: target.node,
            operator,
            value: value.node,
        };
        self.add(kind, target.start, value.end)
    }

    fn range_expression(&mut self, range: &syn::ExprRange) -> Lowered {
        let dots = match &range.limits {
            syn::RangeLimits::HalfOpen(dots) => dots.spans.first(),
            syn::RangeLimits::Closed(dots) => dots.spans.first(),
        };
        let (mut start, mut end) = dots.map_or((0, 0), |dot| self.range(*dot));
        let mut children = Vec::new();
        for side in [&range.start, &range.end].into_iter().flatten() {
            let lowered = self.expression(side);
            start = start.min(lowered.start);
            end = end.max(lowered.end);
            children.push(lowered.node);
        }
        self.opaque(children, start, end)
    }
}

pub(super) fn unnamed(value: NodeId) -> Argument {
    Argument {
        name: None,
        value,
        is_spread: false,
    }
}
