"""`{% partialdef %}`, which Django has since 6.0: a template of its own inside another."""

import django
import pytest
from django.template import Context, TemplateDoesNotExist
from django.template.engine import Engine as DjangoEngine

from djust_engine.backends.django import Engine
from tests.oracle import CONFIGURATIONS, assert_same, assert_same_error

pytestmark = pytest.mark.skipif(django.VERSION < (6,), reason="Django 6.0 brought partials")

PARTS = (
    "é{% partialdef one %}one {{ a }}{% endpartialdef one %}{% for a in 'xy' %}"
    "{% partialdef two inline %}two {{ a|upper }}{% partial one %}{% endpartialdef %}{% endfor %}"
    "{% partialdef wrong %}\n{{ f }}{% endpartialdef %}"
)


@pytest.mark.parametrize(
    "source",
    [
        "{% partialdef p inline %}{% cycle 1 2 %}{{ a }}{% endpartialdef %}{% partial p %}",
        "{% for i in l %}{% partialdef p inline %}{% cycle 1 2 %}{% endpartialdef %}{% endfor %}",
        "{% partialdef p inline %}{% with b=1 %}{% partial q %}{% endwith %}{% endpartialdef %}"
        "{% partialdef q %}{{ b }}{% regroup l by x as c %}{% endpartialdef %}{{ c }}",
        "{% if missing %}{% partialdef p %}{{ a }}{% endpartialdef %}{% endif %}{% partial p %}",
        "{% partialdef 'p q' %}{{ a }}{% endpartialdef %}{% partial 'p q' %}",
        "{% partialdef p inline %}{% block b %}{{ a }}{% endblock %}{% endpartialdef %}",
        "{% extends 'blocks.html' %}{% block b %}new {{ block.super }}{% endblock %}",
        "{% include 'parts.html#one' with a=1 only %}{% include name %}",
        "{% load cache %}{% cache 0 n %}{% partialdef p %}{{ a }}{% endpartialdef %}{% endcache %}"
        "{% partial p %}",
        "{% load seam_tags %}{% wrap 1 %}{% partialdef p %}{{ a }}{% endpartialdef %}{% endwrap %}"
        "{% partial p %}",
    ],
)
def test_definitions(source):
    templates = {
        "parts.html": PARTS,
        "blocks.html": "{% partialdef p inline %}<{% block b %}old{% endblock %}>"
        "{% endpartialdef %}{% partial p %}",
    }
    assert_same(source, {"a": "<a>", "l": [1, 2, 3], "name": "parts.html#two"}, templates)


@pytest.mark.parametrize(
    "source",
    [
        "{% partialdef p %}{% endpartialdef q %}",
        "{% partialdef p %}{% endpartialdef p q %}",
        "{% partialdef p %}{% partialdef p %}{% endpartialdef %}{% endpartialdef %}",
        "{% partialdef p inline x %}{% endpartialdef %}",
        "{% partialdef p %}{{ d.k }}{% endpartialdef %}{% partial p %}",
        "\n{% include 'parts.html#wrong' %}",
    ],
)
def test_failures(source):
    context = {"f": lambda: 1 / 0, "d": Keyless()}
    assert_same_error(source, context, {"parts.html": PARTS})


def test_a_partial_that_renders_itself():
    source = "{% partialdef p %}{% partial p %}{% endpartialdef %}{% partial p %}"
    plain = [one for one in CONFIGURATIONS if not one.debug]
    assert_same_error(source, configurations=plain)


class Keyless:
    @property
    def k(self):
        raise KeyError("inside")


@pytest.mark.parametrize("debug", [False, True])
def test_what_is_kept_of_a_partial(debug):
    loaders = [("django.template.loaders.locmem.Loader", {"parts.html": PARTS})]
    ours, theirs = (
        made(loaders=loaders, debug=debug).get_template("parts.html").extra_data["partials"]
        for made in (Engine, DjangoEngine)
    )
    assert list(ours) == list(theirs)
    for name, partial in theirs.items():
        found = ours[name]
        assert type(found) is type(partial)
        assert (found.name, found.origin.name) == (partial.name, partial.origin.name)
        assert (found._source_start, found._source_end) == (
            partial._source_start,
            partial._source_end,
        )
        assert [type(node) for node in found.nodelist] == [type(node) for node in partial.nodelist]
        if debug:
            assert found.source == partial.source


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("name", ["parts.html#one", "parts.html#two", "parts.html#wrong"])
def test_a_partial_is_a_template(name, debug):
    loaders = [("django.template.loaders.locmem.Loader", {"parts.html": PARTS})]
    told = []
    for made in (Engine, DjangoEngine):
        template = made(loaders=loaders, debug=debug).get_template(name)
        context = Context({"a": "<a>", "f": lambda: 1 / 0})
        try:
            told.append((template.render(context), context.template_name))
        except ZeroDivisionError as error:
            told.append(getattr(error, "template_debug", None))
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["parts.html#", "#one", "parts.html#none", "none.html#one", None])
def test_names_of_partials(name):
    loaders = [("django.template.loaders.locmem.Loader", {"parts.html": PARTS})]
    told = []
    for made in (Engine, DjangoEngine):
        try:
            told.append(type(made(loaders=loaders).get_template(name)).__name__)
        except TemplateDoesNotExist as error:
            told.append((str(error), error.tried))
    assert [str(one) for one in told][0] == [str(one) for one in told][1]
