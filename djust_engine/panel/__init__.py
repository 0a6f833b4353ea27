"""The panel of django-debug-toolbar: what the engine decided for a page, and what the page cost.

``DEBUG_TOOLBAR_PANELS = [..., "djust_engine.panel.JITPanel"]``. It stores names, types, plans and
SQL without values; showing it runs no query.
"""

from __future__ import annotations

from typing import Any

from debug_toolbar.panels import Panel
from django.template.loader import render_to_string
from django.templatetags.static import static

from djust_engine.profile import entries

from .recorder import Recorder
from .report import make_report, with_sources


class JITPanel(Panel):
    """Title, and the tables of sites, unplanned queries, templates and nodes of one request."""

    title = "djust engine"
    nav_icon = "djust_engine/panel.svg"  # type: ignore[assignment]  # the base class has None
    template = "djust_engine/panel/panel.html"
    is_async = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recorder = Recorder()

    @property
    def nav_subtitle(self) -> str:
        """The number that matters, and the one that hurts."""
        stats = self.get_stats()
        if not stats:
            return ""
        saved, unplanned = stats["saved"], stats["unplanned_number"]
        about = "" if stats["exact"] else "up to "
        told = f"{about}{saved} {'query' if saved == 1 else 'queries'} saved"
        return f"{told}, {unplanned} not planned" if unplanned else told

    @property
    def scripts(self) -> list[str]:
        return [static("djust_engine/panel.js")]

    @property
    def content(self) -> str:
        """The tables, made of the stored report; serializers are generated here."""
        return render_to_string(self.template, with_sources(self.get_stats()))

    def enable_instrumentation(self) -> None:
        self.recorder.begin()

    def disable_instrumentation(self) -> None:
        self.recorder.finish()

    def generate_stats(self, request: Any, response: Any) -> None:
        nodes = entries(self.recorder.profile)
        self.record_stats(make_report(self.recorder.events, nodes))

    def generate_server_timing(self, request: Any, response: Any) -> None:
        seconds = self.get_stats()["seconds"]
        self.record_server_timing("render", "Templates", round(seconds * 1000, 3))
