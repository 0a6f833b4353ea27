"""Objects that keep the context see the scopes that the template opens later."""

import pytest

from tests.oracle import assert_same

HOWS = ["object", "lazy", "function"]
LATER = [
    "{{ held }}",
    "{% with x='w' %}{{ held }}{% endwith %}{{ held }}",
    "{% with x='w' %}{% with x='v' %}{{ held }}{% endwith %}{{ held }}{% endwith %}",
    "{% for x in list %}{{ held }}{% endfor %}{{ held }}",
    "{% for x, y in pairs %}{{ held|upper }}{% if held %}!{% endif %}{% endfor %}",
    "{% for y in list %}{% for x in list %}{{ held }}{% endfor %}{% endfor %}",
    "{% include 'part.html' %}{% include 'part.html' with x='i' %}{% include 'part.html' only %}",
    "{% include 'part.html' with x='i' held=held only %}",
    "{% filter upper %}{% with x='w' %}{{ held }}{% endwith %}{% endfilter %}",
    "{% block b %}{% with x='w' %}{{ held }}{% endwith %}{% endblock %}",
    "{% regroup list by real as x %}{{ held }}",
    "{% cycle 'a' 'b' as x %}{{ held }}{% firstof 'f' as x %}{{ held }}",
    "{% blocktranslate with x='t' %}{{ held }}{{ x }}{% endblocktranslate %}",
    "{% wrap x %}{% with x='w' %}{{ held }}{% endwith %}{% endwrap %}",
]
TEMPLATES = {"part.html": "({{ held }}{% with x='p' %}{{ held }}{% endwith %})"}
CONTEXT = {"x": "root", "list": [1, 2], "pairs": [(1, 2), (3, 4)]}
LIBRARIES = {
    "keeping": "tests.seam.templatetags.keeping",
    "seam_tags": "tests.seam.templatetags.seam_tags",
}
LOAD = "{% load i18n keeping seam_tags %}"


def same(source):
    return assert_same(LOAD + source, CONTEXT, TEMPLATES, libraries=LIBRARIES)


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("how", HOWS)
def test_objects_that_render_later(how, later):
    slot = "{% slot " + how + " %}[{{ x }}{{ forloop.counter }}]{% endslot %}"
    assert same(slot + later) is not None


@pytest.mark.parametrize("later", LATER)
def test_a_function_that_looks_later(later):
    assert same("{% keep 'x' %}" + later) is not None


@pytest.mark.parametrize("scope", ["with z=1", "for z in list"])
def test_a_name_bound_where_it_is_printed_ends_with_the_scope(scope):
    end = "end" + scope.split()[0]
    source = (
        "{% slot written %}{% endslot %}{% SCOPE %}{{ held }}{{ written }}{% END %}{{ written }}"
    )
    assert same(source.replace("SCOPE", scope).replace("END", end)) is not None


def test_a_parent_template_opens_scopes_for_what_a_child_kept():
    templates = {
        "base.html": "{% with x='base' %}{% block b %}{% endblock %}{{ held }}{% endwith %}",
        **TEMPLATES,
    }
    child = "{% extends 'base.html' %}" + LOAD + "{% block b %}{% slot object %}[{{ x }}]"
    child += "{% endslot %}{% with x='child' %}{{ held }}{% endwith %}{% endblock %}"
    assert assert_same(child, CONTEXT, templates, libraries=LIBRARIES) is not None


def test_a_tag_that_only_looks():
    source = "{% for x in list %}{% look 'x' %}{% with x='w' %}{% look 'x' %}{{ x }}{% endwith %}"
    assert same(source + "{% endfor %}") is not None
