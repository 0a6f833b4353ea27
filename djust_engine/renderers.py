"""Form renderers: what `FORM_RENDERER` may name so that forms render natively.

`django.forms` builds an engine of its own, whatever TEMPLATES says. `DjustFormRenderer` is its
default renderer with that engine made of ours. A project whose renderer is `TemplatesSetting` needs
none of it: that one asks the engines of TEMPLATES.
"""

from django.forms import renderers

from djust_engine.backends.django import DjustTemplates


class DjustFormRenderer(renderers.DjangoTemplates):
    """`django.forms.renderers.DjangoTemplates`: the same templates, rendered natively."""

    backend = DjustTemplates
