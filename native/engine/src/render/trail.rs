//! The places that an exception passes on its way out of a render, for the note that it leaves with.

use std::cell::Cell;

use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;

use super::Renderer;
use crate::django::django;
use crate::program::{Content, Node, NodeKind, Program};

/// Of a runaway recursion, the innermost places are kept.
const MOST_PLACES: usize = 30;

thread_local! {
    /// Counts the renders of this thread.
    static RENDERS: Cell<u64> = const { Cell::new(0) };
    /// The address of the exception that was noted last, and the count at that moment.
    static NOTED: Cell<(usize, u64)> = const { Cell::new((0, 0)) };
}

/// The number of a render that begins.
pub fn begin() -> u64 {
    RENDERS.set(RENDERS.get() + 1);
    RENDERS.get()
}

/// Whether the exception was noted by a render inside the one that began as `number`: the same object
/// may have been raised, and noted, long before. From now on this render has noted it.
fn was_noted_inside(number: u64, error: &Bound<'_, PyBaseException>) -> bool {
    let address = error.as_ptr() as usize;
    let (noted, at) = NOTED.replace((address, RENDERS.get()));
    noted == address && at > number
}

pub struct Trail<'py> {
    error: Bound<'py, PyBaseException>,
    places: Vec<Place<'py>>,
}

struct Place<'py> {
    /// How the template of the place before came to be rendered here; of the innermost place, how
    /// that would be if something had been.
    relation: String,
    program: Bound<'py, Program>,
    line: u32,
}

impl<'py> Renderer<'py> {
    /// Notes the innermost node, and each further one at which another template was entered.
    #[cold]
    pub fn pass(&mut self, error: &PyErr, node: &Node) {
        let error = error.value(self.py).clone();
        let mut trail = match self.trail.take() {
            Some(trail) if trail.leads_to(&error) => Trail { error, ..trail },
            _ => Trail {
                error,
                places: Vec::new(),
            },
        };
        if let Some(relation) = trail.relation(&node.content, &self.program) {
            let program = self.program.clone();
            let line = program
                .get()
                .code()
                .map_or(node.at, |code| code.place_of(node))
                .line;
            trail.places.push(Place {
                relation,
                program,
                line,
            });
        }
        self.trail = Some(trail);
    }

    /// The exception with its note, as it leaves the render.
    #[cold]
    pub fn noted(&mut self, error: PyErr) -> PyErr {
        let Some(trail) = self.trail.take() else {
            return error;
        };
        if error.value(self.py).is(&trail.error) {
            let places: Vec<_> = trail.places.iter().map(Place::fields).collect();
            let inside = was_noted_inside(self.number, &trail.error);
            let name = intern!(self.py, "note_places");
            // What the template raised is what the user must see, whether or not it takes a note.
            let _ = django(self.py)
                .and_then(|table| table.call(self.py, name, (trail.error, places, inside)));
        }
        error
    }
}

impl<'py> Trail<'py> {
    /// The same exception, or one that was raised while it was being handled.
    fn leads_to(&self, error: &Bound<'py, PyBaseException>) -> bool {
        let is_handled = || {
            let context = error.getattr(intern!(error.py(), "__context__"));
            context.is_ok_and(|context| context.is(&self.error))
        };
        error.is(&self.error) || is_handled()
    }

    fn relation(&self, content: &Content, program: &Bound<'py, Program>) -> Option<String> {
        if self.places.len() >= MOST_PLACES {
            return None;
        }
        let last = self.places.last();
        let is_elsewhere = last.is_none_or(|last| !last.program.is(program));
        let tag = match content {
            Content::Tag(tag) => Some(&**tag),
            Content::Text(_) | Content::Variable(_) => None,
        };
        match tag {
            Some(NodeKind::Include { .. }) => Some("included from".into()),
            Some(NodeKind::Extends { .. }) => Some("extended by".into()),
            Some(NodeKind::Partial { name }) => Some(format!("in partial \"{name}\" of")),
            Some(NodeKind::Block { name, .. }) if is_elsewhere => {
                Some(format!("in block \"{name}\" of"))
            }
            _ => is_elsewhere.then(|| "rendered from".into()),
        }
    }
}

impl<'py> Place<'py> {
    fn fields(&self) -> (&str, &Py<PyAny>, u32) {
        (&self.relation, &self.program.get().origin, self.line)
    }
}
