"""What the native renderer asks of Django.

Called from Rust by name: `locale` as a module of its own, all else here. Each function repeats, or
calls, the part of Django that it names; none keeps state.
"""

from djust_engine.running import render_observed

from .addresses import (
    find_routes,
    prefix,
    static_base,
    static_url,
    url,
)
from .errors import (
    annotate,
    log_lookup,
    logs_lookups,
    note_places,
    syntax_error,
    undefined,
)
from .tags import (
    csrf_input,
    debug,
    default_fragments,
    fragment_timeout,
    grouped,
    lorem,
    make_template_fragment_key,
    named_fragments,
    now,
    spaceless,
    width_ratio,
)
from .templates import (
    NodeKey,
    absolute_name,
    block_in,
    engine_facts,
    enter_parent,
    included_program,
    included_template,
    inclusion_template,
    new_context,
    render_parent,
)
from .values import (
    Variable,
    conditional_escape,
    float,
    int,
    local_time,
    mark_safe,
    render_value_in_context,
    translated,
    wants_arguments,
)

__all__ = [
    "NodeKey",
    "Variable",
    "absolute_name",
    "annotate",
    "block_in",
    "conditional_escape",
    "csrf_input",
    "debug",
    "default_fragments",
    "engine_facts",
    "enter_parent",
    "find_routes",
    "float",
    "fragment_timeout",
    "grouped",
    "included_program",
    "included_template",
    "inclusion_template",
    "int",
    "local_time",
    "log_lookup",
    "logs_lookups",
    "lorem",
    "make_template_fragment_key",
    "mark_safe",
    "named_fragments",
    "new_context",
    "note_places",
    "now",
    "prefix",
    "render_observed",
    "render_parent",
    "render_value_in_context",
    "spaceless",
    "static_base",
    "static_url",
    "syntax_error",
    "translated",
    "undefined",
    "url",
    "wants_arguments",
    "width_ratio",
]
