"""`Engine.get_default()`, `Template(...)` without an engine and `engines`: as with Django."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import render
from django.template import Context, Engine, Template, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template, render_to_string, select_template
from django.test import RequestFactory

from djust_engine.backends import django as backend
from djust_engine.template import Template as NativeTemplate
from tests.settings import ORACLE, OURS

LOCMEM = "django.template.loaders.locmem.Loader"
NAMES = {"page.html": "<{% include 'part.html' %}>", "part.html": "{{ a }}{{ missing }}"}
OPTIONS = {"string_if_invalid": "?", "loaders": [(LOCMEM, NAMES)]}


def project(entry):
    """An engine without the name "oracle" and with templates in memory."""
    return {key: value for key, value in entry.items() if key not in {"NAME", "APP_DIRS"}} | {
        "OPTIONS": OPTIONS
    }


@pytest.fixture(params=[OURS, ORACLE], ids=["ours", "django"], autouse=True)
def engine(request, settings):
    settings.TEMPLATES = [project(request.param)]
    Engine.get_default.cache_clear()
    yield engines["django"]
    Engine.get_default.cache_clear()


def test_the_name_of_the_engine(engine):
    assert engine.name == "django"
    assert engines.all() == [engine]
    assert isinstance(engine, DjangoTemplates)
    assert get_template("page.html", using="django").backend is engine


def test_the_default_engine(engine):
    default = Engine.get_default()
    assert default is engine.engine
    assert isinstance(default, Engine)
    text = default.render_to_string("page.html", {"a": "<"})
    assert text == "<&lt;?>"
    assert default.from_string("{{ a }}").render(Context({"a": 1})) == "1"
    assert default.get_template("page.html").render(Context({"a": 1})) == "<1?>"
    assert default.select_template(["x.html", "part.html"]).name == "part.html"


def test_a_template_without_an_engine(engine):
    template = Template("{% extends 'page.html' %}")
    assert template.engine is Engine.get_default()
    assert template.render(Context({"a": "&"})) == "<&amp;?>"
    assert (
        Template("{{ missing }}{% include name %}").render(Context({"name": "part.html"})) == "???"
    )


def test_a_template_with_the_project_s_engine(engine):
    template = Template("{% include 'part.html' %}", engine=engine.engine)
    assert template.render(Context({"a": 5})) == "5?"


def test_shortcuts(engine):
    request = RequestFactory().get("/")
    assert render(request, "page.html", {"a": "<"}).content == b"<&lt;?>"
    assert render_to_string(["x.html", "page.html"], {"a": 1}) == "<1?>"
    assert select_template(["x.html", "part.html"]).render({"a": 1}, request) == "1?"


def test_what_is_native(engine):
    is_ours = isinstance(engine, backend.DjustTemplates)
    made = [
        Engine.get_default().from_string("a"),
        Engine.get_default().get_template("page.html"),
        get_template("page.html").template,
        engine.from_string("a").template,
    ]
    assert {isinstance(template, NativeTemplate) for template in made} == {is_ours}


def test_no_engine_of_django_s(settings):
    settings.TEMPLATES = []
    Engine.get_default.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="No DjangoTemplates backend is configured"):
        Engine.get_default()


def test_an_engine_of_its_own_is_django_s(engine):
    """`Engine()` and `DjangoTemplates(...)` made by hand have nothing to do with TEMPLATES."""
    assert type(Engine().from_string("a")) is Template
    assert Engine().from_string("{{ a }}").render(Context({"a": "<"})) == "&lt;"
