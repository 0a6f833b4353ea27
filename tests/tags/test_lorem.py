"""`{% lorem %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error


def refuse():
    raise ValueError("no number")


@pytest.mark.parametrize(
    "source",
    [
        "{% lorem %}",
        "{% lorem 3 w %}",
        "{% lorem 2 p %}",
        "{% lorem 2 b random %}",
        "{% lorem n w %}",
        "{% lorem text w %}",
        "{% for i in l %}{% lorem i w random %};{% endfor %}",
        "{% lorem w %}{% lorem p %}{% lorem random %}{% lorem w random %}",
        "{% lorem 0 w %}{% lorem -2 p %}{% lorem 1.9 w %}{% lorem missing w %}",
        "{% lorem f w %}{% lorem n|add:missing2 w %}",
        "{% lorem 25 w %}{% lorem 3 p random %}{% lorem 2 w random %}",
    ],
)
def test_lorem(source):
    assert_same(source, {"n": 4, "text": "x", "l": [1, 2], "f": refuse})


@pytest.mark.parametrize("arguments", ["1 2 3 4", "1 w p", "w 1", "1|nope w"])
def test_malformed(arguments):
    assert_same_error("{% lorem ARGUMENTS %}".replace("ARGUMENTS", arguments))


def test_a_count_that_raises():
    assert_same_error("{% lorem f w %}", {"f": lambda: {}["k"]})
