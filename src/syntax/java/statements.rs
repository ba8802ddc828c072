//! Statements, and the lists they stand in.

use super::Lowering;
use super::lowered::{
    Arm, ArmContent, Body, Children, Ending, Extent, Item, Ladder, Lowered, Path, Switch,
};
use crate::syntax::tree::{Binding, Kind, NodeId};

impl Lowering<'_> {
    // --- lists ---------------------------------------------------------------------------------

    /// The statements among the children, with the strays of this list at their places.
    pub(super) fn body(
        &mut self,
        mut children: Children<'_>,
        strays: usize,
        extent: Extent,
    ) -> Body {
        let strays = self.strays.split_off(strays.min(self.strays.len()));
        let mut strays = strays.into_iter().peekable();
        let mut body = Body {
            nodes: Vec::new(),
            ending: None,
            extent,
        };
        for item in &mut children.0 {
            let lowered = item.lowered.take();
            while let Some(stray) =
                strays.next_if(|stray| self.extent_of(*stray).start < item.extent.end)
            {
                self.append(&mut body, Lowered::Node(stray));
            }
            self.append(&mut body, lowered);
        }
        for stray in strays {
            self.append(&mut body, Lowered::Node(stray));
        }
        body
    }

    fn append(&mut self, body: &mut Body, lowered: Lowered) {
        if matches!(lowered, Lowered::Nothing) {
            return;
        }
        if let Some(ending) = body.ending.take() {
            let ending = self.close_ending(ending);
            body.nodes.push(ending);
        }
        match lowered {
            Lowered::Break(extent) => body.ending = Some(Ending::Break(extent)),
            Lowered::Yield { value, extent } => body.ending = Some(Ending::Yield { value, extent }),
            other => self.statement(other, &mut body.nodes),
        }
    }

    /// All children as statements of the list around: resources, a lock and its block.
    pub(super) fn statement_list(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut nodes = Vec::new();
        for item in &mut children.0 {
            let lowered = item.lowered.take();
            self.statement(lowered, &mut nodes);
        }
        Lowered::Nodes(nodes)
    }

    /// The body of a branch or loop, with or without braces, as statements.
    fn inner_body(&mut self, lowered: Lowered) -> Vec<NodeId> {
        match lowered {
            Lowered::Block(body) => self.close_body(body),
            other => {
                let mut nodes = Vec::new();
                self.statement(other, &mut nodes);
                nodes
            }
        }
    }

    /// An arm of a branch: always a block, as long as what stands there.
    fn arm(&mut self, children: &mut Children<'_>, field: &str, extent: Extent) -> NodeId {
        let arm_extent = children
            .extent_of_field(field)
            .unwrap_or(Extent::new(extent.end, extent.end));
        let body = children.take_field(field);
        let body = self.inner_body(body);
        self.add(Kind::Block { body }, arm_extent)
    }

    // --- branches ------------------------------------------------------------------------------

    pub(super) fn if_statement(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let condition = children.take_field("condition");
        let condition = self.expression(condition);
        let consequence = self.arm(children, "consequence", extent);
        let has_alternative = children.has("else");
        let mut ladder = match children.take_field("alternative") {
            Lowered::If(ladder) => ladder,
            other => {
                let alternative = children.extent_of_field("alternative");
                let mut arms = Vec::new();
                if has_alternative {
                    let body = self.inner_body(other);
                    let extent = alternative.unwrap_or(Extent::new(extent.end, extent.end));
                    arms.push(self.add(Kind::Block { body }, extent));
                }
                Ladder {
                    conditions: Vec::new(),
                    arms,
                    is_complete: has_alternative,
                    extent,
                }
            }
        };
        ladder.conditions.extend(condition);
        ladder.arms.push(consequence);
        ladder.extent = extent;
        Lowered::If(ladder)
    }

    pub(super) fn switch(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let selector = children.take_field("condition");
        let selector = self.expression(selector);
        let arms = match children.take_field("body") {
            Lowered::Arms(arms) => arms,
            _ => Vec::new(),
        };
        Lowered::Switch(Box::new(Switch {
            selector,
            arms,
            extent,
        }))
    }

    pub(super) fn switch_block(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut arms: Vec<Arm> = Vec::new();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Arm(mut arm) => {
                    // Labels without statements belong to what follows.
                    if let Some(labels) = arms.pop_if(|arm| arm.has_only_labels()) {
                        let mut all = labels.labels;
                        all.append(&mut arm.labels);
                        arm.labels = all;
                        arm.is_default |= labels.is_default;
                    }
                    arms.push(*arm);
                }
                other => item.lowered = other,
            }
        }
        Lowered::Arms(arms)
    }

    /// `case A: case B: statements`. An arm that falls through to the next is an arm like any other.
    pub(super) fn switch_group(
        &mut self,
        mut children: Children<'_>,
        strays: usize,
        extent: Extent,
    ) -> Lowered {
        let (labels, is_default) = self.take_labels(&mut children);
        let start = children
            .0
            .iter()
            .find(|item| item.kind != "switch_label")
            .map_or(extent.end, |item| item.extent.start);
        let extent = Extent::new(start, extent.end);
        let mut statements = children.0.iter_mut().filter(|item| item.has_content());
        let body = match (statements.next(), statements.next()) {
            // `case A: { …; break; }`: the block is the arm.
            (Some(only), None) if only.kind == "block" && self.strays.len() <= strays => {
                match only.lowered.take() {
                    Lowered::Block(body) => body,
                    _ => self.body(children, strays, extent),
                }
            }
            _ => self.body(children, strays, extent),
        };
        Lowered::Arm(Box::new(Arm {
            labels,
            is_default,
            content: ArmContent::Body(body),
        }))
    }

    fn take_labels(&mut self, children: &mut Children<'_>) -> (Vec<NodeId>, bool) {
        let mut labels = Vec::new();
        let mut any_default = false;
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Labels {
                    mut values,
                    is_default,
                } => {
                    labels.append(&mut values);
                    any_default |= is_default;
                }
                other => item.lowered = other,
            }
        }
        (labels, any_default)
    }

    pub(super) fn switch_rule(&mut self, children: &mut Children<'_>) -> Lowered {
        let (labels, is_default) = self.take_labels(children);
        let item = children.0.iter_mut().rfind(|item| item.has_content());
        let content = match item {
            Some(Item {
                lowered,
                extent,
                kind,
                ..
            }) => {
                let extent = *extent;
                match lowered.take() {
                    Lowered::Block(body) => ArmContent::Body(body),
                    other => match (self.expression(other), *kind) {
                        (Some(value), "expression_statement") => ArmContent::Value(value),
                        (node, _) => ArmContent::Body(Body {
                            nodes: node.into_iter().collect(),
                            ending: None,
                            extent,
                        }),
                    },
                }
            }
            None => {
                return Lowered::Labels {
                    values: labels,
                    is_default,
                };
            }
        };
        Lowered::Arm(Box::new(Arm {
            labels,
            is_default,
            content,
        }))
    }

    pub(super) fn switch_label(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut is_default = children.has("default");
        let mut values = Vec::new();
        for item in &mut children.0 {
            let lowered = item.lowered.take();
            // The grammar does not know `case null, default` and takes the keyword for a name.
            if matches!(lowered, Lowered::Identifier(extent) if self.source(extent) == "default") {
                is_default = true;
                continue;
            }
            values.extend(self.expression(lowered));
        }
        Lowered::Labels { values, is_default }
    }

    /// As a statement a `switch` is a branch of blocks; as an expression it is a choice of values, where
    /// a block stands for the value of its last expression (that of its `yield`).
    pub(super) fn close_switch(&mut self, switch: Switch, is_value: bool) -> NodeId {
        let mut conditions: Vec<NodeId> = switch.selector.into_iter().collect();
        let mut arms = Vec::new();
        let mut exhaustive = false;
        for mut arm in switch.arms {
            conditions.append(&mut arm.labels);
            exhaustive |= arm.is_default;
            let node = match arm.content {
                ArmContent::Value(value) if is_value => value,
                ArmContent::Value(value) => {
                    let extent = self.extent_of(value);
                    self.add(Kind::Block { body: vec![value] }, extent)
                }
                ArmContent::Body(body) if is_value => match self.close_value_arm(body) {
                    Some(value) => value,
                    None => continue,
                },
                ArmContent::Body(mut body) => {
                    if matches!(body.ending, Some(Ending::Break(_))) {
                        body.ending = None;
                    }
                    self.close_block(body)
                }
            };
            arms.push(node);
        }
        let kind = if is_value {
            Kind::Choice {
                conditions,
                alternatives: arms,
            }
        } else {
            Kind::Branch {
                conditions,
                arms,
                exhaustive,
                is_try: false,
            }
        };
        self.add(kind, switch.extent)
    }

    fn close_value_arm(&mut self, mut body: Body) -> Option<NodeId> {
        match body.ending.take() {
            Some(Ending::Yield { value, .. }) => {
                if body.nodes.is_empty() {
                    return value;
                }
                body.nodes.extend(value);
            }
            Some(Ending::Break(_)) | None => {}
        }
        Some(self.close_block(body))
    }

    pub(super) fn try_statement(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let body_extent = children.extent_of_field("body").unwrap_or(extent);
        let start = children
            .extent_of_field("resources")
            .unwrap_or(body_extent)
            .start;
        let mut body = Vec::new();
        let resources = children.take_field("resources");
        self.statement(resources, &mut body);
        let block = children.take_field("body");
        body.append(&mut self.inner_body(block));
        let first = self.add(Kind::Block { body }, Extent::new(start, body_extent.end));
        let mut arms = vec![first];
        let mut end = body_extent.end;
        let mut last = None;
        for item in &mut children.0 {
            match item.kind {
                "catch_clause" => {
                    let handler = item.lowered.take();
                    arms.extend(self.expression(handler));
                    end = item.extent.end;
                }
                "finally_clause" => {
                    let block = item.lowered.take();
                    last = self.expression(block);
                }
                _ => {}
            }
        }
        let kind = Kind::Branch {
            conditions: Vec::new(),
            arms,
            exhaustive: true,
            is_try: true,
        };
        let mut nodes = vec![self.add(kind, Extent::new(extent.start, end))];
        nodes.extend(last);
        Lowered::Nodes(nodes)
    }

    /// A handler: its block, which first declares the exception.
    pub(super) fn catch_clause(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let parameter = children.take_kind("catch_formal_parameter");
        let mut body = Vec::new();
        self.statement(parameter, &mut body);
        let block = children.take_field("body");
        body.append(&mut self.inner_body(block));
        Lowered::Node(self.add(Kind::Block { body }, extent))
    }

    pub(super) fn catch_parameter(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let types = match children.take_kind("catch_type") {
            Lowered::Types(types) => types,
            _ => Vec::new(),
        };
        let types: Vec<String> = types.iter().map(|path| self.path_text(path)).collect();
        let Lowered::Identifier(name) = children.take_field("name") else {
            return Lowered::Nothing;
        };
        let modifiers = Self::modifiers_of(children);
        let binding = Binding {
            target: self.add_name(name),
            value: None,
            type_name: Some(types.join(" | ")).filter(|name| !name.is_empty()),
            is_static: false,
            is_constant: modifiers.is_final,
            annotations: modifiers.annotations,
        };
        Lowered::Node(self.add(Kind::Binding(Box::new(binding)), extent))
    }

    /// A variable that is declared as a resource, or one from before.
    pub(super) fn resource(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let Lowered::Identifier(name) = children.take_field("name") else {
            return children.take_first();
        };
        let type_name = self.declared_type(children);
        let value = children.take_field("value");
        let modifiers = Self::modifiers_of(children);
        let binding = Binding {
            target: self.add_name(name),
            value: self.expression(value),
            type_name,
            is_static: false,
            is_constant: modifiers.is_final,
            annotations: modifiers.annotations,
        };
        Lowered::Node(self.add(Kind::Binding(Box::new(binding)), extent))
    }

    // --- loops ---------------------------------------------------------------------------------

    pub(super) fn plain_loop(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let body = children.take_field("body");
        let body = self.inner_body(body);
        let mut header = Vec::new();
        for item in &mut children.0 {
            if item.field.is_some() {
                let lowered = item.lowered.take();
                self.statement(lowered, &mut header);
            }
        }
        let kind = Kind::Loop {
            pattern: None,
            iterable: None,
            header,
            body,
        };
        Lowered::Node(self.add(kind, extent))
    }

    pub(super) fn collection_loop(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let pattern = children.take_field("name");
        let pattern = self.expression(pattern);
        let iterable = children.take_field("value");
        let iterable = self.expression(iterable);
        let body = children.take_field("body");
        let kind = Kind::Loop {
            pattern,
            iterable,
            header: Vec::new(),
            body: self.inner_body(body),
        };
        Lowered::Node(self.add(kind, extent))
    }

    // --- leaving -------------------------------------------------------------------------------

    pub(super) fn return_statement(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let value = children.take_first();
        let value = self.expression(value);
        Lowered::Node(self.add(Kind::Return { value }, extent))
    }

    /// `throw e`, `continue`, `continue label`.
    pub(super) fn leave_statement(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let value = match children.has("throw") {
            true => children.take_first(),
            false => Lowered::Nothing,
        };
        let value = self.expression(value);
        Lowered::Node(self.add(Kind::Leave { value }, extent))
    }

    pub(super) fn break_statement(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        match children.take_first() {
            Lowered::Nothing => Lowered::Break(extent),
            _label => Lowered::Node(self.add(Kind::Leave { value: None }, extent)),
        }
    }

    pub(super) fn yield_statement(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let value = children.take_first();
        Lowered::Yield {
            value: self.expression(value),
            extent,
        }
    }

    /// The type of a declaration as text, with the `[]` after the name.
    pub(super) fn declared_type(&mut self, children: &mut Children<'_>) -> Option<String> {
        let mut path: Path = Self::path(children.take_field("type"))?;
        if let Lowered::Dimensions(count) = children.take_field("dimensions") {
            path.dimensions += count;
        }
        Some(self.path_text(&path))
    }
}
