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
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
