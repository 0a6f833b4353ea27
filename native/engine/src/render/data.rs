//! The seam with `djust_engine.jit.fetch`: what is fetched when the template first touches it.

use djust_syntax::usage::{UsageId, UsageTree};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::Renderer;
use super::handed::{first_of, plainly_held};
use crate::django::django;
use crate::program::{Program, Segment};
use crate::value::row::{Rows, RowsView};
use crate::value::{Peer, Pending, Query, Value};

/// What a first touch gave.
#[derive(Clone)]
pub enum Touched<'py> {
    Rows(RowsView<'py>),
    Batch {
        peers: Bound<'py, PyList>,
        batch: Bound<'py, PyAny>,
    },
    Untouched,
}

/// What lies behind an attribute of a peer.
pub enum Reached<'py> {
    Value,
    /// Related objects, which have peers of their own.
    Batch(Bound<'py, PyAny>),
    /// A manager whose objects are fetched when they are evaluated.
    Pending,
}

/// What this render has touched so far, by identity of the objects (which are kept alive here).
#[derive(Default)]
pub struct Touches<'py> {
    queries: Vec<(Bound<'py, PyAny>, (usize, UsageId), Touched<'py>)>,
    instances: Vec<(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>)>,
    /// Lists that the engine made of peers, with the batch of these.
    pub parts: Vec<(Bound<'py, PyList>, Bound<'py, PyAny>)>,
    /// The peers at which loops are, the innermost last: an included template finds them by identity.
    pub turns: Vec<Peer<'py>>,
    /// Programs that are being rendered around the present one.
    pub around: Vec<Bound<'py, Program>>,
    /// Batches of which nothing is read but by code.
    kept: Vec<Bound<'py, PyAny>>,
    /// What was handed to code.
    pub handed: super::handed::Handed<'py>,
}

impl<'py> Touches<'py> {
    /// The batch of a list that the engine made of peers.
    pub fn batch_of(&self, list: &Bound<'py, PyList>) -> Option<Bound<'py, PyAny>> {
        let mut parts = self.parts.iter();
        parts
            .find(|(part, _)| part.is(list))
            .map(|(_, batch)| batch.clone())
    }
}

impl<'py> Renderer<'py> {
    /// `object` as a query with the usage node that tells what is read of it.
    pub fn as_query(
        &self,
        object: &Bound<'py, PyAny>,
        usage: Option<UsageId>,
    ) -> PyResult<Option<Query<'py>>> {
        let Some(usage) = usage else { return Ok(None) };
        let table = django(self.py)?;
        let query_set = table.query_set.bind(self.py);
        if object.get_type_ptr() == table.page.as_ptr().cast() {
            let inner = object.getattr(intern!(self.py, "object_list"))?;
            return Ok(inner
                .is_instance(query_set)?
                .then(|| self.query(object, inner, usage)));
        }
        if !is_subtype(object, query_set.as_type_ptr()) {
            return Ok(None);
        }
        Ok(Some(self.query(object, object.clone(), usage)))
    }

    fn query(
        &self,
        object: &Bound<'py, PyAny>,
        queryset: Bound<'py, PyAny>,
        usage: UsageId,
    ) -> Query<'py> {
        Query {
            object: object.clone(),
            queryset,
            program: self.program.clone(),
            usage,
        }
    }

    /// First touch of a QuerySet: rows, instances with their batch, or nothing done.
    pub fn touch_query(&mut self, query: &Query<'py>) -> PyResult<Touched<'py>> {
        let place = (query.program.as_ptr() as usize, query.usage);
        let known = self
            .data
            .queries
            .iter()
            .find(|(queryset, at, _)| queryset.is(&query.queryset) && *at == place);
        if let Some((_, _, touched)) = known {
            return Ok(touched.clone());
        }
        let touched = self.fetch_query(query)?;
        self.data
            .queries
            .push((query.queryset.clone(), place, touched.clone()));
        Ok(touched)
    }

    fn fetch_query(&mut self, query: &Query<'py>) -> PyResult<Touched<'py>> {
        let sites = self.sites_of(query)?;
        let answer = django(self.py)?
            .fetch(self.py)?
            .call_method1(intern!(self.py, "query"), (sites, &query.queryset))?;
        if answer.is_none() {
            return Ok(Touched::Untouched);
        }
        if let Ok(rows) = answer.cast_exact::<Rows>() {
            return Ok(Touched::Rows(RowsView::of(rows.clone())));
        }
        let peers = answer
            .getattr(intern!(self.py, "peers"))?
            .cast_into::<PyList>()?;
        Ok(Touched::Batch {
            peers,
            batch: answer,
        })
    }

    /// The sites of all names that are known to hold this very QuerySet, the touched one first.
    fn sites_of(&mut self, query: &Query<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let mut sites = Vec::new();
        self.push_sites(&mut sites, &query.program, query.usage, query.is_page())?;
        let mut programs = self.data.around.clone();
        programs.push(self.program.clone());
        for program in programs {
            let tree = self.tree(&program)?;
            for (name, usage) in &tree.roots {
                let is_touched = program.is(&query.program) && *usage == query.usage;
                if !is_touched
                    && is_read(&tree, *usage)
                    && let Some(other) = self.named_query(name, query)?
                {
                    self.push_sites(&mut sites, &program, *usage, other.is_page())?;
                }
            }
        }
        PyTuple::new(self.py, sites)
    }

    /// The site of a usage node; for a page also that of its `object_list`.
    fn push_sites(
        &mut self,
        sites: &mut Vec<Bound<'py, PyAny>>,
        program: &Bound<'py, Program>,
        usage: UsageId,
        is_page: bool,
    ) -> PyResult<()> {
        sites.push(self.site(program, usage, is_page)?);
        if is_page && let Some(list) = object_list(&*self.tree(program)?, usage) {
            sites.push(self.site(program, list, false)?);
        }
        Ok(())
    }

    /// What the context holds under `name`, if it is this QuerySet or a page of it.
    fn named_query(&self, name: &str, query: &Query<'py>) -> PyResult<Option<Query<'py>>> {
        let name = PyString::intern(self.py, name);
        let Some(Value::Py(found)) = self.scopes.get(&name)? else {
            return Ok(None);
        };
        let other = self.as_query(&found, Some(query.usage))?;
        Ok(other.filter(|other| other.queryset.is(&query.queryset)))
    }

    /// Model instances in a list or tuple: their batch, where relations of them are read.
    pub fn touch_instances(
        &mut self,
        values: &Bound<'py, PyAny>,
        first: Option<Bound<'py, PyAny>>,
        usage: Option<UsageId>,
    ) -> PyResult<Option<(Bound<'py, PyList>, Bound<'py, PyAny>)>> {
        let (Some(first), Some(usage)) = (first, usage) else {
            return Ok(None);
        };
        let reads = match self.is_instance(&first)? {
            true => self.uses_items(usage)?,
            false => self.reads_below_items(usage, &first)?,
        };
        if !reads {
            return Ok(None);
        }
        let site = self.site(&self.program.clone(), usage, false)?;
        let answer = django(self.py)?
            .fetch(self.py)?
            .call_method1(intern!(self.py, "instances"), ((site,), values))?;
        let Some(batch) = self.batch_in(answer)? else {
            return Ok(None);
        };
        let peers = batch
            .getattr(intern!(self.py, "peers"))?
            .cast_into::<PyList>()?;
        Ok(Some((peers, batch)))
    }

    /// The batch, if relations of it are planned; one of which only code reads is merely kept.
    fn batch_in(&mut self, answer: Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if answer.is_none() {
            return Ok(None);
        }
        for name in [intern!(self.py, "relations"), intern!(self.py, "children")] {
            if !answer.getattr(name)?.cast_into::<PyDict>()?.is_empty() {
                return Ok(Some(answer));
            }
        }
        self.data.kept.push(answer);
        Ok(None)
    }

    /// The batch of what a set, a view of a dict or a raw QuerySet holds.
    pub fn touch_others(
        &mut self,
        values: &Bound<'py, PyAny>,
        usage: Option<UsageId>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(usage) = usage else { return Ok(None) };
        let reads = match first_of(values)? {
            Some(first) if !self.is_instance(&first)? => self.reads_below_items(usage, &first)?,
            _ => self.uses_items(usage)?,
        };
        if !reads {
            return Ok(None);
        }
        let site = self.site(&self.program.clone(), usage, false)?;
        let answer = django(self.py)?
            .fetch(self.py)?
            .call_method1(intern!(self.py, "others"), ((site,), values))?;
        self.batch_in(answer)
    }

    /// Whether something is read of what the elements hold (`{{ row.book.author }}`), and may be a
    /// relation: what the first one is plainly seen to hold is an instance, or is read deeper.
    fn reads_below_items(&mut self, usage: UsageId, first: &Bound<'py, PyAny>) -> PyResult<bool> {
        let tree = self.tree(&self.program.clone())?;
        let Some(item) = tree.node(usage).item else {
            return Ok(false);
        };
        for (name, child) in &tree.node(item).children {
            let below = &tree.node(*child).children;
            let deeper = |(_, one): &(_, UsageId)| !tree.node(*one).children.is_empty();
            if below.is_empty() {
                continue;
            }
            let is_relation = match plainly_held(first, name)? {
                Some(held) => self.is_instance(&held)?,
                None => true,
            };
            if is_relation || below.iter().any(deeper) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn uses_items(&mut self, usage: UsageId) -> PyResult<bool> {
        let tree = self.tree(&self.program.clone())?;
        let item = tree.node(usage).item;
        Ok(item.is_some_and(|item| is_read(&tree, item)) || self.is_opaque_around()?)
    }

    /// `isinstance(type(object), ModelBase)`.
    pub fn is_instance(&self, object: &Bound<'py, PyAny>) -> PyResult<bool> {
        let class = object.get_type().into_any();
        Ok(is_subtype(
            &class,
            django(self.py)?.model_base.bind(self.py).as_type_ptr(),
        ))
    }

    /// A context variable that holds a model instance, with its batch of one.
    pub fn as_peer(&mut self, object: Bound<'py, PyAny>, usage: UsageId) -> PyResult<Value<'py>> {
        if !self.is_instance(&object)? {
            return Ok(Value::Py(object));
        }
        if let Some(batch) = self.batch_of_turn(&object, usage)? {
            return Ok(Value::Peer(Peer { object, batch }));
        }
        let known = self
            .data
            .instances
            .iter()
            .find(|(instance, _)| instance.is(&object));
        let batch = match known {
            Some((_, batch)) => batch.clone(),
            None => self.touch_instance(&object, usage)?,
        };
        Ok(match batch {
            Some(batch) => Value::Peer(Peer { object, batch }),
            None => Value::Py(object),
        })
    }

    fn touch_instance(
        &mut self,
        object: &Bound<'py, PyAny>,
        usage: UsageId,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let site = self.site(&self.program.clone(), usage, false)?;
        let answer = django(self.py)?
            .fetch(self.py)?
            .call_method1(intern!(self.py, "instance"), ((site,), object))?;
        let batch = self.batch_in(answer)?;
        self.data.instances.push((object.clone(), batch.clone()));
        Ok(batch)
    }

    /// Announces that an attribute of a peer is about to be read: what lies behind it.
    pub fn reach(&mut self, peer: &Peer<'py>, segment: &Segment) -> PyResult<Reached<'py>> {
        let name = segment.name.bind(self.py);
        if !self.is_instance(&peer.object)? {
            if name.to_str()? == "all" {
                return Ok(Reached::Batch(peer.batch.clone()));
            }
            return Ok(child(&peer.batch, name)?.map_or(Reached::Value, Reached::Batch));
        }
        if let Some(relation) = planned(&peer.batch, name)? {
            if relation
                .getattr(intern!(self.py, "kind"))?
                .eq(intern!(self.py, "many"))?
            {
                return Ok(Reached::Pending);
            }
            touch(peer, name)?;
        }
        Ok(child(&peer.batch, name)?.map_or(Reached::Value, Reached::Batch))
    }

    /// A pending QuerySet, its relation fetched for all peers: it is being evaluated.
    pub fn settled(&mut self, pending: &Pending<'py>) -> PyResult<Value<'py>> {
        if pending.is_all && planned(&pending.peer.batch, &pending.name)?.is_some() {
            touch(&pending.peer, &pending.name)?;
            pending.fill(self.py)?;
        }
        let object = pending.to_py(self.py)?;
        Ok(match child(&pending.peer.batch, &pending.name)? {
            Some(batch) if pending.is_all => Value::Peer(Peer { object, batch }),
            _ => Value::Py(object),
        })
    }

    /// The rows of a QuerySet that was touched in this render.
    pub fn known_rows(&self, queryset: &Bound<'py, PyAny>) -> Option<RowsView<'py>> {
        let mut known = self.data.queries.iter();
        known.find_map(|(touched, _, found)| match found {
            Touched::Rows(rows) if touched.is(queryset) => Some(rows.clone()),
            _ => None,
        })
    }

    /// `count` and `exists` of a QuerySet whose rows are here already, as Django would have its
    /// results; else by kept SQL, which managers may have as well.
    pub fn fetched_answer(
        &self,
        object: &Bound<'py, PyAny>,
        segment: &Segment,
    ) -> PyResult<Option<Value<'py>>> {
        let name = segment.name.bind(self.py);
        let is_count = name.is(intern!(self.py, "count"));
        if !(is_count || name.is(intern!(self.py, "exists"))) {
            return Ok(None);
        }
        let table = django(self.py)?;
        let is_query = is_subtype(object, table.query_set.bind(self.py).as_type_ptr());
        if !is_query && !is_subtype(object, table.base_manager.bind(self.py).as_type_ptr()) {
            return Ok(None);
        }
        let fetch = table.fetch(self.py)?;
        if is_query {
            let known = fetch.call_method1(intern!(self.py, "rows_of"), (object,))?;
            if let Ok(rows) = known.cast_exact::<Rows>() {
                let length = RowsView::of(rows.clone()).len();
                return Ok(Some(if is_count {
                    Value::Int(length as i64)
                } else {
                    Value::Bool(length > 0)
                }));
            }
        }
        let answer = fetch.call_method1(intern!(self.py, "asked"), (object, name))?;
        Ok((!answer.is_none()).then_some(Value::Py(answer)))
    }
}

/// The planned relation of this name that nobody has touched yet.
pub fn planned<'py>(
    batch: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let relations = batch.getattr(intern!(name.py(), "relations"))?;
    relations.cast_into::<PyDict>()?.get_item(name)
}

fn touch(peer: &Peer<'_>, name: &Bound<'_, PyString>) -> PyResult<()> {
    let arguments = (name, &peer.object);
    peer.batch
        .call_method1(intern!(name.py(), "touch"), arguments)?;
    Ok(())
}

/// The batch of what a touched relation leads to.
pub fn child<'py>(
    batch: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let children = batch.getattr(intern!(name.py(), "children"))?;
    children.cast_into::<PyDict>()?.get_item(name)
}

/// The usage node of a page's `object_list`.
pub fn object_list(tree: &UsageTree, page: UsageId) -> Option<UsageId> {
    let mut children = tree.node(page).children.iter();
    children
        .find(|(name, _)| &**name == "object_list")
        .map(|(_, list)| *list)
}

/// Whether anything is read of a usage node.
fn is_read(tree: &UsageTree, usage: UsageId) -> bool {
    let node = tree.node(usage);
    !node.marks.is_empty() || node.item.is_some() || !node.children.is_empty()
}

fn is_subtype(object: &Bound<'_, PyAny>, class: *mut pyo3::ffi::PyTypeObject) -> bool {
    // SAFETY: both are live type objects; only their method resolution order is read.
    unsafe { pyo3::ffi::PyType_IsSubtype(object.get_type_ptr(), class) != 0 }
}
