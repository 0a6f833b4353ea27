"""Instances that somebody has already, made a Batch: in lists, in other containers, or alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelBase

from .batch import Batch, Peers, is_complete
from .coded import is_loaded
from .holders import elements, held
from .plan import InstancesPlan
from .sites import Reading, Site, teller
from .usage import NOTHING, Usage

#: How deep containers in containers are looked into.
_MOST_HOLDERS = 3


def instances(sites: tuple[Site, ...], values: Sequence[Any]) -> Batch | None:
    """A Batch for a list or tuple that is iterated; None unless relations are read of instances."""
    reading = sites[0].reading(sites)
    return _batch(reading, values, reading.usage.item or NOTHING)


def others(sites: tuple[Site, ...], values: Any) -> Batch | None:
    """A Batch for a set, a view of a dict or a raw QuerySet that is iterated; else None."""
    found = elements(values)
    return None if found is None else instances(sites, found)


def instance(sites: tuple[Site, ...], value: Any) -> Batch | None:
    """A Batch for one object; None unless it is an instance of which relations are read."""
    reading = sites[0].reading(sites)
    return _batch(reading, (value,), reading.usage)


def _batch(reading: Reading, values: Sequence[Any], usage: Usage) -> Batch | None:
    if not values:
        return None
    if not isinstance(type(values[0]), ModelBase):
        return None if reading.why_off() else _holding(reading, values, usage, _MOST_HOLDERS)
    if off := reading.why_off():
        reading.leave(type(values[0]), off)
        return None
    return _of_instances(reading, values, usage)


def _of_instances(reading: Reading, values: Sequence[Any], usage: Usage) -> Batch | None:
    parts, gathered = [], False
    for model, objects in _by_model(values).items():
        plan, runs_code = reading.plan_beside(model, usage)
        gathered |= runs_code and not is_loaded(model, usage, objects)
        if isinstance(plan, InstancesPlan) and not is_complete(model, plan.relations, objects):
            parts.append(Peers(model, objects, plan.relations, plan.joins))
    if not (parts or gathered):
        return None
    return Batch(list(values), parts, teller(reading), gathered)


def _holding(reading: Reading, holders: Sequence[Any], usage: Usage, levels: int) -> Batch | None:
    """A Batch of dicts, tuples or plain objects, for the instances that they hold."""
    batch = Batch(list(holders), (), teller(reading))
    for name, child in usage.children.items():
        values = held(holders, name) if child.children else []
        if not values:
            continue
        if isinstance(type(values[0]), ModelBase):
            found = _of_instances(reading, values, child)
        else:
            found = _holding(reading, values, child, levels - 1) if levels else None
        if found is not None:
            batch.children[name] = found
    return batch if batch.children else None


def _by_model(values: Sequence[Any]) -> dict[type[Model], list[Model]]:
    groups: dict[type[Model], list[Model]] = {}
    if len(set(map(type, values))) == 1 and isinstance(model := type(values[0]), ModelBase):
        return {model: list(values)}
    for value in values:
        model = type(value)
        if model in groups:
            groups[model].append(value)
        elif isinstance(model, ModelBase):
            groups[model] = [value]
    return groups
