"""`{% resetcycle %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

CONTEXT = {"l": [1, 2, 3, 4, 5]}
SOURCES = [
    "{% for i in l %}{% cycle 'a' 'b' %}{% resetcycle %}{% endfor %}",
    "{% for i in l %}{% cycle 'a' 'b' 'c' as x %}{% if i == 2 %}{% resetcycle x %}{% endif %}"
    "{% endfor %}",
    "{% cycle 'a' 'b' as x %}{% cycle 'c' 'd' as y %}{% cycle x %}{% resetcycle %}{% cycle x %}"
    "{% cycle y %}",
    "{% cycle 'a' 'b' as x %}{% cycle 'c' 'd' %}{% resetcycle x %}{% cycle x %}",
    "{% for i in l %}{% for j in l %}{% cycle 1 2 %}{% endfor %}{% resetcycle %}{% endfor %}",
    "{% for i in l %}{% cycle 'a' 'b' as x %}{{ x }}{% resetcycle x %}{{ x }}{% endfor %}",
    "{% if 0 %}{% cycle 1 2 as c %}{% endif %}{% resetcycle c %}{% cycle c %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_resetcycle(source):
    assert_same(source, CONTEXT)


@pytest.mark.parametrize(
    "source",
    [
        "{% resetcycle %}",
        "{% resetcycle x %}",
        "{% cycle 1 2 as x %}{% resetcycle y %}",
        "{% cycle 1 2 as x %}{% resetcycle x y %}",
        "{% cycle 1 2 %}{% resetcycle x %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)
