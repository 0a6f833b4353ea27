"""The Django app: connects the system checks, and loads the engine. The engine works without it."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register


class DjustEngineConfig(AppConfig):
    name = "djust_engine"
    verbose_name = "djust engine"

    def ready(self) -> None:
        register(_check_project, "templates")
        register(_check_store, "templates", deploy=True)
        if _is_named(settings.TEMPLATES):
            _load_modules()
        _start_readers()


def _check_project(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The checks of the setting and of what stands beside the engine."""
    from .checks import check_surroundings
    from .conf import check_config

    return [*check_config(), *check_surroundings()]


def _check_store(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether the store of plans answers."""
    from .checks import check_store

    return check_store()


def _start_readers() -> None:
    """Have decisions counted and traced, and a bundle of plans read, where the setting says so."""
    from .conf import SETTING, find_problems, get_config

    if find_problems(getattr(settings, SETTING, {})):
        return
    if get_config().METRICS:
        import_module("djust_engine.metrics").install()
    if get_config().TRACING:
        import_module("djust_engine.tracing").install()
    if get_config().bundle:
        import_module("djust_engine.jit.cache").get_cache()


def _is_named(templates: object) -> bool:
    """Whether TEMPLATES names our backend; what is wrong with it, Django says when it is used."""
    engines = templates if isinstance(templates, list | tuple) else []
    paths = (one.get("BACKEND") for one in engines if isinstance(one, dict))
    return any(isinstance(path, str) and path.startswith("djust_engine.") for path in paths)


def _load_modules() -> None:
    """Import what the first page would; processes that are forked from this one share it.

    Django's own engine is imported by then, too: its forms need it.
    """
    import_module("djust_engine.backends.django")
    import_module("djust_engine.bridge.templates")
    import_module("djust_engine.bridge.locale")
