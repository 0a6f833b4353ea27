"""What a page costs by where its objects come from: the table of queries.

A row: its name, the body of a loop over `books`, the source, Django's queries, ours, and the modes
of our sites in the order of first touch; none where Django goes its own way.
"""

import pytest
from django.db.models import Count, F, Prefetch

from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import Book, ShoutQuerySet, Tag

B = Book.objects
T, A = "{{ b.title }}", "{{ b.author.last_name }}"
LOOP = "{% for b in books %}BODY{% endfor %}"


def o():
    """All eight books, in an order that decides."""
    return Book.objects.order_by("pk")


def gen():
    yield from o()


def all_joined(queryset):
    """`select_related()` without names, which is on its way out."""
    queryset = queryset.all()
    queryset.query.select_related = True
    return queryset


def evaluated(queryset):
    """The QuerySet, with its objects."""
    assert len(queryset)
    return queryset


SOURCES = [
    ("fresh", A, lambda: B.all(), 9, 1, "rows"),
    ("not iterable", A, lambda: Book.objects, 0, 0, ""),
    ("sliced", A, lambda: o()[2:6], 5, 1, "rows"),
    ("sliced one", A, lambda: o()[:1], 2, 1, "rows"),
    ("ordered by relation", A, lambda: B.order_by("author__last_name", "pk"), 9, 1, "rows"),
    ("filtered", A, lambda: o().filter(author__last_name__contains="1"), 3, 1, "rows"),
    ("excluded", A, lambda: o().exclude(editor=None), 5, 1, "rows"),
    ("filtered many", A, lambda: o().filter(tags__name="t0"), 7, 1, "rows"),
    ("annotated F", A, lambda: o().annotate(up=F("author__first_name")), 9, 1, "rows"),
    ("annotated F read",
     A+"{{ b.up }}",
     lambda: o().annotate(up=F("author__first_name")), 9, 1, "rows"),
    ("aggregated", A+"{{ b.n }}", lambda: o().annotate(n=Count("tags")), 9, 2, "instances"),
    ("aggregated alias", A, lambda: o().alias(n=Count("tags")).filter(n__gt=0), 7, 2, "instances"),
    ("distinct", A, lambda: o().filter(tags__name__gt="t0").distinct(), 5, 2, "instances"),
    ("combined or",
     A,
     lambda: o().filter(title="Book & 1") | o().filter(title="Book & 2"), 3, 1, "rows"),
    ("union",
     A,
     lambda: B.filter(title__lt="Book & 2").union(B.filter(title="Book & 7")).order_by("id"),
     4, 2, "instances"),
    ("values",
     "{{ b.title }}{{ b.author_id }}",
     lambda: o().values("title", "author_id"), 1, 1, "untouched"),
    ("values rel",
     "{{ b.author__last_name }}",
     lambda: o().values("author__last_name"), 1, 1, "untouched"),
    ("values_list", "{{ b.0 }}", lambda: o().values_list("title", "pk"), 1, 1, "untouched"),
    ("flat", "{{ b }}", lambda: o().values_list("title", flat=True), 1, 1, "untouched"),
    ("named",
     "{{ b.title }}",
     lambda: o().values_list("title", "pk", named=True), 1, 1, "untouched"),
    ("raw", A, lambda: B.raw("select * from jitapp_book order by id"), 9, 2, "instances"),
    ("extra", A, lambda: o().extra(select={"one": "1"}), 9, 2, "instances"),
    ("evaluated", A, lambda: evaluated(o()), 8, 1, "instances"),
    ("list", A, lambda: list(o()), 8, 1, "instances"),
    ("tuple", A, lambda: tuple(o()), 8, 1, "instances"),
    ("dict values", A, lambda: {b.pk: b for b in o()}.values(), 8, 1, "instances"),
    ("generator", A, lambda: gen(), 9, 2, "instances"),
    ("iterator", A, lambda: o().iterator(), 9, 2, "instances"),
    ("set",
     A.replace("b.author.last_name","b.author.last_name|slice:':1'"),
     lambda: set(o()), 8, 1, "instances"),
    ("dates", "{{ b.year }}", lambda: o().dates("published", "year"), 1, 1, "untouched"),
    ("none", A, lambda: B.none(), 0, 0, "rows"),
    ("in_bulk", A, lambda: B.in_bulk().values(), 8, 1, "instances"),
    ("reverse", A, lambda: o().reverse(), 9, 1, "rows"),
    ("select_related",
     A+"{{ b.editor.last_name }}",
     lambda: o().select_related("author"), 5, 1, "rows"),
    ("select_related all", A, lambda: all_joined(o()), 1, 1, "rows"),
    ("select_related country",
     "{{ b.author.country.name }}",
     lambda: o().select_related("author"), 7, 1, "rows"),
    ("prefetch fk", A, lambda: o().prefetch_related("author"), 2, 1, "rows"),
    ("prefetch tags",
     A+"{% for t in b.tags.all %}{{ t.name }}{% endfor %}",
     lambda: o().prefetch_related("tags"), 10, 2, "rows"),
    ("prefetch unread", A, lambda: o().prefetch_related("tags"), 10, 1, "rows"),
    ("Prefetch sliced",
     "{% for t in b.tags.all %}{{ t.name }}{% endfor %}",
     lambda: o().prefetch_related(Prefetch("tags", Tag.objects.order_by("name")[:1])),
     2, 2, "instances"),
    ("Prefetch to_attr",
     A+"{% for t in b.some %}{{ t.name }}{% endfor %}",
     lambda: o().prefetch_related(Prefetch("tags", Tag.objects.all(), to_attr="some")),
     10, 3, "instances,untouched"),
    ("Prefetch nested",
     "{% for c in b.comment_set.all %}{{ c.author.last_name }}{% endfor %}",
     lambda: o().prefetch_related("comment_set"), 9, 2, "rows"),
    ("Prefetch to_attr nested",
     "{% for c in b.said %}{{ c.author.last_name }}{% endfor %}",
     lambda: o().prefetch_related(Prefetch("comment_set", to_attr="said")),
     9, 7, "untouched,instances"),
    ("only", T, lambda: o().only("title"), 1, 1, "rows"),
    ("only rel", A, lambda: o().only("title", "author"), 9, 1, "rows"),
    ("only without", T+"{{ b.status }}", lambda: o().only("title"), 9, 1, "rows"),
    ("only sr",
     A,
     lambda: o().select_related("author").only("author__last_name"), 1, 1, "instances"),
    ("defer", T+"{{ b.status }}", lambda: o().defer("status"), 9, 1, "rows"),
    ("defer unread", A, lambda: o().defer("status"), 9, 1, "rows"),
    ("for update", A, lambda: o().select_for_update(), 9, 2, "instances"),
    ("using", A, lambda: o().using("default"), 9, 1, "rows"),
    ("subclassed", A, lambda: ShoutQuerySet(Book).order_by("pk"), 9, 1, "rows"),
]  # fmt: skip


#: Our queries and modes where a join may change the order of rows that nothing orders.
FREE = {"fresh": (2, "instances"), "Prefetch nested": (3, "instances")}


@pytest.mark.parametrize(
    ("name", "body", "make", "django", "ours", "modes"),
    [pytest.param(*row, id=row[0]) for row in SOURCES],
)
def test_a_loop_over(render_both, name, body, make, django, ours, modes):
    renders = render_both(LOOP.replace("BODY", body), lambda: {"books": make()})
    expected = (ours, modes) if JOINS_KEEP_ORDER else FREE.get(name, (ours, modes))
    assert (renders.django[1], renders.ours[1], ",".join(renders.modes)) == (django, *expected)
