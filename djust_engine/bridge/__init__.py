"""What the native renderer asks of Django.

Called from Rust by name: `locale` as a module of its own, all else here, where the module of a
function is imported when it is first asked for. Each function repeats, or calls, the part of Django
that it names; none keeps state.
"""

from importlib import import_module
from typing import Any

# Module -> the functions and classes of it that Rust asks for.
_NAMES = {
    "djust_engine.running": ("render_observed",),
    "djust_engine.bridge.addresses": (
        "find_routes",
        "prefix",
        "static_base",
        "static_url",
        "url",
    ),
    "djust_engine.bridge.errors": (
        "annotate",
        "log_lookup",
        "logs_lookups",
        "note_places",
        "syntax_error",
        "undefined",
    ),
    "djust_engine.bridge.tags": (
        "csrf_input",
        "debug",
        "default_fragments",
        "fragment_timeout",
        "grouped",
        "lorem",
        "make_template_fragment_key",
        "named_fragments",
        "now",
        "spaceless",
        "width_ratio",
    ),
    "djust_engine.bridge.templates": (
        "NodeKey",
        "absolute_name",
        "block_in",
        "engine_facts",
        "enter_parent",
        "included_program",
        "included_template",
        "inclusion_template",
        "new_context",
        "render_parent",
    ),
    "djust_engine.bridge.values": (
        "Variable",
        "conditional_escape",
        "float",
        "int",
        "local_time",
        "mark_safe",
        "render_value_in_context",
        "translated",
        "wants_arguments",
    ),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    found = globals()[name] = getattr(import_module(home), name)
    return found
