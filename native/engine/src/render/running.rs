//! Which node is being rendered, for whoever looks up the stack: in debug mode, and where queries
//! are watched.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use djust_syntax::ast::Position;
use pyo3::prelude::*;

use super::Renderer;
use super::profile::Profile;
use crate::places::Places;
use crate::program::{Node, Program};

type Running = Option<(Py<Program>, Position)>;

/// Told by a render where it is, read by `djust_engine.running.RunningNode`.
#[pyclass(frozen, module = "djust_engine._native")]
#[derive(Default)]
pub struct RunningPlace {
    running: Mutex<Running>,
    /// Told as well, where somebody wants to know what the nodes cost.
    profile: Option<Py<Profile>>,
}

impl RunningPlace {
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref().map(Py::get)
    }

    fn replace(&self, running: Running) -> Running {
        let mut place = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut place, running)
    }

    fn read(&self, py: Python<'_>) -> Running {
        let place = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (program, at) = place.as_ref()?;
        Some((program.clone_ref(py), *at))
    }
}

#[pymethods]
impl RunningPlace {
    #[new]
    #[pyo3(signature = (profile=None))]
    fn new(profile: Option<Py<Profile>>) -> Self {
        RunningPlace {
            running: Mutex::default(),
            profile,
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
    fn told(&self, py: Python<'_>) -> Option<(Py<PyAny>, u32, String)> {
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
    #[cold]
    pub fn render_observed(&mut self, node: &Node, place: &Py<RunningPlace>) -> PyResult<()> {
        let place = place.get();
        let program = self.program.clone();
        let at = program.get().code()?.place_of(node);
        let entered = place
            .profile()
            .and_then(|profile| profile.enter(&program, at).map(|entry| (profile, entry)));
        let outer = place.replace(Some((program.unbind(), at)));
        let entered = entered.map(|(profile, entry)| (profile, entry, Instant::now()));
        let result = self.render_content(node);
        if let Some((profile, entry, started)) = entered {
            profile.leave(entry, started.elapsed());
        }
        place.replace(outer);
        result
    }
}
