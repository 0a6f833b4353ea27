"""`manage.py djust_explain TEMPLATE`: what a template reads, and how that would be fetched."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from djust_engine.management.variables import add_variable_argument, read_variable
from djust_engine.survey import engines_to_survey
from djust_engine.survey.explained import as_json, as_text
from djust_engine.survey.mistakes import find_mistakes
from djust_engine.survey.plans import Chain, explain_variables, read_chain
from djust_engine.survey.views import Given, find_given


class Command(BaseCommand):
    help = (
        "Says what a template reads of its variables, includes and parents counted in, and the "
        "plan, the SQL and the serializer for those whose model is known: from the generic views "
        "that render it, or given by --var. Nothing is rendered, and no query is run."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("template", help="The name of a template.")
        add_variable_argument(parser)
        parser.add_argument(
            "--format",
            choices=["text", "json"],
            default="text",
            help="Lines for people, or one JSON object.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the explanation; CommandError for a template or a model that is not there."""
        name = options["template"]
        models = dict(map(read_variable, options["var"]))
        asked = {name: Given(model, is_many=False) for name, model in models.items()}
        given = {**find_given().get(name, {}), **asked}
        template = _find_template(name)
        chain = read_chain(template)
        for one in asked.keys() - chain.roots.keys():
            raise CommandError(f"{name} reads no variable {one!r}: it reads {_names(chain)}.")
        found = explain_variables(chain, given), find_mistakes(template, given)
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(chain, *found), indent=2))
        else:
            self.stdout.write(as_text(chain, *found))


def _names(chain: Chain) -> str:
    return ", ".join(sorted(chain.roots)) or "none"


def _find_template(name: str) -> Any:
    backends = engines_to_survey()
    if not backends:
        raise CommandError("TEMPLATES has no engine of djust_engine or of Django to look at.")
    for backend in backends:
        try:
            return backend.engine.get_template(name)
        except TemplateDoesNotExist:
            continue
        except TemplateSyntaxError as error:
            raise CommandError(f"{name} does not compile: {error}") from error
    raise CommandError(f"No template is named {name!r}.")
