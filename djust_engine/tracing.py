"""OpenTelemetry spans for compile, plan, fetch and render: ``DJUST_CONFIG = {"TRACING": True}``.

A stage tells its seconds when it has ended, so a span is made with its start in the past. Its
parent is the span that is current then: that of the request, where one is instrumented.
"""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from .decisions import Decision, subscribe, unsubscribe

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer, TracerProvider

#: Kind of a decision -> name of its span.
SPANS = {
    "template": "djust.compile",
    "cache": "djust.plan",
    "fetch": "djust.fetch",
    "batch": "djust.fetch",
    "render": "djust.render",
}
_DETAILS = ("objects", "queries", "relation", "depth")


class Tracing:
    """Makes a span of each decision that tells its seconds."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    def receive(self, decision: Decision) -> None:
        name, seconds = SPANS.get(decision.kind), decision.detail.get("seconds")
        if name is None or seconds is None:
            return
        ended = time_ns()
        started = ended - int(seconds * 1_000_000_000)
        span = self.tracer.start_span(name, start_time=started, attributes=attributes(decision))
        span.end(ended)


def attributes(decision: Decision) -> dict[str, Any]:
    """The decision as attributes of a span: names and numbers, never a value of a row."""
    told: dict[str, Any] = {
        "djust.template": decision.template,
        "djust.line": decision.line or None,
        "djust.variable": decision.variable,
        "djust.model": decision.model,
        "djust.mode": decision.mode,
        "djust.reason": decision.reason,
        **{f"djust.{name}": decision.detail.get(name) for name in _DETAILS},
    }
    return {name: value for name, value in told.items() if value not in ("", None)}


_installed: Tracing | None = None


def install(provider: TracerProvider | None = None) -> Tracing:
    """Trace from now on, with the provider of the process unless another one is given; once.

    ImproperlyConfigured without the package opentelemetry-api.
    """
    global _installed
    if _installed is None:
        try:
            from opentelemetry.trace import get_tracer
        except ImportError as error:
            message = "Tracing needs opentelemetry-api: install djust-engine[opentelemetry]."
            raise ImproperlyConfigured(message) from error
        _installed = Tracing(get_tracer("djust_engine", tracer_provider=provider))
        subscribe(_installed.receive)
    return _installed


def uninstall() -> None:
    """Trace no more."""
    global _installed
    if _installed is not None:
        unsubscribe(_installed.receive)
        _installed = None
