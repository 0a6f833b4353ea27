"""Memory stays flat over templates made of strings, each of which is rendered once.

``DJUST_FLAT=100000`` says of how many; few by default, as it takes a while.
"""

import gc
import os

import pytest
from django.template import engines

from djust_engine import serialize
from djust_engine.jit import cache
from djust_engine.jit.cache import SerializerCache
from tests.jitapp.models import Book

TEMPLATES = int(os.environ.get("DJUST_FLAT", "4000"))
#: Bytes a template of those after the first half; one that is kept takes more than a thousand.
MOST_BYTES = 250


def resident():
    """The bytes of memory that the process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def rows(number):
    return (
        "{% for one in books %}{{ one.title }}{{ one.author.last_name }}{{ one.x"
        f"{number} }}}}{{% endfor %}}"
    )


def instances(number):
    return f"{{% for one in books %}}{{{{ one }}}}{{{{ one.x{number} }}}}{{% endfor %}}"


def plain(number):
    return (
        f"{number} {{% if a{number} %}}{{% with b=c{number} %}}{{{{ b|default:'x' }}}}"
        "{% endwith %}{% endif %}"
    )


def render(source):
    return lambda number: (
        engines["django"].from_string(source(number)).render({"books": Book.objects.all()[:2]})
    )


FIELDS = [one.attname for one in Book._meta.concrete_fields]


def serialized(number):
    chosen = [name for at, name in enumerate(FIELDS) if number >> at & 1]
    return serialize(Book.objects.all()[:1], ["title", *chosen])


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from /proc")
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "work",
    [render(rows), render(instances), render(plain), serialized],
    ids=["rows", "instances", "plain", "serialize"],
)
def test_memory_is_flat(work):
    with cache.using(SerializerCache(maxsize=200)) as used:
        for number in range(TEMPLATES // 2):
            work(number)
        gc.collect()
        before = resident()
        for number in range(TEMPLATES // 2, TEMPLATES):
            work(number)
        gc.collect()
        grown = resident() - before
        print(f"{grown} bytes for {TEMPLATES - TEMPLATES // 2} templates, {used.stats()}")
        assert len(used) <= 200
    assert grown < MOST_BYTES * TEMPLATES / 2 + 2**20
