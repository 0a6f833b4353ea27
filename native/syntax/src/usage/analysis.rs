//! The walk over the AST that makes the usage tree: one arm for each kind of node.

use super::builtins::{GROUP, Grouped, Partials};
use super::{Link, LinkTarget, Marks, UsageId, UsageTree, find};
use crate::ast::{
    BlockTranslate, Condition, Cycle, FilterExpression, For, Foreign, MessagePart, Name, Node,
    NodeKind, NodeList, Operand, Operator, Template, Url,
};
use crate::unicode::is_word;

pub(super) fn analyse(template: &Template) -> UsageTree {
    let variables = template.variables as usize;
    let tree = UsageTree {
        nodes: Vec::with_capacity(variables * 2),
        starts: vec![UsageId::NONE; variables],
        ends: vec![UsageId::NONE; variables],
        ..UsageTree::default()
    };
    let mut analysis = Analysis {
        template,
        tree,
        scope: Vec::new(),
        line: 0,
        hoisted: Hoisted::Never,
        grouped: Vec::new(),
        partials: Partials::default(),
    };
    analysis.nodes(&template.root);
    analysis.leave(0);
    analysis.hoisted_blocks();
    analysis.escape_groups();
    analysis.tree.loops.sort_by_key(|(start, _)| *start);
    analysis.tree.shrink();
    analysis.tree
}

pub(super) struct Analysis<'t> {
    pub(super) template: &'t Template,
    pub(super) tree: UsageTree,
    /// Names bound by the tags around, the innermost last.
    pub(super) scope: Vec<(Name, UsageId)>,
    pub(super) line: u32,
    hoisted: Hoisted<'t>,
    pub(super) grouped: Vec<Grouped>,
    pub(super) partials: Partials,
}

/// In a template that extends another, a block is rendered where the parent has it: what is bound
/// around it here is not bound there.
enum Hoisted<'t> {
    Never,
    /// Blocks to be walked again without the names around them.
    Blocks(Vec<&'t NodeList>),
}

impl<'t> Analysis<'t> {
    pub(super) fn nodes(&mut self, nodes: &'t NodeList) {
        for node in nodes {
            self.line = node.at.line;
            self.node(node);
        }
    }

    fn node(&mut self, node: &'t Node) {
        match &node.kind {
            NodeKind::Text(_) | NodeKind::Nothing | NodeKind::CsrfToken => {}
            NodeKind::Now { .. } | NodeKind::ResetCycle { .. } => {}
            NodeKind::TemplateTag { .. } | NodeKind::Prefix { .. } => {}
            NodeKind::Variable(expression) => self.read(expression, Marks::PRINTED),
            NodeKind::If(tag) => {
                for (condition, body) in &tag.branches {
                    self.condition(condition);
                    self.nodes(body);
                }
                self.optional(tag.otherwise.as_ref());
            }
            NodeKind::For(tag) => self.for_loop(tag, node.at.span.start),
            NodeKind::With { bindings, body } => self.with(bindings, body),
            NodeKind::Include {
                template,
                bindings,
                only,
            } => self.include(template, bindings, *only),
            NodeKind::Extends { parent, body } => self.extends(parent, body),
            NodeKind::Block { name, body } => self.block(name, body),
            NodeKind::Url(tag) => self.url(tag),
            NodeKind::Static { path, .. } => self.read(path, Marks::PRINTED),
            NodeKind::FirstOf { values, .. } => {
                self.read_all(values, Marks::TESTED | Marks::PRINTED)
            }
            NodeKind::Cycle(cycle) => self.cycle(cycle),
            NodeKind::AutoEscape { body, .. } | NodeKind::Spaceless { body } => self.nodes(body),
            NodeKind::IfChanged {
                values,
                body,
                otherwise,
            } => {
                self.read_all(values, Marks::COMPARED);
                self.nodes(body);
                self.optional(otherwise.as_ref());
            }
            NodeKind::Translate(tag) => {
                self.read_all(tag.context.as_slice(), Marks::PRINTED);
                self.read(&tag.message, Marks::PRINTED);
            }
            NodeKind::BlockTranslate(tag) => self.block_translate(tag),
            NodeKind::Language { language, body } => self.value_and_body(language, body),
            NodeKind::TimeZone { zone, body } => self.value_and_body(zone, body),
            NodeKind::Localize { body, .. } | NodeKind::LocalTime { body, .. } => self.nodes(body),
            NodeKind::LocaleFact { argument, .. } => {
                self.read_all(argument.as_slice(), Marks::ESCAPES)
            }
            NodeKind::WidthRatio(tag) => {
                for value in [&tag.value, &tag.maximum, &tag.width] {
                    self.read(value, Marks::PRINTED);
                }
            }
            NodeKind::Regroup(tag) => self.regroup(tag),
            NodeKind::Filter { filtered, body } => self.filter(filtered, body),
            NodeKind::Lorem { count, .. } => self.read(count, Marks::PRINTED),
            NodeKind::Debug => self.see_everything(),
            NodeKind::Cache(tag) => self.cache(tag),
            NodeKind::PartialDef { inline, body, .. } => self.partial_definition(*body, *inline),
            NodeKind::Partial { name } => self.partial(name),
            NodeKind::Foreign(foreign) => self.foreign(foreign),
        }
    }

    fn optional(&mut self, nodes: Option<&'t NodeList>) {
        if let Some(nodes) = nodes {
            self.nodes(nodes);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Value(value) => self.read(value, Marks::TESTED),
            Condition::Not(operand) => self.condition(operand),
            Condition::Binary(Operator::Or | Operator::And, left, right) => {
                self.condition(left);
                self.condition(right);
            }
            Condition::Binary(Operator::In | Operator::NotIn, left, right) => {
                self.compared(left, Marks::COMPARED);
                self.compared(right, Marks::ESCAPES);
            }
            Condition::Binary(_, left, right) => {
                self.compared(left, Marks::COMPARED);
                self.compared(right, Marks::COMPARED);
            }
        }
    }

    fn compared(&mut self, operand: &Condition, marks: Marks) {
        match operand {
            Condition::Value(value) => self.read(value, marks),
            other => self.condition(other),
        }
    }

    fn for_loop(&mut self, tag: &'t For, start: u32) {
        let iterated = self.iterable(&tag.iterable);
        if !self.tree.loops.iter().any(|(known, _)| *known == start) {
            self.tree.loops.push((start, iterated));
        }
        let outer = self.scope.len();
        let forloop = self.tree.add(self.line);
        self.bind("forloop", forloop);
        self.bind_targets(&tag.targets, iterated);
        self.nodes(&tag.body);
        self.leave(outer);
        self.optional(tag.empty.as_ref());
    }

    /// The node whose elements the loop takes; a new one when the value is.
    pub(super) fn iterable(&mut self, expression: &FilterExpression) -> UsageId {
        let value = self.value(expression);
        for other in value.others {
            self.tree.mark(other, Marks::ITERATED | Marks::ESCAPES);
        }
        let node = value.node.unwrap_or_else(|| self.tree.add(self.line));
        self.tree.mark(node, Marks::ITERATED);
        node
    }

    /// Unpacking reads an element by position, and nothing says of what kind it is.
    fn bind_targets(&mut self, targets: &[Name], iterated: UsageId) {
        let item = self.tree.item(iterated, self.line);
        if let [target] = targets {
            return self.bind(target, item);
        }
        let is_group = self.is_group(item);
        if !is_group {
            self.tree.mark(item, Marks::ESCAPES);
        }
        for (index, target) in targets.iter().enumerate() {
            let element = match GROUP.get(index).filter(|_| is_group) {
                Some(name) => self.tree.child(item, name, self.line),
                None => self.tree.child(item, &index.to_string(), self.line),
            };
            self.bind(target, element);
        }
    }

    fn with(&mut self, bindings: &[(Name, FilterExpression)], body: &'t NodeList) {
        let outer = self.scope.len();
        let bound = self.aliases(bindings);
        self.scope.extend(bound);
        self.nodes(body);
        self.leave(outer);
    }

    /// All values are resolved before the first name is bound.
    fn aliases(&mut self, bindings: &[(Name, FilterExpression)]) -> Vec<(Name, UsageId)> {
        bindings
            .iter()
            .map(|(name, value)| (name.clone(), self.alias(value)))
            .collect()
    }

    fn alias(&mut self, expression: &FilterExpression) -> UsageId {
        let value = self.value(expression);
        for other in value.others {
            self.tree.mark(other, Marks::ESCAPES);
        }
        value.node.unwrap_or_else(|| self.tree.add(self.line))
    }

    fn include(
        &mut self,
        template: &FilterExpression,
        bindings: &[(Name, FilterExpression)],
        only: bool,
    ) {
        self.read(template, Marks::ESCAPES);
        let bound = self.aliases(bindings);
        let mut scope = if only { Vec::new() } else { self.scope.clone() };
        scope.extend(bound);
        self.tree.links.push(Link {
            target: include_target(template),
            scope,
            only,
        });
    }

    fn extends(&mut self, parent: &FilterExpression, body: &'t NodeList) {
        self.read(parent, Marks::ESCAPES);
        self.hoisted = Hoisted::Blocks(Vec::new());
        self.nodes(body);
    }

    fn block(&mut self, name: &Name, body: &'t NodeList) {
        match &mut self.hoisted {
            Hoisted::Blocks(blocks) if !self.scope.is_empty() => blocks.push(body),
            _ => {}
        }
        self.link_block(name);
        let outer = self.scope.len();
        let block = self.tree.add(self.line);
        self.bind("block", block);
        self.nodes(body);
        if find(&self.tree.node(block).children, "super").is_some() {
            self.link_block(name);
        }
        self.leave(outer);
    }

    fn link_block(&mut self, name: &Name) {
        let target = LinkTarget::Block(name.clone());
        self.tree.links.push(Link {
            target,
            scope: self.scope.clone(),
            only: false,
        });
    }

    fn hoisted_blocks(&mut self) {
        let Hoisted::Blocks(blocks) = std::mem::replace(&mut self.hoisted, Hoisted::Never) else {
            return;
        };
        for body in blocks {
            let block = self.tree.add(self.line);
            self.bind("block", block);
            self.nodes(body);
            self.leave(0);
        }
    }

    fn url(&mut self, tag: &Url) {
        self.read(&tag.view, Marks::PRINTED);
        self.read_all(&tag.args, Marks::PRINTED);
        for (_, value) in &tag.kwargs {
            self.read(value, Marks::PRINTED);
        }
    }

    /// A named cycle hands the value itself on, to be read under the name.
    fn cycle(&mut self, cycle: &Cycle) {
        let marks = match cycle.variable {
            Some(_) => Marks::PRINTED | Marks::ESCAPES,
            None => Marks::PRINTED,
        };
        self.read_all(&cycle.values, marks);
    }

    fn value_and_body(&mut self, value: &FilterExpression, body: &'t NodeList) {
        self.read(value, Marks::PRINTED);
        self.nodes(body);
    }

    /// The count is resolved when the other names are bound.
    fn block_translate(&mut self, tag: &BlockTranslate) {
        self.read_all(tag.context.as_slice(), Marks::PRINTED);
        let outer = self.scope.len();
        let bound = self.aliases(&tag.bindings);
        self.scope.extend(bound);
        if let Some((name, value)) = &tag.count {
            let counted = self.alias(value);
            self.tree.mark(counted, Marks::COMPARED);
            self.bind(name, counted);
        }
        for part in tag.singular.iter().chain(&tag.plural) {
            if let MessagePart::Name(name) = part {
                self.printed_name(name);
            }
        }
        self.leave(outer);
    }

    /// A name that is looked up whole, dots and all.
    fn printed_name(&mut self, name: &str) {
        let id = match find(&self.scope, name) {
            Some(id) => id,
            None if !name.is_empty() && name.chars().all(is_word) => {
                self.tree.root(name, self.line)
            }
            None => return,
        };
        self.tree.mark(id, Marks::PRINTED);
    }

    fn foreign(&mut self, foreign: &Foreign) {
        self.read_all(&foreign.arguments, Marks::ESCAPES);
        if let Some(call) = &foreign.call {
            self.read_all(&call.args, Marks::ESCAPES);
            for (_, value) in &call.kwargs {
                self.read(value, Marks::ESCAPES);
            }
        }
        if foreign.opaque {
            self.see_everything();
        }
        let template = self.template;
        for body in &foreign.bodies {
            self.nodes(&template.bodies[body.0 as usize]);
        }
    }

    /// Ends the scope of all names bound since it had this length.
    fn leave(&mut self, outer: usize) {
        self.tree.aliases.extend(self.scope.drain(outer..));
    }

    pub(super) fn bind(&mut self, name: &str, id: UsageId) {
        self.scope.push((name.into(), id));
    }
}

fn include_target(template: &FilterExpression) -> LinkTarget {
    match &template.head {
        Operand::Text {
            text,
            translated: false,
        } if template.filters.is_empty() => LinkTarget::Include(text.clone()),
        _ => LinkTarget::Unknown,
    }
}
