"""What the code behind a class attribute names, and what it reads of ``self``; no ORM here."""

from __future__ import annotations

import dis
import functools
from collections.abc import Iterator
from inspect import CO_VARKEYWORDS
from types import CodeType, FunctionType
from typing import Any

from django.utils.functional import cached_property

#: Builtins through which code sees its own variables without naming them.
_REVEALING = frozenset(("locals", "vars", "eval", "exec", "super"))

#: Instructions that do something, or have another do it.
_ACTING = (
    *("CALL", "PRECALL", "IMPORT", "YIELD", "SEND", "MAKE_", "LOAD_SUPER", "STORE_ATTR"),
    *("STORE_GLOBAL", "STORE_DEREF", "STORE_SUBSCR", "DELETE", "RAISE"),
)


def names_of(attribute: Any) -> frozenset[str]:
    """Every name in the code of a function, method, property or cached property."""
    return frozenset(name for code in codes_of(attribute) for name in code.co_names)


def codes_of(attribute: Any) -> Iterator[CodeType]:
    for part in ("fget", "func", "__func__", "__wrapped__"):
        attribute = getattr(attribute, part, None) or attribute
    code = getattr(attribute, "__code__", None)
    waiting = [code] if isinstance(code, CodeType) else []
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]


def reads_of_self(attribute: Any) -> frozenset[str] | None:
    """The attributes of ``self`` that the code reads; None where ``self`` may go elsewhere."""
    if not hasattr(type(attribute), "__get__") or getattr(attribute, "alters_data", False):
        return frozenset()  # a constant, or a method that no template may call
    if isinstance(attribute, staticmethod | classmethod):
        return frozenset()
    function = _function(attribute)
    return None if function is None else _reads(function.__code__)


def _function(attribute: Any) -> FunctionType | None:
    if type(attribute) is property:
        attribute = attribute.fget
    elif type(attribute) in (cached_property, functools.cached_property):
        attribute = attribute.func
    plain = type(attribute) is FunctionType and not hasattr(attribute, "__wrapped__")
    return attribute if plain and attribute.__code__.co_argcount else None


def _reads(code: CodeType) -> frozenset[str] | None:
    self = code.co_varnames[0]
    if self in code.co_cellvars or _REVEALING.intersection(code.co_names):
        return None
    found = set()
    instructions = list(dis.get_instructions(code))
    for this, after in zip(instructions, [*instructions[1:], None], strict=True):
        if not _names(this, self):
            continue
        if not _loads_last(this, self) or after is None or not _is_read(after):
            return None
        found.add(after.argval)
    return frozenset(found)


def decides_by_model(attribute: Any) -> bool:
    """Whether ``method(self, model, **hints)`` calls nothing, stores nothing and reads no hint."""
    function = _function(attribute)
    if function is None or function.__code__.co_argcount != 2:
        return False
    code = function.__code__
    hints = code.co_varnames[2 : 2 + code.co_kwonlyargcount + bool(code.co_flags & CO_VARKEYWORDS)]
    return not any(
        one.opname.startswith(_ACTING) or any(_names(one, hint) for hint in hints)
        for one in dis.get_instructions(code)
    )


def paths_of_self(attribute: Any) -> frozenset[tuple[str, ...]] | None:
    """The dotted paths from ``self`` that the code reads, as far as each goes; None where unknown.

    An object that is only tested ends in an empty name.
    """
    if reads_of_self(attribute) is None:
        return None
    function = _function(attribute)
    return frozenset() if function is None else frozenset(_paths(function.__code__))


def _paths(code: CodeType) -> Iterator[tuple[str, ...]]:
    self, instructions = code.co_varnames[0], list(dis.get_instructions(code))
    for at, this in enumerate(instructions):
        if not _names(this, self):
            continue
        path: list[str] = []
        while _is_read(instructions[at + 1 + len(path)]):
            path.append(instructions[at + 1 + len(path)].argval)
        after = instructions[at + 1 + len(path)].opname
        yield (*path, "") if after.startswith(("POP_JUMP", "TO_BOOL")) else tuple(path)


def _names(instruction: dis.Instruction, name: str) -> bool:
    """Whether the instruction handles the local variable, alone or as one of two."""
    value = instruction.argval
    is_local = "_FAST" in instruction.opname
    return is_local and (name in value if isinstance(value, tuple) else value == name)


def _loads_last(instruction: dis.Instruction, name: str) -> bool:
    """Whether the variable is what the instruction leaves on top of the stack, and no more."""
    value, last = instruction.argval, instruction.opname.rpartition("LOAD_FAST")
    if not last[1] or last[2] not in ("", "_BORROW", "_CHECK"):
        return False
    return value == name or (isinstance(value, tuple) and value[1] == name != value[0])


def _is_read(instruction: dis.Instruction) -> bool:
    return instruction.opname in ("LOAD_ATTR", "LOAD_METHOD")
