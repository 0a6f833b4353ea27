"""`{% lorem %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error


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
    ],
)
def test_lorem(source):
    assert_same(source, {"n": 4, "text": "x", "l": [1, 2]})


def test_malformed():
    assert_same_error("{% lorem 1 2 3 4 %}")
