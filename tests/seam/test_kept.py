"""Templates that a render takes from the cached loader without asking the engine."""

from unittest import mock

import pytest
from django.template import Context, Origin, TemplateDoesNotExist, base
from django.template.engine import Engine as DjangoEngine
from django.template.loaders import cached

from djust_engine.backends.django import Engine

TEMPLATES = {
    "page.html": "{% extends 'base.html' %}{% block a %}{% include 'part.html' %}{% endblock %}",
    "base.html": "<{% block a %}{% endblock %}>",
    "part.html": "part",
    "other.html": "other",
}
LOCMEM = "django.template.loaders.locmem.Loader"


def make(loaders=None, engine_class=Engine):
    inner = [(LOCMEM, dict(TEMPLATES))]
    cached_loader = ("django.template.loaders.cached.Loader", inner)
    return engine_class(loaders=loaders or [cached_loader])


def rendered(engine):
    return engine.get_template("page.html").render(Context())


def test_templates_are_kept_by_the_cached_loader():
    engine = make()
    assert engine.kept_templates() == {}
    assert rendered(engine) == "<part>"
    assert engine.kept_templates().keys() == {"page.html", "base.html", "part.html"}


def test_only_a_cached_loader_keeps_templates():
    assert make([(LOCMEM, TEMPLATES)]).kept_templates() is None


def test_a_reset_loader_reads_again():
    engine = make()
    rendered(engine)
    engine.template_loaders[0].reset()
    engine.template_loaders[0].loaders[0].templates_dict["part.html"] = "new"
    assert rendered(engine) == "<new>"


@pytest.mark.parametrize("name", ["select_template", "get_template", "find_template"])
@pytest.mark.parametrize("owner", ["engine", "class"])
def test_a_replaced_finder_is_asked(name, owner):
    engine = make()
    replaced = engine if owner == "engine" else DjangoEngine
    with mock.patch.object(replaced, name, lambda *args, **kwargs: None):
        assert engine.kept_templates() is None
    assert engine.kept_templates() is not None


def test_includes_come_from_a_replaced_finder():
    engine = make()
    rendered(engine)
    other = engine.get_template("other.html")
    with mock.patch.object(engine, "select_template", lambda names: other):
        assert rendered(engine) == "<other>"


def test_a_replaced_cached_loader_is_asked():
    engine = make()
    rendered(engine)
    with mock.patch.object(cached.Loader, "get_template", lambda *args, **kwargs: None):
        assert engine.kept_templates() is None


def test_an_engine_of_a_project_is_asked():
    class Finding(Engine):
        def find_template(self, name, dirs=None, skip=None):
            return super().find_template(name.replace("part", "other"), dirs, skip)

    engine = make(engine_class=Finding)
    assert engine.kept_templates() is None
    assert rendered(engine) == "<other>"


def test_a_template_that_is_skipped_is_looked_for():
    engine = make()
    template, origin = engine.find_template("part.html")
    assert engine.find_template("part.html", skip=[Origin("x", "x.html")])[0] is template
    with pytest.raises(TemplateDoesNotExist):
        engine.find_template("part.html", skip=[origin])


def test_a_replaced_render_method_is_called():
    template = make().get_template("part.html")
    with mock.patch.object(base.Template, "render", lambda self, context: "replaced"):
        assert template.render(Context()) == "replaced"


def test_the_context_is_bound_while_it_renders():
    seen = []

    class Looking:
        def __str__(self):
            seen.append((context.template, context.template_name, context.render_context.template))
            return ""

    template = make([(LOCMEM, {"a.html": "{{ looking }}"})]).get_template("a.html")
    context = Context({"looking": Looking()})
    template.render(context)
    assert seen == [(template, "a.html", template)]
    assert (context.template, context.render_context.template) == (None, None)
    assert len(context.render_context.dicts) == 1


def test_the_context_is_released_after_an_error():
    class Failing:
        def __str__(self):
            raise ValueError

    template = make([(LOCMEM, {"a.html": "{{ failing }}"})]).get_template("a.html")
    context = Context({"failing": Failing()})
    with pytest.raises(ValueError):
        template.render(context)
    assert (context.template, context.render_context.template) == (None, None)
    assert len(context.render_context.dicts) == 1
