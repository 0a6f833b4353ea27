"""Puts our Engine, Template and backend where Django's tests look for Django's.

Must run before any test module is imported: those say `from django.template import Engine`.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

import django.template
import django.template.backends.django
import django.template.engine

if TYPE_CHECKING:
    from djust_engine.decisions import Decision

ENGINES = ("django", "djust")


class Tally:
    """How many templates and renders were native, and why the others were not."""

    def __init__(self) -> None:
        self.templates: Counter[str] = Counter()
        self.renders: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def note(self, decision: "Decision") -> None:
        """A receiver of decisions."""
        if decision.kind == "template":
            self.templates[decision.mode] += 1
        if decision.kind in ("template", "node") and decision.mode == "django":
            self.reasons[f"{decision.kind}: {decision.reason}"] += 1

    def as_dict(self) -> dict[str, dict[str, int]]:
        return {name: dict(counter) for name, counter in vars(self).items()}


def install(engine: str, tally: Tally) -> None:
    """Makes Django's public template classes those of `engine`, and counts what is native."""
    if engine == "django":
        return
    from djust_engine import decisions
    from djust_engine import template as ours
    from djust_engine.backends import django as backend

    django.template.Engine = django.template.engine.Engine = backend.Engine
    django.template.backends.django.Engine = backend.Engine
    django.template.backends.django.DjangoTemplates = backend.DjustTemplates
    django.template.Template = ours.Template
    decisions.subscribe(tally.note)
    count_renders(ours, tally)


def count_renders(ours: Any, tally: Tally) -> None:
    """Counts in a method of its own: the test runner instruments that of the class below."""

    def _render(template: Any, context: Any) -> str:
        native = isinstance(template.nodelist, ours.NativeNodeList)
        tally.renders["native" if native else "django"] += 1
        return super(ours.Template, template)._render(context)

    ours.Template._render = _render
