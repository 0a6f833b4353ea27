"""What is told of an exception, and of a lookup that failed."""

import logging
from types import SimpleNamespace
from typing import Any

from django.template import TemplateSyntaxError, base

__all__ = ["annotate", "log_lookup", "logs_lookups", "note_places", "syntax_error", "undefined"]

_template_logger = logging.getLogger("django.template")
_PLACES = "Template stack, innermost first:"
_MOST_PLACES = 40


def logs_lookups() -> bool:
    """Whether the logger `django.template` wants to know of failed lookups."""
    return _template_logger.isEnabledFor(logging.DEBUG)


def log_lookup(context: Any, bit: str, error: BaseException) -> None:
    _template_logger.debug(
        "Exception while resolving variable '%s' in template '%s'.",
        bit,
        getattr(context, "template_name", None) or "unknown",
        exc_info=error,
    )


def annotate(
    error: Any,
    context: Any,
    origin: Any,
    source: str,
    place: tuple[int, int, int],
) -> None:
    """Note the innermost node on an exception, as `Node.render_annotated` does in debug mode."""
    start, end, line = place
    if not hasattr(error, "_culprit_node"):
        contents = source[start:end]
        token = base.Token(base.TokenType.BLOCK, contents, (start, end), line)
        error._culprit_node = SimpleNamespace(token=token, origin=origin)
    template = context.render_context.template
    culprit = error._culprit_node
    if not hasattr(error, "template_debug") and template.origin == culprit.origin:
        error.template_debug = template.get_exception_info(error, culprit.token)


def note_places(
    error: BaseException, places: list[tuple[str, Any, int]], was_noted_inside: bool
) -> None:
    """Note on an exception which templates it came through, as (relation, origin, line).

    There is one note: the render around the one that wrote it adds to it.
    """
    notes = getattr(error, "__notes__", [])
    own = [at for at, note in enumerate(notes) if str(note).startswith(_PLACES)]
    lines = notes[own[0]].splitlines() if own and was_noted_inside else [_PLACES]
    for relation, origin, line in places:
        if len(lines) == 1:
            relation = "in"
        elif relation == "rendered from" and f" {origin.name}:" in lines[-1]:
            continue
        lines.append(f"  {relation} {origin.name}:{line}")
    note = "\n".join(lines[:_MOST_PLACES])
    if own:
        notes[own[0]] = note
    else:
        error.add_note(note)


def undefined(
    context: Any, place: tuple[Any, int, str] | None, names: list[str], bit: int, on: Any
) -> None:
    """Tell of a variable that nobody defined; see `djust_engine.strict`."""
    from djust_engine import strict

    strict.undefined(context, place, names, bit, on)


def percent_formatted(message: str, value: Any) -> str:
    """``message % value``, as Django writes it: a tuple is taken for its arguments."""
    text: str = message % value
    return text


def syntax_error(message: str, error: BaseException) -> TemplateSyntaxError:
    """The exception, as if raised while `error` was being handled."""
    made = TemplateSyntaxError(message)
    made.__context__ = error
    return made
