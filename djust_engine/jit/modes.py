"""Fetch modes, which Django has from 6.1 on."""

from __future__ import annotations

from typing import Any

from django.db.models.base import ModelState


def fetch_mode(owner: Any) -> str:
    """The fetch mode that was chosen for a QuerySet or a model state; empty for Django's own."""
    mode = getattr(owner, "fetch_mode" if isinstance(owner, ModelState) else "_fetch_mode", None)
    name = type(mode).__name__
    return "" if name in ("NoneType", "FetchOne") else name
