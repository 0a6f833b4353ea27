"""Queries that code below the template starts: ``python -m benchmarks.below``.

Each page is asked of a site with Django's backend and of the same site with ours. Counted are all
queries of the page, and the SELECTs inside templates that repeat one with other values.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from .databases import sample_rows

_TEMPLATES = ("django/template/base.py", "djust_engine/template.py", "djust_engine/nodelist.py")


class Counts(NamedTuple):
    """Queries of a page, and how many of those inside templates repeat another."""

    queries: int
    repeated: int


def main() -> int:
    with sample_rows("sqlite"):
        return tell()


def tell() -> int:
    """Print the table; 1 where a page runs more queries than with Django."""
    import django

    from . import below_pages

    print(f"Django {django.get_version()}\n")
    print("| Page | Queries, Django | ours | Repeated in templates, Django | ours |")
    print("| --- | ---: | ---: | ---: | ---: |")
    sums, worse = [0, 0], 0
    for title, before, after in below_pages.compared():
        figures = (before.queries, after.queries, before.repeated, after.repeated)
        print(f"| {title} | {' | '.join(map(str, figures))} |")
        worse |= after.queries > before.queries
        sums = [sums[0] + before.repeated, sums[1] + after.repeated]
    print(f"\nRepeated SELECTs inside templates: {sums[0]} before, {sums[1]} after")
    return worse


def count(action: Callable[[], Any]) -> Counts:
    """The queries that ``action`` runs."""
    with counted() as found:
        action()
    return counts_of(found)


def counts_of(found: list[tuple[str, bool]]) -> Counts:
    inside = Counter(sql for sql, is_inside in found if is_inside and sql.startswith("SELECT"))
    return Counts(len(found), sum(inside.values()) - len(inside))


@contextmanager
def counted() -> Iterator[list[tuple[str, bool]]]:
    """A list that grows by each query: its SQL without values, and whether a template ran it."""
    from django.db import connection

    found: list[tuple[str, bool]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((_shape(sql), _is_in_template()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _shape(sql: str) -> str:
    """``IN`` with one value and with many are the same question."""
    while ", %s, %s" in sql or "(%s, %s" in sql:
        sql = sql.replace(", %s, %s", ", %s").replace("(%s, %s", "(%s")
    return sql


def _is_in_template() -> bool:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename.endswith(_TEMPLATES):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


if __name__ == "__main__":
    sys.exit(main())
