"""Templates and the models of their variables to the plans that their renders will ask for.

What is read of a variable is put together as a render does it: all names of a view that hold the
same QuerySet, a page being read through its objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.db import connections

from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import Asked, make_plan
from djust_engine.jit.usage import ESCAPES, NOTHING, Usage

from .plans import Chain
from .views import Given


def make_plans(cache: SerializerCache, chain: Chain, given: Mapping[str, Given]) -> int:
    """Make the plans of a template's QuerySets, each once; the number of new ones."""
    number = 0
    for asked, vendor in _questions(chain, given):
        key = cache.plan_key(asked, vendor)
        _, found = cache.find_plan(key, asked, lambda asked=asked: make_plan(*asked))  # type: ignore[misc]
        number += not found
    return number


def _questions(chain: Chain, given: Mapping[str, Given]) -> Iterator[tuple[Asked, str]]:
    for names in _held_together(chain, given):
        one = given[names[0]]
        usage = NOTHING
        for name in names:
            for read in _readings(chain.roots[name], given[name]):
                usage = usage.union(_marked(read, chain.opaque))
        queryset = one.model._default_manager.all() if one.queryset is None else one.queryset.all()
        vendor = connections[queryset.db].vendor
        yield Asked(one.model, usage, query_shape(queryset)), vendor


def _held_together(chain: Chain, given: Mapping[str, Given]) -> Iterable[list[str]]:
    """The names that a template loops, by the view and model that they come from."""
    found: dict[object, list[str]] = {}
    for name in sorted(given.keys() & chain.roots.keys()):
        one = given[name]
        if one.is_many or chain.roots[name].item is not None:
            place = (one.view, one.model) if one.view else name
            found.setdefault(place, []).append(name)
    return found.values()


def _readings(usage: Usage, given: Given) -> Iterator[Usage]:
    """Of a page, what is read of the page itself says nothing of its objects."""
    if not given.is_page:
        yield usage
        return
    indexes = {name: child for name, child in usage.children.items() if name[:1].isnumeric()}
    yield Usage(usage.marks, indexes, usage.item)
    if "object_list" in usage.children:
        yield usage.children["object_list"]


def _marked(usage: Usage, opaque: bool) -> Usage:
    """Under a node that may read everything, elements escape."""
    if not opaque:
        return usage
    return Usage(usage.marks, usage.children, (usage.item or NOTHING).union(Usage(ESCAPES)))
