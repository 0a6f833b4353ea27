"""Form renderers: what `FORM_RENDERER` may name so that forms render natively.

`django.forms` builds an engine of its own, whatever TEMPLATES says. `DjustFormRenderer` is its
default renderer with that engine made of ours. A project whose renderer is `TemplatesSetting` needs
none of it: that one asks the engines of TEMPLATES.
"""

from typing import Any, cast

from django.forms import renderers
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import reraise
from django.utils.safestring import SafeString

from djust_engine import conf
from djust_engine.backends.django import DjustTemplates
from djust_engine.template import Template

_get_template = renderers.EngineMixin.get_template


class DjustFormRenderer(renderers.DjangoTemplates):
    """`django.forms.renderers.DjangoTemplates`: the same templates, rendered natively."""

    backend = DjustTemplates
    engine: DjustTemplates

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> SafeString:
        """`BaseRenderer.render`; a template at hand is rendered without a wrapper of the backend.

        Raises TemplateDoesNotExist, and what templates raise.
        """
        template = self._at_hand(template_name)
        if template is None or request is not None or type(context) is not dict:
            return cast("SafeString", super().render(template_name, context, request))
        try:
            text: Any = template.render_values(context, self.engine.engine.autoescape)
        except TemplateDoesNotExist as exc:
            reraise(exc, self.engine)
        stripped: SafeString = text.strip()
        return stripped

    def _at_hand(self, name: str) -> Template | None:
        """The template that the engine keeps; None where somebody else has a say."""
        if conf.start().VERIFY or type(self).get_template is not _get_template:
            return None
        backend = self.engine
        kept = backend.engine.kept_templates() if type(backend) is DjustTemplates else None
        template = kept.get(name) if kept is not None and type(name) is str else None
        return template if type(template) is Template else None
