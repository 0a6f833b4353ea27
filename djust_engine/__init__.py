"""djust_engine: a Django template backend in Rust.

The public names are imported when they are first used, so that `import djust_engine` works before
Django's settings are configured.
"""

from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_EXTENSION = "djust_engine._native"

# Public name -> the module that defines it.
_HOMES = {
    "DjustFormRenderer": "djust_engine.renderers",
    "DjustTemplates": "djust_engine.backends.django",
    "extract_template_variables": _EXTENSION,
    "analyze_queryset_optimization": "djust_engine.jit.optimizer",
    "optimize_queryset": "djust_engine.jit.optimizer",
    "generate_serializer_code": "djust_engine.jit.codegen",
    "compile_serializer": "djust_engine.jit.codegen",
    "get_serializer_source": "djust_engine.jit.codegen",
    "serialize": "djust_engine.jit.serialize",
    "SerializerCache": "djust_engine.jit.cache",
    "UnplannedQuery": "djust_engine.guards",
    "WarmedUp": "djust_engine.warming",
    "untouched": "djust_engine.switches",
    "warm_up": "djust_engine.warming",
}

__all__ = [
    "DjustFormRenderer",
    "DjustTemplates",
    "SerializerCache",
    "UnplannedQuery",
    "WarmedUp",
    "__version__",
    "analyze_queryset_optimization",
    "compile_serializer",
    "extract_template_variables",
    "generate_serializer_code",
    "get_serializer_source",
    "optimize_queryset",
    "serialize",
    "untouched",
    "warm_up",
]

if TYPE_CHECKING:
    from djust_engine._native import extract_template_variables
    from djust_engine.backends.django import DjustTemplates
    from djust_engine.guards import UnplannedQuery
    from djust_engine.jit.cache import SerializerCache
    from djust_engine.jit.codegen import (
        compile_serializer,
        generate_serializer_code,
        get_serializer_source,
    )
    from djust_engine.jit.optimizer import analyze_queryset_optimization, optimize_queryset
    from djust_engine.jit.serialize import serialize
    from djust_engine.renderers import DjustFormRenderer
    from djust_engine.switches import untouched
    from djust_engine.warming import WarmedUp, warm_up


def __getattr__(name: str) -> Any:
    if name == "_native":
        return _extension()
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(_extension() if home == _EXTENSION else import_module(home), name)


def _extension() -> Any:
    """The compiled module; an ImportError that tells the remedy where there is none."""
    try:
        return import_module(_EXTENSION)
    except ModuleNotFoundError as error:
        if error.name != _EXTENSION:
            raise
        message = (
            f"djust_engine is here without its extension for this interpreter "
            f"(_native{EXTENSION_SUFFIXES[0]}): install djust-engine again with this interpreter, "
            f"or build the extension (make build)."
        )
        raise ImportError(message) from error


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
