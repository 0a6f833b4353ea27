"""What a template asks of models that these do not have: `djust_check` with what views give.

Django's own nodes are walked, includes and blocks too. What is reached through something unknown is
not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from django.db.models import Model
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Template, Variable
from django.template.defaulttags import ForNode, WithNode
from django.template.loader_tags import ExtendsNode, IncludeNode

from djust_engine.jit import stock
from djust_engine.jit.stock import Kind
from djust_engine.jit.usage import COMPARED, NOTHING, TESTED, Usage

from .kinds import Instance, Manager, Type, Unknown, element_of, misused, step, type_of
from .plans import read_chain
from .views import Given

Env = dict[str, Type]
#: (name of the template, line, subject, code, sentence)
Mistake = tuple[str, int, str, str, str]
_DEEPEST = 12


def find_mistakes(template: Template, given: Mapping[str, Given]) -> list[Mistake]:
    """The mistakes in ``template`` and what it includes and extends, each once."""
    env = {name: type_of(one) for name, one in given.items()}
    found = _Walk(template.engine).template(template, env, 0)
    return list(dict.fromkeys([*found, *find_useless(template, given)]))


def find_useless(template: Template, given: Mapping[str, Given]) -> Iterator[Mistake]:
    """The relations that a view fetches and no template reads, where all that reads is known."""
    chain = read_chain(template)
    views = {(one.view, one.fetched): one for one in given.values() if one.fetched}
    if chain.opaque or chain.left:
        return
    for one in views.values():
        usages = [chain.roots.get(name, NOTHING) for name in given if given[name].view == one.view]
        item = reduce(Usage.union, [_objects(usage, one.is_many) for usage in usages], NOTHING)
        for path in one.fetched if _is_plain(one.model, item) else ():
            if not _reads(item, path.split("__")):
                why = f"{one.view} fetches it, and no template reads it"
                yield template.name or "", 0, path, "useless-prefetch", why


def _objects(usage: Usage, is_many: bool) -> Usage:
    if not is_many:
        return usage
    listed = usage.children.get("object_list", NOTHING)
    return (usage.item or NOTHING).union(listed.item or NOTHING)


def _is_plain(model: type[Model], item: Usage) -> bool:
    """Whether no code sees the objects: it might read any relation of them."""
    if item.marks & ~(TESTED | COMPARED):
        return False
    return all(stock.classify(model, name)[0] is not Kind.CODE for name in item.children)


def _reads(usage: Usage, path: list[str]) -> bool:
    for name in path:
        found = usage.children.get(name)
        if found is None:
            return False
        objects = found.children.get("all", NOTHING)
        usage = found.union(objects.item or objects)
    return True


class _Walk:
    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def template(self, template: Template, env: Env, depth: int) -> Iterator[Mistake]:
        yield from self.nodes(template.nodelist, env, template.name or "", depth)

    def nodes(self, nodes: Iterable[Any], env: Env, name: str, depth: int) -> Iterator[Mistake]:
        for node in nodes:
            yield from self.node(node, env, name, depth)

    def node(self, node: Node, env: Env, name: str, depth: int) -> Iterator[Mistake]:
        line = getattr(getattr(node, "token", None), "lineno", 0) or 0
        for expression in _expressions(node):
            for subject, code, why in judge(expression, env):
                yield name, line, subject, code, why
        if isinstance(node, ForNode):
            yield from self.loop(node, env, name, line, depth)
        elif isinstance(node, WithNode):
            inner = {**env, **_bound(node.extra_context, env)}
            yield from self.nodes(node.nodelist, inner, name, depth)
        elif isinstance(node, IncludeNode | ExtendsNode):
            yield from self.other(node, env, name, depth)
        else:
            yield from self.below(node, env, name, depth)

    def below(self, node: Node, env: Env, name: str, depth: int) -> Iterator[Mistake]:
        for attribute in node.child_nodelists:
            nodes = getattr(node, attribute, None)
            if isinstance(nodes, NodeList):
                yield from self.nodes(nodes, env, name, depth)

    def loop(self, node: ForNode, env: Env, name: str, line: int, depth: int) -> Iterator[Mistake]:
        sequence: Any = node.sequence
        kind = kind_of(sequence, env)
        if isinstance(kind, Manager | Instance):
            yield name, line, str(node.sequence), "not-iterable", _not_iterable(kind)
        inner = {**env, **dict.fromkeys(node.loopvars), "forloop": None}
        if len(node.loopvars) == 1:
            inner[node.loopvars[0]] = element_of(kind)
        yield from self.nodes(node.nodelist_loop, inner, name, depth)
        yield from self.nodes(node.nodelist_empty, env, name, depth)

    def other(self, node: Any, env: Env, name: str, depth: int) -> Iterator[Mistake]:
        """The template that is included or extended, where its name is a constant."""
        if isinstance(node, IncludeNode):
            bound = _bound(node.extra_context, env)
            inner = bound if node.isolated_context else {**env, **bound}
            named = node.template.var
        else:
            inner, named = env, node.parent_name.var
            yield from self.nodes(node.nodelist, env, name, depth)
        if isinstance(named, str) and depth < _DEEPEST:
            try:
                template = self.engine.get_template(named)
            except (TemplateDoesNotExist, TemplateSyntaxError):
                return
            yield from self.template(template, inner, depth + 1)


def _not_iterable(kind: Manager | Instance) -> str:
    if isinstance(kind, Manager):
        return f"a related manager cannot be iterated: its objects are those of {'.all'!r}"
    return f"one {kind.model.__name__} cannot be iterated"


def _bound(values: Mapping[str, FilterExpression], env: Env) -> Env:
    return {name: kind_of(value, env) for name, value in values.items()}


def _expressions(node: Node) -> Iterator[FilterExpression]:
    """The expressions that a node holds itself, in its attributes and in their lists and dicts."""
    for value in vars(node).values():
        yield from _held(value, 3)


def _held(value: Any, depth: int) -> Iterator[FilterExpression]:
    if isinstance(value, FilterExpression):
        yield value
    elif isinstance(value, NodeList) or not depth:
        return
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _held(one, depth - 1)
    elif hasattr(value, "lbp"):  # a part of an `if`: django.template.smartif.TokenBase
        yield from _held([getattr(value, name, None) for name in _OPERANDS], 2)


_OPERANDS = ("value", "first", "second")


def judge(expression: FilterExpression, env: Env) -> Iterator[tuple[str, str, str]]:
    """(subject, code, sentence) of each mistake in an expression."""
    try:
        kind = _look_up(expression.var, env)
    except Unknown as unknown:
        yield str(expression.var), "unknown-field", str(unknown)
        return
    for function, arguments, *_ in expression.filters:
        name = getattr(function, "_filter_name", "")
        own = getattr(function, "__module__", "") == "django.template.defaultfilters"
        why = misused(kind, name) if own else ""
        if why:
            yield f"|{name}", "filter-type", why
        for _, argument in arguments:
            if isinstance(argument, Variable):
                yield from _judge_argument(argument, env)
        kind = None


def _judge_argument(argument: Variable, env: Env) -> Iterator[tuple[str, str, str]]:
    try:
        _look_up(argument, env)
    except Unknown as unknown:
        yield str(argument), "unknown-field", str(unknown)


def kind_of(expression: FilterExpression, env: Env) -> Type:
    """What an expression gives: unknown behind any filter."""
    if expression.filters:
        return None
    try:
        return _look_up(expression.var, env)
    except Unknown:
        return None


def _look_up(variable: Any, env: Env) -> Type:
    lookups = getattr(variable, "lookups", None)
    if not lookups:
        return None
    kind = env.get(lookups[0])
    for name in lookups[1:]:
        kind = step(kind, name)
    return kind
