//! `{% regroup %}` (`RegroupNode`, django/template/defaulttags.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Renderer;
use super::context::known;
use super::loops::{Items, Iterable};
use crate::django::django;
use crate::program::Regroup;
use crate::value::{Peer, Value};

/// Keys in the order in which they came, each with the elements that followed one another under it.
type Groups<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyList>)>;

impl<'py> Renderer<'py> {
    pub fn render_regroup(&mut self, tag: &Regroup) -> PyResult<()> {
        let mut groups = Groups::new();
        match self.iterable(&tag.target, tag.usage)? {
            Iterable::Items(Items::Rows(rows)) => {
                for index in 0..rows.len() {
                    self.put(tag, Value::Row(rows.row(index)?), &mut groups)?;
                }
            }
            Iterable::Items(Items::Peers(peers, batch)) => {
                self.put_all(tag, peers.as_any(), Some(&batch), &mut groups)?;
                let lists = groups.iter().map(|(_, list)| (list.clone(), batch.clone()));
                self.data.parts.extend(lists);
            }
            Iterable::Items(Items::List(list)) => {
                self.put_all(tag, list.as_any(), None, &mut groups)?;
            }
            Iterable::Items(Items::Tuple(tuple)) => {
                self.put_all(tag, tuple.as_any(), None, &mut groups)?;
            }
            Iterable::Items(Items::Other { values, .. }) | Iterable::Python(values) => {
                self.put_all(tag, &values, None, &mut groups)?;
            }
        }
        let groups = django(self.py)?.call(self.py, intern!(self.py, "grouped"), (groups,))?;
        self.scopes
            .set(tag.variable.bind(self.py), Value::Py(groups))
    }

    fn put_all(
        &mut self,
        tag: &Regroup,
        values: &Bound<'py, PyAny>,
        batch: Option<&Bound<'py, PyAny>>,
        groups: &mut Groups<'py>,
    ) -> PyResult<()> {
        if values.is_none() {
            return Ok(());
        }
        for object in values.try_iter()? {
            let value = match batch {
                Some(batch) => Value::Peer(Peer {
                    object: object?,
                    batch: batch.clone(),
                }),
                None => known(object?),
            };
            self.put(tag, value, groups)?;
        }
        Ok(())
    }

    /// Adds an element to the last group if its key is the same, as `itertools.groupby` does.
    fn put(&mut self, tag: &Regroup, value: Value<'py>, groups: &mut Groups<'py>) -> PyResult<()> {
        self.scopes.set(tag.variable.bind(self.py), value.clone())?;
        let key = self.resolve(&tag.key, true)?.to_py(self.py)?;
        let object = value.to_py(self.py)?;
        if let Some((last, list)) = groups.last()
            && (last.is(&key) || last.eq(&key)?)
        {
            return list.append(object);
        }
        groups.push((key, PyList::new(self.py, [object])?));
        Ok(())
    }
}
