//! What the rarer builtins read: regroup, partials, cache, filter, debug.

use super::analysis::Analysis;
use super::{Marks, UsageId, UsageTree, find};
use crate::ast::{BodyId, Cache, FilterExpression, Name, NodeList, Regroup};

/// Partials are walked again at each place that names them; beyond this many, the place is one that
/// may read anything.
const MOST_PARTIALS: u32 = 200;

/// The attributes of a group (`GroupedResult`), in their order.
pub(super) const GROUP: [&str; 2] = ["grouper", "list"];

/// A variable that `{% regroup %}` made.
pub(super) struct Grouped {
    name: Name,
    groups: UsageId,
    /// What is grouped; each group's list has the same elements.
    list: UsageId,
}

/// How partials are walked.
#[derive(Default)]
pub(super) struct Partials {
    /// Those that are being walked.
    around: Vec<BodyId>,
    walked: u32,
}

impl<'t> Analysis<'t> {
    /// What follows sees the groups under the name, until the scope ends.
    pub(super) fn regroup(&mut self, tag: &Regroup) {
        let list = self.iterable(&tag.target);
        let item = self.tree.item(list, self.line);
        let outer = self.scope.len();
        self.bind(&tag.variable, item);
        let key = self.value(&tag.key);
        let grouper = key.node.unwrap_or_else(|| self.tree.add(self.line));
        for id in key.node.into_iter().chain(key.others) {
            self.tree.mark(id, Marks::COMPARED);
        }
        self.scope.truncate(outer);
        if find(&self.scope, &tag.variable).is_some() {
            self.tree.mark(list, Marks::ESCAPES);
        }
        let groups = self.tree.groups(grouper, list, self.line);
        self.grouped.push(Grouped {
            name: tag.variable.clone(),
            groups,
            list,
        });
        self.bind(&tag.variable, groups);
    }

    /// Groups that are seen whole show their elements unnamed; and so may a name that the template
    /// also takes from its context.
    pub(super) fn escape_groups(&mut self) {
        for Grouped { name, groups, list } in std::mem::take(&mut self.grouped) {
            let is_root = find(&self.tree.roots, &name).is_some();
            if is_root || self.tree.are_seen_whole(groups) {
                self.tree.mark(list, Marks::ESCAPES);
                let item = self.tree.item(list, self.line);
                self.tree.mark(item, Marks::ESCAPES);
            }
        }
    }

    /// Whether a node is an element of a list of groups.
    pub(super) fn is_group(&self, id: UsageId) -> bool {
        let mut groups = self.grouped.iter().map(|grouped| grouped.groups);
        groups.any(|groups| self.tree.node(groups).item == Some(id))
    }

    pub(super) fn filter(&mut self, filtered: &FilterExpression, body: &'t NodeList) {
        self.nodes(body);
        let outer = self.scope.len();
        let text = self.tree.add(self.line);
        self.bind("var", text);
        self.read(filtered, Marks::PRINTED);
        self.scope.truncate(outer);
    }

    pub(super) fn cache(&mut self, tag: &'t Cache) {
        self.read(&tag.timeout, Marks::ESCAPES);
        self.read_all(&tag.vary, Marks::ESCAPES);
        if let Some(using) = &tag.using {
            self.read(using, Marks::ESCAPES);
        }
        self.nodes(&tag.body);
    }

    /// A partial is a template of its own, too: then its names are all taken from the context.
    pub(super) fn partial_definition(&mut self, body: BodyId, inline: bool) {
        if inline && !self.scope.is_empty() {
            self.partial_body(body);
        }
        let scope = std::mem::take(&mut self.scope);
        self.partial_body(body);
        self.scope = scope;
    }

    /// Where nothing is bound, the definition has been walked, or will be.
    pub(super) fn partial(&mut self, name: &str) {
        let partials = &self.template.partials;
        let known = partials.iter().find(|(known, _)| **known == *name);
        if let Some(&(_, body)) = known.filter(|_| !self.scope.is_empty()) {
            self.partial_body(body);
        }
    }

    fn partial_body(&mut self, body: BodyId) {
        self.partials.walked += 1;
        if self.partials.walked > MOST_PARTIALS {
            return self.see_everything();
        }
        if self.partials.around.contains(&body) {
            return self.escape_scope();
        }
        self.partials.around.push(body);
        let line = self.line;
        self.nodes(&self.template.bodies[body.0 as usize]);
        self.line = line;
        self.partials.around.pop();
    }

    /// A node that may read the whole context.
    pub(super) fn see_everything(&mut self) {
        self.tree.opaque = true;
        self.escape_scope();
    }

    fn escape_scope(&mut self) {
        for &(_, id) in &self.scope {
            self.tree.mark(id, Marks::ESCAPES);
        }
    }
}

impl UsageTree {
    /// A list of pairs, of an attribute's value and a part of the list.
    fn groups(&mut self, grouper: UsageId, list: UsageId, line: u32) -> UsageId {
        let groups = self.add(line);
        let group = self.item(groups, line);
        let parts = GROUP.into_iter().zip([grouper, list]);
        let children = parts.map(|(name, id)| (Name::from(name), id));
        self.node_mut(group).children.extend(children);
        groups
    }

    /// Whether something else is done with groups than going through them.
    fn are_seen_whole(&self, groups: UsageId) -> bool {
        let whole = [Marks::PRINTED, Marks::COMPARED, Marks::ESCAPES];
        let is_whole = |id: UsageId| whole.iter().any(|mark| self.node(id).marks.contains(*mark));
        let is_open = |id: UsageId| {
            let mut names = self.node(id).children.iter().map(|(name, _)| &**name);
            is_whole(id) || names.any(|name| !GROUP.contains(&name))
        };
        let group = self.node(groups).item;
        is_open(groups) || group.is_some_and(is_open)
    }
}
