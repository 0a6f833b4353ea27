//! `djust_engine._native`: the export list, and nothing else.

mod compiler;
mod django;
mod filters;
mod places;
mod program;
mod python;
mod render;
mod routes;
mod value;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::program::Program;
    #[pymodule_export]
    use crate::python::error::{Deopt, Panic};
    #[pymodule_export]
    use crate::python::parser::Cursor;
    #[pymodule_export]
    use crate::python::program::{compile, extract_template_variables};
    #[pymodule_export]
    use crate::render::profile::Profile;
    #[pymodule_export]
    use crate::render::running::RunningPlace;
    #[pymodule_export]
    use crate::routes::Route;
    #[pymodule_export]
    use crate::value::handle::RowHandle;
    #[pymodule_export]
    use crate::value::row::Rows;
    #[pymodule_export]
    use crate::value::shape::Shape;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let own = env!("CARGO_PKG_VERSION");
        let package = module.py().import("djust_engine")?.getattr("__version__")?;
        if !package.eq(own)? {
            return Err(PyImportError::new_err(format!(
                "The extension djust_engine._native is of version {own}, the package djust_engine of \
                 {package}: install djust-engine again, or build the extension (make build)."
            )));
        }
        module.add("__version__", own)
    }
}
