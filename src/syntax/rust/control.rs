//! Control flow: `if`, `match`, loops, blocks and jumps, as statements and as values.
//!
//! Owns where the value of an arm goes: nowhere, into a variable, or out of the function. It must not know
//! what the values mean.

use super::lowering::{Lowered, Lowering};
use super::patterns::binds;
use crate::syntax::tree::{AssignOperator, Binding, Kind, NodeId};
use syn::{BinOp, Block, Expr, Pat, Stmt};

/// Where a value goes.
#[derive(Clone, Copy)]
pub(super) enum Sink<'e> {
    /// It is a statement.
    Nowhere,
    Return,
    /// A variable that was declared just before.
    Variable(&'e syn::Ident),
    /// The target of an assignment.
    Place(&'e Expr),
}

/// An arm of an `if` or `match`.
enum Arm<'e> {
    Block(&'e Block),
    Value(&'e Expr),
}

/// An `if` or `match` with its conditions lowered.
struct Arms<'e> {
    conditions: Vec<NodeId>,
    /// With the bindings that only this arm has, which stand before its statements.
    arms: Vec<(Vec<NodeId>, Arm<'e>)>,
    exhaustive: bool,
    start: usize,
    end: usize,
}

impl Lowering<'_> {
    /// Control flow in the place of a value.
    pub(super) fn control(&mut self, expression: &Expr) -> Lowered {
        match expression {
            Expr::If(branch) if has_else(branch) => {
                let arms = self.if_arms(branch);
                self.choice(arms)
            }
            Expr::Match(branch) => {
                let arms = self.match_arms(branch);
                self.choice(arms)
            }
            Expr::Block(block) => self.block_value(&block.block),
            Expr::Unsafe(block) => self.block_value(&block.block),
            Expr::Const(block) => self.block_value(&block.block),
            Expr::TryBlock(block) => self.block_value(&block.block),
            Expr::Let(condition) => {
                let start = self.start(condition.let_token.span);
                let mut nodes = Vec::new();
                self.conditions(expression, &mut nodes);
                self.opaque_of(nodes, start)
            }
            Expr::Yield(yielded) => {
                let (start, end) = self.range(yielded.yield_token.span);
                let value = yielded.expr.as_ref().map(|value| self.expression(value));
                let end = value.map_or(end, |value| value.end);
                self.opaque(
                    value.map(|value| value.node).into_iter().collect(),
                    start,
                    end,
                )
            }
            _ => self.statement_control(expression),
        }
    }

    /// Control flow that stands for itself: one node.
    fn statement_control(&mut self, expression: &Expr) -> Lowered {
        match expression {
            Expr::If(branch) => {
                let arms = self.if_arms(branch);
                self.branch(arms, Sink::Nowhere)
            }
            Expr::Match(branch) => {
                let arms = self.match_arms(branch);
                self.branch(arms, Sink::Nowhere)
            }
            Expr::Block(block) => self.block(&block.block, Sink::Nowhere, Vec::new()),
            Expr::Unsafe(block) => self.block(&block.block, Sink::Nowhere, Vec::new()),
            Expr::Const(block) => self.block(&block.block, Sink::Nowhere, Vec::new()),
            Expr::TryBlock(block) => self.block(&block.block, Sink::Nowhere, Vec::new()),
            Expr::ForLoop(each) => {
                let start = self.start(each.for_token.span);
                let pattern = self.pattern(&each.pat).map(|pattern| pattern.node);
                let iterable = Some(self.expression(&each.expr).node);
                self.loop_node(pattern, iterable, Vec::new(), &each.body, start)
            }
            Expr::While(repeated) => {
                let start = self.start(repeated.while_token.span);
                let mut header = Vec::new();
                self.conditions(&repeated.cond, &mut header);
                self.loop_node(None, None, header, &repeated.body, start)
            }
            Expr::Loop(repeated) => {
                let start = self.start(repeated.loop_token.span);
                self.loop_node(None, None, Vec::new(), &repeated.body, start)
            }
            Expr::Return(left) => {
                let (start, end) = self.range(left.return_token.span);
                let value = left.expr.as_ref().map(|value| self.expression(value));
                let end = value.map_or(end, |value| value.end);
                let value = value.map(|value| value.node);
                self.add(Kind::Return { value }, start, end)
            }
            Expr::Break(left) => {
                let (start, end) = self.range(left.break_token.span);
                let value = left.expr.as_ref().map(|value| self.expression(value));
                let end = value.map_or(end, |value| value.end);
                let value = value.map(|value| value.node);
                self.add(Kind::Leave { value }, start, end)
            }
            Expr::Continue(left) => {
                let (start, end) = self.range(left.continue_token.span);
                self.add(Kind::Leave { value: None }, start, end)
            }
            _ => self.expression(expression),
        }
    }

    fn loop_node(
        &mut self,
        pattern: Option<NodeId>,
        iterable: Option<NodeId>,
        header: Vec<NodeId>,
        body: &Block,
        start: usize,
    ) -> Lowered {
        let end = self.end(body.brace_token.span.close());
        let body = self.statements(&body.stmts, Sink::Nowhere);
        let kind = Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        };
        self.add(kind, start, end)
    }

    fn opaque_of(&mut self, nodes: Vec<NodeId>, start: usize) -> Lowered {
        let base = self.builder.span(0, 0).start;
        let ends = nodes
            .iter()
            .map(|node| self.builder.node_span(*node).end.saturating_sub(base) as usize);
        let end = ends.max().unwrap_or(start);
        self.opaque(nodes, start, end)
    }

    // --- arms -----------------------------------------------------------------------------------

    /// A condition; patterns in it bind their names, `&&` is a list.
    pub(super) fn conditions(&mut self, condition: &Expr, conditions: &mut Vec<NodeId>) {
        // `a && let b = c && …` nests to the left.
        let mut reversed = Vec::new();
        let mut left = condition;
        while let Expr::Binary(binary) = left
            && matches!(binary.op, BinOp::And(_))
        {
            reversed.push(&*binary.right);
            left = &binary.left;
        }
        reversed.push(left);
        for one in reversed.into_iter().rev() {
            match one {
                Expr::Let(bound) => {
                    self.pattern_conditions(&bound.pat, conditions);
                    let start = self.start(bound.let_token.span);
                    let value = self.expression(&bound.expr);
                    let node = self.matched_binding(&bound.pat, value, start);
                    conditions.push(node);
                }
                Expr::Paren(paren) => self.conditions(&paren.expr, conditions),
                one => conditions.push(self.expression(one).node),
            }
        }
    }

    /// The names of a pattern bound to a value, or the value if it binds none.
    pub(super) fn matched_binding(
        &mut self,
        pattern: &Pat,
        value: Lowered,
        start: usize,
    ) -> NodeId {
        let Some(target) = self.pattern(pattern) else {
            return value.node;
        };
        self.plain_binding(target, value, start.min(target.start))
            .node
    }

    fn plain_binding(&mut self, target: Lowered, value: Lowered, start: usize) -> Lowered {
        let binding = Binding {
            target: target.node,
            value: Some(value.node),
            type_name: None,
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        let end = value.end.max(target.end);
        self.add(Kind::Binding(Box::new(binding)), start, end)
    }

    fn if_arms<'e>(&mut self, first: &'e syn::ExprIf) -> Arms<'e> {
        let start = self.start(first.if_token.span);
        let mut result = Arms {
            conditions: Vec::new(),
            arms: Vec::new(),
            exhaustive: false,
            start,
            end: start,
        };
        let mut branch = first;
        loop {
            self.conditions(&branch.cond, &mut result.conditions);
            result.end = self.end(branch.then_branch.brace_token.span.close());
            result
                .arms
                .push((Vec::new(), Arm::Block(&branch.then_branch)));
            match branch.else_branch.as_ref().map(|(_, next)| &**next) {
                Some(Expr::If(next)) => branch = next,
                Some(Expr::Block(last)) => {
                    result.end = self.end(last.block.brace_token.span.close());
                    result.arms.push((Vec::new(), Arm::Block(&last.block)));
                    result.exhaustive = true;
                    return result;
                }
                Some(other) => {
                    result.arms.push((Vec::new(), Arm::Value(other)));
                    result.exhaustive = true;
                    return result;
                }
                None => return result,
            }
        }
    }

    fn match_arms<'e>(&mut self, branch: &'e syn::ExprMatch) -> Arms<'e> {
        let start = self.start(branch.match_token.span);
        let end = self.end(branch.brace_token.span.close());
        let mut conditions = Vec::new();
        let binding_arms = branch.arms.iter().filter(|arm| binds(&arm.pat)).count();
        let scrutinee = self.expression(&branch.expr);
        let is_place = is_place(&branch.expr);
        // Matched by several patterns, a value that is computed needs a name.
        let mut matched = None;
        match branch.arms.iter().find(|arm| binds(&arm.pat)) {
            Some(arm) if binding_arms == 1 => {
                conditions.push(self.matched_binding(&arm.pat, scrutinee, scrutinee.start));
            }
            Some(_) if !is_place => {
                self.matched += 1;
                let name = format!("match {}", self.matched);
                let kind = Kind::Name(name.clone());
                let target = self.add(kind, scrutinee.start, scrutinee.end);
                let node = self.plain_binding(target, scrutinee, scrutinee.start);
                conditions.push(node.node);
                matched = Some((name, scrutinee));
            }
            _ => conditions.push(scrutinee.node),
        }
        let mut arms = Vec::new();
        for arm in &branch.arms {
            if binding_arms > 1 && binds(&arm.pat) {
                let value = match &matched {
                    Some((name, at)) => self.add(Kind::Name(name.clone()), at.start, at.end),
                    None => self.expression(&branch.expr),
                };
                let node = match self.pattern(&arm.pat) {
                    Some(target) => {
                        // The span is the pattern: the value stands before all arms.
                        let (from, to) = (target.start, target.end);
                        let value = Lowered {
                            start: from,
                            end: to,
                            ..value
                        };
                        self.plain_binding(target, value, from).node
                    }
                    None => value.node,
                };
                conditions.push(node);
            }
            self.pattern_conditions(&arm.pat, &mut conditions);
            arms.push((Vec::new(), arm_of(&arm.body)));
        }
        Arms {
            conditions,
            arms,
            exhaustive: true,
            start,
            end,
        }
    }

    fn choice(&mut self, arms: Arms<'_>) -> Lowered {
        let mut conditions = arms.conditions;
        let mut alternatives = Vec::new();
        for (bindings, arm) in arms.arms {
            conditions.extend(bindings);
            let value = match arm {
                Arm::Block(block) => self.block_value(block),
                Arm::Value(value) => self.expression(value),
            };
            match self.builder.kind(value.node) {
                // An arm that leaves has no value.
                Kind::Return { .. } | Kind::Leave { .. } => conditions.push(value.node),
                _ => alternatives.push(value.node),
            }
        }
        let kind = Kind::Choice {
            conditions,
            alternatives,
        };
        self.add(kind, arms.start, arms.end)
    }

    fn branch(&mut self, arms: Arms<'_>, sink: Sink<'_>) -> Lowered {
        let conditions = arms.conditions;
        let mut blocks = Vec::new();
        for (bindings, arm) in arms.arms {
            let block = match arm {
                Arm::Block(block) => self.block(block, sink, bindings),
                Arm::Value(value) => {
                    let mut body = bindings;
                    let extent = self.value_into(value, sink, &mut body);
                    self.add(Kind::Block { body }, extent.0, extent.1)
                }
            };
            blocks.push(block.node);
        }
        let kind = Kind::Branch {
            conditions,
            arms: blocks,
            exhaustive: arms.exhaustive,
            is_try: false,
        };
        self.add(kind, arms.start, arms.end)
    }

    // --- blocks ---------------------------------------------------------------------------------

    fn block(&mut self, block: &Block, sink: Sink<'_>, mut body: Vec<NodeId>) -> Lowered {
        let (start, end) = self.range(block.brace_token.span.join());
        body.extend(self.statements(&block.stmts, sink));
        self.add(Kind::Block { body }, start, end)
    }

    /// A block in the place of a value: its last expression, or a block that ends with it.
    fn block_value(&mut self, block: &Block) -> Lowered {
        let (start, end) = self.range(block.brace_token.span.join());
        if let [Stmt::Expr(only, None)] = block.stmts.as_slice() {
            return self.expression(only).within(start, end);
        }
        let mut body = self.statements(but_value(&block.stmts), Sink::Nowhere);
        if let Some(Stmt::Expr(value, None)) = block.stmts.last() {
            body.push(self.expression(value).node);
        }
        self.add(Kind::Block { body }, start, end)
    }

    /// Lowers an expression whose value goes into `sink`; gives its range.
    pub(super) fn value_into(
        &mut self,
        expression: &Expr,
        sink: Sink<'_>,
        body: &mut Vec<NodeId>,
    ) -> (usize, usize) {
        let lowered = match expression {
            Expr::Paren(paren) => return self.value_into(&paren.expr, sink, body),
            Expr::Group(group) => return self.value_into(&group.expr, sink, body),
            Expr::If(branch) if matches!(sink, Sink::Nowhere) || has_statements(expression) => {
                let arms = self.if_arms(branch);
                self.branch(arms, sink)
            }
            Expr::Match(branch) if matches!(sink, Sink::Nowhere) || has_statements(expression) => {
                let arms = self.match_arms(branch);
                self.branch(arms, sink)
            }
            Expr::Block(syn::ExprBlock { block, .. })
            | Expr::Unsafe(syn::ExprUnsafe { block, .. })
                if !matches!(sink, Sink::Nowhere) =>
            {
                let range = self.range(block.brace_token.span.join());
                let statements = self.statements(&block.stmts, sink);
                body.extend(statements);
                return range;
            }
            Expr::If(branch) if !has_else(branch) => self.statement_control(expression),
            Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_) => self.statement_control(expression),
            _ if matches!(sink, Sink::Nowhere) => self.statement_control(expression),
            _ => {
                let value = self.expression(expression);
                self.put(value, sink)
            }
        };
        body.push(lowered.node);
        (lowered.start, lowered.end)
    }

    fn put(&mut self, value: Lowered, sink: Sink<'_>) -> Lowered {
        if matches!(
            self.builder.kind(value.node),
            Kind::Return { .. } | Kind::Leave { .. }
        ) {
            return value;
        }
        match sink {
            Sink::Nowhere => value,
            Sink::Return => {
                let kind = Kind::Return {
                    value: Some(value.node),
                };
                self.add(kind, value.start, value.end)
            }
            Sink::Variable(ident) => {
                let target = self.name_node(ident);
                self.assign_at(target, value)
            }
            Sink::Place(place) => {
                let target = self.expression(place);
                self.assign_at(target, value)
            }
        }
    }

    /// An assignment that the source writes once, before all arms: its span is the value.
    fn assign_at(&mut self, target: Lowered, value: Lowered) -> Lowered {
        let kind = Kind::Assign {
            target: target.node,
            operator: AssignOperator::Set,
            value: value.node,
        };
        self.add(kind, value.start, value.end)
    }
}

fn arm_of(body: &Expr) -> Arm<'_> {
    match body {
        Expr::Block(block) if block.label.is_none() => Arm::Block(&block.block),
        body => Arm::Value(body),
    }
}

/// The statements of a block without the expression that is its value.
pub(super) fn but_value(statements: &[Stmt]) -> &[Stmt] {
    match statements.split_last() {
        Some((Stmt::Expr(_, None), rest)) => rest,
        _ => statements,
    }
}

fn has_else(branch: &syn::ExprIf) -> bool {
    let mut branch = branch;
    loop {
        match branch.else_branch.as_ref().map(|(_, next)| &**next) {
            Some(Expr::If(next)) => branch = next,
            Some(_) => return true,
            None => return false,
        }
    }
}

/// Whether an arm of this `if` or `match` is more than one expression, so that it is no plain choice.
pub(super) fn has_statements(expression: &Expr) -> bool {
    match expression {
        Expr::If(first) => {
            let mut branch = first;
            loop {
                if !is_value(&branch.then_branch) {
                    return true;
                }
                match branch.else_branch.as_ref().map(|(_, next)| &**next) {
                    Some(Expr::If(next)) => branch = next,
                    Some(Expr::Block(last)) => return !is_value(&last.block),
                    _ => return true,
                }
            }
        }
        Expr::Match(branch) => branch.arms.iter().any(|arm| match arm_of(&arm.body) {
            Arm::Block(block) => !is_value(block),
            Arm::Value(value) => leaves(value) || has_statements(value),
        }),
        _ => false,
    }
}

fn is_value(block: &Block) -> bool {
    match block.stmts.as_slice() {
        [Stmt::Expr(only, None)] => !leaves(only) && !has_statements(only),
        _ => false,
    }
}

fn leaves(expression: &Expr) -> bool {
    match expression {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Macro(call) => super::macros::leaves(&call.mac),
        _ => false,
    }
}

/// Whether evaluating an expression again does nothing.
fn is_place(expression: &Expr) -> bool {
    let mut expression = expression;
    loop {
        expression = match expression {
            Expr::Path(_) => return true,
            Expr::Field(field) => &field.base,
            Expr::Reference(reference) => &reference.expr,
            Expr::Paren(paren) => &paren.expr,
            _ => return false,
        };
    }
}
