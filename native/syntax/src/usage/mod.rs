//! What a template reads: for every name, a tree of attributes with how each is used. Made from the
//! AST; the program compiler takes its sites from it, and the optimiser its plan.

mod analysis;
mod builtins;
mod filters;
mod join;
mod paths;
mod values;

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use crate::ast::{FilterExpression, Name, Operand, Position, Template};
use filters::Reading;

/// Index into `UsageTree::nodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageId(pub u32);

impl UsageId {
    /// No node.
    pub const NONE: UsageId = UsageId(u32::MAX);
}

/// How a value is used; a set.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Marks(u8);

impl Marks {
    /// Written into the output, or into a text: the value itself, not what is under it.
    pub const PRINTED: Marks = Marks(1);
    /// Asked for truth, or whether it is `None`.
    pub const TESTED: Marks = Marks(2);
    pub const ITERATED: Marks = Marks(4);
    /// Asked for its length.
    pub const LENGTH: Marks = Marks(8);
    pub const COMPARED: Marks = Marks(16);
    /// Handed whole to something unknown, which may read anything of it.
    pub const ESCAPES: Marks = Marks(32);

    const NAMES: [(Marks, &'static str); 6] = [
        (Marks::PRINTED, "printed"),
        (Marks::TESTED, "tested"),
        (Marks::ITERATED, "iterated"),
        (Marks::LENGTH, "length"),
        (Marks::COMPARED, "compared"),
        (Marks::ESCAPES, "escapes"),
    ];

    pub fn bits(self) -> u8 {
        self.0
    }

    pub fn contains(self, marks: Marks) -> bool {
        self.0 & marks.0 == marks.0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The marks' names, in the order of their bits.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .filter(move |(mark, _)| self.contains(*mark))
            .map(|(_, name)| name)
    }
}

impl BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Marks) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct UsageNode {
    pub marks: Marks,
    /// Attributes, in the order of their first reading.
    pub children: Vec<(Name, UsageId)>,
    /// What an element of it is used for.
    pub item: Option<UsageId>,
    /// Line of the tag that first reads it.
    pub line: u32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct UsageTree {
    pub nodes: Vec<UsageNode>,
    /// Names that the template takes from its context.
    pub roots: Vec<(Name, UsageId)>,
    /// By `VariableId`: the node of `path[0]`, loop variables and aliases resolved. `UsageId::NONE` for
    /// a variable that no node holds (a keyword argument given twice).
    pub starts: Vec<UsageId>,
    /// By `VariableId`: the node at the end of the path.
    pub ends: Vec<UsageId>,
    /// Start of each `{% for %}` token, ascending, with the node that it iterates.
    loops: Vec<(u32, UsageId)>,
    /// Names bound by `for` and `with`, in the order in which they go out of scope.
    aliases: Vec<(Name, UsageId)>,
    pub links: Vec<Link>,
    /// A foreign node that may read the whole context stands somewhere.
    pub opaque: bool,
}

/// A place where another template's nodes are rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub target: LinkTarget,
    /// Names bound lexically there, the innermost last; an include's own bindings included.
    pub scope: Vec<(Name, UsageId)>,
    /// `{% include … only %}`: nothing but the scope is visible there.
    pub only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A constant template name, as written.
    Include(Box<str>),
    /// Another template's block of this name: an override, or the parent's under `{{ block.super }}`.
    Block(Name),
    /// An include whose template is known at rendering only.
    Unknown,
}

impl UsageTree {
    pub fn analyse(template: &Template) -> Self {
        analysis::analyse(template)
    }

    pub fn node(&self, id: UsageId) -> &UsageNode {
        &self.nodes[id.0 as usize]
    }

    /// The node that an expression's value is, if it is one that a variable names.
    pub fn value(&self, expression: &FilterExpression) -> Option<UsageId> {
        let Operand::Variable(variable) = &expression.head else {
            return None;
        };
        let end = self.ends[variable.id.0 as usize];
        let start = (end != UsageId::NONE).then_some(end)?;
        expression
            .filters
            .iter()
            .try_fold(start, |node, call| match Reading::of(call) {
                Reading::Same | Reading::Sorted | Reading::Default => Some(node),
                Reading::Element | Reading::Last => self.node(node).item,
                _ => None,
            })
    }

    /// The node that the `{% for %}` at this place iterates.
    pub fn iterated(&self, at: Position) -> Option<UsageId> {
        let found = self
            .loops
            .binary_search_by_key(&at.span.start, |(start, _)| *start)
            .ok()?;
        Some(self.loops[found].1)
    }

    /// Gives back what the analysis took in advance: a template keeps its tree.
    fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.roots.shrink_to_fit();
        self.loops.shrink_to_fit();
        self.aliases.shrink_to_fit();
        for node in &mut self.nodes {
            node.children.shrink_to_fit();
        }
    }

    fn add(&mut self, line: u32) -> UsageId {
        let id = UsageId(self.nodes.len() as u32);
        self.nodes.push(UsageNode {
            line,
            ..UsageNode::default()
        });
        id
    }

    fn node_mut(&mut self, id: UsageId) -> &mut UsageNode {
        &mut self.nodes[id.0 as usize]
    }

    fn mark(&mut self, id: UsageId, marks: Marks) {
        self.node_mut(id).marks |= marks;
    }

    fn root(&mut self, name: &str, line: u32) -> UsageId {
        if let Some(id) = find(&self.roots, name) {
            return id;
        }
        let id = self.add(line);
        self.roots.push((name.into(), id));
        id
    }

    fn child(&mut self, parent: UsageId, name: &str, line: u32) -> UsageId {
        if let Some(id) = find(&self.node(parent).children, name) {
            return id;
        }
        let id = self.add(line);
        self.node_mut(parent).children.push((name.into(), id));
        id
    }

    fn item(&mut self, parent: UsageId, line: u32) -> UsageId {
        if let Some(id) = self.node(parent).item {
            return id;
        }
        let id = self.add(line);
        self.node_mut(parent).item = Some(id);
        id
    }
}

/// The innermost binding of a name; in lists without repetition, the only one.
fn find(names: &[(Name, UsageId)], name: &str) -> Option<UsageId> {
    names
        .iter()
        .rev()
        .find(|(known, _)| **known == *name)
        .map(|&(_, id)| id)
}
