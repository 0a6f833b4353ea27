"""`{% widthratio %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% widthratio a b 100 %}",
    "{% widthratio a b c %}",
    "{% widthratio a 0 100 %}",
    "{% widthratio a missing 100 %}",
    "{% widthratio text b 100 %}",
    "{% widthratio a b 100 as w %}[{{ w }}]",
    "{% widthratio a|add:1 b 62.5 %}",
    "{% for i in l %}{% widthratio i 3 10 %};{% endfor %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_widthratio(source):
    assert_same(source, {"a": 50, "b": 70.5, "c": "33", "text": "x", "l": [1, 2, None]})


@pytest.mark.parametrize(
    "source",
    ["{% widthratio %}", "{% widthratio a b c d %}", "{% widthratio a b c as %}"],
)
def test_malformed(source):
    assert_same_error(source)


def test_a_width_that_is_no_number():
    assert_same_error("a\n{% widthratio 1 2 text %}", {"text": "x"}, string_if_invalid="")
