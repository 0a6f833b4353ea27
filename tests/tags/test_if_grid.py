"""Each operator of `{% if %}` over all pairs of values, one at a time, as Django has it."""

from collections.abc import Iterator

import pytest
from django.template import Context, Engine

from djust_engine.backends.django import Engine as OurEngine
from tests.filters import pairs

OPERATORS = ["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "and", "or"]


class Hostile:
    """Fails whatever it is asked."""

    def fail(self, *arguments):
        raise ZeroDivisionError("asked")

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __len__ = fail
    __iter__ = __str__ = __bool__ = __getitem__ = fail
    __hash__ = None


class Agreeable:
    """Answers comparisons with objects whose truth is a matter of their own."""

    def answer(self, other):
        return Hostile()

    __eq__ = __lt__ = __ge__ = answer
    __hash__ = None

    def __contains__(self, item):
        return [item]


OPERANDS = {name: make() for name, make in pairs.ALL.items()} | {
    "hostile": Hostile(),
    "agreeable": Agreeable(),
    "not a number": [float("nan")],
}


def conditions(operator: str) -> Iterator[str]:
    yield f"{{% if a {operator} b %}}y{{% else %}}n{{% endif %}}"
    yield f"{{% if not a {operator} b %}}y{{% else %}}n{{% endif %}}"


def outcome(template, context):
    try:
        return template.render(Context(context))
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("operator", OPERATORS)
def test_operator(operator):
    for source in conditions(operator):
        theirs, ours = Engine().from_string(source), OurEngine().from_string(source)
        assert ours.fallback is None
        for left, a in OPERANDS.items():
            for right, b in OPERANDS.items():
                context = {"a": a, "b": b}
                django, our = outcome(theirs, context), outcome(ours, context)
                assert (left, right, our) == (left, right, django)
