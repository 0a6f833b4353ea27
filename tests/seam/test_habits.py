"""What tags of third-party packages do with the parser, the engine and nodelists."""

import pytest

from tests.oracle import assert_same

TEMPLATES = {
    "part.html": "<{% block a %}{{ title }}{% with n=1 %}{{ n }}{{ x }}{% endwith %}"
    "{% endblock %}>",
    "child.html": "{% extends 'part.html' %}{% block a %}[{{ block.super }}]{% endblock %}",
}
TREE = {"name": "a<", "below": [{"name": "b", "below": [{"name": "c"}]}, {"name": "d"}]}
CONTEXT = {"title": "T<", "name": "child.html", "numbers": [1, 2], "tree": TREE, "x": "root"}


@pytest.mark.parametrize(
    "source",
    [
        "{% by_engine name %}",
        "{% for x in numbers %}{% with title=x %}{% by_engine 'part.html' %}{% endwith %}"
        "{% endfor %}",
        "{% by_engine 'missing.html' %}",
        "{% annotated %}a{{ title }}{% for n in numbers %}{{ n }}{% endfor %}{% endannotated %}",
        "{% for x in numbers %}{% annotated %}{{ x }}{% if x %}{{ forloop.counter }}{% endif %}"
        "{% endannotated %}{% endfor %}",
        "{% annotated %}{% include name %}{{ title.a|upper }}{% url 'none' %}{% endannotated %}",
        "a{% ahead %}b{% note title %}{% for n in numbers %}{% note n %}{{ n }}{% endfor %}",
        "{% for n in numbers %}{% ahead %}{% note n %}{% endfor %}",
        "{% reparsed '{{ title }}' %}{% for x in numbers %}{% reparsed '{{ x }}!' %}{% endfor %}",
        "{% reparsed '{{ title|nothing }}' %}",
        "{% capture kept %}{% for n in numbers %}{{ n }}{{ x }}{% endfor %}{% endcapture %}"
        "{{ kept }}",
        "{% with x='w' %}{% capture kept %}{{ x }}{% endcapture %}{{ kept }}{% endwith %}"
        "{{ kept }}",
        "{% recurse tree %}({{ node }}{% if children %}:{{ children }}{% endif %}){% endrecurse %}",
        "{% for x in numbers %}{% recurse tree %}{% with n=node %}{{ x }}{{ n }}{{ children }}"
        "{% cycle 'p' 'q' %}{% endwith %}{% endrecurse %}{% endfor %}",
    ],
)
def test_a_habit_of_a_package(source):
    assert_same("{% load habits %}" + source, CONTEXT, TEMPLATES)


def test_habits_under_inheritance():
    source = (
        "{% extends name %}{% load habits %}{% block a %}{% capture kept %}{{ block.super }}"
        "{% endcapture %}{% with x='w' %}{% annotated %}{{ block.super }}{{ kept }}"
        "{% endannotated %}"
        "{% recurse tree %}{{ node }}{{ block.super }}{{ children }}{% endrecurse %}"
        "{% endwith %}{% endblock %}"
    )
    assert_same(source, CONTEXT, TEMPLATES)
