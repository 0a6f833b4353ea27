"""Django's own engine beside ours: the same options and the same sources, compiled by Django."""

from __future__ import annotations

from typing import Any, Self

from django.template import base
from django.template.engine import Engine as DjangoEngine

from djust_engine.template import Template as NativeTemplate


class TwinEngine(DjangoEngine):
    """An engine that is another one, but for the class of its templates.

    It shares all attributes, and so the loaders: a template that is found is ours, and is compiled
    again from its source. What resets the loaders of the one resets those of the other.
    """

    @classmethod
    def of(cls, engine: DjangoEngine) -> Self:
        twin = cls.__new__(cls)
        # The loaders are made when they are first asked for: here, by the engine whose they are.
        assert engine.template_loaders is not None
        twin.__dict__ = engine.__dict__
        return twin

    def find_template(self, name: str, dirs: Any = None, skip: Any = None) -> Any:
        template, origin = super().find_template(name, dirs, skip)
        return self.compiled(template), origin

    def compiled(self, template: Any) -> Any:
        return twin_of(template, self)


def twin_of(template: Any, twin_engine: DjangoEngine | None = None) -> Any:
    """Django's template of the source of ours, made once; a template of another kind is itself."""
    if not isinstance(template, NativeTemplate):
        return template
    if template.twin is None:
        engine = twin_engine or TwinEngine.of(template.engine)
        template.twin = base.Template(template.source, template.origin, template.name, engine)
    return template.twin
