//! Nodes that Django or a library compiled: called with the real `Context`, kept in step.

use pyo3::intern;
use pyo3::prelude::*;

use super::Renderer;

impl<'py> Renderer<'py> {
    pub fn render_foreign(&mut self, id: usize) -> PyResult<()> {
        let program = self.program.clone();
        let node = program.get().code()?.foreign[id].node.bind(self.py);
        self.scopes.materialise()?;
        let text = node.call_method1(intern!(self.py, "render_annotated"), (&self.context,))?;
        self.push_text(&text)?;
        self.resume()
    }

    /// Python code ran with the context: what it may have changed is read again.
    pub fn resume(&mut self) -> PyResult<()> {
        let autoescape = self.context.getattr(intern!(self.py, "autoescape"))?;
        self.style.autoescape = autoescape.is_truthy()?;
        self.style.numbers = None;
        self.scopes.refresh()?;
        Ok(())
    }
}
