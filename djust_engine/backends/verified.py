"""What the backend gives to views in verify mode: templates that both engines render."""

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import reraise
from django.template.context import make_context

from djust_engine.verify import (
    DJANGO,
    Comparison,
    current_side,
    make_twin,
    verified,
)

from .django import DjustTemplates, Template


def verified_template(
    template: Any, name: str | None, mode: str, backend: DjustTemplates
) -> Template:
    """The template that both engines render; inside a render of Django's, Django's own.

    Raises what Django's parser raises, where only that refuses the template.
    """
    comparison = Comparison(template, make_twin(template, name, mode), name)
    if current_side() == DJANGO:
        return Template(comparison.twin, backend)
    return VerifiedTemplate(comparison, mode, backend)


class VerifiedTemplate(Template):
    """A template of the backend whose outermost renders are compared."""

    def __init__(self, comparison: Comparison, mode: str, backend: DjustTemplates) -> None:
        super().__init__(comparison.template, backend)
        self.comparison = comparison
        self.mode = mode

    def render(self, context: Any = None, request: HttpRequest | None = None) -> Any:
        """Render as `django.template.backends.django.Template` does."""
        bound = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self._rendered(bound)
        except TemplateDoesNotExist as exc:
            reraise(exc, self.backend)

    def _rendered(self, context: Any) -> str:
        side = current_side()
        if not side:
            return verified(self.comparison, context, self.mode)
        template = self.comparison.twin if side == DJANGO else self.template
        text: str = template.render(context)
        return text
