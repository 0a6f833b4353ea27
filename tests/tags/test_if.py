"""`{% if %}`, `{% elif %}`, `{% else %}`, and the operators."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import make_objects

OPERATORS = ["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "and", "or"]
OPERANDS = {
    "none": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "big": 10**30,
    "real": 1.0,
    "money": Decimal("1.0"),
    "nan": float("nan"),
    "text": "a",
    "digit": "1",
    "empty": "",
    "safe": mark_safe("a"),
    "lazy": lazystr("a"),
    "list": [1, "a"],
    "void": [],
    "tuple": (1, "a"),
    "dict": {"a": 1},
    "set": {1, "a"},
    "day": date(2024, 1, 1),
    "moment": datetime(2024, 1, 1, tzinfo=UTC),
    "type": str,
}
YES_OR_NO = "{% if CONDITION %}yes{% else %}no{% endif %}"
# Each operator over each pair of operands in one template: 'y', 'n' for each.
MATRIX = "".join(
    "{% if a OP b %}y{% else %}n{% endif %}".replace("OP", operator) for operator in OPERATORS
)


@pytest.mark.parametrize("left", OPERANDS)
def test_operators(left):
    for right in OPERANDS:
        assert_same(MATRIX, {"a": OPERANDS[left], "b": OPERANDS[right]})


@pytest.mark.parametrize("operator", OPERATORS)
def test_operators_with_a_missing_side(operator):
    for a, b in (("missing", "b"), ("a", "missing"), ("missing", "none"), ("nope", "missing")):
        source = f"{{% if {a} {operator} {b} %}}yes{{% else %}}no{{% endif %}}"
        assert_same(source, {"a": [1], "b": "text", "none": None})


CONDITIONS = [
    "a",
    "not a",
    "not not a",
    "not a and b",
    "not a or b",
    "a and b or c",
    "a or b and c",
    "not a == b",
    "a == b == c",
    "a < b < c",
    "a in b or c",
    "a not in l",
    "not a in l",
    "a and not b",
    "a|upper == 'X'",
    "a|default:'x' == 'x'",
    "l|length > 1",
    "l|length >= 2 and l.0 == 1",
    "'x' in 'text'",
    "1 in l",
    "'1' in l",
    "a is None",
    "a is not None",
    "missing is None",
    "missing",
    "not missing",
    "missing.deep and a",
    "a == 1.0",
    "a == '1'",
    "1 == 1.0",
    "-1 < 0",
    "0 or ''",
    "True and not False",
    "_('Home') == 'Home'",
    "'and' == 'and'",
    "x.y.z == None",
    "a or broken",
    "b and broken",
    "l.0 == l.1 or l == l",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions(condition):
    source = YES_OR_NO.replace("CONDITION", condition)
    for a, b, c in product((1, 0), (0, "x"), (2, None)):
        assert_same(source, {"a": a, "b": b, "c": c, "l": [1, 2], "broken": lambda: 1 / 0})


CHAINS = [
    "{% if a %}A{% elif b %}B{% elif c %}C{% else %}D{% endif %}",
    "{% if a %}A{% elif b %}B{% endif %}",
    "{% if a %}{% if b %}AB{% else %}A{% endif %}{% elif c %}C{% endif %}",
    "{% if a %}{% else %}{% endif %}",
    "{% if a %}\n  A\n{% else %}\n  B\n{% endif %}\n",
    "{% if a %}{% comment %}{% endif %}{% endcomment %}x{% endif %}",
]


@pytest.mark.parametrize("source", CHAINS)
def test_branches(source):
    for a, b, c in product((1, 0), (1, 0), (1, 0)):
        assert_same(source, {"a": a, "b": b, "c": c})


@pytest.mark.parametrize(
    "condition",
    [
        "faulty",
        "faulty == 1",
        "1 == faulty",
        "1 in faulty",
        "not faulty",
        "faulty and 1",
        "0 or faulty",
        "person.missing_inside",
        "person.loud == 1",
        "person.silent",
        "person.silent == ''",
        "person.silent is None",
        "person.delete",
        "person.type_error or 1",
        "mapping.loud",
        "missing|length == 0",
        "missing|default_if_none:'x' == 'x'",
        "text > 1",
        "number < text",
        "broken",
        "yes and broken",
        "no and broken",
        "nothing|first",
        "number|first",
        "list.0 == '<a>'",
        "'b' in list and list|last",
    ],
)
def test_failures_inside_a_condition(condition):
    assert_same(YES_OR_NO.replace("CONDITION", condition), make_objects)


LITERALS = ["'%'", "''", "'ab'", "_('a')", "1", "300", "1.5", "None", "True"]
TEXTS = ["a", "s", "n", "e", "'a'", "'ab'"]
TEXT_FILTERS = [
    *("addslashes", "capfirst", "center:1", "cut:'x'", "default:'x'", "add:'x'", "intcomma"),
    *("ljust:1", "lower", "rjust:1", "slice:':1'", "slugify", "striptags", "title", "upper"),
    *("truncatechars:1", "truncatewords:1", "escape", "safe", "first", "last"),
]


@pytest.mark.parametrize("left", LITERALS)
def test_identity_of_literals(left):
    for one in LITERALS:
        choice = "{% if x is y %}x{% endif %}" + f"{{% if {left} is {one} %}}y{{% endif %}}"
        assert_same(f"{{% with x={left} y={one} %}}{choice}{{% endwith %}}")
        assert_same(f"{{% if not {left} is not {one} %}}x{{% endif %}}")


@pytest.mark.parametrize("call", TEXT_FILTERS)
def test_identity_of_what_filters_return(call):
    pairs = [(f"{one}|{call}", other) for one in TEXTS for other in (one, f"{one}|{call}")]
    pairs += [(f"{one}|{call}", f"{one}|{call}|{call}") for one in TEXTS]
    choices = (f"{{% if {a} is {b} %}}1{{% else %}}0{{% endif %}}" for a, b in pairs)
    assert_same("{% load humanize %}" + "".join(choices), {"a": "a", "s": "ab", "n": 7, "e": ""})


@pytest.mark.parametrize(
    "source",
    [
        "{% if %}x{% endif %}",
        "{% if a %}x",
        "{% if a %}x{% endfor %}",
        "{% if a %}{% else %}{% else %}{% endif %}",
        "{% if a %}{% else %}{% elif b %}{% endif %}",
        "{% if a == %}{% endif %}",
        "{% if == a %}{% endif %}",
        "{% if a b %}{% endif %}",
        "{% if a and %}{% endif %}",
        "{% if not %}{% endif %}",
        "{% if a not b %}{% endif %}",
        "{% if a is is b %}{% endif %}",
        "{% if (a) %}{% endif %}",
        "{% if a = b %}{% endif %}",
        "{% if a %}{% elif %}{% endif %}",
        "{% if a %}{% endif a %}{% endif %}",
        "{% if a|nope %}{% endif %}",
        "{% if _a %}{% endif %}",
        "{% else %}",
        "{% endif %}",
        "{% elif a %}",
        "{% if a %}\n{% if b %}\n{% endif %}\n",
        "{% if a>b %}{% endif %}",
        "{% if 'a %}{% endif %}",
    ],
)
def test_malformed(source):
    assert_same_error(source, {"a": 1})
