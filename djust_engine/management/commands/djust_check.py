"""`manage.py djust_check [template …]`: which templates are native, and why the others are not."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template import TemplateDoesNotExist

from djust_engine.backends.django import DjustTemplates
from djust_engine.survey import FORMATS, Status, engines_to_survey, find_sources, survey
from djust_engine.survey.views import find_given

NEVER = "never"


class Command(BaseCommand):
    help = (
        "Compiles the templates of the project, those of installed apps included, and says of each "
        "whether it is native, and if not, why and at which line. Nothing is rendered."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "templates",
            nargs="*",
            metavar="template",
            help=(
                "A name, a pattern like 'shop/*.html', a directory of names like 'shop/', a file, "
                "or a directory of files like 'shop/templates'."
            ),
        )
        parser.add_argument(
            "--format",
            choices=[*FORMATS],
            default="text",
            help="Lines for people, JSON, or SARIF 2.1.0 for code scanning.",
        )
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="Write to this file instead of printing."
        )
        parser.add_argument(
            "--engine",
            action="append",
            metavar="NAME",
            help="Look at this engine of TEMPLATES alone; may be repeated.",
        )
        parser.add_argument(
            "--fail-on",
            choices=["foreign", "fallback", "error", NEVER],
            default="error",
            help=(
                "End with status 1 if a template is so, or worse: 'foreign' has tags or filters "
                "that run as Python, 'fallback' is left to Django, 'error' does not compile."
            ),
        )
        parser.add_argument(
            "--strict",
            action="store_true",
            help="End with status 1 if a template asks of a model what it does not have, too.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or write, the survey; exit with 1 as `--fail-on` says."""
        backends = _engines(options["engine"] or [])
        try:
            found = survey(find_sources(backends, options["templates"]), find_given())
        except TemplateDoesNotExist as missing:
            raise CommandError(f"No template is named, or matches, {str(missing)!r}.") from None
        self._show(FORMATS[options["format"]](found, options["verbosity"]), options["output"])
        if options["strict"] and found.is_mistaken:
            sys.exit(1)
        if options["fail_on"] != NEVER and found.fails(Status[options["fail_on"].upper()]):
            sys.exit(1)

    def _show(self, text: str, output: Path | None) -> None:
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"--output {output}: {error}") from error


def _engines(names: list[str]) -> list[DjustTemplates]:
    """Those to look at, of these names if there are any; CommandError where there is none."""
    backends = engines_to_survey()
    if not backends:
        raise CommandError("TEMPLATES has no engine of djust_engine or of Django to look at.")
    known = {one.name for one in backends}
    for name in names:
        if name not in known:
            raise CommandError(f"--engine {name}: there are {', '.join(sorted(known))}.")
    return [one for one in backends if not names or one.name in names]
