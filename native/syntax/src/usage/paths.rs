//! The flat face of the usage tree.

use std::collections::BTreeMap;

use super::{UsageId, UsageTree};

impl UsageTree {
    /// The dotted paths that are read of each name, sorted; of names taken from the context, and of loop
    /// variables and aliases, whose paths also stand under what they are bound to. Elements count for
    /// their container: `{% for x in a.b %}{{ x.c }}` gives `a: [b, b.c]`, `x: [c]`.
    pub fn paths(&self) -> BTreeMap<String, Vec<String>> {
        let mut walk = Walk::over(self);
        let roots = self.roots.iter().filter(|(name, _)| !is_constant(name));
        let aliases = self
            .aliases
            .iter()
            .filter(|(name, id)| self.is_read(*id) && !is_given(name));
        let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, id) in roots.chain(aliases) {
            match paths.get_mut(&**name) {
                Some(paths) => walk.collect(*id, paths),
                None => walk.collect(*id, paths.entry(name.to_string()).or_default()),
            }
        }
        for paths in paths.values_mut() {
            paths.sort_unstable();
            paths.dedup();
        }
        paths
    }

    fn is_read(&self, id: UsageId) -> bool {
        let node = self.node(id);
        !node.marks.is_empty() || !node.children.is_empty() || node.item.is_some()
    }
}

/// Goes depth first, with one buffer for the path that leads to the node in hand.
struct Walk<'u> {
    tree: &'u UsageTree,
    /// By `UsageId`: whether a variable of the template ends there.
    is_end: Vec<bool>,
    path: String,
    /// Nodes to go to, each with its name and the length of the path before it.
    work: Vec<(UsageId, &'u str, usize)>,
}

impl<'u> Walk<'u> {
    fn over(tree: &'u UsageTree) -> Self {
        let mut is_end = vec![false; tree.nodes.len()];
        for end in tree.ends.iter().filter(|end| **end != UsageId::NONE) {
            is_end[end.0 as usize] = true;
        }
        Self {
            tree,
            is_end,
            path: String::new(),
            work: Vec::new(),
        }
    }

    fn collect(&mut self, root: UsageId, paths: &mut Vec<String>) {
        self.work.push((root, "", 0));
        while let Some((id, name, before)) = self.work.pop() {
            self.path.truncate(before);
            if before > 0 && !name.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(name);
            let node = self.tree.node(id);
            let is_leaf = node.children.is_empty() && node.item.is_none();
            if !self.path.is_empty() && (is_leaf || self.is_end[id.0 as usize]) {
                paths.push(self.path.clone());
            }
            let length = self.path.len();
            self.work.extend(
                node.children
                    .iter()
                    .map(|(name, child)| (*child, &**name, length)),
            );
            self.work.extend(node.item.map(|item| (item, "", length)));
        }
    }
}

/// Names that Django puts into every context.
fn is_constant(name: &str) -> bool {
    matches!(name, "True" | "False" | "None")
}

/// Names that the tags themselves bind.
fn is_given(name: &str) -> bool {
    matches!(name, "forloop" | "block")
}
