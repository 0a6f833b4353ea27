"""The backend that a project names in TEMPLATES, and its engine.

`DjustTemplates` is `DjangoTemplates` but for the templates that its engine builds: their source
goes to `djust_engine.template` instead of to Django's parser.
"""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage
from django.template import TemplateDoesNotExist, engines
from django.template.backends import django as stock  # DjangoTemplates is no name of this module
from django.template.engine import Engine as DjangoEngine
from django.template.loaders import cached
from django.utils.safestring import SafeString

from djust_engine import conf
from djust_engine.loaders import make_loader, native_loader_class
from djust_engine.template import Explanation, explain
from djust_engine.template import Template as NativeTemplate


class Engine(DjangoEngine):
    """An `Engine` whose own templates, and those of its loaders, are compiled natively.

    `jit` is False where all QuerySets are left to Django.
    """

    jit = True

    def find_template_loader(self, loader: Any) -> Any:
        made = make_loader(self, loader)
        return super().find_template_loader(loader) if made is None else made

    def kept_templates(self) -> dict[str, Any] | None:
        """Return the templates of the cached loader by name; None where others have a say.

        A key is a name, or a name and what is skipped; a value is a template, or how it is missing.
        """
        own = vars(self)
        if type(self) is not Engine or not own.keys().isdisjoint(_FINDERS):
            return None
        loaders: list[Any] = own.get("template_loaders") or self.template_loaders
        if len(loaders) != 1 or type(loaders[0]) is not native_loader_class(cached.Loader):
            return None
        kept: dict[str, Any] = vars(loaders[0])["get_template_cache"]
        return kept if _finds_as_django() else None

    def find_template(self, name: str, dirs: Any = None, skip: Any = None) -> Any:
        kept = self.kept_templates()
        if kept is not None and type(name) in _NAMES and not _skips(skip, name):
            template = kept.get(name)
            if isinstance(template, NativeTemplate):
                return template, template.origin
        template, origin = super().find_template(name, dirs, skip)
        if not hasattr(template, "render"):
            template = NativeTemplate(template, origin, name, engine=self)
        return template, origin

    def from_string(self, template_code: str) -> NativeTemplate:
        return NativeTemplate(template_code, engine=self)


def _skips(skip: Any, name: str) -> bool:
    return any(origin.template_name == name for origin in skip or ())


_NAMES = (str, SafeString)
_FINDERS = {"select_template", "get_template", "find_template"}


_select_template = DjangoEngine.select_template
_get_template = DjangoEngine.get_template
_find_template = DjangoEngine.find_template
_find_natively = Engine.find_template
_get_cached = cached.Loader.get_template


def _finds_as_django() -> bool:
    """Whether the methods are in place that a render leaves out when the template is at hand."""
    return (
        DjangoEngine.select_template is _select_template
        and DjangoEngine.get_template is _get_template
        and DjangoEngine.find_template is _find_template
        and Engine.find_template is _find_natively
        and cached.Loader.get_template is _get_cached
    )


class Template(stock.Template):
    """What `get_template()` gives to views: Django's, which can also explain itself."""

    def explain(self) -> list[Explanation]:
        """Say, for each tag or filter that runs as Python, its line and why.

        Those whose `is_call` is true are functions that the native program calls.
        A template that was left to Django as a whole gives one entry of kind "template".
        """
        return explain(self.template)


class DjustTemplates(stock.DjangoTemplates):
    """`DjangoTemplates` with native templates; OPTIONS are Django's, and `jit`."""

    engine: Engine

    def __init__(self, params: dict[str, Any]) -> None:
        options = dict(params["OPTIONS"])
        jit = options.pop("jit", True)
        super().__init__({**params, "OPTIONS": options})
        # Django's constructor knows how to read OPTIONS in each version: only the class differs.
        self.engine.__class__ = Engine
        self.engine.jit = jit

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Django's checks; with our app, its recommendation; without it, what it would register."""
        from djust_engine.checks import check_form_renderer, check_options, check_surroundings

        found = [*super().check(**kwargs), *check_options(self.engine)]
        if not apps.is_installed("djust_engine"):
            found += conf.check_config()
            return [*found, *(check_surroundings() if self._is_first() else [])]
        return [*found, *(check_form_renderer() if self._is_first() else [])]

    def _is_first(self) -> bool:
        """Whether this is the first of our engines that the project has."""
        ours = (engine for engine in engines.all() if isinstance(engine, DjustTemplates))
        return next(ours, None) is self

    def from_string(self, template_code: str) -> Template:
        mode = conf.start().VERIFY
        return self._given(self.engine.from_string(template_code), None, mode)

    def get_template(self, template_name: str) -> Template:
        mode = conf.start().VERIFY
        try:
            return self._given(self.engine.get_template(template_name), template_name, mode)
        except TemplateDoesNotExist as exc:
            stock.reraise(exc, self)

    def _given(self, template: Any, name: str | None, mode: str | None) -> Template:
        """What views get; in verify mode, a template that is rendered by both engines."""
        if not mode:
            return Template(template, self)
        from .verified import verified_template

        return verified_template(template, name, mode, self)
