"""Loaders of every kind build native templates, or are left alone."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Origin, TemplateDoesNotExist, engines
from django.template.base import Template as DjangoTemplate
from django.template.engine import Engine as DjangoEngine
from django.template.loaders import app_directories, cached, filesystem, locmem
from django.template.loaders.base import Loader

from djust_engine.backends.django import DjustTemplates, Engine
from djust_engine.template import Template

LOCMEM = "django.template.loaders.locmem.Loader"


class UpperLoader(Loader):
    """A third-party loader that gives contents alone."""

    def get_template_sources(self, template_name):
        yield Origin(name=f"upper:{template_name}", template_name=template_name, loader=self)

    def get_contents(self, origin):
        if not origin.template_name.startswith("upper/"):
            raise TemplateDoesNotExist(origin)
        return origin.template_name.upper() + " {{ a }}"


class CountingLoader(locmem.Loader):
    """A loader that wraps `get_template()`."""

    def get_template(self, template_name, skip=None):
        self.count = getattr(self, "count", 0) + 1
        return super().get_template(template_name, skip)


class OwnLoader(Loader):
    """A loader that builds its templates by itself."""

    def get_template(self, template_name, skip=None):
        if not template_name.startswith("own/"):
            raise TemplateDoesNotExist(template_name, tried=[])
        origin = Origin(template_name, template_name, self)
        return DjangoTemplate("own {{ a }}", origin, template_name, self.engine)


class SourceLoader(Loader):
    """A loader of the oldest kind: what it gives must still be compiled."""

    def get_template(self, template_name, skip=None):
        class Source(str):
            origin = Origin(template_name, template_name, self)

        return Source("source {{ a }}")


def factory(engine, *arguments):
    """A loader need not be a class."""
    return locmem.Loader(engine, {"made.html": "made {{ a }}"})


def here(name):
    return f"{__name__}.{name}"


def test_loaders_of_django():
    for backend in (engines["django"], engines["oracle"]):
        template = backend.get_template("seam/item.html")
        assert isinstance(template.template, Template) == (backend.name == "django")
        assert template.render({"item": "<1>"}) == "<li>&lt;1&gt; for </li>"
        assert template.origin.loader_name == "django.template.loaders.app_directories.Loader"


@pytest.mark.parametrize("cache", [False, True])
@pytest.mark.parametrize(
    ("loader", "name", "text"),
    [
        ((LOCMEM, {"a.html": "locmem {{ a }}"}), "a.html", "locmem 1"),
        (here("UpperLoader"), "upper/x", "UPPER/X 1"),
        ((here("CountingLoader"), {"a.html": "counted {{ a }}"}), "a.html", "counted 1"),
    ],
)
def test_loaders_that_give_contents(loader, name, text, cache):
    loaders = [("django.template.loaders.cached.Loader", [loader])] if cache else [loader]
    template = Engine(loaders=loaders).get_template(name)
    assert type(template) is Template
    assert template.fallback is None
    assert template.render(context_of(template)) == text


def context_of(template):
    from django.template import Context

    return Context({"a": 1})


def test_a_loader_that_builds_its_own_template_is_left_alone():
    engine = Engine(loaders=[here("OwnLoader"), (LOCMEM, {"a.html": "{% include 'own/b' %}"})])
    assert type(engine.get_template("own/x")) is DjangoTemplate
    assert type(engine.get_template("a.html")) is Template
    assert engine.render_to_string("a.html", {"a": 1}) == "own 1"


def test_a_loader_that_gives_a_source():
    template = Engine(loaders=[here("SourceLoader")]).get_template("x.html")
    assert type(template) is Template
    assert template.name == "x.html"


def test_a_loader_made_by_a_function():
    engine = Engine(loaders=[here("factory")])
    assert engine.render_to_string("made.html", {"a": 1}) == "made 1"


def test_loaders_keep_their_names_and_classes():
    loaders = ["filesystem", "app_directories", "cached", "locmem"]
    classes = [filesystem.Loader, app_directories.Loader, cached.Loader, locmem.Loader]
    arguments = [(), (), ([],), ({},)]
    definitions = [
        (f"django.template.loaders.{name}.Loader", *values)
        for name, values in zip(loaders, arguments, strict=True)
    ]
    ours = Engine(loaders=definitions).template_loaders
    djangos = DjangoEngine(loaders=definitions).template_loaders
    for our, django, loader_class in zip(ours, djangos, classes, strict=True):
        assert isinstance(our, loader_class)
        for attribute in ("__name__", "__qualname__", "__module__", "__doc__"):
            assert getattr(type(our), attribute) == getattr(type(django), attribute)


@pytest.mark.parametrize(
    "loader", [5, None, "nowhere.Loader", ("nowhere.Loader",), here("nothing")]
)
def test_a_wrong_loader_is_refused_as_by_django(loader):
    errors = []
    for engine_class in (Engine, DjangoEngine):
        with pytest.raises((ImproperlyConfigured, ImportError)) as caught:
            _ = engine_class(loaders=[loader]).template_loaders
        errors.append((caught.type, str(caught.value)))
    assert errors[0] == errors[1]


@pytest.mark.parametrize("name", ["nowhere.html", "seam/nowhere.html", "../x.html", "/etc/passwd"])
def test_a_missing_template_tells_where_it_was_sought(name):
    found = []
    for backend in ("django", "oracle"):
        with pytest.raises(TemplateDoesNotExist) as caught:
            engines[backend].get_template(name)
        error = caught.value
        tried = [(origin.name, origin.loader_name, why) for origin, why in error.tried]
        found.append((str(error), tried, error.backend.name == backend, len(error.chain)))
    assert found[0] == found[1]


@pytest.mark.parametrize("debug", [False, True])
def test_the_cached_loader_remembers_what_is_missing(debug):
    loaders = [("django.template.loaders.cached.Loader", [(LOCMEM, {})])]
    found = []
    for engine_class in (Engine, DjangoEngine):
        engine = engine_class(loaders=loaders, debug=debug)
        for _ in range(2):
            with pytest.raises(TemplateDoesNotExist) as caught:
                engine.get_template("x.html")
            found.append((str(caught.value), [why for _, why in caught.value.tried]))
    assert found[:2] == found[2:]


def test_the_cached_loader_forgets_when_it_is_reset():
    templates = {"a.html": "one"}
    engine = Engine(loaders=[("django.template.loaders.cached.Loader", [(LOCMEM, templates)])])
    assert engine.render_to_string("a.html") == "one"
    engine.template_loaders[0].templates_dict = templates
    engine.template_loaders[0].loaders[0].templates_dict["a.html"] = "two"
    assert engine.render_to_string("a.html") == "one"
    engine.template_loaders[0].reset()
    assert engine.render_to_string("a.html") == "two"


def test_reset_by_the_autoreloader():
    from django.template.autoreload import get_template_directories, reset_loaders

    loader = engines["django"].engine.template_loaders[0]
    engines["django"].get_template("seam/item.html")
    assert loader.get_template_cache
    reset_loaders()
    assert not loader.get_template_cache
    assert get_template_directories() is not None


def test_the_engine_is_the_one_that_django_finds():
    assert DjangoEngine.get_default() is engines["django"].engine
    assert isinstance(engines["django"], DjustTemplates)
    template = DjangoTemplate("{% include 'seam/item.html' %}")
    assert template.render(context_of(template)) == "<li> for </li>"


def test_select_template():
    engine = engines["django"].engine
    template = engine.select_template(["nowhere.html", "seam/item.html"])
    assert type(template) is Template
    with pytest.raises(TemplateDoesNotExist, match="a.html, b.html"):
        engine.select_template(["a.html", "b.html"])


def test_options_and_checks_are_those_of_django():
    params = {
        "NAME": "mine",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "string_if_invalid": 5,
            "libraries": {"l10n": "tests.seam.templatetags.shadowing"},
        },
    }
    backend = DjustTemplates(params)
    ids = [message.id for message in backend.check()]
    assert ids == ["templates.E002", "templates.W003"]
    assert repr(backend.engine).startswith("<Engine: app_dirs=True")
