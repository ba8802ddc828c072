//! Expressions, names and types.

use super::Lowering;
use super::literal;
use super::lowered::{Chain, Children, Extent, Ladder, Lowered, Operator, Path};
use crate::syntax::tree::{
    Argument, AssignOperator, Binding, Call, Class, ConcatForm, Function, Kind, NodeId,
};

impl Lowering<'_> {
    // --- names and types -----------------------------------------------------------------------

    pub(super) fn scoped_path(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut path = Path::default();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Identifier(extent) => path.segments.push(extent),
                // The scope comes first, so its list is taken over and not copied.
                Lowered::Path(scope) if path.segments.is_empty() => path = scope,
                Lowered::Path(mut name) => path.segments.append(&mut name.segments),
                other => item.lowered = other,
            }
        }
        Lowered::Path(path)
    }

    /// A type with type arguments or annotations, without them.
    pub(super) fn plain_type(&mut self, children: &mut Children<'_>) -> Lowered {
        for item in &mut children.0 {
            if matches!(item.lowered, Lowered::Identifier(_) | Lowered::Path(_)) {
                return item.lowered.take();
            }
        }
        Lowered::Nothing
    }

    pub(super) fn array_type(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut path = Self::path(children.take_field("element")).unwrap_or_default();
        if let Lowered::Dimensions(count) = children.take_field("dimensions") {
            path.dimensions += count;
        }
        Lowered::Path(path)
    }

    pub(super) fn dimensions(&self, extent: Extent) -> Lowered {
        let brackets = self.source(extent).bytes().filter(|byte| *byte == b'[');
        Lowered::Dimensions(brackets.count())
    }

    pub(super) fn types(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut types = Vec::new();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Types(mut inner) => types.append(&mut inner),
                Lowered::Identifier(extent) => {
                    types.extend(Self::path(Lowered::Identifier(extent)))
                }
                Lowered::Path(path) => types.push(path),
                other => item.lowered = other,
            }
        }
        Lowered::Types(types)
    }

    // --- literals ------------------------------------------------------------------------------

    pub(super) fn string(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        if !children.has("string_interpolation") {
            let value = literal::decode(self.source(extent), extent.start, &self.builder);
            return Lowered::Node(self.add(Kind::String(value), extent));
        }
        let source = self.source(extent);
        let quotes = if source.starts_with("\"\"\"") { 3 } else { 1 };
        let mut operands = Vec::new();
        let mut fixed = extent.start + quotes;
        for item in &mut children.0 {
            if item.kind == "string_interpolation" {
                self.fixed_part(Extent::new(fixed, item.extent.start), &mut operands);
                operands.extend(self.expression(item.lowered.take()));
                fixed = item.extent.end;
            } else {
                item.lowered = Lowered::Nothing;
            }
        }
        self.fixed_part(
            Extent::new(fixed, extent.end.saturating_sub(quotes)),
            &mut operands,
        );
        let form = ConcatForm::Interpolation;
        Lowered::Node(self.add(Kind::Concat { operands, form }, extent))
    }

    fn fixed_part(&mut self, extent: Extent, operands: &mut Vec<NodeId>) {
        if extent.start < extent.end {
            operands.push(self.add_fragment(extent));
        }
    }

    /// A part of a literal, without delimiters, as a string.
    pub(super) fn add_fragment(&mut self, extent: Extent) -> NodeId {
        let value = literal::fragment(self.source(extent), extent.start, &self.builder);
        self.add(Kind::String(value), extent)
    }

    pub(super) fn number(&mut self, extent: Extent) -> Lowered {
        let number = self.source(extent).to_string();
        Lowered::Node(self.add(Kind::Number(number), extent))
    }

    pub(super) fn boolean(&mut self, value: bool, extent: Extent) -> Lowered {
        Lowered::Node(self.add(Kind::Boolean(value), extent))
    }

    pub(super) fn null(&mut self, extent: Extent) -> Lowered {
        Lowered::Node(self.add(Kind::Null, extent))
    }

    // --- operators -----------------------------------------------------------------------------

    /// Parentheses and their like vanish, but close the chain inside: `a + (b + c)` has two operands.
    pub(super) fn wrapped(&mut self, children: &mut Children<'_>) -> Lowered {
        match children.take_first() {
            Lowered::Nothing => Lowered::Nothing,
            open @ (Lowered::Chain(_) | Lowered::Ternary(_)) => self
                .expression(open)
                .map_or(Lowered::Nothing, Lowered::Node),
            closed => closed,
        }
    }

    pub(super) fn opaque(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let mut nodes = Vec::new();
        for item in &mut children.0 {
            let lowered = item.lowered.take();
            self.statement(lowered, &mut nodes);
        }
        if nodes.is_empty() {
            // A token or a declaration without anything to read.
            return Lowered::Nothing;
        }
        Lowered::Node(self.add_opaque(nodes, extent))
    }

    pub(super) fn binary(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let left = children.take_field("left");
        let right = children.take_field("right");
        let operator = match children
            .extent_of_field("operator")
            .map(|extent| self.source(extent))
        {
            Some("+") => Operator::Plus,
            Some("||") => Operator::Or,
            Some("&&") => Operator::And,
            _ => Operator::Other,
        };
        let mut operands = match left {
            Lowered::Chain(chain) if chain.operator == operator => chain.operands,
            other => self.expression(other).into_iter().collect(),
        };
        operands.extend(self.expression(right));
        Lowered::Chain(Chain {
            operator,
            operands,
            extent,
        })
    }

    pub(super) fn ternary(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let condition = children.take_field("condition");
        let consequence = children.take_field("consequence");
        let alternative = children.take_field("alternative");
        let condition = self.expression(condition);
        let consequence = self.expression(consequence);
        let mut ladder = match alternative {
            Lowered::Ternary(ladder) => ladder,
            other => Ladder {
                conditions: Vec::new(),
                arms: self.expression(other).into_iter().collect(),
                is_complete: true,
                extent,
            },
        };
        ladder.conditions.extend(condition);
        ladder.arms.extend(consequence);
        ladder.extent = extent;
        Lowered::Ternary(ladder)
    }

    pub(super) fn assignment(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let target = children.take_field("left");
        let value = children.take_field("right");
        let (target, value) = match (self.expression(target), self.expression(value)) {
            (Some(target), Some(value)) => (target, value),
            (node, other) => return node.or(other).map_or(Lowered::Nothing, Lowered::Node),
        };
        let operator = match children
            .extent_of_field("operator")
            .map(|extent| self.source(extent))
        {
            Some("=") => AssignOperator::Set,
            Some("+=") => AssignOperator::Append,
            _ => return Lowered::Node(self.add_opaque(vec![target, value], extent)),
        };
        let kind = Kind::Assign {
            target,
            operator,
            value,
        };
        Lowered::Node(self.add(kind, extent))
    }

    /// `x instanceof HttpGet get` also declares `get`, with the value of `x` where that is a name.
    pub(super) fn instance_of(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let left = children.take_field("left");
        let name_of_left = match &left {
            Lowered::Identifier(name) => Some(*name),
            _ => None,
        };
        let mut nodes: Vec<NodeId> = self.expression(left).into_iter().collect();
        let type_extent = children.extent_of_field("right");
        let tested = Self::path(children.take_field("right"));
        if let Lowered::Identifier(name) = children.take_field("name") {
            let target = self.add_name(name);
            let value = name_of_left.map(|name| self.add_name(name));
            let binding = Binding {
                target,
                value,
                type_name: tested.map(|path| self.path_text(&path)),
                is_static: false,
                is_constant: false,
                annotations: Vec::new(),
            };
            let start = type_extent.map_or(name.start, |extent| extent.start);
            let extent = Extent::new(start, name.end);
            nodes.push(self.add(Kind::Binding(Box::new(binding)), extent));
        }
        let pattern = children.take_field("pattern");
        nodes.extend(self.expression(pattern));
        Lowered::Node(self.add_opaque(nodes, extent))
    }

    /// `String s` in a pattern declares `s`.
    pub(super) fn type_pattern(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let Lowered::Identifier(name) = children.take_last() else {
            return Lowered::Nothing;
        };
        let type_name = Self::path(children.take_first()).map(|path| self.path_text(&path));
        let target = self.add_name(name);
        let binding = Binding {
            target,
            value: None,
            type_name,
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        Lowered::Node(self.add(Kind::Binding(Box::new(binding)), extent))
    }

    /// A record pattern declares what its components declare.
    pub(super) fn record_pattern(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let _record = self.plain_type(children);
        self.opaque(extent, children)
    }

    // --- access and calls ----------------------------------------------------------------------

    /// The object of a member. `Outer.super.x` is a member of `super`.
    fn object(&mut self, children: &mut Children<'_>) -> Option<NodeId> {
        let object = children.take_field("object");
        let object = match children.take_kind("super") {
            Lowered::Nothing => object,
            parent => {
                let mut strays = Vec::new();
                self.salvage(object, &mut strays);
                self.strays.append(&mut strays);
                parent
            }
        };
        self.expression(object)
    }

    pub(super) fn field_access(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let object = self.object(children);
        let property = match children.take_field("field") {
            Lowered::Identifier(extent) | Lowered::This(extent) => extent,
            _ => return object.map_or(Lowered::Nothing, Lowered::Node),
        };
        match object {
            Some(object) => Lowered::Node(self.add_member(object, property, extent)),
            None => Lowered::Identifier(property),
        }
    }

    pub(super) fn array_access(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let object = children.take_field("array");
        let index = children.take_field("index");
        match (self.expression(object), self.expression(index)) {
            (Some(object), Some(index)) => {
                Lowered::Node(self.add(Kind::Index { object, index }, extent))
            }
            (Some(node), None) | (None, Some(node)) => Lowered::Node(node),
            (None, None) => Lowered::Nothing,
        }
    }

    pub(super) fn method_invocation(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let object = self.object(children);
        let name = children.take_field("name");
        let callee = match (object, name) {
            (Some(object), Lowered::Identifier(name)) => {
                Some(self.add_member(object, name, Extent::new(extent.start, name.end)))
            }
            (Some(object), _) => Some(object),
            (None, name) => self.expression(name),
        };
        self.call(callee, extent, children)
    }

    pub(super) fn constructor_invocation(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let constructor = children.take_field("constructor");
        let callee = self.expression(constructor);
        self.call(callee, extent, children)
    }

    /// A call with the arguments that are among the children.
    fn call(
        &mut self,
        callee: Option<NodeId>,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let Some(callee) = callee else {
            return Lowered::Nothing;
        };
        let call = Call {
            callee,
            arguments: Self::arguments(children.take_field("arguments")),
            is_new: false,
            body: None,
        };
        Lowered::Node(self.add(Kind::Call(Box::new(call)), extent))
    }

    pub(super) fn object_creation(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let Some(path) = Self::path(children.take_field("type")) else {
            return self.opaque(extent, children);
        };
        let supertype = self.path_text(&path);
        let arguments = Self::arguments(children.take_field("arguments"));
        let mut body = None;
        for item in &mut children.0 {
            if item.kind == "class_body"
                && let Lowered::Members(members) = item.lowered.take()
            {
                let class = Class {
                    supertypes: vec![supertype],
                    members,
                    ..Class::default()
                };
                let extent = item.extent;
                body = Some(self.add(Kind::Class(Box::new(class)), extent));
                break;
            }
        }
        let outer = children.0.iter_mut().take_while(|item| item.kind != "new");
        let outer = outer
            .map(|item| item.lowered.take())
            .next()
            .unwrap_or_default();
        let callee = match self.expression(outer) {
            // `outer.new Inner()`
            Some(outer) => path.segments.iter().fold(outer, |object, segment| {
                self.add_member(object, *segment, Extent::new(extent.start, segment.end))
            }),
            None => match self.add_path(&path) {
                Some(callee) => callee,
                None => return self.opaque(extent, children),
            },
        };
        let call = Call {
            callee,
            arguments,
            is_new: true,
            body,
        };
        Lowered::Node(self.add(Kind::Call(Box::new(call)), extent))
    }

    /// `new String[] {…}` is its list; `new byte[1024]` has no value to read.
    pub(super) fn array_creation(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let _element = children.take_field("type");
        match children.take_field("value") {
            Lowered::Nothing => {}
            list => return list,
        }
        let mut nodes = Vec::new();
        for item in &mut children.0 {
            if item.kind == "dimensions_expr" {
                let size = item.lowered.take();
                nodes.extend(self.expression(size));
            }
        }
        Lowered::Node(self.add_opaque(nodes, extent))
    }

    pub(super) fn list(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let items = self.values(children);
        Lowered::Node(self.add(Kind::List { items }, extent))
    }

    pub(super) fn argument_list(&mut self, children: &mut Children<'_>) -> Lowered {
        Lowered::Arguments(self.values(children))
    }

    fn values(&mut self, children: &mut Children<'_>) -> Vec<Argument> {
        let mut values = Vec::new();
        for item in &mut children.0 {
            let value = item.lowered.take();
            values.extend(self.expression(value).map(Self::argument));
        }
        values
    }

    pub(super) fn method_reference(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let mut object = None;
        let mut property = None;
        for item in &mut children.0 {
            match item.kind {
                "::" | "type_arguments" => {}
                _ if object.is_none() => {
                    let lowered = item.lowered.take();
                    object = self.expression(lowered);
                }
                _ => {
                    item.lowered = Lowered::Nothing;
                    property = Some(item.extent);
                }
            }
        }
        match (object, property) {
            (Some(object), Some(property)) => {
                Lowered::Node(self.add_member(object, property, extent))
            }
            (Some(node), None) => Lowered::Node(node),
            (None, _) => Lowered::Nothing,
        }
    }

    pub(super) fn class_literal(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let class = children.take_first();
        let keyword = children.0.iter().find(|item| item.kind == "class");
        let keyword = keyword.map(|item| item.extent);
        match (self.expression(class), keyword) {
            (Some(object), Some(keyword)) => {
                Lowered::Node(self.add_member(object, keyword, extent))
            }
            (Some(node), None) => Lowered::Node(node),
            (None, _) => Lowered::Nothing,
        }
    }

    pub(super) fn lambda(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let parameters = match children.take_field("parameters") {
            Lowered::Parameters(parameters) => parameters,
            Lowered::Identifier(name) => vec![self.untyped_parameter(name)],
            _ => Vec::new(),
        };
        let value_extent = children.extent_of_field("body").unwrap_or(extent);
        let body = match children.take_field("body") {
            Lowered::Nothing => Vec::new(),
            Lowered::Block(body) => self.close_body(body),
            value => {
                let value = self.expression(value);
                vec![self.add(Kind::Return { value }, value_extent)]
            }
        };
        let function = Function {
            parameters,
            body,
            is_arrow: true,
            ..Function::default()
        };
        Lowered::Node(self.add(Kind::Function(Box::new(function)), extent))
    }
}
