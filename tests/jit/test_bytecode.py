"""What the code behind an attribute reads of ``self``, and what it names."""

import functools

import pytest
from django.utils.functional import cached_property

from djust_engine.jit.bytecode import names_of, reads_of_self


def wrapped(function):
    @functools.wraps(function)
    def wrapper(self):
        return function(self)

    return wrapper


def hidden(function):
    return lambda *args: function(*args)


class Page:
    constant = 5

    def plain(self):
        return f"{self.a} {self.b.c}".strip()

    def called(self, other=None):
        other = self.a
        return self.m(other)

    @property
    def prop(self):
        return self.a

    @cached_property
    def cached(self):
        return self.a

    @functools.cached_property
    def cached_too(self):
        return self.a

    def loop(self):
        return [x for x in self.a if x]

    def fixed(self):
        return 1

    @staticmethod
    def static():
        return 1

    @classmethod
    def of_class(cls):
        return cls

    def passed(self):
        return str(self)

    def returned(self):
        return self

    def stored(self):
        self.a = 1

    def rebound(self):
        self = self.a
        return self.b

    def closed_over(self):
        return lambda: self.a

    def inner(self):
        return [self.a for _ in self.b if (lambda: self)]

    def indexed(self):
        return self[0]

    def revealed(self):
        return locals()

    def of_parent(self):
        return super().__str__()

    def compared(self):
        return self == self.a

    def pair(self, a=1, b=2):
        return (a, self.a, b, self)

    @wrapped
    def decorated(self):
        return self.a

    @hidden
    def replaced(self):
        return self.a

    def harmful(self):
        return self.a(self)

    harmful.alters_data = True
    partial = functools.partialmethod(plain)


READS = [
    ("plain", {"a", "b"}),
    ("called", {"a", "m"}),
    ("prop", {"a"}),
    ("cached", {"a"}),
    ("cached_too", {"a"}),
    ("loop", {"a"}),
    ("fixed", set()),
    ("static", set()),
    ("of_class", set()),
    ("constant", set()),
    ("harmful", set()),
]
UNKNOWN = [
    *("passed", "returned", "stored", "rebound", "closed_over", "inner", "indexed"),
    *("revealed", "of_parent", "compared", "pair", "decorated", "replaced", "partial"),
]


@pytest.mark.parametrize(("name", "reads"), READS)
def test_attributes_that_are_only_read(name, reads):
    assert reads_of_self(vars(Page)[name]) == reads


@pytest.mark.parametrize("name", UNKNOWN)
def test_self_that_goes_elsewhere(name):
    assert reads_of_self(vars(Page)[name]) is None


@pytest.mark.parametrize("attribute", [property(), len, str.upper, Page])
def test_what_has_no_code_is_unknown_or_constant(attribute):
    assert reads_of_self(attribute) in (None, frozenset())


def test_names_are_found_in_wrapped_and_inner_code():
    assert "a" in names_of(vars(Page)["decorated"])
    assert {"a", "b"} <= names_of(vars(Page)["inner"])
    assert names_of(vars(Page)["prop"]) == {"a"}
    assert names_of(5) == names_of(None) == frozenset()
