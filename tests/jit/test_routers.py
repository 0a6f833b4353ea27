"""Database routers: rows where the model alone decides, and decides for the rows' own database."""

import pytest

from djust_engine.jit.bytecode import decides_by_model
from tests.jitapp.models import Author, Book, Country

LOOP = "{% for b in books %}[BODY]{% endfor %}"
AUTHOR = "{{ b.author.last_name }}{{ b.author.country.name }}"
TAGS = "{% for t in b.tags.all %}{{ t.name }}{% endfor %}{{ b.comment_set.count }}"


class ByApp:
    apps = frozenset(("jitapp",))

    def db_for_read(self, model, **hints):
        if model._meta.app_label in self.apps:
            return "default"
        return None


class Silent:
    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True


class ByObject:
    def __init__(self):
        self.asked = []

    def db_for_read(self, model, **hints):
        self.asked.append((model, hints.get("instance")))
        return "default"


class ByHint:
    def db_for_read(self, model, instance=None, **hints):
        return None if instance is None else instance._state.db


class Nowhere:
    def db_for_read(self, model, **hints):
        return "nowhere" if model is Country else None


ROUTERS = [
    ([Silent()], "rows"),
    ([ByApp()], "rows"),
    ([Silent(), ByApp()], "rows"),
    ([ByObject()], "instances"),
    ([ByHint()], "instances"),
]


@pytest.mark.parametrize("body", [AUTHOR, TAGS, AUTHOR + TAGS])
@pytest.mark.parametrize(("routers", "mode"), ROUTERS)
def test_the_mode(render_both, settings, routers, mode, body):
    settings.DATABASE_ROUTERS = routers
    renders = render_both(
        LOOP.replace("BODY", body), lambda: {"books": Book.objects.order_by("pk")}
    )
    assert renders.modes[0] == mode


@pytest.mark.parametrize("body", [AUTHOR, "{{ b.author.last_name }}", TAGS, "{{ b.title }}"])
def test_another_database_is_asked_as_django_asks_it(render_both, settings, body):
    settings.DATABASE_ROUTERS = [Nowhere()]
    renders = render_both(
        LOOP.replace("BODY", body), lambda: {"books": Book.objects.order_by("pk")}
    )
    fails = "nowhere" in renders.django[0]
    assert fails == (body is AUTHOR)
    assert renders.modes[0] == ("instances" if fails else "rows")


def test_routers_that_are_changed_are_asked_anew(render_both, settings):
    source = LOOP.replace("BODY", AUTHOR)
    for routers in ([ByApp()], [Nowhere()], [], [ByApp()]):
        settings.DATABASE_ROUTERS = routers
        render_both(source, lambda: {"books": Book.objects.order_by("pk")})


def test_what_decides_by_the_model():
    assert decides_by_model(ByApp.db_for_read) and decides_by_model(Nowhere.db_for_read)
    assert not decides_by_model(ByObject.db_for_read)
    assert not decides_by_model(ByHint.db_for_read)
    assert not decides_by_model(Author.get_full_name)
    assert not decides_by_model(len) and not decides_by_model(None)
