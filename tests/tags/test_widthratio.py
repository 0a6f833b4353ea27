"""`{% widthratio %}`."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import Person

SOURCES = [
    "{% widthratio a b 100 %}",
    "{% widthratio a b c %}",
    "{% widthratio a 0 100 %}",
    "{% widthratio a missing 100 %}",
    "{% widthratio text b 100 %}",
    "{% widthratio a b 100 as w %}[{{ w }}]",
    "{% widthratio a|add:1 b 62.5 %}",
    "{% for i in l %}{% widthratio i 3 10 %};{% endfor %}",
    "{% widthratio a|add:missing b 100 as w %}[{{ w }}]",
    "{% with w=1 %}{% widthratio a b 100 as w %}{{ w }}{% endwith %}[{{ w }}]",
    "{% autoescape off %}{% widthratio a b 100 %}{% endautoescape %}",
    "{% widthratio person.silent b 100 %}",
]
VALUES = [
    0, 1, -3, 2.5, -0.4, 0.5, 1.5, 1e300, float("nan"), float("inf"), 10**400, 2**53 + 1, True,
    None, "", "5", " 7 ", "1_0", "x", Decimal("2.5"), Decimal("NaN"), Fraction(1, 3), b"5", [],
]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_widthratio(source):
    context = {"a": 50, "b": 70.5, "c": "33", "text": "x", "l": [1, 2, None], "person": Person()}
    assert_same(source, context)


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("source", ["v m w", "m v w", "m w v"])
def test_kinds_of_numbers(source, value):
    operands = {"v": value, "m": 7, "w": 10}
    assert_same("{% widthratio OPERANDS %}".replace("OPERANDS", source), operands)


@pytest.mark.parametrize("error", [ValueError("v"), TypeError("t"), KeyError("k")])
def test_an_operand_that_raises(error):
    def refuse():
        raise error

    for operands in ("f 2 3", "1 f 3", "1 2 f", "1 2 3|add:f"):
        assert_same_error(
            "a\n{% widthratio OPERANDS %}".replace("OPERANDS", operands), {"f": refuse}
        )


@pytest.mark.parametrize(
    "source",
    ["{% widthratio %}", "{% widthratio a b c d %}", "{% widthratio a b c as %}"],
)
def test_malformed(source):
    assert_same_error(source)


def test_a_width_that_is_no_number():
    assert_same_error("a\n{% widthratio 1 2 text %}", {"text": "x"}, string_if_invalid="")
