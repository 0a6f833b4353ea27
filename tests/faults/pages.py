"""Pages without end, each of which needs a plan that no other needed before."""

import itertools
import time
from dataclasses import dataclass

from django.template import engines

from djust_engine.decisions import collect
from tests.jitapp.models import Book

PATHS = ("title", "status", "price", "author.first_name", "author.last_name", "editor.last_name",
         "author.country.name", "editor.first_name", "pk")  # fmt: skip


def source(number):
    """A template that reads another set of paths for each number below 512."""
    read = [path for at, path in enumerate(PATHS) if (number + 1) >> at & 1]
    printed = "|".join(f"{{{{ book.{path} }}}}" for path in read)
    return f"{{% for book in books %}}{printed};{{% endfor %}}"


@dataclass(frozen=True)
class Visit:
    """How long a page took, and what was decided; its bytes were Django's."""

    seconds: float
    decisions: list


class Visitor:
    """Visits new pages: each visit asks the store for a plan that this process does not have."""

    def __init__(self):
        self.numbers = itertools.count()
        self.visit()

    def visit(self, number=None):
        text = source(next(self.numbers) if number is None else number)
        template = engines["django"].from_string(text)
        with collect() as decisions:
            started = time.perf_counter()
            page = template.render({"books": Book.objects.order_by("pk")})
            seconds = time.perf_counter() - started
        assert page == engines["oracle"].from_string(text).render(
            {"books": Book.objects.order_by("pk")}
        )
        assert [one.mode for one in decisions if one.kind == "plan"] == ["rows"]
        return Visit(seconds, decisions)

    def visits(self, number):
        return [self.visit() for _ in range(number)]

    def visits_for(self, seconds):
        """Visits with pauses, for so long."""
        until, made = time.monotonic() + seconds, []
        while time.monotonic() < until:
            made.append(self.visit())
            time.sleep(0.05)
        return made


def cache_modes(visits):
    return [one.mode for visit in visits for one in visit.decisions if one.kind == "cache"]


def warnings_in(caplog):
    """What the log says of the store."""
    return [
        one.getMessage()
        for one in caplog.records
        if one.name == "djust.jit" and one.levelname == "WARNING"
    ]
