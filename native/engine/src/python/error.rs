//! Errors on their way to Python: reasons to leave a template to Django, and caught panics.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    djust_engine._native,
    Deopt,
    PyException,
    "The template is left to Django: `code` and `message` say why, `line` where."
);

create_exception!(
    djust_engine._native,
    Panic,
    PyException,
    "A fault of the native engine: Django renders the template instead."
);

/// `Deopt` for an error of the native parser.
pub fn deopt(py: Python<'_>, error: &djust_syntax::Error) -> PyErr {
    deopt_for(py, error.reason.code(), &error.to_string(), error.at.line)
}

/// `Deopt` for a source that is not UTF-8.
pub fn surrogates(py: Python<'_>) -> PyErr {
    deopt_for(py, "surrogates", "the source holds a lone surrogate", 0)
}

fn deopt_for(py: Python<'_>, code: &str, message: &str, line: u32) -> PyErr {
    let raised = Deopt::new_err(message.to_string());
    let value = raised.value(py);
    let told = value
        .setattr("code", code)
        .and_then(|()| value.setattr("message", message))
        .and_then(|()| value.setattr("line", line));
    match told {
        Ok(()) => raised,
        Err(second) => second,
    }
}

/// Runs `work`; a panic inside becomes a Python exception.
pub fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Panic::new_err(told(&*panic))))
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".into())
}
