"""The backend that a project names in TEMPLATES, and its engine.

`DjustTemplates` is `DjangoTemplates` but for the templates that its engine builds: their source
goes to `djust_engine.template` instead of to Django's parser.
"""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, reraise
from django.template.backends.django import Template as DjangoTemplate
from django.template.engine import Engine as DjangoEngine

from djust_engine import conf
from djust_engine.loaders import make_loader
from djust_engine.template import Explanation, explain
from djust_engine.template import Template as NativeTemplate


class Engine(DjangoEngine):
    """An `Engine` whose own templates, and those of its loaders, are compiled natively."""

    def find_template_loader(self, loader: Any) -> Any:
        made = make_loader(self, loader)
        return super().find_template_loader(loader) if made is None else made

    def find_template(self, name: str, dirs: Any = None, skip: Any = None) -> Any:
        template, origin = super().find_template(name, dirs, skip)
        if not hasattr(template, "render"):
            template = NativeTemplate(template, origin, name, engine=self)
        return template, origin

    def from_string(self, template_code: str) -> NativeTemplate:
        return NativeTemplate(template_code, engine=self)


class Template(DjangoTemplate):
    """What `get_template()` gives to views: Django's, which can also explain itself."""

    def explain(self) -> list[Explanation]:
        """Say, for each node that is not native, the tag or filter, its line and why.

        A template that was left to Django as a whole gives one entry of kind "template".
        """
        return explain(self.template)


class DjustTemplates(DjangoTemplates):
    """`DjangoTemplates` with native templates; OPTIONS are Django's."""

    engine: Engine

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        # Django's constructor knows how to read OPTIONS in each version: only the class differs.
        self.engine.__class__ = Engine

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Django's checks, and ours where no app of ours registers them."""
        ours = [] if apps.is_installed("djust_engine") else conf.check_config()
        return [*super().check(**kwargs), *ours]

    def from_string(self, template_code: str) -> Template:
        conf.start()
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        conf.start()
        try:
            return Template(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as exc:
            reraise(exc, self)
