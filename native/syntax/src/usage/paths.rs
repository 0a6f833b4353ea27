//! The flat face of the usage tree.

use std::collections::{BTreeMap, BTreeSet};

use super::{UsageId, UsageTree};

impl UsageTree {
    /// For each root, the dotted paths that are read of it; elements count for their container.
    pub fn paths(&self) -> BTreeMap<String, Vec<String>> {
        let paths = |id| self.paths_under(id).into_iter().collect();
        self.roots
            .iter()
            .map(|(name, id)| (name.to_string(), paths(*id)))
            .collect()
    }

    pub(crate) fn paths_under(&self, root: UsageId) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        let mut work = vec![(root, String::new())];
        while let Some((id, path)) = work.pop() {
            let node = self.node(id);
            for (name, child) in &node.children {
                let dot = if path.is_empty() { "" } else { "." };
                work.push((*child, format!("{path}{dot}{name}")));
            }
            work.extend(node.item.map(|item| (item, path.clone())));
            let is_leaf = node.children.is_empty() && node.item.is_none();
            if !path.is_empty() && (is_leaf || !node.marks.is_empty()) {
                paths.insert(path);
            }
        }
        paths
    }
}
