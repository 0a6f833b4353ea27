"""`{% block %}` outside inheritance."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% block a %}text{% endblock %}",
    "{% block a %}text{% endblock a %}",
    "{% block a %}{{ x }}{% endblock %}{{ x }}",
    "{% block a %}{% block b %}{{ x }}{% endblock b %}{% endblock a %}",
    "{% block a %}{{ block.name }}{% endblock %}{{ block }}",
    "{% block a %}{% now 'Y' as y %}{% endblock %}[{{ y }}]",
    "{% for x in l %}{% block a %}{{ x }}{{ forloop.counter }}{% endblock %}{% endfor %}",
    "{% with x=1 %}{% block a %}{{ x }}{% endblock %}{% endwith %}",
    "{% block é-1.a %}names{% endblock %}",
    "{% block 'quoted' %}names{% endblock 'quoted' %}",
    "{% if x %}{% block a %}a{% endblock %}{% else %}{% block b %}b{% endblock %}{% endif %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_block(source):
    assert_same(source, {"x": "<X>", "l": [1, 2]})


def test_super_needs_a_parent():
    assert_same_error("{% block a %}{{ block.super }}{% endblock %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% block %}{% endblock %}",
        "{% block a b %}{% endblock %}",
        "{% block a %}",
        "{% block a %}{% endblock b %}",
        "{% block a %}{% endblock %}{% block a %}{% endblock %}",
        "{% block a %}{% block a %}{% endblock %}{% endblock %}",
        "{% endblock %}",
        "{% block a %}{% if 1 %}{% endblock %}{% endif %}",
        "{% block a %}{% block b %}{% endblock a %}{% endblock b %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
