"""`{% regroup %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SHOW = (
    "{% for g in groups %}{{ g.grouper }}:{% for x in g.list %}{{ x.b }},{% endfor %};{% endfor %}"
)
SOURCES = [
    "{% regroup l by a as groups %}" + SHOW,
    "{% regroup l by a|upper as groups %}" + SHOW,
    "{% regroup l|dictsort:'a' by a as groups %}" + SHOW,
    "{% regroup l by missing as groups %}" + SHOW,
    "{% regroup missing by a as groups %}" + SHOW,
    "{% regroup none by a as groups %}" + SHOW,
    "{% regroup l by a as groups %}{% for a, list in groups %}{{ a }}{{ list|length }}{% endfor %}",
    "{% regroup l by a as l %}{{ l }}",
    "{% regroup l by a.0 as groups %}" + SHOW,
    "{% for x in 'ab' %}{% regroup l by a as groups %}{{ groups|length }}{% endfor %}{{ groups }}",
    "{% with y=1 %}{% regroup l by y as groups %}{{ y }}" + SHOW + "{% endwith %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_regroup(source):
    rows = [{"a": "x", "b": 1}, {"a": "x", "b": 2}, {"a": "<y>", "b": 3}, {"a": "x", "b": 4}]
    assert_same(source, {"l": rows, "none": None})


@pytest.mark.parametrize(
    "source",
    [
        "{% regroup l by a %}",
        "{% regroup l by a as %}",
        "{% regroup l on a as b %}",
        "{% regroup l by a in b %}",
        "{% regroup l by a|nope as b %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
