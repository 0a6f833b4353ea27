"""Every ordered pair of filters gives what Django gives.

Here each expression takes some of the values, others than its neighbour; all of them are taken by
`python -m tests.filters`.
"""

from itertools import cycle, islice

import pytest

from tests.filters import pairs

PARTS = 8
VALUES_EACH = 5


@pytest.mark.parametrize("part", range(PARTS))
def test_pairs(part: int) -> None:
    expressions = pairs.expressions()
    names = cycle(pairs.ALL)
    found: list[str] = []
    for number, expression in enumerate(expressions):
        values = list(islice(names, VALUES_EACH))
        if number % PARTS == part:
            found += pairs.differences([expression], values)
    assert not found, "\n".join(found)


def test_there_are_enough_values_of_every_kind() -> None:
    kinds = {type(make()).__name__ for make in pairs.ALL.values()}
    assert len(pairs.ALL) > 40
    assert kinds >= {
        "str", "SafeString", "__proxy__", "int", "bool", "float", "Decimal", "NoneType", "date",
        "datetime", "list", "dict", "Author", "method", "NamedMarked", "bytes", "tuple",
    }  # fmt: skip


def test_every_filter_of_the_libraries_is_paired() -> None:
    names = {call.partition(":")[0] for call in pairs.filters()}
    assert names >= {
        "localize",
        "language_name",
        "utc",
        "intcomma",
        "naturaltime",
        "upper",
        "json_script",
    }
