//! The flat face of the usage tree.

use std::collections::{BTreeMap, BTreeSet};

use super::{UsageId, UsageTree};

impl UsageTree {
    /// The dotted paths that are read of each name, sorted; of names taken from the context, and of loop
    /// variables and aliases, whose paths also stand under what they are bound to. Elements count for
    /// their container: `{% for x in a.b %}{{ x.c }}` gives `a: [b, b.c]`, `x: [c]`.
    pub fn paths(&self) -> BTreeMap<String, Vec<String>> {
        let ends: BTreeSet<UsageId> = self.ends.iter().copied().collect();
        let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let aliases = self
            .aliases
            .iter()
            .filter(|(name, id)| self.is_read(*id) && !is_given(name));
        let roots = self.roots.iter().filter(|(name, _)| !is_constant(name));
        for (name, id) in roots.chain(aliases) {
            self.collect(*id, &ends, paths.entry(name.to_string()).or_default());
        }
        paths
            .into_iter()
            .map(|(name, paths)| (name, paths.into_iter().collect()))
            .collect()
    }

    fn is_read(&self, id: UsageId) -> bool {
        let node = self.node(id);
        !node.marks.is_empty() || !node.children.is_empty() || node.item.is_some()
    }

    fn collect(&self, root: UsageId, ends: &BTreeSet<UsageId>, paths: &mut BTreeSet<String>) {
        let mut work = vec![(root, String::new())];
        while let Some((id, path)) = work.pop() {
            let node = self.node(id);
            for (name, child) in &node.children {
                let dot = if path.is_empty() { "" } else { "." };
                work.push((*child, format!("{path}{dot}{name}")));
            }
            work.extend(node.item.map(|item| (item, path.clone())));
            let is_leaf = node.children.is_empty() && node.item.is_none();
            if !path.is_empty() && (is_leaf || ends.contains(&id)) {
                paths.insert(path);
            }
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
