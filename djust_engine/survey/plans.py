"""What a template reads of its variables, and the plan by which that would be fetched.

Nothing is rendered, and no query is run: the SQL is compiled, not executed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.template import Context
from django.template.base import Node, Template
from django.template.loader_tags import ExtendsNode

from djust_engine.foreign import is_opaque
from djust_engine.jit import stock
from djust_engine.jit.codegen import generate_serializer_code, one_model
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import AT_HAND, instances_plan, make_plan
from djust_engine.jit.plan import InstancesPlan, Many, One, Plan, RowsPlan, ShapePlan
from djust_engine.jit.sql.statements import widened
from djust_engine.jit.usage import ESCAPES, ITERATED, NOTHING, Usage
from djust_engine.nodelist import NativeNodeList
from djust_engine.template import explain

from .views import Given


@dataclass(frozen=True)
class Chain:
    """A template and those that it extends: ``left`` tells which are not native, and why.

    ``seers`` are the tags of these that see the whole context (those of includes are not named).
    ``roots`` is what all of them read of each variable; ``opaque`` says that a node of a library
    may read any of them.
    """

    names: tuple[str, ...]
    left: Mapping[str, str]
    roots: Mapping[str, Usage]
    opaque: bool
    seers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explained:
    """A variable, what is read of it, and how that is fetched: a query for each of ``sql``."""

    variable: str
    usage: Usage
    given: Given | None = None
    plan: Plan | None = None
    sql: tuple[str, ...] = ()
    serializer: str = ""


def read_chain(template: Template) -> Chain:
    """What ``template`` reads, with its constant includes and parents."""
    names, left, opaque, seers = [], {}, False, []
    roots: dict[str, Usage] = {}
    for one in _with_parents(template):
        name = one.name or "<string>"
        names.append(name)
        nodelist = one.nodelist
        if not isinstance(nodelist, NativeNodeList) or nodelist.program is None:
            left[name] = "; ".join(entry.why for entry in explain(one))
            continue
        context = Context()
        context.template = one
        sees_all, found = nodelist.program.reads(context)
        opaque = opaque or sees_all
        seers += _seers(one) if sees_all else []
        for variable, tree in found.items():
            roots[variable] = roots.get(variable, NOTHING).union(Usage.read(tree))
    return Chain(tuple(names), left, roots, opaque, tuple(seers))


def _seers(template: Template) -> list[str]:
    """The tags of this file whose functions or nodes may read any name."""
    nodes: list[Any] = template.nodelist.get_nodes_by_type(Node)
    tokens = [node.token for node in nodes if hasattr(node, "token") and is_opaque(node)]
    places = {(token.lineno, token.contents.partition(" ")[0]) for token in tokens}
    entries = [one for one in explain(template) if (one.line, one.name) in places]
    return [f"{{% {one.name} %}} in {template.name}:{one.line}" for one in entries]


def _with_parents(template: Template) -> Iterator[Template]:
    """The template and what it extends, as far as the names are constants."""
    seen: set[str | None] = set()
    while template.name not in seen or not seen:
        seen.add(template.name)
        yield template
        nodes: list[Any] = template.nodelist.get_nodes_by_type(ExtendsNode)
        extends = next(iter(nodes), None)
        if extends is None or not isinstance(extends.parent_name.var, str):
            return
        template = template.engine.get_template(str(extends.parent_name.var))


def explain_variables(chain: Chain, given: Mapping[str, Given]) -> list[Explained]:
    """Each variable that the templates read, with its plan where its model is given."""
    return [
        _explained(variable, _marked(usage, chain.opaque), given.get(variable))
        for variable, usage in sorted(chain.roots.items())
    ]


def _marked(usage: Usage, opaque: bool) -> Usage:
    """Under a node that may read everything, elements escape."""
    if not opaque or usage.item is None:
        return usage
    return Usage(usage.marks, usage.children, usage.item.union(Usage(ESCAPES)))


def _explained(variable: str, usage: Usage, given: Given | None) -> Explained:
    if given is None:
        return Explained(variable, usage)
    model = given.model
    if usage.item is None and not given.is_many:
        plan: Plan = instances_plan(model, usage, (AT_HAND, ""))
        return Explained(variable, usage, given, plan, (), _serializer(model, usage))
    if given.is_page:
        usage = Usage(ITERATED, {}, usage.item)
    queryset = model._default_manager.all()
    plan = make_plan(model, usage, query_shape(queryset))
    sql = tuple(_statements(plan, queryset))
    return Explained(variable, usage, given, plan, sql, _serializer(model, usage.item or NOTHING))


def _statements(plan: Plan, queryset: Any) -> Iterator[str]:
    if isinstance(plan, RowsPlan):
        yield _compiled(widened(queryset, plan.columns))
        yield from _below(queryset.model, plan.shape)
    elif isinstance(plan, InstancesPlan) and plan.joins:
        yield _compiled(queryset.select_related(*plan.joins))
    else:
        yield _compiled(queryset)


def _compiled(queryset: Any) -> str:
    text: str = queryset.query.get_compiler(queryset.db).as_sql()[0]
    return text


def _below(model: type[Model], shape: ShapePlan) -> Iterator[str]:
    """The query of each to-many relation of rows, as it would be for one of them."""
    for entry in shape.entries:
        if isinstance(entry, One):
            yield from _below(one_model(model, entry), entry.shape)
        elif isinstance(entry, Many):
            target = stock.many_model(model, entry.name)
            yield from _of_one_key(target._default_manager.all(), entry)
            yield from _below(target, entry.rows.shape)


def _of_one_key(queryset: Any, entry: Many) -> Iterator[str]:
    """Nothing where 0 is no key: then a relation is named without its statement."""
    try:
        related = queryset.filter(**{f"{entry.lookup}__in": [0]})
    except (TypeError, ValueError, ValidationError):
        return
    yield _compiled(widened(related, entry.rows.columns))


def _serializer(model: Any, usage: Usage) -> str:
    paths = [path for path in usage.paths() if path]
    try:
        return generate_serializer_code(model._meta.label, paths, "serialize") if paths else ""
    except ValueError as error:
        return f"# {error}\n"


def usage_lines(usage: Usage, depth: int = 0) -> Iterable[str]:
    """The usage as an indented tree: the names, and how each is used."""
    for name, child in sorted(usage.children.items()):
        yield f"{'  ' * depth}{name}{_how(child)}"
        yield from usage_lines(child, depth + 1)
    if usage.item is not None:
        if depth or usage.children:
            yield f"{'  ' * depth}each{_how(usage.item)}"
            depth += 1
        yield from usage_lines(usage.item, depth)


_MARKS = ("printed", "tested", "iterated", "measured", "compared", "handed to code")


def _how(usage: Usage) -> str:
    """How a value is used where that is more than being read or printed."""
    words = [word for at, word in enumerate(_MARKS) if usage.marks & (1 << at)]
    return "" if words in ([], ["printed"]) else f"  ({', '.join(words)})"
