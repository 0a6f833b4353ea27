"""`manage.py clear_jit_cache`: forgets the plans that lie in the store of the project."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from djust_engine.conf import get_config
from djust_engine.jit.caching.store import StoreError
from djust_engine.jit.caching.stores import open_configured

_PATIENCE = 10.0


class Command(BaseCommand):
    help = (
        "Forgets the plans that lie where JIT_CACHE_BACKEND says. Processes that run keep what "
        "they have in memory until they end."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Clear the store; CommandError where it does not answer, or there is none."""
        config = get_config()
        try:
            store = open_configured(config, _PATIENCE)
            store.clear()
        except StoreError as error:
            raise CommandError(f"{config.cache_setting}: {error}") from error
        self.stdout.write(f"The plans in {type(store).__name__} are gone.")
