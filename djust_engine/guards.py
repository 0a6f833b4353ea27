"""``DJUST_CONFIG["QUERIES"]``: what becomes of queries that a template starts without a plan.

A query is planned when the engine's own fetch runs it. The scope is the outermost render: a page.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from . import conf
from .decisions import Decision, emit, wanted
from .places import Place
from .policies import inside_guard
from .queries import Query, Watcher, brief, watching

logger = logging.getLogger("djust.jit")

_ADVICE = (
    "Have the view fetch it (select_related, prefetch_related, list()), or let the template loop"
    " over the QuerySet itself; DJUST_CONFIG['QUERIES'] = 'warn' only reports it."
)


class UnplannedQuery(Exception):
    """A query that a template started, and that ``DJUST_CONFIG["QUERIES"]`` refuses.

    ``template``, ``line`` and ``text`` say which node did; ``sql`` is the statement without values.
    """

    def __init__(self, place: Place, sql: str, number: int, budget: int) -> None:
        self.template, self.line, self.text = place
        self.sql = sql
        over = f": number {number} of this page, where {budget} may be" if budget else ""
        super().__init__(f"{place} starts a query that was not planned{over}.\n{sql}\n{_ADVICE}")


class _Started(NamedTuple):
    """The queries of one node that have the same shape."""

    place: Place
    database: str
    sql: str


class QueryPolicy(NamedTuple):
    """Beyond ``budget`` unplanned queries a page, further ones are refused, or all reported."""

    refuses: bool
    budget: int


def query_policy() -> QueryPolicy:
    """What ``QUERIES`` asks for, where it asks for anything."""
    asked = conf.get_config().QUERIES
    if isinstance(asked, str):
        return QueryPolicy(asked == "forbid", 0)
    return QueryPolicy(asked.get("over") != "warn", asked["budget"])


class Guard(Watcher):
    """Watches one page: counts what was not planned, and refuses it where the policy says so."""

    def __init__(self, policy: QueryPolicy) -> None:
        self.policy = policy
        self.started: Counter[_Started] = Counter()
        self.number = 0
        self.refused: UnplannedQuery | None = None

    def start(self, query: Query) -> None:
        if query.planned or query.place is None:
            return
        found = _Started(query.place, query.database, query.shape)
        self.started[found] += 1
        self.number += 1
        if self.policy.refuses and self.number > self.policy.budget:
            raise self._refuse(found)

    def _refuse(self, found: _Started) -> UnplannedQuery:
        """The exception; the first one is kept, in case that a template swallows it."""
        error = UnplannedQuery(found.place, found.sql, self.number, self.policy.budget)
        self.refused = self.refused or error
        _tell(found, "forbid", 1)
        return error

    def report(self) -> None:
        """A warning and a decision a node, in the order in which they began."""
        if self.policy.refuses or self.number <= self.policy.budget:
            return
        for found, times in self.started.items():
            place, database, sql = found
            told = {**place._asdict(), "times": times, "sql": sql, "database": database}
            often = "a query" if times == 1 else f"{times} queries"
            logger.warning(
                "%s ran %s without a plan: %s", place, often, brief(sql), extra={"djust": told}
            )
            _tell(found, "warn", times)


def _tell(found: _Started, mode: str, times: int) -> None:
    if wanted():
        place, database, sql = found
        detail = {"sql": sql, "database": database, "times": times}
        reason = "the engine had not planned the query"
        emit(Decision("query", *place, mode=mode, reason=reason, detail=detail))


def guarded(render: Callable[[Any], Any], context: Any) -> Any:
    """``render(context)``, as an outermost render; raises UnplannedQuery for what was refused.

    It does so even where the template went on: ``{% if %}`` takes any error for false.
    """
    guard, token = Guard(query_policy()), inside_guard.set(True)
    try:
        with watching(guard):
            text = render(context)
    except Exception as error:  # whatever came of a refusal that was swallowed
        if guard.refused is None or error is guard.refused:
            raise
        raise guard.refused from error
    finally:
        inside_guard.reset(token)
        guard.report()
    if guard.refused is not None:
        raise guard.refused
    return text
