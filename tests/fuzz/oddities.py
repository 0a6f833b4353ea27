"""Odd Python objects, for contexts of random templates; each is made by an expression in VALUES."""

# ruff: noqa: F401 -- the names are for the expressions
import enum
import uuid
from collections import OrderedDict, defaultdict, namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import PurePosixPath
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.utils.datastructures import MultiValueDict
from django.utils.functional import SimpleLazyObject, cached_property, lazy, lazystr
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy


class Silent(Exception):
    silent_variable_failure = True


class Loud(Exception):
    pass


class Named:
    """Prints as its class, where an object would print its address."""

    def __repr__(self):
        return f"<{type(self).__name__}>"


class Person(Named):
    """Attributes, properties and methods of every sort."""

    name = "A<d>a"
    age = 36
    _hidden = "hidden"
    tags = ("x", "<y>")

    def __init__(self, name="A<d>a"):
        self.name = name
        self.friends = [name, 3]

    def __str__(self):
        return f"Person <{self.name}>"

    def greet(self):
        return f"hi {self.name}"

    def wants(self, other):
        return other

    def maybe(self, other="<o>"):
        return other

    def many(self, *others, **named):
        return len(others) + len(named)

    @property
    def loud(self):
        raise Loud("<loud>")

    @property
    def lost(self):
        raise AttributeError("lost inside")

    @property
    def silent(self):
        raise Silent("silent")

    def key_error(self):
        raise KeyError("k")

    def type_error(self):
        return len(3)

    def delete(self):
        return "deleted"

    delete.alters_data = True

    @classmethod
    def made(cls):
        return cls("made")

    @cached_property
    def once(self):
        return mark_safe(f"<{self.name}>")


class Items(Named):
    """Answers by `__getitem__` alone."""

    def __getitem__(self, key):
        if key in ("a", 0):
            return f"<{key}>"
        if key == "loud":
            raise Loud(key)
        if key == "silent":
            raise Silent(key)
        raise {"type": TypeError, "value": ValueError}.get(key, KeyError)(key)


class Getter(Named):
    """Answers any attribute whose name begins with a."""

    def __getattr__(self, name):
        if name.startswith("a"):
            return f"got {name}"
        raise AttributeError(name)


class Html(str):
    """Marks itself safe."""

    def __html__(self):
        return f"<u>{self}</u>"


class HtmlObject(Named):
    def __html__(self):
        return "<h>"

    def __str__(self):
        return "<str>"


class Broken(Named):
    """Raises wherever Python asks something of it."""

    def __str__(self):
        raise Loud("str")

    def __len__(self):
        raise Loud("len")

    def __bool__(self):
        raise Loud("bool")

    def __eq__(self, other):
        raise Loud("eq")

    __hash__ = None


class Falsy(Named):
    """False, of length 3, and equal to everything."""

    def __len__(self):
        return 3

    def __bool__(self):
        return False

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

    def __iter__(self):
        return iter("<f>")

    def __contains__(self, item):
        return item == "x"

    def __lt__(self, other):
        return NotImplemented


class Wrong(Named):
    """Methods that give values of a wrong type."""

    def __str__(self):
        return 3

    def __len__(self):
        return -1

    def __iter__(self):
        return 5


class Stopping(Named):
    """An iterator that breaks off."""

    def __init__(self, error=Loud):
        self.error = error

    def __iter__(self):
        yield 1
        yield "<2>"
        raise self.error("stopped")


class Sized(list):
    """A list with another truth, length and text than a list."""

    def __len__(self):
        return 2

    def __str__(self):
        return "<sized>"


class Missing(dict):
    def __missing__(self, key):
        return f"<no {key}>"


class Plain(dict):
    """A dict with attributes."""

    name = "attribute"

    def items(self):
        return [("over", "ridden")]


class Number(int):
    def __str__(self):
        return f"<{int(self)}>"


class Fraction(float):
    pass


class Callable:
    """Is called, unless it says otherwise."""

    def __init__(self, **flags):
        self.__dict__.update(flags)
        self.name = "callable"

    def __call__(self):
        return Person("called")

    def __str__(self):
        return "<callable>"


class Colour(enum.Enum):
    RED = "r<"
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


class Word(str, enum.Enum):  # noqa: UP042 -- it prints otherwise
    ONE = "one<"


Point = namedtuple("Point", "x y")


def generated():
    yield from ("<a>", 2, None)


def failing():
    raise Loud("called")


lazy_markup = lazy(lambda: mark_safe("<l>"), str)
lazy_number = lazy(lambda: 12, int)

NAMES = {name: value for name, value in globals().items() if not name.startswith("__")}

VALUES = [
    "Person()", "Person('x')", "Person", "[Person('b'), Person('a')]", "{'p': Person()}",
    "Items()", "Getter()", "Html('<a>')", "HtmlObject()", "Broken()", "[Broken()]", "Falsy()",
    "[Falsy(), 1]", "Wrong()", "Stopping()", "Stopping(TypeError)", "Sized([1, 2, 3])",
    "Missing(a=1)", "Plain(name='key', a=1)", "defaultdict(list, a=[1])", "OrderedDict(b=1, a=2)",
    "MultiValueDict({'a': ['1', '2'], 'b': []})", "{}", "{'a': 1, 'b': {'c': '<c>'}}",
    "{1: 'one', '1': 'text one', None: 3}", "{'items': 5, 'keys': [1]}", "{'a': None}",
    "{'<k>': '<v>', 'b & c': 2}", "[('a', 1), ('b', 2)]", "[(1, 2, 3)]", "[{'a': 2}, {'a': 1}]",
    "[{'a': 'x', 'b': 1}, {'a': 'x', 'b': 2}, {'a': 'y', 'b': 1}]", "[['a', 1], ['b']]",
    "[]", "()", "''", "'<b>'", "'it\\'s & \"so\"'", "'a,b,c'", "'Ünï <cødé> \\U0001f600'",
    "'\\ud800x'", "'nul\\0'", "'two words here'", "'line\\nline\\n\\nline'", "'İıßǆ'", "'12'",
    "'1.5'", "'http://a.b/?x=<1>&y'", "mark_safe('<safe>')", "mark_safe('')", "SafeString('&')",
    "format_html('<i>{}</i>', '<')", "lazystr('<lazy>')", "gettext_lazy('Monday')",
    "gettext_lazy('<not>')", "lazy_markup()", "lazy_number()", "SimpleLazyObject(Person)",
    "SimpleLazyObject(lambda: [1, '<2>'])", "SimpleLazyObject(lambda: None)", "b'<bytes>'",
    "0", "1", "-7", "True", "False", "None", "10**30", "-10**400", "2**63", "1234567", "Number(5)",
    "Fraction(0.5)", "1.0", "0.1", "-0.0", "1e22", "1e-7", "1e300*1e300", "float('nan')", "1234.5",
    "Decimal('1.10')", "Decimal('NaN')", "Decimal('1E+30')", "Decimal('-0')", "Decimal('Infinity')",
    "3+4j", "date(2024, 2, 29)", "datetime(2024, 3, 31, 1, 30)", "time(0, 5, 9)",
    "datetime(2024, 3, 31, 1, 30, tzinfo=timezone.utc)", "time(12, 0, 0, 7)", "timedelta(1, 5)",
    "datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo('Europe/Berlin'))", "datetime.min",
    "generated()", "(x for x in 'ab')", "map(str, [1, 2])", "iter([3, 4])", "range(3)", "{1}",
    "frozenset(['<s>'])", "Callable()", "Callable(do_not_call_in_templates=True)",
    "Callable(alters_data=True)", "failing", "lambda: '<fn>'", "lambda x: x", "len",
    "partial(Person, 'part')", "Colour", "Colour.RED", "Level.LOW", "Level", "Word.ONE",
    "Point(1, '<2>')", "[Point(1, 2), Point(3, 4)]", "SimpleNamespace(a=1, b=[Person('n')])",
    "uuid.UUID(int=5)", "PurePosixPath('/a/<b>')", "ValueError('<v>')", "NotImplemented", "...",
    "object", "[[1, [2, '<3>']], 4]", "['a', ['b', ['c']], 'd']", "[3, 1, 2]", "['b', 'A', None]",
    "memoryview(b'ab')", "type('T', (), {'a': property(lambda self: 1 / 0)})()",
]  # fmt: skip
PATHS = [
    "name", "age", "tags", "friends", "greet", "wants", "maybe", "many", "loud", "lost", "silent",
    "key_error", "type_error", "delete", "made", "once", "a", "b", "c", "0", "1", "-1", "2", "x",
    "y", "p", "items", "keys", "values", "upper", "RED", "value", "LOW", "real", "year", "hour",
    "count", "append", "missing", "friends.0", "name.upper", "b.c", "type", "a.0", "isoformat",
]  # fmt: skip
