"""`{% regroup %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import Faulty

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
    "{% regroup l by a as groups %}{{ groups }}{{ groups.0 }}{{ groups.0.list.1.b }}",
    "{% regroup l by a as groups %}{% for g in groups %}{{ g.0 }}{{ g.1.0.b }}{{ g }}{% endfor %}",
    "{% regroup l by a|default:groups.b as groups %}" + SHOW,
    "{% regroup 'aab' by 0 as groups %}{{ groups }}",
    "{% regroup l by a as groups %}{% include 'groups.html' %}",
    "{% if missing %}{% regroup l by a as l %}{% endif %}{% for x in l %}{{ x.b }}{% endfor %}",
    "{% for x in 'ab' %}{{ groups }}{% regroup l by a as groups %}{% endfor %}",
    "{% block b %}{% regroup l by a as groups %}{% endblock %}{{ groups }}",
    "{% regroup pairs by k as groups %}{{ groups }}",
    "{% regroup generator by a as groups %}" + SHOW,
    "{% regroup l by a as self %}{{ self|length }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_regroup(source):
    rows = [{"a": "x", "b": 1}, {"a": "x", "b": 2}, {"a": "<y>", "b": 3}, {"a": "x", "b": 4}]
    pairs = [{"k": float("nan")}] * 2 + [{"k": 1}, {"k": True}, {"k": 1.0}]

    def make():
        return {"l": rows, "none": None, "pairs": pairs, "generator": (row for row in rows)}

    assert_same(source, make, {"groups.html": SHOW + "{{ groups|length }}"})


@pytest.mark.parametrize(
    "source",
    [
        "{% regroup l by a %}",
        "{% regroup l by a as %}",
        "{% regroup l on a as b %}",
        "{% regroup l by a in b %}",
        "{% regroup l by a|nope as b %}",
        "{% regroup l by _a as b %}",
        "{% regroup l by a as _b %}",
        "{% regroup l by 'a' as b %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)


@pytest.mark.parametrize(
    "context",
    [
        {"l": 5},
        {"l": [1, 2], "f": lambda: 1 / 0},
        {"l": [{"a": Faulty()}, {"a": Faulty()}]},
        {"l": lambda: 1 / 0},
    ],
    ids=["no list", "filter", "comparison", "list"],
)
def test_what_fails(context):
    assert_same_error("\n{% regroup l by a|default:f as g %}", context)


def test_what_fails_on_the_way_leaves_the_last_element():
    def rows():
        yield {"a": 1}
        raise KeyError("second")

    assert_same_error("\n{% regroup l by a as g %}", lambda: {"l": rows()})
