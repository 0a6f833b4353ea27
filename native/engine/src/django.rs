//! The Python objects that the engine asks about again and again, looked up once a process.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

/// Types and functions of Django and of `djust_engine.bridge`.
pub struct Django {
    pub safe_string: Py<PyType>,
    pub safe_data: Py<PyType>,
    pub model_base: Py<PyType>,
    pub query_set: Py<PyType>,
    pub base_manager: Py<PyType>,
    pub page: Py<PyType>,
    pub base_context: Py<PyType>,
    pub context_dict: Py<PyType>,
    pub native_node_list: Py<PyType>,
    pub template: Py<PyType>,
    pub block_node: Py<PyType>,
    /// `PartialTemplate`, which Django has from 6.0 on.
    pub partial_template: Option<Py<PyType>>,
    pub does_not_exist: Py<PyType>,
    pub decimal: Py<PyType>,
    /// datetime.date and datetime.time: what `localize` formats beside numbers.
    pub date: Py<PyType>,
    pub time: Py<PyType>,
    pub simple_lazy_object: Py<PyType>,
    pub uuid: Py<PyType>,
    /// zoneinfo.ZoneInfo and datetime.timezone
    pub zone_info: Py<PyType>,
    pub fixed_zone: Py<PyType>,
    pub gettext: Gettext,
    pub pgettext: Gettext,
    /// django.template.base, django.utils.translation, django.utils.timezone
    pub template_base: Py<PyModule>,
    pub translation: Py<PyModule>,
    pub timezone: Py<PyModule>,
    pub bridge: Py<PyModule>,
    /// djust_engine.bridge.locale
    pub locale: Py<PyModule>,
    fetch: PyOnceLock<Py<PyModule>>,
    handed: PyOnceLock<Py<PyModule>>,
}

/// A lazy function of `django.utils.translation`, and the one that it calls in the end.
pub struct Gettext {
    pub lazy: Py<PyAny>,
    pub function: Py<PyAny>,
}

fn gettext(py: Python<'_>, lazy: &str) -> PyResult<Gettext> {
    let lazy = py.import("django.utils.translation")?.getattr(lazy)?;
    let function = lazy.getattr("__wrapped__")?.unbind();
    let lazy = lazy.unbind();
    Ok(Gettext { lazy, function })
}

static DJANGO: PyOnceLock<Django> = PyOnceLock::new();

/// The table, filled at first use (Django must be importable by then).
pub fn django(py: Python<'_>) -> PyResult<&'static Django> {
    DJANGO.get_or_try_init(py, || load(py))
}

fn load(py: Python<'_>) -> PyResult<Django> {
    let class = |module: &str, name: &str| -> PyResult<Py<PyType>> {
        Ok(py
            .import(module)?
            .getattr(name)?
            .cast_into::<PyType>()?
            .unbind())
    };
    Ok(Django {
        safe_string: class("django.utils.safestring", "SafeString")?,
        safe_data: class("django.utils.safestring", "SafeData")?,
        model_base: class("django.db.models.base", "ModelBase")?,
        query_set: class("django.db.models.query", "QuerySet")?,
        base_manager: class("django.db.models.manager", "BaseManager")?,
        page: class("django.core.paginator", "Page")?,
        base_context: class("django.template.context", "BaseContext")?,
        context_dict: class("django.template.context", "ContextDict")?,
        native_node_list: class("djust_engine.nodelist", "NativeNodeList")?,
        template: class("djust_engine.template", "Template")?,
        block_node: class("django.template.loader_tags", "BlockNode")?,
        partial_template: class("django.template.base", "PartialTemplate").ok(),
        does_not_exist: class("django.template.base", "VariableDoesNotExist")?,
        decimal: class("decimal", "Decimal")?,
        date: class("datetime", "date")?,
        time: class("datetime", "time")?,
        simple_lazy_object: class("django.utils.functional", "SimpleLazyObject")?,
        uuid: class("uuid", "UUID")?,
        zone_info: class("zoneinfo", "ZoneInfo")?,
        fixed_zone: class("datetime", "timezone")?,
        gettext: gettext(py, "gettext_lazy")?,
        pgettext: gettext(py, "pgettext_lazy")?,
        template_base: py.import("django.template.base")?.unbind(),
        translation: py.import("django.utils.translation")?.unbind(),
        timezone: py.import("django.utils.timezone")?.unbind(),
        bridge: py.import("djust_engine.bridge")?.unbind(),
        locale: py.import("djust_engine.bridge.locale")?.unbind(),
        fetch: PyOnceLock::new(),
        handed: PyOnceLock::new(),
    })
}

impl Django {
    /// Calls a function of `djust_engine.bridge`.
    pub fn call<'py, A>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
        args: A,
    ) -> PyResult<Bound<'py, PyAny>>
    where
        A: pyo3::call::PyCallArgs<'py>,
    {
        self.bridge.bind(py).getattr(name)?.call1(args)
    }

    /// Whether it is exactly a `Template` of ours, or a `PartialTemplate`.
    pub fn is_template(&self, object: &Bound<'_, PyAny>) -> bool {
        let class = object.get_type_ptr();
        let is = |known: &Py<PyType>| class == known.as_ptr().cast();
        is(&self.template) || self.partial_template.as_ref().is_some_and(is)
    }

    /// `djust_engine.jit.fetch`, imported when data is first touched.
    pub fn fetch<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyModule>> {
        let import = || Ok::<_, PyErr>(py.import("djust_engine.jit.fetch")?.unbind());
        Ok(self.fetch.get_or_try_init(py, import)?.bind(py))
    }

    /// `djust_engine.jit.peers.handed`, imported when something is first handed to code.
    pub fn handed<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyModule>> {
        let import = || Ok::<_, PyErr>(py.import("djust_engine.jit.peers.handed")?.unbind());
        Ok(self.handed.get_or_try_init(py, import)?.bind(py))
    }

    /// True for an exact `SafeString`.
    pub fn is_safe_string(&self, object: &Bound<'_, PyAny>) -> bool {
        object.get_type_ptr() == self.safe_string.as_ptr().cast()
    }

    /// `mark_safe(text)`.
    pub fn mark_safe<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        self.safe_string.bind(py).call1((text,))
    }
}
