"""Puts our Engine, Template and backend where Django's tests look for Django's.

Must run before any test module is imported: those say `from django.template import Engine`.
With DJUST_VERIFY=raise in the environment, each outermost render of our templates is compared with
Django's (`djust_engine.verify`).
"""

import os
from typing import Any

import django.template
import django.template.backends.django
import django.template.engine
from django.conf import global_settings

from tests.conformance.tally import Tally

VERIFY = os.environ.get("DJUST_VERIFY")
ENGINES = ("django", "djust")
FORM_RENDERER = "djust_engine.DjustFormRenderer"


def install(engine: str, tally: Tally, *, form_renderer: bool) -> None:
    """Makes Django's public template classes those of `engine`, and counts what is native."""
    if engine == "django":
        return
    from djust_engine import decisions, verify
    from djust_engine import template as ours
    from djust_engine.backends import django as backend

    if form_renderer:
        global_settings.FORM_RENDERER = FORM_RENDERER
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
        tally.count_render(mode_of(template))
        return super(ours.Template, template)._render(context)

    def mode_of(template: Any) -> str:
        known: str | None = vars(template).get("mode_of_nodes")
        if known is None or getattr(template.nodelist, "program", None) is None:
            template.mode_of_nodes = known = mode_of_entries(ours.explain(template))
        return known

    ours.Template._render = _render


def mode_of_entries(entries: list[Any]) -> str:
    """One of `tally.MODES`, from what `explain()` says of a template."""
    if any(entry.kind == "template" for entry in entries):
        return "django"
    if any(not entry.is_call for entry in entries):
        return "mixed"
    return "calls" if entries else "native"


def verify_renders(ours: Any, verify: Any) -> None:
    """Compares each render that is not inside another one, whoever asks for it."""

    def render(template: Any, context: Any) -> str:
        if context.template is not None or verify.current_side():
            return super(ours.Template, template).render(context)
        twin = verify.make_twin(template, None, VERIFY)
        return verify.verified(verify.Comparison(template, twin), context, VERIFY)

    ours.Template.render = render
