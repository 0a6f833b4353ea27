//! Which node is being rendered, for whoever looks up the stack: in debug mode, and where queries
//! are watched.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};
use std::time::Instant;

use djust_syntax::ast::Position;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;

use super::Renderer;
use super::profile::Profile;
use crate::places::Places;
use crate::program::{Node, Program};

/// Told by a render where it is, read by `djust_engine.running.RunningNode`.
///
/// Each node of a render is told, so that all there is to it are two addresses; null between renders.
#[pyclass(frozen, module = "djust_engine._native")]
#[derive(Default)]
pub struct RunningPlace {
    program: AtomicPtr<PyObject>,
    node: AtomicPtr<Node>,
    /// Told as well, where somebody wants to know what the nodes cost.
    profile: Option<Py<Profile>>,
}

/// Puts the node back that was running before, even if a panic passes.
struct Entered<'a> {
    place: &'a RunningPlace,
    program: *mut PyObject,
    node: *mut Node,
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        self.place.program.store(self.program, Relaxed);
        self.place.node.store(self.node, Relaxed);
    }
}

impl RunningPlace {
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref().map(Py::get)
    }

    /// The node is running until what is given back is dropped; both must live as long as that.
    #[inline]
    fn enter(&self, program: &Bound<'_, Program>, node: &Node) -> Entered<'_> {
        let outer = Entered {
            place: self,
            program: self.program.load(Relaxed),
            node: self.node.load(Relaxed),
        };
        self.program.store(program.as_ptr(), Relaxed);
        self.node.store(ptr::from_ref(node).cast_mut(), Relaxed);
        outer
    }

    fn read<'py>(&self, py: Python<'py>) -> Option<(Bound<'py, Program>, Position)> {
        let (program, node) = (self.program.load(Relaxed), self.node.load(Relaxed));
        // SAFETY: the interpreter is attached, so the render that told the addresses waits for a call
        // into Python, inside the node: its frames hold the program, whose code never changes.
        let (program, node) = unsafe {
            let program = Bound::from_borrowed_ptr_or_opt(py, program)?;
            (program.cast_into::<Program>().ok()?, node.as_ref()?)
        };
        let at = program.get().code().ok()?.place_of(node);
        Some((program, at))
    }
}

#[pymethods]
impl RunningPlace {
    #[new]
    #[pyo3(signature = (profile=None))]
    fn new(profile: Option<Py<Profile>>) -> Self {
        RunningPlace {
            profile,
            ..RunningPlace::default()
        }
    }

    /// The origin, the source, and start, end and line of the token; None between two renders.
    fn token(&self, py: Python<'_>) -> Option<(Py<PyAny>, String, usize, usize, u32)> {
        let (program, at) = self.read(py)?;
        let program = program.get();
        let source = program.source(py);
        let places = Places::new(source.into());
        let (start, end) = (
            places.character(at.span.start),
            places.character(at.span.end),
        );
        let origin = program.origin.clone_ref(py);
        Some((origin, source.to_string(), start, end, at.line))
    }

    /// The origin, the line and the text of the token; None between two renders.
    pub fn told(&self, py: Python<'_>) -> Option<(Py<PyAny>, u32, String)> {
        let (program, at) = self.read(py)?;
        let program = program.get();
        let text = at.span.text(program.source(py)).to_string();
        Some((program.origin.clone_ref(py), at.line, text))
    }
}

impl<'py> Renderer<'py> {
    /// The profile of this render, if somebody wants one.
    #[inline]
    pub fn profile(&self) -> Option<&Profile> {
        self.place.as_ref()?.get().profile()
    }

    /// Renders a node, and tells that it does.
    #[inline]
    pub fn render_observed(&mut self, node: &Node, place: *const RunningPlace) -> PyResult<()> {
        // SAFETY: it is that of `self.place`, which is set before the render and stays until its end.
        let place = unsafe { &*place };
        let _entered = place.enter(&self.program, node);
        match place.profile() {
            None => self.render_content(node),
            Some(profile) => self.render_profiled(node, profile),
        }
    }

    #[cold]
    fn render_profiled(&mut self, node: &Node, profile: &Profile) -> PyResult<()> {
        let program = self.program.clone();
        let at = program.get().code()?.place_of(node);
        let entry = profile.enter(&program, at);
        let started = Instant::now();
        let result = self.render_content(node);
        if let Some(entry) = entry {
            profile.leave(entry, started.elapsed());
        }
        result
    }
}
