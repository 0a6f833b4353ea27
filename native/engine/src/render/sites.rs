//! Usage trees joined across templates, and the sites that are made of their nodes.

use std::sync::Arc;

use djust_syntax::usage::{LinkTarget, Marks, UsageId, UsageNode, UsageTree};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::Renderer;
use super::data::object_list;
use crate::django::django;
use crate::program::Program;

/// How deep includes are followed when their usage is joined.
const JOIN_DEPTH: usize = 12;

impl<'py> Renderer<'py> {
    /// The usage tree of a program, joined with what it includes.
    pub fn tree(&mut self, program: &Bound<'py, Program>) -> PyResult<Arc<UsageTree>> {
        let own = program.get().code()?.usage.clone();
        if own.links.is_empty() {
            return Ok(own);
        }
        let overridden = self.overrides_a_block(program, &own)?;
        let kept = &program.get().joined[usize::from(overridden)];
        if let Some(joined) = kept.get() {
            return Ok(joined.clone());
        }
        let joined = Arc::new(self.joined(program, overridden, JOIN_DEPTH)?);
        Ok(kept.get_or_init(|| joined).clone())
    }

    fn joined(
        &self,
        program: &Bound<'py, Program>,
        overridden: bool,
        depth: usize,
    ) -> PyResult<UsageTree> {
        let mut tree = (*program.get().code()?.usage).clone();
        let links = tree.links.clone();
        for (at, link) in links.iter().enumerate() {
            match &link.target {
                LinkTarget::Block(_) if !overridden || link.scope.is_empty() => {}
                LinkTarget::Include(name) if depth > 0 => match self.included(program, name)? {
                    Some(included) => {
                        let inner = self.joined(&included, overridden, depth - 1)?;
                        tree.join(at, &inner);
                    }
                    None => tree.escape_scope(at),
                },
                _ => tree.escape_scope(at),
            }
        }
        Ok(tree)
    }

    fn included(
        &self,
        program: &Bound<'py, Program>,
        name: &str,
    ) -> PyResult<Option<Bound<'py, Program>>> {
        let origin = &program.get().origin;
        let found = django(self.py)?.call(
            self.py,
            intern!(self.py, "included_program"),
            (&self.context, name, origin),
        )?;
        Ok(found.cast_into::<Program>().ok())
    }

    fn overrides_a_block(&self, program: &Bound<'py, Program>, tree: &UsageTree) -> PyResult<bool> {
        let Some(blocks) = self.block_stacks()? else {
            return Ok(false);
        };
        for link in &tree.links {
            if let LinkTarget::Block(name) = &link.target
                && !link.scope.is_empty()
            {
                let own = program
                    .get()
                    .code()?
                    .blocks
                    .bind(self.py)
                    .get_item(&**name)?;
                let stack = blocks
                    .get_item(&**name)?
                    .map(|stack| stack.cast_into::<PyList>())
                    .transpose()?;
                let is_own = |stack: &Bound<'py, PyList>| {
                    stack.len() == 1
                        && own
                            .as_ref()
                            .is_some_and(|own| stack.get_item(0).is_ok_and(|top| top.is(own)))
                };
                if stack.as_ref().is_some_and(|stack| !is_own(stack)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The `Site` of a usage node, made once and kept with the program. Of a page, what is read of
    /// the page itself says nothing of its objects.
    pub fn site(
        &mut self,
        program: &Bound<'py, Program>,
        usage: UsageId,
        is_page: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tree = self.tree(program)?;
        let is_opaque = tree.opaque || self.is_opaque_around()?;
        let kept_as = UsageId(usage.0 | u32::from(is_opaque) << 31 | u32::from(is_page) << 30);
        if let Some(site) = program.get().site(self.py, &tree, kept_as) {
            return Ok(site.into_bound(self.py));
        }
        let read = usage_dict(self.py, &tree, usage, 0)?;
        if is_opaque || is_page && is_read_as_both(&tree, usage) || is_in_dump(&tree, usage) {
            mark_item(&read, Marks::ESCAPES)?;
        }
        if is_page {
            keep_indexes(&read)?;
        }
        let site = self.make_site(program, &tree, usage, read)?;
        program
            .get()
            .keep_site(&tree, kept_as, site.clone().unbind());
        Ok(site)
    }

    /// Whether a template around this place has a node that may read the whole context.
    pub fn is_opaque_around(&mut self) -> PyResult<bool> {
        let mut programs = self.data.around.clone();
        programs.push(self.program.clone());
        for program in programs {
            if self.tree(&program)?.opaque {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn make_site(
        &self,
        program: &Bound<'py, Program>,
        tree: &UsageTree,
        usage: UsageId,
        read: Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let name = program
            .get()
            .origin
            .bind(self.py)
            .getattr(intern!(self.py, "template_name"))?;
        let line = tree.node(usage).line;
        let variable = path_of(tree, usage);
        let off = &program.get().off;
        django(self.py)?
            .fetch(self.py)?
            .call_method1(intern!(self.py, "Site"), (name, line, variable, read, off))
    }
}

/// A page that is iterated makes a list of its `object_list`, which is read too.
fn is_read_as_both(tree: &UsageTree, page: UsageId) -> bool {
    tree.node(page).item.is_some() && object_list(tree, page).is_some()
}

/// Whether what holds this value directly (a dict or list of QuerySets) is printed, passed on or
/// iterated whole: then the value is seen without being named.
fn is_in_dump(tree: &UsageTree, usage: UsageId) -> bool {
    let whole = [Marks::PRINTED, Marks::ESCAPES, Marks::COMPARED];
    let is_whole = |node: &UsageNode| whole.iter().any(|mark| node.marks.contains(*mark));
    let holds = |holder: &UsageNode, held| holder.children.iter().any(|(_, child)| *child == held);
    tree.nodes.iter().enumerate().any(|(at, holder)| {
        if holder.item == Some(usage) && is_whole(holder) {
            return true;
        }
        if !holds(holder, usage) {
            return false;
        }
        let at = UsageId(at as u32);
        let mut sequences = tree.nodes.iter().filter(|node| node.item == Some(at));
        let in_sequence =
            sequences.any(|sequence| is_whole(sequence) || !sequence.children.is_empty());
        is_whole(holder) || holder.item.is_some() || in_sequence
    })
}

/// Adds a mark to the elements of a usage dict, whether the template itself reads them or not.
fn mark_item(read: &Bound<'_, PyDict>, marks: Marks) -> PyResult<()> {
    let Some(item) = read.get_item("item")?.filter(|item| !item.is_none()) else {
        let py = read.py();
        let item = PyDict::new(py);
        item.set_item("marks", marks.bits())?;
        item.set_item("item", py.None())?;
        item.set_item("children", PyDict::new(py))?;
        return read.set_item("item", item);
    };
    let old: u8 = item.get_item("marks")?.extract()?;
    item.set_item("marks", old | marks.bits())
}

/// Drops the attributes of a page; what is left are its elements by index.
fn keep_indexes(read: &Bound<'_, PyDict>) -> PyResult<()> {
    let children = read.as_any().get_item("children")?.cast_into::<PyDict>()?;
    for name in children.keys() {
        if !name
            .extract::<String>()?
            .starts_with(|c: char| c.is_numeric())
        {
            children.del_item(name)?;
        }
    }
    Ok(())
}

/// The dotted path of a usage node from its root, for people: `leases`, `page.object_list`.
fn path_of(tree: &UsageTree, wanted: UsageId) -> String {
    fn walk(
        tree: &UsageTree,
        at: UsageId,
        wanted: UsageId,
        path: &str,
        depth: usize,
    ) -> Option<String> {
        if at == wanted {
            return Some(path.to_string());
        }
        if depth == 0 {
            return None;
        }
        let node = tree.node(at);
        let below = |path: &str, child: UsageId| walk(tree, child, wanted, path, depth - 1);
        let in_item = node.item.and_then(|item| below(path, item));
        let mut children = node.children.iter();
        in_item
            .or_else(|| children.find_map(|(name, child)| below(&format!("{path}.{name}"), *child)))
    }
    tree.roots
        .iter()
        .find_map(|(name, root)| walk(tree, *root, wanted, name, 16))
        .unwrap_or_default()
}

/// The usage of each name that a template reads.
pub fn roots_dict<'py>(py: Python<'py>, tree: &UsageTree) -> PyResult<Bound<'py, PyDict>> {
    let roots = PyDict::new(py);
    for (name, root) in &tree.roots {
        roots.set_item(&**name, usage_dict(py, tree, *root, 0)?)?;
    }
    Ok(roots)
}

/// A usage node as `djust_engine.jit.usage.Usage` reads it.
pub fn usage_dict<'py>(
    py: Python<'py>,
    tree: &UsageTree,
    usage: UsageId,
    depth: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let node = tree.node(usage);
    let dict = PyDict::new(py);
    let children = PyDict::new(py);
    dict.set_item("marks", node.marks.bits())?;
    dict.set_item("line", node.line)?;
    dict.set_item("item", py.None())?;
    dict.set_item("children", &children)?;
    if depth > 24 {
        dict.set_item("marks", node.marks.bits() | Marks::ESCAPES.bits())?;
        return Ok(dict);
    }
    for (name, child) in &node.children {
        children.set_item(&**name, usage_dict(py, tree, *child, depth + 1)?)?;
    }
    if let Some(item) = node.item {
        dict.set_item("item", usage_dict(py, tree, item, depth + 1)?)?;
    }
    Ok(dict)
}
