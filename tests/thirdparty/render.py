"""`python -m tests.thirdparty.render FILE`: renders every case, and writes what came out.

Run in a process of its own, once a backend: nothing differs between two runs but the one string.
The file holds, for each case, two renders as [text or error, number of queries], and the names of
the templates that were not native.
"""

import json
import os
import random
import re
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import django

#: What differs from one render to the next, with any backend: tokens, addresses and ids.
MASKED = re.compile(r"(?<=csrfmiddlewaretoken\" value=\")\w+|0x[0-9a-f]+|\bc[0-9A-Za-z]{6}(?=\b)")
GROUPS = {
    "guests": [
        "bootstrap5",
        "compressor_tags",
        "crispy",
        "filters",
        "mptt_tags",
        "sekizai_tags",
        "tables2",
        "tweaks",
    ],
    # These replace methods of Django's template classes, each in its own way.
    "components": ["components"],
    "cotton": ["cotton"],
}


def main(path: str) -> None:
    django.setup()
    _load_data()
    found = {}
    for name in GROUPS[os.environ["THIRDPARTY_GROUP"]]:
        cases = import_module(f"tests.thirdparty.cases.{name}").CASES
        found[name] = {title: _outcome(*case) for title, case in cases.items()}
    Path(path).write_text(json.dumps(found))


def _load_data() -> None:
    from django.core.management import call_command

    from .models import Author, Book

    call_command("migrate", run_syncdb=True, verbosity=0)
    authors = [Author.objects.create(name=f"Author <{at}>") for at in range(5)]
    for at in range(25):
        Book.objects.create(
            title=f"Book & {at}",
            author=authors[at % 5],
            price=None if at % 4 == 0 else f"{at * 37}.5",
            printed=date(2001 + at, 1, 1 + at) if at % 3 else None,
            sold_out=at % 2 == 0,
        )


def _outcome(source: str, make_context: Any) -> dict[str, Any]:
    from djust_engine.decisions import collect

    with collect() as made:
        renders = [_render(source, make_context) for _ in range(2)]
    not_native = [
        [one.template, one.detail.get("code", one.reason)]
        for one in made
        if one.mode == "django" and one.kind == "template"
    ]
    return {"renders": renders, "not_native": not_native}


def _render(source: str, make_context: Any) -> tuple[str, int]:
    from django.db import connection
    from django.template import engines
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    random.seed(source)
    request = RequestFactory().get("/shelf/?page=2&sort=-title&q=a%26b")
    request.session = {}
    with CaptureQueriesContext(connection) as queries:
        try:
            template = engines["django"].from_string(source)
            text = template.render(make_context(request), request)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    return MASKED.sub("*", text), len(queries)


if __name__ == "__main__":
    main(sys.argv[1])
