"""Puts our Engine, Template and backend where Django's tests look for Django's.

Must run before any test module is imported: those say `from django.template import Engine`.
With DJUST_VERIFY=raise in the environment, each outermost render of our templates is compared with
Django's (`djust_engine.verify`).
"""

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import django.template
import django.template.backends.django
import django.template.engine

if TYPE_CHECKING:
    from djust_engine.decisions import Decision

VERIFY = os.environ.get("DJUST_VERIFY")
ENGINES = ("django", "djust")


class Tally:
    """How many templates and renders were native, and what the others left to Django.

    A template is "native" as a whole, "mixed" with nodes or filters of others, or Django's.
    """

    def __init__(self) -> None:
        self.templates: Counter[str] = Counter()
        self.renders: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.latest = ""

    def note(self, decision: "Decision") -> None:
        """A receiver of decisions: one of a template, then those of its nodes."""
        if decision.kind == "template":
            self.latest = decision.mode
            self.templates[self.latest] += 1
        elif decision.kind == "node" and self.latest == "native":
            self.templates["native"] -= 1
            self.latest = "mixed"
            self.templates[self.latest] += 1
        if decision.kind in ("template", "node") and decision.mode == "django":
            self.reasons[reason(decision)] += 1

    def as_dict(self) -> dict[str, dict[str, int]]:
        counters = {"templates": self.templates, "renders": self.renders, "reasons": self.reasons}
        return {name: dict(counter) for name, counter in counters.items()}


def reason(decision: "Decision") -> str:
    """What was left to Django, without the place: `tag lorem: ...`, `template: ...`."""
    for noun in ("tag", "filter"):
        if noun in decision.detail:
            return f"{noun} {decision.detail[noun]}: {decision.reason}"
    return f"template: {decision.reason}"


def install(engine: str, tally: Tally) -> None:
    """Makes Django's public template classes those of `engine`, and counts what is native."""
    if engine == "django":
        return
    from djust_engine import decisions, verify
    from djust_engine import template as ours
    from djust_engine.backends import django as backend

    django.template.Engine = django.template.engine.Engine = backend.Engine
    django.template.backends.django.Engine = backend.Engine
    django.template.backends.django.DjangoTemplates = backend.DjustTemplates
    django.template.Template = ours.Template
    decisions.subscribe(tally.note)
    count_renders(ours, tally)
    if VERIFY:
        verify_renders(ours, verify)


def count_renders(ours: Any, tally: Tally) -> None:
    """Counts in a method of its own: the test runner instruments that of the class below."""

    def _render(template: Any, context: Any) -> str:
        native = isinstance(template.nodelist, ours.NativeNodeList)
        tally.renders["native" if native else "django"] += 1
        return super(ours.Template, template)._render(context)

    ours.Template._render = _render


def verify_renders(ours: Any, verify: Any) -> None:
    """Compares each render that is not inside another one, whoever asks for it."""

    def render(template: Any, context: Any) -> str:
        if context.template is not None or verify.current_side():
            return super(ours.Template, template).render(context)
        twin = verify.make_twin(template, None, VERIFY)
        return verify.verified(verify.Comparison(template, twin), context, VERIFY)

    ours.Template.render = render
