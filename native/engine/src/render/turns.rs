//! Objects at which loops are, or which an include is given: peers, found again by identity where
//! an included template reads them of its context.

use djust_syntax::usage::UsageId;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Renderer;
use super::data::{child, planned};

impl<'py> Renderer<'py> {
    /// The batch of an object at which a loop is, where it has yet to fetch what is read here.
    pub fn batch_of_turn(
        &mut self,
        object: &Bound<'py, PyAny>,
        usage: UsageId,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut turns = self.data.turns.iter().rev();
        let Some(peer) = turns.find(|peer| peer.object.is(object)) else {
            return Ok(None);
        };
        let batch = peer.batch.clone();
        let tree = self.tree(&self.program.clone())?;
        for (name, _) in &tree.node(usage).children {
            let name = PyString::new(self.py, name);
            if planned(&batch, &name)?.is_some() || child(&batch, &name)?.is_some() {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }
}
