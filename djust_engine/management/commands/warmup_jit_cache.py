"""`manage.py warmup_jit_cache`: requests pages, so that the plans of their templates are stored."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client

from djust_engine.conf import get_config
from djust_engine.decisions import collect
from djust_engine.management.progress import ProgressBar
from djust_engine.management.visits import (
    add_page_arguments,
    make_client,
    named_paths,
    request_page,
)


class Command(BaseCommand):
    help = (
        "Requests pages of the site in this process, so that what their templates need of the "
        "database is worked out, and stored where JIT_CACHE_BACKEND says. Pages that fail are "
        "listed at the end, and the status is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="path", help="A path such as /leases/.")
        add_page_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Request each page once; CommandError for what cannot be requested at all."""
        paths = named_paths(options)
        if not paths:
            raise CommandError("Name pages to request: paths, --view or --from.")
        if get_config().backend == "memory" and get_config().JIT_CACHE_BACKEND == "memory":
            self.stderr.write(_IN_MEMORY)
        client = make_client(options["user"], options["host"])
        failures = [failure for failure in self._visit(client, paths) if failure]
        for failure in failures:
            self.stderr.write(failure)
        done = len(paths) - len(failures)
        self.stdout.write(f"{done} of {len(paths)} pages, {_plans(self.stored)} worked out.")
        if failures:
            sys.exit(1)

    stored = 0

    def _visit(self, client: Client, paths: list[str]) -> Iterator[str]:
        """What went wrong with each page; empty where nothing did."""
        bar = ProgressBar(self.stdout, len(paths))
        for number, path in enumerate(paths, 1):
            with collect() as decisions:
                outcome = request_page(client, path)
            plans = [one for one in decisions if one.kind == "cache" and one.mode == "miss"]
            self.stored += len(plans)
            bar.line(f"[{number}/{len(paths)}] {path} {outcome}, {_plans(len(plans))}")
            yield "" if outcome.startswith(("2", "3")) else f"{path} failed: {outcome}"


def _plans(number: int) -> str:
    return f"{number} plan" if number == 1 else f"{number} plans"


_IN_MEMORY = (
    "JIT_CACHE_BACKEND is 'memory': plans end with this process. Set it to 'filesystem' or 'redis'."
)
