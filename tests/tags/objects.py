"""Objects with each trait that Django's variable lookup knows."""

import enum

from django.db import models
from django.utils.functional import SimpleLazyObject


class SilentError(Exception):
    silent_variable_failure = True


class LoudError(Exception):
    pass


class Choice(models.TextChoices):
    FIRST = "f", "First"


class Colour(enum.Enum):
    RED = "r"


class Person:
    """Attributes, properties and methods, well-behaved and not."""

    name = "Ada <b>"
    number = 7
    nothing = None
    tags = ["<x>", "y"]
    table = {"key": "value", "items": "an item", "1": "text one", 1: "one"}

    def __str__(self):
        return "<person>"

    @property
    def full(self):
        return f"{self.name} Full"

    @property
    def missing_inside(self):
        return self.no_such_name

    @property
    def key_error(self):
        raise KeyError("inside")

    @property
    def silent_property(self):
        raise SilentError("hush")

    def method(self):
        return "called <i>"

    def needs(self, argument):
        return argument

    def optional(self, argument="default"):
        return argument

    def loud(self):
        raise LoudError("loud & clear")

    def silent(self):
        raise SilentError("hush")

    def type_error(self):
        raise TypeError("from inside")

    def delete(self):
        raise AssertionError("must not be called")

    delete.alters_data = True

    def kept(self):
        return "not called"

    kept.do_not_call_in_templates = True

    def chain(self):
        return Person()


class Mapping:
    """Looks names up by itself, and by attribute where it has none."""

    attribute = "attribute"

    def __getitem__(self, key):
        if key == "silent":
            raise SilentError("hush")
        if key == "loud":
            raise LoudError("loud")
        if key == "type":
            raise TypeError("type")
        if key == "present":
            return "item <present>"
        raise KeyError(key)


class Callable:
    """An instance that can be called."""

    attribute = "of the instance"

    def __call__(self):
        return {"attribute": "of the result"}


class Guarded:
    """Refuses every attribute with an error that is not AttributeError."""

    def __getattr__(self, name):
        raise LoudError(name)


class Faulty:
    """Fails in whatever it is asked."""

    def __bool__(self):
        raise LoudError("truth")

    def __eq__(self, other):
        raise LoudError("equality")

    __hash__ = None

    def __contains__(self, item):
        raise LoudError("membership")

    def __str__(self):
        raise LoudError("text")

    def __iter__(self):
        raise LoudError("iteration")


def make_objects():
    return {
        "person": Person(),
        "Person": Person,
        "mapping": Mapping(),
        "call": Callable(),
        "guarded": Guarded(),
        "faulty": Faulty(),
        "Choice": Choice,
        "Colour": Colour,
        "lazy": SimpleLazyObject(Person),
        "list": ["<a>", "b", ["c", "d"]],
        "dict": {"a": {"b": "<c>"}, "items": "own items", "1": "text", 1: "number", "": "empty"},
        "text": "<text>",
        "empty": "",
        "number": 3,
        "nothing": None,
        "yes": True,
        "no": False,
        "float": 1.5,
        "function": lambda: "from a function",
        "picky": lambda argument: argument,
        "broken": lambda: 1 / 0,
    }
