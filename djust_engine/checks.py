"""System checks of a project that uses the backend: `E006`, `I001`, and `W001` to `W004`.

What is wrong with the setting DJUST_CONFIG is said in `conf.py` (`djust_engine.E001` to `E005`).
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import global_settings, settings
from django.core.checks import CheckMessage, Error, Info, Warning

RENDERER = "djust_engine.DjustFormRenderer"
PANEL = "djust_engine.panel.JITPanel"
#: The first version that the engine was made for, and the first that it does not know.
SUPPORTED = (5, 2), (6, 2)


def check_form_renderer() -> list[CheckMessage]:
    """Recommend our form renderer where Django's default one is in use."""
    if global_settings.FORM_RENDERER != settings.FORM_RENDERER:
        return []
    message = "Forms are rendered by an engine of Django's own, whatever TEMPLATES says."
    hint = f"Set FORM_RENDERER = {RENDERER!r} to have them rendered natively, to the same bytes."
    return [Info(message, hint=hint, id="djust_engine.I001")]


def check_options(engine: Any) -> list[CheckMessage]:
    """The option that is ours must be a bool."""
    if isinstance(engine.jit, bool):
        return []
    message = f"'jit' in TEMPLATES OPTIONS must be True or False, not {engine.jit!r}."
    hint = "False leaves every QuerySet of its templates to Django."
    return [Error(message, hint=hint, id="djust_engine.E006")]


def check_surroundings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What stands beside the engine: the toolbar, other engines, Django's version, its source."""
    return [*_check_panel(), *_check_engines(), *_check_version(), *_check_build()]


def _check_panel() -> Iterator[CheckMessage]:
    if PANEL not in getattr(settings, "DEBUG_TOOLBAR_PANELS", ()):
        return
    for app, package in (("debug_toolbar", "djust-engine[debug-toolbar]"), ("djust_engine", "")):
        if not apps.is_installed(app):
            message = f"DEBUG_TOOLBAR_PANELS names {PANEL!r}, and INSTALLED_APPS has no {app!r}."
            install = f"Install {package}, and add" if package else "Add"
            hint = f"{install} {app!r} to INSTALLED_APPS, or take the panel out."
            yield Warning(message, hint=hint, id="djust_engine.W001")


def _check_engines() -> Iterator[CheckMessage]:
    paths = [str(one.get("BACKEND")) for one in settings.TEMPLATES]
    ours = [path for path in paths if path.startswith("djust_engine.")]
    if len(ours) > 1:
        message = f"TEMPLATES has {len(ours)} engines of djust_engine."
        hint = (
            "get_template() asks them in turn, and each compiles its own templates: keep one, or "
            "name the engine (using=...) and silence this."
        )
        yield Warning(message, hint=hint, id="djust_engine.W002")


def _check_version() -> Iterator[CheckMessage]:
    least, beyond = SUPPORTED
    if not least <= django.VERSION[:2] < beyond:
        message = f"This djust_engine was not tested with Django {django.get_version()}."
        hint = (
            "Look for a newer djust-engine; until then DJUST_CONFIG['VERIFY'] compares the pages."
        )
        yield Warning(message, hint=hint, id="djust_engine.W003")


def _check_build() -> Iterator[CheckMessage]:
    """In a checkout, whether the extension is that of the Rust beside it."""
    found = find_spec("djust_engine._native")
    sources = Path(__file__).parent.parent / "native"
    if found is None or found.origin is None or not sources.is_dir():
        return
    changed = max((one.stat().st_mtime for one in sources.rglob("*.rs")), default=0)
    if changed > Path(found.origin).stat().st_mtime:
        message = "The extension djust_engine._native is older than its source."
        hint = f"Build it again (make build): {sources} has changed since."
        yield Warning(message, hint=hint, id="djust_engine.W004")


def check_store(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether the store of plans answers; for ``check --deploy``, as it asks the network."""
    from .conf import SETTING, find_problems, get_config

    if find_problems(getattr(settings, SETTING, {})) or get_config().backend == "memory":
        return []
    from .jit.caching.store import StoreError
    from .jit.caching.stores import open_configured

    try:
        store = open_configured(get_config(), timeout=_PATIENCE)
        store.set("probe", b"")
        store.get("probe")
    except StoreError as error:
        message = f"{get_config().cache_setting}: the store of plans does not answer: {error}"
        hint = "Pages are served without it, and each process makes its own plans."
        return [Warning(message, hint=hint, id="djust_engine.W005")]
    return []


_PATIENCE = 2.0
