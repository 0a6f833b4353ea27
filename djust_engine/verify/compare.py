"""One render by both engines: what is rendered when, with what, and which outcomes are compared."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, cast

from djust_engine.nodelist import NativeNodeList

from .observe import DJANGO, OURS, Outcome, observe, observe_unseen
from .report import (
    Difference,
    described,
    described_queries,
    excerpt,
    first_difference,
    is_same,
    note,
    report,
)
from .snapshot import copy_context
from .trace import Place, Trace, TracingEngine
from .twins import TwinEngine, twin_of

INCOMPARABLE = "its nodes are not those of its source"
UNSTABLE = "Django does not render it alike twice"


@dataclass(frozen=True)
class Comparison:
    """A template, Django's twin of it, and the name under which an engine finds them, if any."""

    template: Any
    twin: Any
    name: str | None = None

    @property
    def is_possible(self) -> bool:
        """Whether ours renders the source: not when its nodes were changed, or are Django's own."""
        nodelist = self.template.nodelist
        is_edited = isinstance(nodelist, NativeNodeList) and nodelist.program is None
        return self.twin is not self.template and not is_edited

    def traced(self) -> tuple[Any, Trace]:
        """Django's template once more, with a trace of its render."""
        engine = TracingEngine.of(self.template.engine)
        found = engine.get_template(self.name) if self.name else engine.compiled(self.template)
        return found, engine.trace


def make_twin(template: Any, name: str | None, mode: str) -> Any:
    """Django's twin of a template; raises what Django's parser says of a template of ours."""
    try:
        return TwinEngine.of(template.engine).get_template(name) if name else twin_of(template)
    except Exception as error:  # whatever a compile function raises is Django's answer
        django = described(Outcome(None, error, []))
        place = Place(template.origin.name, 0)
        report(Difference("error", place, django, "a template that compiles"), mode)
        raise


def verified(comparison: Comparison, context: Any, mode: str) -> str:
    """Render an unbound context with Django and with ours; return, or raise, what Django made.

    Raises VerificationError for a difference when `mode` is "raise".
    """
    if not comparison.is_possible:
        note(comparison.template, "unstable", INCOMPARABLE)
        text: str = comparison.template.render(context)
        return text
    chance = random.getstate()
    django, pristine = _render_first(comparison.twin, context)
    ours = observe_unseen(lambda: _render_copy(comparison.template, pristine), OURS, chance)
    if is_same(ours, django) and len(ours.queries) <= len(django.queries):
        note(comparison.template, "same")
    else:
        _look_again(comparison, pristine, chance, ours, django, mode)
    if django.error is not None:
        raise django.error
    return cast("str", django.text)


def _render_first(twin: Any, context: Any) -> tuple[Outcome, Any]:
    """Render as `Template.render` does; return the outcome, and the context as it was before."""
    with context.render_context.push_state(twin), context.bind_template(twin):
        context.template_name = twin.name
        pristine = copy_context(context)
        return observe(lambda: twin._render(context), DJANGO), pristine


def _render_copy(template: Any, pristine: Any) -> str:
    """Render with a copy of a context that was bound before: its processors have run."""
    context = copy_context(pristine)
    context.template = template
    context.template_name = template.name
    with context.render_context.push_state(template):
        text: str = template._render(context)
        return text


def _look_again(
    comparison: Comparison, pristine: Any, chance: Any, ours: Outcome, django: Outcome, mode: str
) -> None:
    """Report a difference, unless Django differs from itself as well."""
    template, trace = comparison.traced()
    again = observe_unseen(lambda: _render_copy(template, pristine), DJANGO, chance)
    trace.root.text = again.text or ""
    if not is_same(ours, django):
        if not is_same(again, django):
            note(comparison.template, "unstable", UNSTABLE)
        else:
            report(_difference(comparison, trace, ours, again), mode)
    elif len(ours.queries) > len(again.queries):
        report(_more_queries(comparison, ours, again), mode)
    else:
        note(comparison.template, "unstable", UNSTABLE)


def _difference(comparison: Comparison, trace: Trace, ours: Outcome, django: Outcome) -> Difference:
    start = Place(comparison.template.origin.name, 0)
    if ours.text is None or django.text is None:
        place = trace.place_of_failure() or start
        return Difference("error", place, described(django), described(ours))
    if type(ours.text) is not type(django.text):
        kinds = [type(outcome.text).__name__ for outcome in (django, ours)]
        return Difference("type", start, *kinds)
    at = first_difference(ours.text, django.text)
    place = trace.place_of(at) or start
    return Difference("text", place, excerpt(django.text, at), excerpt(ours.text, at))


def _more_queries(comparison: Comparison, ours: Outcome, django: Outcome) -> Difference:
    place = Place(comparison.template.origin.name, 0)
    texts = described_queries(django, ours), described_queries(ours, django)
    return Difference("queries", place, *texts)
