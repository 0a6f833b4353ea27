"""``library`` of the pipeline's tests; ``rendered``: a page of it, with the plans of a cache."""

import pytest
from django.template import engines

from djust_engine.decisions import collect
from djust_engine.jit import cache
from tests.jit.conftest import library
from tests.jitapp.models import Book

__all__ = ["library"]

SOURCE = (
    "{% for one in books %}{{ one.title }}|{{ one.author.last_name }}|{{ one.get_status_display }}"
    "|{% for tag in one.tags.all %}{{ tag.name }},{% endfor %}\n{% endfor %}"
)


def books():
    return {"books": Book.objects.order_by("pk")}


@pytest.fixture
def rendered(library):
    """Render a page by the plans of a cache; it is Django's page. Gives the decisions on plans."""

    def render(used, source=SOURCE):
        expected = engines["oracle"].from_string(source).render(books())
        with cache.using(used), collect() as made:
            assert engines["django"].from_string(source).render(books()) == expected
        return [one.mode for one in made if one.kind == "cache"]

    return render
