"""System checks of a project that uses the backend: `djust_engine.E006` and `djust_engine.I001`.

What is wrong with the setting DJUST_CONFIG is said in `conf.py` (`djust_engine.E001` to `E005`).
"""

from typing import Any

from django.conf import global_settings, settings
from django.core.checks import CheckMessage, Error, Info

RENDERER = "djust_engine.DjustFormRenderer"


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
    return [Error(message, id="djust_engine.E006")]
