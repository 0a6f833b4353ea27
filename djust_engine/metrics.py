"""Metrics for Prometheus: the decisions, counted. ``DJUST_CONFIG = {"METRICS": True}`` starts it.

Labels are bounded: beyond so many different values of one label, the rest is "(other)".
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from .decisions import Decision, subscribe, unsubscribe

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

OTHER = "(other)"
MOST_VALUES = 500
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
QUERIES = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The metrics of one registry; ``receive(decision)`` counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        from prometheus_client import Counter, Histogram

        def counter(name: str, told: str, *labels: str) -> Any:
            return Counter(name, told, labels, registry=registry)

        def histogram(name: str, told: str, *labels: str, buckets: Any = SECONDS) -> Any:
            return Histogram(name, told, labels, registry=registry, buckets=buckets)

        self.registry = registry
        self._bounds: dict[str, set[str]] = {}
        self._lock = Lock()
        self.hits = counter("djust_jit_cache_hits", "Plans that were at hand.", "template")
        self.misses = counter("djust_jit_cache_misses", "Plans that were made.", "template")
        self.troubles = counter(
            "djust_jit_store_troubles",
            "What went wrong with the store of plans: calls that failed, entries not taken.",
            *("mode", "reason"),
        )
        self.plans = counter("djust_jit_plans", "Plans by outcome.", "template", "mode", "reason")
        self.compiled = histogram(
            "djust_jit_compilation_duration_seconds",
            "Compiling a template, or making a plan.",
            *("template", "mode"),
        )
        self.rendered = histogram(
            "djust_view_render_duration_seconds",
            "Outermost renders, their queries included.",
            *("template", "mode"),
        )
        self.queries = histogram(
            "djust_database_query_count",
            "Queries of a request, as QueryCountMiddleware counts them.",
            *("view",),
            buckets=QUERIES,
        )
        self.unplanned = counter(
            "djust_unplanned_queries", "What QUERIES reported or refused.", "template", "mode"
        )
        self._counts: dict[str, Callable[[Decision], None]] = {
            "cache": self._cache,
            "plan": self._plan,
            "template": self._template,
            "render": self._render,
            "request": self._request,
            "query": self._query,
        }

    def receive(self, decision: Decision) -> None:
        """Count a decision; what there is no metric for is passed over."""
        count = self._counts.get(decision.kind)
        if count is not None:
            count(decision)

    def _cache(self, decision: Decision) -> None:
        if decision.mode in ("error", "rejected", "recovered"):
            reason = self._bounded("why", decision.detail.get("why", ""))
            self.troubles.labels(decision.mode, reason).inc()
        if decision.mode not in ("hit", "miss"):
            return
        template = self._template_of(decision)
        (self.hits if decision.mode == "hit" else self.misses).labels(template).inc()
        if decision.mode == "miss" and "seconds" in decision.detail:
            mode = getattr(decision.detail.get("plan"), "mode", "")
            self.compiled.labels(template, mode).observe(decision.detail["seconds"])

    def _plan(self, decision: Decision) -> None:
        reason = self._bounded("reason", decision.reason)
        self.plans.labels(self._template_of(decision), decision.mode, reason).inc()

    def _template(self, decision: Decision) -> None:
        if "seconds" in decision.detail:
            labels = self._template_of(decision), decision.mode
            self.compiled.labels(*labels).observe(decision.detail["seconds"])

    def _render(self, decision: Decision) -> None:
        if not decision.detail.get("depth"):
            labels = self._template_of(decision), decision.mode
            self.rendered.labels(*labels).observe(decision.detail["seconds"])

    def _request(self, decision: Decision) -> None:
        view = self._bounded("view", decision.detail["view"])
        self.queries.labels(view).observe(decision.detail["queries"])

    def _query(self, decision: Decision) -> None:
        labels = self._template_of(decision), decision.mode
        self.unplanned.labels(*labels).inc(decision.detail["times"])

    def _template_of(self, decision: Decision) -> str:
        return self._bounded("template", decision.template or "(string)")

    def _bounded(self, label: str, value: str) -> str:
        known = self._bounds.setdefault(label, set())
        if value in known:
            return value
        with self._lock:
            if len(known) >= MOST_VALUES:
                return OTHER
            known.add(value)
        return value


_installed: Metrics | None = None


def install(registry: CollectorRegistry | None = None) -> Metrics:
    """Count from now on, for the registry of the process unless another one is given; once.

    ImproperlyConfigured without the package prometheus_client.
    """
    global _installed
    if _installed is None:
        try:
            from prometheus_client import REGISTRY
        except ImportError as error:
            message = (
                "Metrics need the package prometheus_client: install djust-engine[prometheus]."
            )
            raise ImproperlyConfigured(message) from error
        _installed = Metrics(registry or REGISTRY)
        subscribe(_installed.receive)
    return _installed


def uninstall() -> None:
    """Count no more, and take the metrics out of their registry."""
    global _installed
    if _installed is not None:
        unsubscribe(_installed.receive)
        for collector in (one for one in vars(_installed).values() if hasattr(one, "collect")):
            if collector is not _installed.registry:
                _installed.registry.unregister(collector)
        _installed = None
