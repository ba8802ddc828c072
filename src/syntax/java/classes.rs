//! Classes, interfaces, records and enums: all of them are classes in the tree.

use std::collections::HashSet;

use super::Lowering;
use super::lowered::{Children, EnumBody, EnumConstant, Extent, LONGEST_SHARED_NAME, Lowered};
use crate::syntax::tree::{Binding, Call, Class, Function, Kind, NodeId, Parameter};

impl Lowering<'_> {
    /// The members among the children. Strays that are no members stand in a block of their own, as an
    /// initialiser would.
    pub(super) fn members(&mut self, children: Children<'_>, strays: usize) -> Vec<NodeId> {
        let body = self.body(children, strays, Extent::new(0, 0));
        let nodes = self.close_body(body);
        let mut members = Vec::with_capacity(nodes.len());
        let mut statements: Vec<NodeId> = Vec::new();
        for node in nodes {
            let is_member = matches!(
                self.builder.kind(node),
                Kind::Binding(_) | Kind::Function(_) | Kind::Class(_) | Kind::Block { .. }
            );
            if is_member {
                self.close_statements(&mut statements, &mut members);
                members.push(node);
            } else {
                statements.push(node);
            }
        }
        self.close_statements(&mut statements, &mut members);
        members
    }

    fn close_statements(&mut self, statements: &mut Vec<NodeId>, members: &mut Vec<NodeId>) {
        let (Some(first), Some(last)) = (statements.first(), statements.last()) else {
            return;
        };
        let extent = Extent::new(self.extent_of(*first).start, self.extent_of(*last).end);
        let body = std::mem::take(statements);
        members.push(self.add(Kind::Block { body }, extent));
    }

    pub(super) fn class(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let modifiers = Self::modifiers_of(children);
        let name = match children.take_field("name") {
            Lowered::Identifier(name) => Some(name),
            _ => None,
        };
        let mut supertypes = Vec::new();
        for source in ["superclass", "super_interfaces", "extends_interfaces"] {
            if let Lowered::Types(types) = children.take_kind(source) {
                supertypes.extend(types.iter().map(|path| self.path_text(path)));
            }
        }
        let components = match children.take_field("parameters") {
            Lowered::Parameters(parameters) => Some(parameters),
            _ => None,
        };
        let members = match children.take_field("body") {
            Lowered::Members(members) => match components {
                Some(components) => self.record_members(name, components, members),
                None => members,
            },
            Lowered::EnumBody(body) => self.enum_members(name, *body),
            _ => match components {
                Some(components) => self.record_members(name, components, Vec::new()),
                None => Vec::new(),
            },
        };
        let class = Class {
            name: name.map(|name| self.name(name)),
            supertypes,
            annotations: modifiers.annotations,
            members,
        };
        Lowered::Node(self.add(Kind::Class(Box::new(class)), extent))
    }

    /// A record is a class with a constructor that sets a field per component, and a method per component
    /// that returns it.
    fn record_members(
        &mut self,
        name: Option<Extent>,
        components: Vec<Parameter>,
        members: Vec<NodeId>,
    ) -> Vec<NodeId> {
        let mut own_accessors: HashSet<String> = HashSet::new();
        let mut compact = None;
        let mut has_canonical = false;
        for member in &members {
            let Kind::Function(function) = self.builder.kind(*member) else {
                continue;
            };
            if self.compact_constructors.binary_search(member).is_ok() {
                compact = Some(*member);
            } else if function.is_constructor {
                has_canonical |= function.parameters.len() == components.len();
            } else if let (Some(name), []) = (&function.name, function.parameters.as_slice()) {
                own_accessors.insert(name.text.clone());
            }
        }
        let mut all = Vec::with_capacity(members.len() + components.len() + 1);
        let fields: Vec<Extent> = components
            .iter()
            .map(|component| self.extent_of(component.target))
            .collect();
        if has_canonical {
            for component in components {
                let extent = self.extent_of_parameter(&component);
                let binding = Binding {
                    target: component.target,
                    value: component.default,
                    type_name: component.type_name,
                    is_static: false,
                    is_constant: true,
                    annotations: component.annotations,
                };
                all.push(self.add(Kind::Binding(Box::new(binding)), extent));
            }
        } else {
            let parameters: Vec<Parameter> = components
                .into_iter()
                .map(|component| Parameter {
                    is_field: true,
                    ..component
                })
                .collect();
            let compact = compact.map(|compact| self.builder.kind_mut(compact));
            if let Some(Kind::Function(compact)) = compact {
                compact.parameters = parameters;
            } else {
                let extent = name.unwrap_or(Extent::new(0, 0));
                let constructor = Function {
                    name: name.map(|name| self.name(name)),
                    parameters,
                    is_constructor: true,
                    ..Function::default()
                };
                all.push(self.add(Kind::Function(Box::new(constructor)), extent));
            }
        }
        for field in fields {
            let name = self.name(field);
            if own_accessors.contains(&name.text) {
                continue;
            }
            let object = self.add(Kind::This, field);
            let value = Some(self.add_member(object, field, field));
            let body = vec![self.add(Kind::Return { value }, field)];
            let accessor = Function {
                name: Some(name),
                body,
                ..Function::default()
            };
            all.push(self.add(Kind::Function(Box::new(accessor)), field));
        }
        all.extend(members);
        all
    }

    fn extent_of_parameter(&self, parameter: &Parameter) -> Extent {
        Extent::new(
            (parameter.span.start as usize).saturating_sub(self.base),
            (parameter.span.end as usize).saturating_sub(self.base),
        )
    }

    pub(super) fn enum_body(&mut self, mut children: Children<'_>, strays: usize) -> Lowered {
        let mut body = EnumBody::default();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::EnumConstant(constant) => body.constants.push(*constant),
                Lowered::Members(mut members) => body.members.append(&mut members),
                other => item.lowered = other,
            }
        }
        body.members.append(&mut self.members(children, strays));
        Lowered::EnumBody(Box::new(body))
    }

    pub(super) fn enum_constant(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let Lowered::Identifier(name) = children.take_field("name") else {
            return Lowered::Nothing;
        };
        let modifiers = Self::modifiers_of(children);
        let arguments = Self::arguments(children.take_field("arguments"));
        let body = children.extent_of_field("body").unwrap_or(extent);
        let members = match children.take_field("body") {
            Lowered::Members(members) => Some((members, body)),
            _ => None,
        };
        Lowered::EnumConstant(Box::new(EnumConstant {
            name,
            annotations: modifiers.annotations,
            arguments,
            members,
            extent,
        }))
    }

    /// An enum is a class whose constants are static fields that hold its instances.
    fn enum_members(&mut self, name: Option<Extent>, body: EnumBody) -> Vec<NodeId> {
        let name = name.map(|name| self.name_text(name)).unwrap_or_default();
        let is_short = name.len() <= LONGEST_SHARED_NAME;
        let mut all = Vec::with_capacity(body.constants.len() + body.members.len());
        for constant in body.constants {
            let target = self.add_name(constant.name);
            let class = constant.members.map(|(members, extent)| {
                let class = Class {
                    supertypes: is_short.then(|| name.clone()).into_iter().collect(),
                    members,
                    ..Class::default()
                };
                self.add(Kind::Class(Box::new(class)), extent)
            });
            let value = if is_short {
                let call = Call {
                    callee: self.add(Kind::Name(name.clone()), constant.name),
                    arguments: constant.arguments,
                    is_new: true,
                    body: class,
                };
                self.add(Kind::Call(Box::new(call)), constant.extent)
            } else {
                let values = constant
                    .arguments
                    .into_iter()
                    .map(|argument| argument.value);
                let children = values.chain(class).collect();
                self.add_opaque(children, constant.extent)
            };
            let binding = Binding {
                target,
                value: Some(value),
                type_name: is_short.then(|| name.clone()),
                is_static: true,
                is_constant: true,
                annotations: constant.annotations,
            };
            all.push(self.add(Kind::Binding(Box::new(binding)), constant.extent));
        }
        all.extend(body.members);
        all
    }

    pub(super) fn static_initializer(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let body = match children.take_kind("block") {
            Lowered::Block(body) => self.close_body(body),
            _ => Vec::new(),
        };
        Lowered::Node(self.add(Kind::Block { body }, extent))
    }
}
