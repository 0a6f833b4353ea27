//! Usage across templates: what an included template, or another template's block, reads of the names
//! at the place where it is rendered.

use super::{Link, Marks, UsageId, UsageTree, find};

impl UsageTree {
    /// Takes over what `included` reads at the link: of the names in the link's scope, and else of our
    /// own roots (of nothing, when the link is `only`). Its links become ours.
    pub fn join(&mut self, link: usize, included: &UsageTree) {
        let place = self.links[link].clone();
        let mut copies = Copies {
            ours: self,
            theirs: included,
            ids: vec![None; included.nodes.len()],
        };
        for (name, id) in &included.roots {
            let line = included.node(*id).line;
            let target = match find(&place.scope, name) {
                Some(bound) => bound,
                None if place.only => copies.ours.add(line),
                None => copies.ours.root(name, line),
            };
            copies.merge(*id, target);
        }
        let links: Vec<Link> = included
            .links
            .iter()
            .map(|link| copies.link(link, &place))
            .collect();
        self.links.extend(links);
        if included.opaque {
            self.escape_scope(link);
        }
    }

    /// Something unknown is rendered at the link: it may read whatever is visible there.
    pub fn escape_scope(&mut self, link: usize) {
        let Link { scope, only, .. } = self.links[link].clone();
        for (_, id) in scope {
            self.mark(id, Marks::ESCAPES);
        }
        self.opaque |= !only;
    }
}

struct Copies<'u> {
    ours: &'u mut UsageTree,
    theirs: &'u UsageTree,
    /// By their `UsageId`: the node that it became.
    ids: Vec<Option<UsageId>>,
}

impl Copies<'_> {
    /// Adds what `theirs` records at and under a node; a list of work, because paths may be long.
    fn merge(&mut self, from: UsageId, to: UsageId) {
        let mut work = vec![(from, to)];
        while let Some((from, to)) = work.pop() {
            self.ids[from.0 as usize] = Some(to);
            let node = self.theirs.node(from);
            self.ours.mark(to, node.marks);
            for (name, child) in &node.children {
                let line = self.theirs.node(*child).line;
                work.push((*child, self.ours.child(to, name, line)));
            }
            if let Some(item) = node.item {
                work.push((item, self.ours.item(to, self.theirs.node(item).line)));
            }
        }
    }

    fn link(&mut self, link: &Link, place: &Link) -> Link {
        let mut scope = if link.only {
            Vec::new()
        } else {
            place.scope.clone()
        };
        for (name, id) in &link.scope {
            scope.push((name.clone(), self.copy(*id)));
        }
        Link {
            target: link.target.clone(),
            scope,
            only: link.only || place.only,
        }
    }

    /// Nodes that hang on no root (a loop over a new value) are copied when a link names them.
    fn copy(&mut self, id: UsageId) -> UsageId {
        if let Some(copied) = self.ids[id.0 as usize] {
            return copied;
        }
        let new = self.ours.add(self.theirs.node(id).line);
        self.merge(id, new);
        new
    }
}
