"""Variables of templates that commands are told the models of."""

from difflib import get_close_matches

from django.apps import apps
from django.core.management.base import CommandError, CommandParser
from django.db.models import Model


def add_variable_argument(parser: CommandParser) -> None:
    """The argument ``--var``, which `read_variable` reads."""
    parser.add_argument(
        "--var",
        action="append",
        default=[],
        metavar="NAME=APP.MODEL",
        help="A variable that holds instances of this model; may be repeated.",
    )


def read_variable(text: str) -> tuple[str, type[Model]]:
    """``leases=rentals.Lease``; CommandError for anything else."""
    name, _, label = text.partition("=")
    if not name or label.count(".") != 1:
        raise CommandError(f"--var {text}: write NAME=APP.MODEL, such as leases=rentals.Lease.")
    try:
        return name, apps.get_model(label)
    except LookupError as error:
        labels = [model._meta.label for model in apps.get_models()]
        near = next(iter(get_close_matches(label, labels, 1)), "")
        meant = f" Did you mean {near}?" if near else ""
        raise CommandError(f"--var {text}: {error}{meant}") from error
