"""`manage.py compile_jit_cache --output FILE`: a bundle of plans for other processes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from djust_engine.conf import get_config
from djust_engine.jit.cache import SerializerCache, using
from djust_engine.jit.caching.bundles import write_bundle
from djust_engine.jit.caching.store import Gathered
from djust_engine.management.variables import add_variable_argument, read_variable
from djust_engine.management.visits import (
    add_page_arguments,
    make_client,
    named_paths,
    request_page,
)
from djust_engine.survey import engines_of_ours, find_sources
from djust_engine.survey.bundled import make_plans
from djust_engine.survey.plans import read_chain
from djust_engine.survey.views import Given, find_given

_PATIENCE = 60.0


class Command(BaseCommand):
    help = (
        "Writes a bundle of plans: for templates whose models are known from the generic views of "
        "the project or from --var, without a query, and for all that the named pages ask for. "
        "JIT_CACHE_URL names the bundle to the processes that use it. Pages that fail are listed "
        "at the end, and the status is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "templates", nargs="*", metavar="template", help="Names or patterns; all without one."
        )
        parser.add_argument(
            "--output", required=True, type=Path, metavar="FILE", help="The file to write."
        )
        add_variable_argument(parser)
        parser.add_argument(
            "--page",
            action="append",
            default=[],
            dest="paths",
            metavar="PATH",
            help="The path of a page; may be repeated.",
        )
        add_page_arguments(parser)
        parser.add_argument(
            "--sign", action="store_true", help="Sign the plans, as JIT_CACHE_SIGNED asks for."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; CommandError where it cannot be written, or nothing is found."""
        gathered, signed = Gathered(), options["sign"] or get_config().JIT_CACHE_SIGNED
        with using(SerializerCache(store=gathered, signed=signed, timeout=_PATIENCE)) as cache:
            plans = sum(self._compiled(cache, options["templates"], options["var"]))
            failures = list(self._visited(named_paths(options), options))
        text = write_bundle(gathered.texts.values())
        try:
            options["output"].write_bytes(text)
        except OSError as error:
            raise CommandError(f"--output {options['output']}: {error}") from error
        self.stdout.write(
            f"{len(gathered.texts)} plans, {plans} of them from templates alone,"
            f" {len(text)} bytes{', signed' if signed else ''}: {options['output']}"
        )
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            sys.exit(1)

    def _compiled(
        self, cache: SerializerCache, names: list[str], variables: list[str]
    ) -> Iterator[int]:
        """The number of plans of each template; one that does not compile is told."""
        models, views = dict(map(read_variable, variables)), find_given()
        asked = {name: Given(model, is_many=True) for name, model in models.items()}
        try:
            sources = find_sources(engines_of_ours(), names)
        except TemplateDoesNotExist as error:
            raise CommandError(f"No template is named {str(error)!r}.") from error
        for source in sources:
            given = {**views.get(source.name, {}), **asked}
            try:
                chain = read_chain(source.engine.get_template(source.name)) if given else None
            except (TemplateDoesNotExist, TemplateSyntaxError) as error:
                self.stderr.write(f"{source.name} does not compile: {error}")
                continue
            yield 0 if chain is None else make_plans(cache, chain, given)

    def _visited(self, paths: list[str], options: dict[str, Any]) -> Iterator[str]:
        """What went wrong with each page that was requested."""
        client = make_client(options["user"], options["host"]) if paths else None
        for path in paths:
            outcome = request_page(client, path) if client else ""
            if not outcome.startswith(("2", "3")):
                yield f"{path} failed: {outcome}"
