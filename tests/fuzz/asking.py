"""Pieces of template whose Python asks for data: tags and filters of `asked`, and `serialize`."""

# Braces stand for themselves in templates.
# ruff: noqa: UP031

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.fuzz.case import Piece
from tests.fuzz.schema import ATTRIBUTES, Type

if TYPE_CHECKING:
    from tests.fuzz.data import Scope, Writer

MANY = ("rows", "list", "page", "manager")
ENDS = ["count", "first", "exists", "last", "all"]
READ = ("text", "number", "date")


def relations(model: str, *kinds: str) -> list[str]:
    return [name for name, (kind, _) in ATTRIBUTES[model].items() if kind in kinds]


def asked_path(random: Random, model: str) -> str:
    """A path that Python code follows: relations, then a column, a method or a whole relation."""
    names: list[str] = []
    for _ in range(random.randint(0, 2)):
        known = relations(model, "one")
        if not known:
            break
        names.append(random.choice(known))
        model = ATTRIBUTES[model][names[-1]][1]
    managers = relations(model, "manager")
    if managers and random.randrange(3):
        names.append(random.choice(managers))
        names += [random.choice(ENDS)] if random.randrange(2) else []
    elif not names or random.randrange(3):
        names.append(random.choice([*ATTRIBUTES[model], "pk"]))
    return ".".join(names)


def typed(writer: Writer, scope: Scope, *kinds: str) -> tuple[str, Type] | None:
    """A path of the scope to something of these kinds; None where none is found soon."""
    for _ in range(8):
        text, type_ = writer.path(scope, 2)
        if type_[0] in kinds and type_[1]:
            return text, type_
    return None


def reach(writer: Writer, scope: Scope) -> Piece:
    """Code that follows relations of one object, or of each of many."""
    found = typed(writer, scope, "one", *MANY)
    if found is None:
        return writer.text(scope)
    text, (kind, model) = found
    path = asked_path(writer.random, model)
    if kind == "one":
        return "{{ %s|reach:'%s' }};" % (text, path)
    return writer.random.choice(["{{ %s|reached:'%s' }};", "{%% reaching %s '%s' %%};"]) % (
        text, path,
    )  # fmt: skip


def serialized(writer: Writer, scope: Scope) -> Piece:
    """Nested dicts of some paths."""
    found = typed(writer, scope, "one", "rows", "list", "manager")
    if found is None:
        return writer.text(scope)
    text, (_, model) = found
    paths = {data_path(writer.random, model) for _ in range(writer.random.randint(1, 3))}
    return "{%% data %s %s %%}" % (text, " ".join(f"'{path}'" for path in sorted(paths)))


def data_path(random: Random, model: str) -> str:
    """A path for `serialize`: relations of any kind, then most often a column."""
    names: list[str] = []
    for _ in range(random.randint(0, 2)):
        known = [one for one in relations(model, "one", "manager") if one != "subject"]
        if not known:
            break
        names.append(random.choice(known))
        model = ATTRIBUTES[model][names[-1]][1]
    columns = relations(model, *READ) or ["pk"]
    if not names or random.randrange(5):
        names.append(random.choice([*columns, "pk"]))
    return ".".join(names)


def form(writer: Writer, scope: Scope) -> Piece:
    forms = [name for name, (kind, _) in scope.items() if kind == "form"]
    if not forms:
        return writer.plain(scope)
    return "{%% for field in %s %%}{{ field }}{%% endfor %%}" % writer.random.choice(forms)


def picked(writer: Writer, scope: Scope, depth: int) -> Piece:
    """A loop over what a tag, or a filter, returns: a QuerySet of a relation."""
    found = typed(writer, scope, "one", "rows")
    known = relations(found[1][1], "manager") if found else []
    if found is None or not known:
        return writer.loop(scope, depth)
    (text, (kind, model)), name = found, next(writer.names)
    relation = writer.random.choice(known)
    inner = {**scope, name: ("one", ATTRIBUTES[model][relation][1])}
    if kind == "rows":
        inner[name] = ("one", model)
        how = writer.random.choice(["newest", "few"])
        head = "{%% for %s in %s|%s %%}" % (name, text, how)
    elif writer.chance(0.5):
        head = "{%% for %s in %s|related:'%s' %%}" % (name, text, relation)
    else:
        chosen = next(writer.names)
        tag = "{%% pick %s '%s' as %s %%}" % (text, relation, chosen)
        head = "%s{%% for %s in %s %%}" % (tag, name, chosen)
    return [head, *writer.pieces(inner, depth - 1), "{% endfor %}"]


def part(writer: Writer, scope: Scope, depth: int) -> Piece:
    """An inclusion tag, which is given one object and a relation of it."""
    found = typed(writer, scope, "one")
    known = relations(found[1][1], "manager") if found else []
    if found is None or "part.html" in writer.templates or not known:
        return writer.loop(scope, depth)
    text, type_ = found
    relation = writer.random.choice(known)
    inner: Scope = {"part": type_, "related": ("rows", ATTRIBUTES[type_[1]][relation][1])}
    writer.templates["part.html"] = []
    writer.templates["part.html"] = writer.pieces(inner, depth - 1)
    return "{%% part %s '%s' %%}" % (text, relation)


LEAVES = [reach, reach, serialized, form]
BLOCKS = [picked, part]
