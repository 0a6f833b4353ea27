"""Places in templates where data is read, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Model, QuerySet

from .. import switches
from ..conf import get_config
from ..decisions import Decision, emit, wanted
from . import replaced
from .coded import runs_code
from .optimizer import AT_HAND, QueryShape, instances_plan
from .peers.circles import Tell
from .plan import InstancesPlan, Plan, Untouched
from .shapes import joins_keep_order
from .usage import NOTHING, Usage


class Site:
    """A place in a template where a variable is read; made once by the renderer."""

    __slots__ = ("_readings", "line", "off", "template", "usage", "variable")

    def __init__(
        self, template: str, line: int, variable: str, usage: Mapping[str, Any], off: str = ""
    ) -> None:
        self.off = off
        self.template = template
        self.line = line
        self.variable = variable
        self.usage = Usage.read(usage)
        self._readings: dict[tuple[Site, ...], Reading] = {}

    def reading(self, sites: tuple[Site, ...]) -> Reading:
        reading = self._readings.get(sites)
        if reading is None:
            reading = self._readings[sites] = Reading(sites)
        return reading


class Beside(NamedTuple):
    """How instances are fetched of which ``usage`` (which is kept alive here) is read, by model.

    Along with the plan: whether code may read relations of them, or of objects behind them.
    """

    usage: Usage
    plans: dict[type[Model], tuple[InstancesPlan | Untouched, bool]]


class Reading:
    """What several sites read of one value, and how that was fetched before (an inline cache)."""

    __slots__ = ("_coded", "beside", "site", "steps", "usage")

    def __init__(self, sites: tuple[Site, ...]) -> None:
        self.site = sites[0]
        self.usage = self.site.usage
        for site in sites[1:]:
            self.usage = self.usage.union(site.usage)
        self.steps: dict[tuple[type[Model], QueryShape], Prepared] = {}
        self.beside: dict[int, Beside] = {}
        self._coded: dict[type[Model], bool] = {}

    def runs_code(self, model: type[Model]) -> bool:
        """Whether code may read relations of the elements, or of objects behind them."""
        found = self._coded.get(model)
        if found is None:
            found = self._coded[model] = runs_code(model, self.usage.item or NOTHING)
        return found

    def plan_beside(
        self, model: type[Model], usage: Usage
    ) -> tuple[InstancesPlan | Untouched, bool]:
        """The plan for instances that somebody has already, and whether code reads of them."""
        known = self.beside.get(id(usage))
        if known is None:
            known = self.beside[id(usage)] = Beside(usage, {})
        found = known.plans.get(model)
        if found is None:
            keep = all(map(joins_keep_order, connections))
            plan = instances_plan(model, usage, (AT_HAND, ""), joins_keep_order=keep)
            found = known.plans[model] = plan, runs_code(model, usage)
            tell_plan(self, plan)
        elif wanted():
            tell_cache(self, model, "hit", found[0])
        return found

    def why_off(self) -> str:
        """Why the site is left to Django: a switch, or somebody's own ORM; empty where neither."""
        if self.site.off or not get_config().JIT_SERIALIZATION:
            return self.site.off or switches.SETTING
        return replaced.in_orm()

    def leave(self, model: type[Model], reason: str) -> None:
        """Say why Django does the work."""
        tell_plan(self, Untouched(model._meta.label, (reason,)))

    def decision(
        self, kind: str, model: str, mode: str, reason: str, detail: dict[str, Any]
    ) -> Decision:
        site = self.site
        return Decision(kind, site.template, site.line, site.variable, model, mode, reason, detail)


Step = Callable[[QuerySet[Any]], Any]


class Prepared(NamedTuple):
    """A plan, and the function that carries it out."""

    plan: Plan
    step: Step


def teller(reading: Reading) -> Tell:
    """What a Batch calls after each touch."""

    def touched(model: type[Model], name: str, lacking: int, queries: int, seconds: float) -> None:
        if wanted():
            label = model._meta.label
            tell(reading, label, "instances", lacking, queries, name, seconds=seconds)

    return touched


def tell(
    reading: Reading,
    model: str,
    mode: str,
    objects: int,
    queries: int,
    relation: str = "",
    joined: int = 0,
    seconds: float = 0.0,
) -> None:
    detail = {"objects": objects, "queries": queries, "relation": relation, "joined": joined}
    if seconds:
        detail["seconds"] = seconds
    emit(reading.decision("batch" if relation else "fetch", model, mode, "", detail))


def tell_cache(reading: Reading, model: type[Model], mode: str, plan: Plan, **detail: Any) -> None:
    told = {"paths": reading.usage.paths(), "plan": plan, **detail}
    emit(reading.decision("cache", model._meta.label, mode, "", told))


def tell_plan(reading: Reading, plan: Plan) -> None:
    if wanted():
        detail = {"paths": reading.usage.paths(), "plan": plan}
        reason = "; ".join(plan.reasons)
        emit(reading.decision("plan", plan.model, plan.mode, reason, detail))
