"""The Django app: connects the system checks. The engine works without it."""

from django.apps import AppConfig
from django.core.checks import register


class DjustEngineConfig(AppConfig):
    name = "djust_engine"
    verbose_name = "djust engine"

    def ready(self) -> None:
        from .conf import check_config

        register(check_config, "templates")
