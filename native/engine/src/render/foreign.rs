//! Nodes that Django or a library compiled: called with the real `Context`, kept in step.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Renderer;
use crate::django::django;

impl<'py> Renderer<'py> {
    pub fn render_foreign(&mut self, id: usize, place: u32) -> PyResult<()> {
        let program = self.program.clone();
        let node = program.get().code()?.foreign[id].node.bind(self.py);
        self.hand_out_named(&self.names_read_by(id)?)?;
        self.scopes.materialise()?;
        let text = node.call_method1(intern!(self.py, "render_annotated"), (&self.context,))?;
        self.push_answer(&text, place)?;
        self.resume()
    }

    /// The names of the context that a node is likely to read, asked once.
    pub fn names_read_by(&self, id: usize) -> PyResult<Bound<'py, PyAny>> {
        let program = self.program.get();
        let foreign = &program.code()?.foreign[id];
        let names = foreign.reads.get_or_try_init(self.py, || {
            let handed = django(self.py)?.handed(self.py)?;
            let node = foreign.node.bind(self.py);
            let names = handed.call_method1(intern!(self.py, "names_read_by"), (node,))?;
            Ok::<_, PyErr>(names.unbind())
        })?;
        Ok(names.bind(self.py).clone())
    }

    /// Writes what the node at `place` rendered, if it is a text.
    pub fn push_answer(&mut self, text: &Bound<'py, PyAny>, place: u32) -> PyResult<()> {
        match text.cast::<PyString>() {
            Ok(text) => self.out.push_str(text, false)?,
            Err(_) if self.not_text.is_none() => self.not_text = Some(not_text(place, text)?),
            Err(_) => {}
        }
        Ok(())
    }

    /// Python code ran with the context: what it may have changed is read again.
    pub fn resume(&mut self) -> PyResult<()> {
        let autoescape = self.context.getattr(intern!(self.py, "autoescape"))?;
        self.style.autoescape = autoescape.is_truthy()?;
        self.forget();
        self.scopes.refresh()?;
        Ok(())
    }

    /// What was asked of the active language, of settings and of URLs is asked again.
    pub fn forget(&mut self) {
        self.style.numbers = None;
        self.style.language = Default::default();
        self.addresses = Default::default();
        self.gettext_is_stock = None;
        self.messages.clear();
    }
}

/// The error of `"".join` over a nodelist: what the node at `place` gave is no text.
fn not_text(place: u32, given: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let class = given.get_type().name()?;
    let message = format!("sequence item {place}: expected str instance, {class} found");
    Ok(PyTypeError::new_err(message))
}
