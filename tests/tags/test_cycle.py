"""`{% cycle %}`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import engines

from tests.oracle import assert_same, assert_same_error

CONTEXT = {"l": [1, 2, 3, 4], "a": "<a>", "b": "b", "none": None, "nested": [[1, 2], [3]]}
SOURCES = [
    "{% for i in l %}{% cycle 'x' 'y' 'z' %}{% endfor %}",
    "{% for i in l %}{% cycle a b %}{% endfor %}",
    "{% for i in l %}{% cycle a|safe b|upper missing %}|{% endfor %}",
    "{% for i in l %}{% cycle 'only' %}{% endfor %}",
    "{% cycle 'x' 'y' as c %}{{ c }}{% cycle c %}{{ c }}{% cycle c %}",
    "{% cycle 'x' 'y' as c silent %}[{{ c }}]{% cycle c %}[{{ c }}]",
    "{% for i in l %}{% cycle 'x' 'y' as c %}{{ c }}{% endfor %}{{ c }}",
    "{% for i in l %}{% cycle 'x' 'y' as c silent %}{{ c }}{% endfor %}",
    "{% for i in l %}{% cycle 'x' 'y' %}{% cycle 1 2 3 %}{% endfor %}",
    "{% for n in nested %}{% for i in n %}{% cycle 'x' 'y' %}{% endfor %}{% endfor %}",
    "{% cycle a b as c %}{% with c=1 %}{{ c }}{% cycle c %}{{ c }}{% endwith %}{{ c }}",
    "{% cycle 'a' 'b' as silent %}{{ silent }}",
    "{% cycle 'as' 'b' %}",
    "{% cycle a as b %}{{ b }}{% cycle b %}",
    "{% cycle a as %}",
    "{% cycle none missing 1 %}{% cycle none missing 1 %}",
    "{% autoescape off %}{% for i in l %}{% cycle a b %}{% endfor %}{% endautoescape %}",
    "{% for i in l %}{% if i == 2 %}{% cycle 'x' 'y' %}{% else %}{% cycle 'p' 'q' %}{% endif %}"
    "{% endfor %}",
    "{% for i in l %}{% include 'cycle.html' %}{% endfor %}",
    "{% block x %}{% cycle 1 2 as c %}{% endblock %}{% block y %}{% cycle c %}{{ c }}"
    "{% endblock %}",
    "{% cycle 1 2 3 as c %}{% cycle c %}{% cycle 'p' 'q' as c %}{% cycle c %}",
    "{% cycle 1.5 1234567 'text' as c %}{% cycle c %}{% cycle c %}",
    "{% if 0 %}{% cycle 1 2 as c %}{% endif %}{% cycle c %}{{ c }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_cycle(source):
    assert_same(source, CONTEXT, {"cycle.html": "{% cycle 'p' 'q' %}"})


def test_state_belongs_to_a_render():
    template = engines["django"].from_string("{% for i in l %}{% cycle 1 2 3 %}{% endfor %}")
    with ThreadPoolExecutor(8) as pool:
        texts = pool.map(lambda _: template.render({"l": range(100)}), range(40))
    assert set(texts) == {"123" * 33 + "1"}


def test_the_place_of_an_error_is_the_last_use_of_the_name():
    """All uses of a named cycle are one node, whose token is the last one's."""
    assert_same_error("{% cycle 'x'|default_if_none:missing 2 as c %}\n\n{% cycle c %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% cycle %}",
        "{% cycle a %}",
        "{% cycle 1 2 as c loud %}",
        "{% cycle 1 2 as c %}{% cycle d %}",
        "{% cycle c %}{% cycle 1 2 as c %}",
        "{% cycle a|nope b %}",
        "{% cycle a,b,c %}",
        "{% cycle 'a %}",
    ],
)
def test_malformed(source):
    assert_same_error(source, CONTEXT)
