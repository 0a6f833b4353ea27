"""`{% extends %}`."""

import pytest
from django.template import engines

from tests.oracle import assert_same, assert_same_error

TEMPLATES = {
    "base.html": "<{% block a %}base a{% endblock %}|{% block b %}base b {{ x }}{% endblock %}>",
    "middle.html": "{% extends 'base.html' %}{% block a %}middle {{ block.super }}{% endblock %}",
    "twice.html": "{% extends 'middle.html' %}{% block b %}twice {{ block.super }}{% endblock %}",
    "plain.html": "no blocks {{ x }}",
    "dir/child.html": "{% extends './parent.html' %}{% block a %}child{% endblock %}",
    "dir/parent.html": "{% extends '../base.html' %}{% block b %}parent{% endblock %}",
    "dir/self.html": "{% extends './self.html' %}",
    "dir/out.html": "{% extends '../../base.html' %}",
    "loop.html": "{% extends 'loop.html' %}",
    "one.html": "{% extends 'two.html' %}",
    "two.html": "{% extends 'one.html' %}",
    "orphan.html": "{% extends 'nowhere.html' %}",
    "fails.html": "{% block a %}{% endblock %}\n{% for x in number %}{% endfor %}",
    "malformed.html": "{% if %}",
    "sets.html": "{% now 'Y' as year %}[{{ year }}]{% block a %}{{ year }}{% endblock %}",
    "cycles.html": "{% for i in l %}{% cycle 'x' 'y' %}{% block a %}{% endblock %}{% endfor %}",
    "includes.html": "{% include 'base.html' %}{% block a %}{% endblock %}",
    "super.html": "{% extends 'base.html' %}{% block a %}{% if block.super %}"
    "{{ block.super|upper }}"
    "{{ block.super|length }}{% endif %}{% endblock %}",
}
CONTEXT = {"x": "<X>", "number": 3, "l": [1, 2, 3], "parent": "base.html", "none": None}
SOURCES = [
    "{% extends 'base.html' %}",
    "{% extends 'base.html' %}{% block a %}child{% endblock %}",
    "{% extends 'base.html' %}ignored {{ x.y }}{% block b %}[{{ block.super }}]{% endblock %}",
    "text before {% extends 'base.html' %}",
    "{# comment #}\n{% extends 'base.html' %}{% block a %}c{% endblock %}",
    "{% extends 'middle.html' %}{% block a %}{{ block.super }}{{ block.super }}{% endblock %}",
    "{% extends 'twice.html' %}{% block a %}A{% endblock %}{% block b %}{{ block.super }}"
    "{% endblock %}",
    "{% extends 'twice.html' %}",
    "{% extends 'plain.html' %}{% block a %}lost{% endblock %}",
    "{% extends parent %}{% block a %}by name{% endblock %}",
    "{% extends parent|lower %}",
    "{% extends 'base.html' %}{% load i18n %}{% block a %}{% translate 'Home' %}{% endblock %}",
    "{% load i18n %}{% block a %}{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{% block c %}inner{% endblock %}{% endblock %}",
    "{% extends 'base.html' %}{% block new %}lost{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{{ block.name }}{{ block }}{% endblock %}",
    "{% extends 'base.html' %}{% if 1 %}{% block a %}in if{% endblock %}{% endif %}",
    "{% extends 'base.html' %}{% for i in l %}{% block a %}in for{% endblock %}{% endfor %}",
    "{% extends 'base.html' %}{% now 'Y' as year %}{% block a %}[{{ year }}]{% endblock %}",
    "{% extends 'sets.html' %}{% block a %}{{ year }} {{ block.super }}{% endblock %}",
    "{% extends 'cycles.html' %}{% block a %}{% cycle 'p' 'q' %}{{ block.super }}{% endblock %}",
    "{% extends 'includes.html' %}{% block a %}outer{% endblock %}",
    "{% extends 'super.html' %}",
    "{% extends 'super.html' %}{% block a %}{{ block.super.super }}{{ block.super }}{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{% include 'middle.html' %}{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{% with block=1 %}{{ block.super }}{% endwith %}"
    "{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{% for block in l %}{{ block }}{% endfor %}"
    "{% endblock %}",
    "{% extends 'base.html' %}{% block b %}{% with x=1 %}{{ block.super }}{% endwith %}"
    "{% endblock %}",
    "{% extends 'base.html' %}{% block b %}{% autoescape off %}{{ block.super }}{{ x }}"
    "{% endautoescape %}{% endblock %}",
    "{% extends 'dir/child.html' %}",
    "{% extends 'base.html' %}{% verbatim %}{% block a %}{% endverbatim %}",
]
FAILING = [
    "{% extends 'nowhere.html' %}",
    "{% extends 'orphan.html' %}",
    "{% extends missing %}",
    "{% extends none %}",
    "{% extends '' %}",
    "{% extends missing|default:'' %}",
    "{% extends number %}",
    "{% extends 'loop.html' %}",
    "{% extends 'one.html' %}",
    "{% extends 'fails.html' %}",
    "{% extends 'malformed.html' %}",
    "{% extends 'dir/self.html' %}",
    "{% extends 'dir/out.html' %}",
    "{% extends 'base.html' %}{% block a %}\n{{ x|add:missing }}{% endblock %}",
    "{% extends 'base.html' %}{% block a %}{% include 'nowhere.html' %}{% endblock %}",
]
MALFORMED = [
    "{% extends %}",
    "{% extends 'base.html' 'b' %}",
    "{{ x }}{% extends 'base.html' %}",
    "{% load i18n %}{% extends 'base.html' %}",
    "{% extends 'base.html' %}{% extends 'base.html' %}",
    "{% block a %}{% endblock %}{% extends 'base.html' %}",
    "{% extends 'base.html' %}{% block a %}{% endblock %}{% block a %}{% endblock %}",
    "{% extends 'base.html' %}{% block a %}",
    "{% extends 'base.html'|nope %}",
    "{% if 1 %}{% extends 'base.html' %}{% endif %}{% extends 'base.html' %}",
    "{% extends 'base.html' %}{% endblock %}",
    "{% extends _x %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_extends(source):
    assert_same(source, CONTEXT, TEMPLATES)


@pytest.mark.parametrize("source", FAILING)
def test_failures(source):
    assert_same_error(source, CONTEXT, TEMPLATES)


@pytest.mark.parametrize("source", MALFORMED)
def test_malformed(source):
    assert_same_error(source, CONTEXT, TEMPLATES)


@pytest.mark.parametrize("name", ["django", "oracle"])
def test_a_template_object_as_parent(name):
    parent = engines[name].from_string(TEMPLATES["base.html"])
    source = "{% extends parent %}{% block a %}child {{ block.super }}{% endblock %}"
    for value in (parent, parent.template):
        assert_same(source, {"parent": value, "x": "<X>"})


def test_a_parent_that_is_left_to_django():
    templates = {
        **TEMPLATES,
        "django.html": "{% load seam_tags %}{% careless %}x{% endcareless %}"
        "{% block a %}django a {{ x }}{% cycle 1 2 %}{% endblock %}",
    }
    source = "{% extends 'django.html' %}{% block a %}native {{ block.super }}{% endblock %}"
    assert_same(source, CONTEXT, templates)


def test_a_child_that_is_left_to_django():
    source = (
        "{% extends 'twice.html' %}{% load seam_tags %}{% careless %}x{% endcareless %}"
        "{% block a %}django {{ block.super }}{% endblock %}"
    )
    assert_same(source, CONTEXT, TEMPLATES, fallback="end-tags")


HIDDEN = "{% shout %}{% block a %}in a tag{% endblock %}{% endshout %}"


@pytest.mark.parametrize(
    "source",
    [
        "{% extends 'base.html' %}{% load seam_tags %}" + HIDDEN,
        "{% extends 'base.html' %}{% load seam_tags %}{% wrap 1 %}" + HIDDEN + "{% endwrap %}",
        "{% extends 'base.html' %}{% load seam_tags %}{% block b %}" + HIDDEN + "{% endblock %}",
        "{% extends 'base.html' %}{% load seam_tags %}{% wrap 1 %}{% block a %}seen{% endblock %}"
        "{% endwrap %}",
        "{% extends 'hidden.html' %}{% block a %}child {{ block.super }}{% endblock %}",
    ],
)
def test_blocks_that_a_tag_of_a_library_hides(source):
    """`simple_block_tag` does not show its content to those who look for nodes."""
    templates = {**TEMPLATES, "hidden.html": "{% load seam_tags %}[" + HIDDEN + "]"}
    assert_same(source, CONTEXT, templates)


@pytest.mark.parametrize(
    "inner", ["{{ x|default:y }}", "{{ missing|default:y }}", "{{ x|add:y.z }}"]
)
def test_a_variable_that_is_missing_inside_block_super(inner):
    templates = {"base.html": "{% block a %}base " + inner + "{% endblock %}"}
    for use in (
        "{{ block.super }}",
        "{{ block.super|default:'d' }}",
        "{% if block.super %}y{% endif %}",
    ):
        source = "{% extends 'base.html' %}{% block a %}[" + use + "]{% endblock %}"
        assert_same(source, {"x": ""}, templates)


def test_the_scopes_of_a_failed_super_are_closed():
    templates = {
        "base.html": "{% load seam_tags %}{% block a %}{% count %}{% with w=1 %}{% inspect %}"
        "{% for i in l %}{% wrap i %}{{ x|default:y }}{% endwrap %}{% endfor %}{% endwith %}"
        "{% endblock %}{{ w }}{% inspect %}"
    }
    source = "{% extends 'base.html' %}{% block a %}[{{ block.super }}]{% endblock %}"
    assert_same(source, {"x": "", "l": [1]}, templates)


def test_a_long_chain():
    templates = {"0.html": "{% block a %}0{% endblock %}"}
    for index in range(1, 30):
        templates[f"{index}.html"] = (
            f"{{% extends '{index - 1}.html' %}}{{% block a %}}{index} {{{{ block.super }}}}"
            f"{{% endblock %}}"
        )
    assert_same("{% extends '29.html' %}", {}, templates)


@pytest.mark.parametrize("before", ["{% read 'x' as y %}", "{% count %}", "{% write 'x' 'left' %}"])
@pytest.mark.parametrize(
    "use", ["{{ block.super }}", "{% if block.super %}{{ block.name }}{% endif %}"]
)
def test_block_super_sees_the_scopes_opened_after_a_tag_of_a_library(before, use):
    """The tag has moved `block` into the real context: what is opened since counts as well."""
    templates = {"base.html": "{% block a %}base {{ x }}{{ n }}{% endblock %}"}
    source = (
        "{% extends 'base.html' %}{% load seam_tags %}{% block a %}"
        + before
        + "{% with x='with' %}"
        "{% for n in 'ab' %}" + use + "{% endfor %}{% endwith %}{{ x }}{% endblock %}"
    )
    assert_same(source, {"x": "root"}, templates)
