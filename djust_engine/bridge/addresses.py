"""URLs and static files: what `{% url %}`, `{% static %}` and the prefixes ask of Django."""

import re
from typing import Any

from django import urls
from django.apps import apps
from django.core.files.storage import filesystem
from django.templatetags.static import PrefixNode, StaticNode
from django.urls import NoReverseMatch

from djust_engine.originals import is_own
from djust_engine.routes import current_application, find_routes

__all__ = ["find_routes", "prefix", "static_base", "static_url", "url"]

_storage_url = filesystem.FileSystemStorage.url
_PLAIN_BASE = re.compile(r"(?:https?://[a-z0-9.-]+(?::[0-9]+)?)?/(?:[a-zA-Z0-9_-]+/)*")


def url(context: Any, view: Any, args: list[Any], kwargs: dict[str, Any], bound: bool) -> str:
    """`URLNode.render`, less the escaping; raises NoReverseMatch unless the result is bound."""
    current_app = current_application(context)
    try:
        return urls.reverse(view, args=args, kwargs=kwargs, current_app=current_app)
    except NoReverseMatch:
        if not bound:
            raise
        return ""


def static_base() -> str | None:
    """What stock static file storages put before a path; None where a storage has a say."""
    if not apps.is_installed("django.contrib.staticfiles"):
        return None
    from django.contrib.staticfiles import storage

    files: Any = storage.staticfiles_storage
    if type(files) is not storage.ConfiguredStorage or not _is_stock_storage(files):
        return None
    base = files.base_url
    return base if isinstance(base, str) and _PLAIN_BASE.fullmatch(base) else None


def _is_stock_storage(files: Any) -> bool:
    from django.contrib.staticfiles.storage import StaticFilesStorage

    return (
        files.__class__ is StaticFilesStorage
        and StaticFilesStorage.url is _storage_url
        and is_own(_storage_url, filesystem, "FileSystemStorage.url")
        and "url" not in vars(vars(files)["_wrapped"])
    )


def static_url(path: Any) -> str:
    return StaticNode.handle_simple(path)


def prefix(setting: str) -> str:
    """`{% get_static_prefix %}` and `{% get_media_prefix %}`."""
    return PrefixNode.handle_simple(setting)
