"""What a page costs by how the template reaches its objects: the table of queries.

A row: its name, the template, the context, Django's queries, ours, and the modes of our sites in
the order of first touch.
"""

import pytest
from django.core.paginator import Paginator

from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import Book, Country

B = Book.objects
A = "{{ b.author.last_name }}"


def o():
    """All eight books, in an order that decides."""
    return Book.objects.order_by("pk")


def list_view(queryset, **more):
    """The context of a generic list view of `queryset`."""
    return {"object_list": queryset, "book_list": queryset, **more}


def paged(paginator):
    page = paginator.page(1)
    return list_view(page.object_list, page_obj=page, paginator=paginator, is_paginated=True)


class Box:
    def __init__(self, v=None):
        self.v = v

    def get(self):
        return o()


PAGES = [
    (".all",
     "{% for b in books.all %}"+A+"{% endfor %}",
     lambda: {"books": Book.objects}, 9, 1, "rows"),
    (".count",
     "{{ books.count }}{% for b in books %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 10, 2, "rows"),
    ("count after",
     "{% for b in books %}"+A+"{% endfor %}{{ books.count }}",
     lambda: {"books": o()}, 9, 1, "rows"),
    (".exists",
     "{% if books.exists %}{% for b in books %}"+A+"{% endfor %}{% endif %}",
     lambda: {"books": o()}, 10, 2, "rows"),
    (".first", "{{ books.first.author.last_name }}", lambda: {"books": o()}, 2, 2, ""),
    (".first two",
     "{{ books.first.author.last_name }}{{ books.first.editor.last_name }}",
     lambda: {"books": o()}, 3, 3, ""),
    (".first loop",
     "{{ books.first.title }}{% for b in books %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 10, 2, "instances"),
    (".last", "{{ books.last.author.last_name }}", lambda: {"books": o()}, 2, 2, ""),
    (".0", "{{ books.0.author.last_name }}{{ books.0.title }}", lambda: {"books": o()}, 3, 3, ""),
    (".0 loop",
     "{{ books.0.title }}{% for b in books %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 10, 2, "instances"),
    ("loop .0",
     "{% for b in books %}"+A+"{% endfor %}{{ books.0.title }}",
     lambda: {"books": o()}, 9, 1, "instances"),
    ("|first",
     "{% with b=books|first %}{{ b.author.last_name }}{% endwith %}",
     lambda: {"books": o()}, 2, 2, ""),
    ("|first loop",
     "{% with b=books|first %}{{ b.author.last_name }}{% endwith %}{% for b"
     " in books %}{{ b.author.last_name }}{% endfor %}",
     lambda: {"books": o()}, 11, 3, "rows"),
    ("|last",
     "{% with b=books|last %}{{ b.author.last_name }}{% endwith %}",
     lambda: {"books": list(o())}, 1, 1, ""),
    ("|slice",
     "{% for b in books|slice:':3' %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 4, 1, "rows"),
    ("|slice loop",
     "{% for b in books %}{{ b.title }}{% endfor %}"
     "{% for b in books|slice:':3' %}{{ b.author.last_name }}{% endfor %}",
     lambda: {"books": o()}, 4, 1, "rows"),
    ("|dictsort",
     "{% for b in books|dictsort:'title' %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 9, 1, "instances,instances"),
    ("|length",
     "{{ books|length }}{% for b in books %}"+A+"{% endfor %}",
     lambda: {"books": o()}, 9, 1, "rows"),
    ("|length only", "{{ books|length }}", lambda: {"books": o()}, 1, 1, "rows"),
    ("if",
     "{% if books %}{% for b in books %}"+A+"{% endfor %}{% else %}no{% endif %}",
     lambda: {"books": o()}, 9, 1, "rows"),
    ("for empty",
     "{% for b in books %}"+A+"{% empty %}no{% endfor %}",
     lambda: {"books": B.none()}, 0, 0, "rows"),
    ("twice",
     "{% for b in books %}{{ b.author.last_name }}{% endfor %}"
     "{% for b in books %}{{ b.editor.last_name }}{% endfor %}",
     lambda: {"books": o()}, 13, 1, "rows"),
    ("Page",
     "{% for b in page_obj %}"+A+"{% endfor %}{{ page_obj.paginator.count }}",
     lambda: {"page_obj": Paginator(o(), 3).page(2)}, 4, 1, "rows"),
    ("Page.object_list",
     "{% for b in page_obj.object_list %}"+A+"{% endfor %}{{ page_obj.has_next }}",
     lambda: {"page_obj": Paginator(o(), 3).page(2)}, 4, 1, "rows"),
    ("Page.0",
     "{{ page_obj.0.author.last_name }}",
     lambda: {"page_obj": Paginator(o(), 3).page(2)}, 2, 2, ""),
    ("Paginator",
     "{% for p in paginator %}{% for b in p %}"+A+"{% endfor %}{% endfor %}",
     lambda: {"paginator": Paginator(o(), 3)}, 12, 4, "rows"),
    ("ListView",
     "{% if object_list %}{% for b in book_list %}{{ b.author.last_name }}{% endfor %}"
     "{% endif %}{% for b in page_obj %}{{ b.title }}{% endfor %}"
     "{% for b in object_list %}{{ b.editor.last_name }}{% endfor %}",
     lambda: paged(Paginator(o(), 3)), 5, 1, "rows"),
    ("ListView whole",
     "{% for b in book_list %}{{ b.author.last_name }}{% endfor %}"
     "{% for b in object_list %}{{ b.editor.last_name }}{% endfor %}",
     lambda: list_view(o()), 13, 1, "rows"),
    ("one", "{{ b.author.country.name }}", lambda: {"b": o().first()}, 2, 1, "instances"),
    ("plain object",
     "{% for b in box.v %}"+A+"{% endfor %}",
     lambda: {"box": Box(o())}, 9, 1, "rows"),
    ("plain object one",
     "{{ box.v.author.country.name }}",
     lambda: {"box": Box(o().first())}, 2, 2, ""),
    ("method", "{% for b in box.get %}"+A+"{% endfor %}", lambda: {"box": Box()}, 9, 1, "rows"),
    ("dict of lists",
     "{% for k, bs in d.items %}{% for b in bs %}"+A+"{% endfor %}{% endfor %}",
     lambda: {"d": {"x": list(o())[:4], "y": list(o())[4:]}}, 8, 2, "instances"),
    ("dict of querysets",
     "{% for k, bs in d.items %}{% for b in bs %}"+A+"{% endfor %}{% endfor %}",
     lambda: {"d": {"x": o()[:4], "y": o()[4:]}}, 10, 2, "instances"),
    ("list of pairs",
     "{% for n, b in pairs %}{{ n }}"+A+"{% endfor %}",
     lambda: {"pairs": list(enumerate(o()))}, 8, 1, "instances"),
    ("list of dicts",
     "{% for d in ds %}{{ d.book.author.last_name }}{% endfor %}",
     lambda: {"ds": [{"book": b} for b in o()]}, 8, 1, "instances"),
    ("list of boxes",
     "{% for d in ds %}{{ d.v.author.last_name }}{% endfor %}",
     lambda: {"ds": [Box(b) for b in o()]}, 8, 1, "instances"),
    ("with",
     "{% with x=books %}{% for b in x %}"+A+"{% endfor %}{% endwith %}",
     lambda: {"books": o()}, 9, 1, "rows"),
    ("regroup",
     "{% regroup books by author as g %}{% for x in g %}{{ x.grouper.last_n"
     "ame }}{% for b in x.list %}{{ b.title }}{% endfor %}"
     "{% endfor %}",
     lambda: {"books": B.order_by("author_id", "pk")}, 9, 1, "instances"),
    ("regroup fk name",
     "{% regroup books by author.country.name as g %}{% for x in g %}{{ x.g"
     "rouper }}{% for b in x.list %}{{ b.editor.last_name }}{% endfor %}"
     "{% endfor %}",
     lambda: {"books": o()}, 19, 1, "rows"),
    ("nested 3",
     "{% for c in cs %}{% for a in c.authors.all %}{% for b in a.books.all "
     "%}{% for t in b.tags.all %}{{ t.name }}{% endfor %}"
     "{{ b.editor.profile.nick }}{% endfor %}{% endfor %}{% endfor %}",
     lambda: {"cs": Country.objects.order_by("pk")}, 19, 4, "rows"),
    ("untaken if",
     "{% for b in books %}{% if b.missing %}{{ b.author.last_name }}{% for "
     "t in b.tags.all %}{{ t.name }}{% endfor %}"
     "{% endif %}{% endfor %}",
     lambda: {"books": o()}, 1, 1, "rows"),
    ("untaken if list",
     "{% for b in books %}{% if b.missing %}{{ b.author.last_name }}{% for "
     "t in b.tags.all %}{{ t.name }}{% endfor %}"
     "{% endif %}{% endfor %}",
     lambda: {"books": list(o())}, 0, 0, "instances"),
    ("taken once",
     "{% for b in books %}{% if forloop.last %}{{ b.author.last_name }}{% f"
     "or t in b.tags.all %}{{ t.name }}{% endfor %}"
     "{% endif %}{% endfor %}",
     lambda: {"books": o()}, 3, 2, "rows"),
    ("method on some",
     "{% for b in books %}{{ b.title }}{% if forloop.last %}{{ b.by }}{% endif %}{% endfor %}",
     lambda: {"books": o()}, 2, 1, "rows"),
]  # fmt: skip


#: Our queries and modes where a join may change the order of rows that nothing orders.
FREE = {".all": (2, "instances"), "nested 3": (5, "instances,untouched")}


@pytest.mark.parametrize(
    ("name", "source", "make", "django", "ours", "modes"),
    [pytest.param(*row, id=row[0]) for row in PAGES],
)
def test_a_page_of(render_both, name, source, make, django, ours, modes):
    renders = render_both(source, make)
    expected = (ours, modes) if JOINS_KEEP_ORDER else FREE.get(name, (ours, modes))
    assert (renders.django[1], renders.ours[1], ",".join(renders.modes)) == (django, *expected)
