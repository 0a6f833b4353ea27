//! How often each node ran and how long it took, as a tree of who rendered whom.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use djust_syntax::ast::Position;
use pyo3::prelude::*;

use crate::program::Program;
use crate::value::row::Row;

/// A tree of recursive includes is told so far, and no further.
const MOST_ENTRIES: usize = 20_000;

/// Of a node: index of the entry around it, origin, line, text of the tag; how often it ran, seconds;
/// queries that ran while it was the innermost node, their seconds; and those that Django would have
/// run there for what was read of rows.
type Told = (
    (Option<usize>, Py<PyAny>, u32, String),
    (u64, f64),
    (u64, f64),
    u64,
);

/// What ran during the renders of one request; kept in the order in which nodes were first entered.
#[pyclass(frozen, module = "djust_engine._native")]
#[derive(Default)]
pub struct Profile {
    recorded: Mutex<Recorded>,
}

#[derive(Default)]
struct Recorded {
    entries: Vec<Entry>,
    /// By the entry around, the address of the program (which its entry keeps alive), and the start.
    known: HashMap<(Option<usize>, usize, u32), usize>,
    /// The nodes that are being rendered, outermost first.
    running: Vec<usize>,
    /// Related objects that were read of a row: its tuple and the shape of the object, by address.
    reached: HashSet<(usize, usize)>,
}

struct Entry {
    around: Option<usize>,
    program: Py<Program>,
    at: Position,
    calls: u64,
    time: Duration,
    queries: u64,
    query_seconds: f64,
    avoided: u64,
}

impl Profile {
    fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A node is entered; gives its entry, or nothing when there are too many.
    pub fn enter(&self, program: &Bound<'_, Program>, at: Position) -> Option<usize> {
        let mut recorded = self.lock();
        let around = recorded.running.last().copied();
        let key = (around, program.as_ptr() as usize, at.span.start);
        let known = recorded.known.get(&key).copied();
        let entry = match known {
            Some(entry) => entry,
            None if recorded.entries.len() >= MOST_ENTRIES => return None,
            None => recorded.add(key, Entry::new(around, program, at)),
        };
        recorded.running.push(entry);
        Some(entry)
    }

    /// The node of the entry was left, and with it whatever ran inside.
    pub fn leave(&self, entry: usize, time: Duration) {
        let mut recorded = self.lock();
        if let Some(depth) = recorded.running.iter().rposition(|one| *one == entry) {
            recorded.running.truncate(depth);
        }
        recorded.entries[entry].calls += 1;
        recorded.entries[entry].time += time;
    }

    /// A related object was read of a row; Django asks for it once.
    pub fn reach(&self, related: &Row<'_>) {
        let mut recorded = self.lock();
        let key = (
            related.tuple.as_ptr() as usize,
            related.shape.as_ptr() as usize,
        );
        if recorded.reached.insert(key) {
            recorded.avoid();
        }
    }

    /// The objects of a related manager of a row were read; Django asks for them each time.
    pub fn avoid(&self) {
        self.lock().avoid();
    }
}

impl Recorded {
    fn avoid(&mut self) {
        if let Some(entry) = self.running.last().copied() {
            self.entries[entry].avoided += 1;
        }
    }

    fn add(&mut self, key: (Option<usize>, usize, u32), entry: Entry) -> usize {
        let index = self.entries.len();
        self.entries.push(entry);
        self.known.insert(key, index);
        index
    }
}

impl Entry {
    fn new(around: Option<usize>, program: &Bound<'_, Program>, at: Position) -> Self {
        Entry {
            around,
            program: program.clone().unbind(),
            at,
            calls: 0,
            time: Duration::ZERO,
            queries: 0,
            query_seconds: 0.0,
            avoided: 0,
        }
    }

    fn told(&self, py: Python<'_>) -> Told {
        let program = self.program.get();
        let text = self.at.span.text(program.source(py));
        (
            (
                self.around,
                program.origin.clone_ref(py),
                self.at.line,
                text.to_string(),
            ),
            (self.calls, self.time.as_secs_f64()),
            (self.queries, self.query_seconds),
            self.avoided,
        )
    }
}

#[pymethods]
impl Profile {
    #[new]
    fn new() -> Self {
        Profile::default()
    }

    /// A query ran: counted for the innermost node that is being rendered, whose entry is given.
    fn query(&self, seconds: f64) -> Option<usize> {
        let mut recorded = self.lock();
        let entry = recorded.running.last().copied()?;
        recorded.entries[entry].queries += 1;
        recorded.entries[entry].query_seconds += seconds;
        Some(entry)
    }

    /// Every node that ran; see `djust_engine.profile.Entry`.
    fn entries(&self, py: Python<'_>) -> Vec<Told> {
        self.lock().entries.iter().map(|one| one.told(py)).collect()
    }
}
