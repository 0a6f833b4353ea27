"""`{% include %}`."""

import pytest
from django.template import Context, TemplateDoesNotExist, engines
from django.template.base import Template

from tests.oracle import assert_same, assert_same_error

TEMPLATES = {
    "name.html": "[{{ a }}{{ b }}]",
    "empty.html": "",
    "sub/one.html": "one {% include './two.html' %}",
    "sub/two.html": "two {% include '../name.html' %}",
    "sub/out.html": "{% include '../../out.html' %}",
    "tree.html": "{{ node.name }}{% for node in node.children %}({% include 'tree.html' %})"
    "{% endfor %}",
    "endless.html": "{% include 'endless.html' %}",
    "fails.html": "line\n{% for x in number %}{% endfor %}",
    "malformed.html": "a\n{% if %}",
    "writes.html": "{% now 'Y' as year %}{% firstof 'f' as first %}",
    "cycles.html": "{% cycle 'a' 'b' 'c' %}",
    "blocks.html": "{% block x %}own{% endblock %}",
    "child.html": "{% extends 'blocks.html' %}{% block x %}child {{ a }}{% endblock %}",
    "missing.html": "{% include 'nowhere.html' %}",
}
CONTEXT = {
    "a": "<A>",
    "b": 2,
    "name": "name.html",
    "names": ["nowhere.html", "name.html"],
    "none": ["nowhere.html", "nothing.html"],
    "empty": "",
    "number": 3,
    "l": [1, 2, 3],
    "node": {"name": "r", "children": [{"name": "<x>", "children": [{"name": "y"}]}]},
}
SOURCES = [
    '{% include "name.html" %}',
    "{% include 'name.html' %}",
    "{% include name %}",
    "{% include names %}",
    "{% include name|lower %}",
    '{% include "name.html" with a=1 %}{{ a }}',
    '{% include "name.html" with a=b b=a %}',
    '{% include "name.html" with a=missing %}',
    '{% include "name.html" only %}',
    '{% include "name.html" with a=1 only %}',
    '{% include "name.html" only with a=1 %}',
    '{% include "empty.html" %}',
    '{% include "tree.html" %}',
    '{% include "writes.html" %}{{ year }}{{ first }}',
    '{% for x in l %}{% include "cycles.html" %}{% endfor %}',
    '{% for x in l %}{% include "name.html" with a=x %}{% endfor %}',
    "{% for x in l %}{% for name in names %}{% include names %}{% endfor %}{% endfor %}",
    '{% include "blocks.html" %}{% include "child.html" %}',
    '{% with a=5 %}{% include "name.html" %}{% endwith %}',
    '{% autoescape off %}{% include "name.html" %}{% endautoescape %}',
    '{% include "./name.html" %}',
    '{% include "sub/one.html" %}',
    "{% include './sub/two.html' with a=1 %}",
]
FAILING = [
    '{% include "nowhere.html" %}',
    "x\n{% include none %}",
    "{% include missing %}",
    "{% include empty %}",
    "{% include number %}",
    '{% include "missing.html" %}',
    'a\n{% include "fails.html" %}',
    '{% include "malformed.html" %}',
    '{% include "endless.html" %}',
    '{% include "sub/out.html" %}',
    '{% include "../out.html" %}',
    '{% include "name.html" with a=number|add:missing %}',
    "{% include name.deep %}",
    '{% include "" %}',
    "{% include 5 %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_include(source):
    if "./" in source or "sub/" in source:
        assert_same('{% include "outer.html" %}', CONTEXT, {**TEMPLATES, "outer.html": source})
    else:
        assert_same(source, CONTEXT, TEMPLATES)


@pytest.mark.parametrize("source", FAILING)
def test_failures(source):
    assert_same_error('{% include "outer.html" %}', CONTEXT, {**TEMPLATES, "outer.html": source})
    assert_same_error("{% if 1 %}\n" + source + "{% endif %}", CONTEXT, TEMPLATES)


@pytest.mark.parametrize("name", ["django", "oracle"])
def test_a_template_object(name):
    template = engines[name].from_string("[{{ a }}{{ b }}]")
    for value in (template, template.template, Template("plain {{ a }}")):
        assert_same(
            "{% include value %}{% include value with a=1 only %}", {**CONTEXT, "value": value}
        )


def test_an_object_that_only_renders():
    class Quacks:
        def render(self, context):
            return f"quack {context['a']} {isinstance(context, Context)}"

    assert_same("{% include value with a=1 %}", {"value": Quacks()})


def test_an_object_that_renders_but_fails():
    class Fails:
        def render(self, context):
            raise TemplateDoesNotExist("from inside")

    assert_same_error("{% include value %}", {"value": Fails()})


def test_depth_is_unbounded_as_in_django():
    names = [f"{index}.html" for index in range(60)]
    templates = {
        name: f"{index} {{% include '{following}' %}}"
        for index, (name, following) in enumerate(zip(names, names[1:], strict=False))
    }
    templates[names[-1]] = "end {{ a }}"
    assert_same("{% include '0.html' %}", {"a": 1}, templates)


@pytest.mark.parametrize(
    "source",
    [
        "{% include %}",
        "{% include 'a' b %}",
        "{% include 'a' with %}",
        "{% include 'a' with b %}",
        "{% include 'a' only only %}",
        "{% include 'a' with b=1 with c=2 %}",
        "{% include 'a' with b=1 c %}",
        "{% include 'a'|nope %}",
        "{% include 'a %}",
        "{% include _a %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)


@pytest.mark.parametrize(
    "included",
    [
        "{% firstof _('a')|upper %}",
        "{% load nowhere %}",
        "{% endif %}",
        "{% include './../../x' %}",
    ],
)
def test_what_cannot_be_compiled_fails_where_it_is_rendered(included):
    templates = {"i.html": included}
    for source in (
        "{% for x, y in _('<i>') %}{% include 'i.html' %}{% endfor %}",
        "{% for x in rows %}{{ x.a.b }}{{ 1|add:missing }}{% include 'i.html' %}{% endfor %}",
        "{% for x in rows %}{% include 'i.html' %}{% endfor %}",
    ):
        assert_same_error(source, {"rows": [{"a": {"b": 1}}]}, templates)
