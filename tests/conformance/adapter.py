"""Puts our Engine, Template and backend where Django's tests look for Django's.

Must run before any test module is imported: those say `from django.template import Engine`.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import django.template
import django.template.backends.django
import django.template.base
import django.template.engine

ENGINES = ("django", "djust")


class Tally:
    """How many templates and renders were native, and why the others were not."""

    def __init__(self) -> None:
        self.templates: Counter[str] = Counter()
        self.renders: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def as_dict(self) -> dict[str, dict[str, int]]:
        return {
            "templates": dict(self.templates),
            "renders": dict(self.renders),
            "reasons": dict(self.reasons),
        }


def install(engine: str, tally: Tally) -> None:
    """Makes Django's public template classes those of `engine`, and counts what is native."""
    if engine == "django":
        return
    from djust_engine import template as ours
    from djust_engine.backends import django as backend

    django.template.Engine = django.template.engine.Engine = backend.Engine
    django.template.backends.django.Engine = backend.Engine
    django.template.backends.django.DjangoTemplates = backend.DjustTemplates
    django.template.Template = django.template.base.Template = ours.Template
    count_templates(ours, tally)
    count_renders(ours, tally)


def count_templates(ours: Any, tally: Tally) -> None:
    compile_nodelist = ours.Template.compile_nodelist

    def counted(template: Any) -> Any:
        nodelist = compile_nodelist(template)
        tally.templates[kind(ours, nodelist)] += 1
        return nodelist

    ours.Template.compile_nodelist = counted


def count_renders(ours: Any, tally: Tally) -> None:
    render: Callable[..., str] = ours.Template._render

    def counted(template: Any, context: Any) -> str:
        tally.renders[kind(ours, template.nodelist)] += 1
        return render(template, context)

    ours.Template._render = counted


def kind(ours: Any, nodelist: Any) -> str:
    return "native" if isinstance(nodelist, ours.NativeNodeList) else "django"
