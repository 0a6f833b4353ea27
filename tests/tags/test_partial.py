"""`{% partialdef %}` and `{% partial %}`, which Django has since 6.0."""

import django
import pytest
from django.template import TemplateDoesNotExist
from django.template.engine import Engine as DjangoEngine

from djust_engine.backends.django import Engine
from tests.oracle import assert_same, assert_same_error

pytestmark = pytest.mark.skipif(django.VERSION < (6,), reason="Django 6.0 brought partials")

SOURCES = [
    "{% partialdef p %}[{{ a }}]{% endpartialdef %}",
    "{% partialdef p inline %}[{{ a }}]{% endpartialdef %}",
    "{% partialdef p %}[{{ a }}]{% endpartialdef p %}{% partial p %}{% partial p %}",
    "{% partial p %}{% partialdef p %}[{{ a }}]{% endpartialdef %}",
    "{% partialdef p %}{% for i in l %}{{ i }}{{ forloop.last }}{% endfor %}{% endpartialdef %}"
    "{% for a in l %}{% partial p %}{% endfor %}",
    "{% partialdef p %}{% partialdef q %}q{{ a }}{% endpartialdef %}p{% partial q %}"
    "{% endpartialdef %}"
    "{% partial p %}{% partial q %}",
    "{% block b %}{% partialdef p inline %}{{ a }}{% endpartialdef %}{% endblock %}{% partial p %}",
    "{% extends 'base.html' %}{% partialdef p %}{{ a }}{% endpartialdef %}{% block b %}"
    "{% partial p %}"
    "{% endblock %}",
    "{% include 'parts.html#one' %}{% include 'parts.html#two' with a=1 %}",
    "{% for a in l %}{% include 'parts.html#one' %}{% endfor %}",
    "{% partialdef p %}{% cycle 1 2 %}{% endpartialdef %}{% partial p %}{% partial p %}",
]
TEMPLATES = {
    "base.html": "<{% block b %}{% endblock %}>",
    "parts.html": "whole {% partialdef one %}one {{ a }}{% endpartialdef %}"
    "{% partialdef two %}two {{ a|upper }}{% partial one %}{% endpartialdef %}",
}


@pytest.mark.parametrize("source", SOURCES)
def test_partials(source):
    assert_same(source, {"a": "<a>", "l": [1, 2]}, TEMPLATES)


@pytest.mark.parametrize(
    "source",
    [
        "{% partial nowhere %}",
        "{% include 'parts.html#nowhere' %}",
        "{% partialdef p %}\n{{ a|add:missing }}{% endpartialdef %}{% partial p %}",
        "{% partialdef %}{% endpartialdef %}",
        "{% partialdef p x %}{% endpartialdef %}",
        "{% partialdef p %}",
        "{% partialdef p %}{% endpartialdef q %}",
        "{% partialdef p %}{% endpartialdef %}{% partialdef p %}{% endpartialdef %}",
        "{% partial %}",
    ],
)
def test_failures(source):
    assert_same_error(source, {"a": 1}, TEMPLATES)


def test_partials_by_name():
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    for debug in (False, True):
        ours, django_engine = (
            made(loaders=loaders, debug=debug) for made in (Engine, DjangoEngine)
        )
        for name in ("parts.html#one", "parts.html#two"):
            our, their = ours.get_template(name), django_engine.get_template(name)
            assert ours.render_to_string(name, {"a": "<a>"}) == django_engine.render_to_string(
                name, {"a": "<a>"}
            )
            assert type(our) is type(their)
            assert our.name == their.name
            if debug:
                assert our.source == their.source
    with pytest.raises(TemplateDoesNotExist):
        ours.get_template("parts.html#nowhere")
