"""`{% regroup %}` of QuerySets: rows stay rows, instances stay peers, never more queries."""

import pytest

from tests.jitapp.models import Book

SHOW = "{% for g in groups %}{{ g.grouper }}:{% for b in g.list %}BODY,{% endfor %};{% endfor %}"
NESTED = "{{ b.title }}{% for t in b.tags.all %}{{ t.name }}{% endfor %}"

# The tags; the mode of the first site; the number of queries that Django runs, and that we run.
PAGES = [
    ("{% regroup books by status as groups %}" + SHOW, "{{ b.title }}", "rows", 1, 1),
    ("{% regroup books by author.last_name as groups %}" + SHOW, "{{ b.title }}", "rows", 9, 1),
    ("{% regroup books by status as groups %}" + SHOW, "{{ b.author.last_name }}", "rows", 9, 1),
    ("{% regroup books by get_status_display as groups %}" + SHOW, "{{ b.by }}", "rows", 9, 1),
    ("{% regroup books by status|upper as groups %}" + SHOW, NESTED, "rows", 9, 2),
    ("{% regroup books by author as groups %}" + SHOW, "{{ b.title }}", "instances", 9, 1),
    ("{% regroup books by status as groups %}" + SHOW, "{{ b }}{{ b.tags.first }}", "", 9, 9),
    (
        "{% regroup books by status as groups %}"
        "{% for status, list in groups %}{{ status }}{{ list|length }}"
        "{% for b in list %}{{ b.author.last_name }}{% endfor %}{% endfor %}",
        "",
        "rows",
        9,
        1,
    ),
    ("{% regroup books by status as groups %}{{ groups }}", "", "", 1, 1),
    ("{% regroup books by status as groups %}{{ groups.0.list }}", "", "", 1, 1),
    (
        "{% regroup books by status as groups %}{% for g in groups %}{{ g }}{% endfor %}",
        "",
        "",
        1,
        1,
    ),
    (
        "{% regroup books by status as groups %}{% for g in groups %}{{ g.list }}{% endfor %}",
        "",
        "",
        1,
        1,
    ),
    (
        "{% regroup books by status as groups %}{% for g in groups %}{{ g.1 }}{% endfor %}",
        "",
        "",
        1,
        1,
    ),
    (
        "{% regroup books by status as groups %}"
        "{% for g in groups %}{{ g.list.0.title }}{{ g.list|first }}{% endfor %}",
        "",
        "",
        1,
        1,
    ),
    ("{% regroup books by status as books %}{{ books }}", "", "", 1, 1),
    (
        "{% regroup books by status as groups %}{% for b in books %}{{ b.title }}{% endfor %}"
        + SHOW,
        "{{ b.author.last_name }}",
        "rows",
        9,
        1,
    ),
    (
        "{% for b in books %}{{ b.title }}{% endfor %}{% regroup books by status as groups %}"
        + SHOW,
        "{{ b.author.last_name }}",
        "rows",
        9,
        1,
    ),
    (
        "{% regroup books by status as groups %}{% for g in groups %}"
        "{% regroup g.list by price as prices %}{% for p in prices %}{{ p.grouper }}"
        "{% for b in p.list %}{{ b.author.last_name }}{% endfor %}{% endfor %}{% endfor %}",
        "",
        "rows",
        9,
        1,
    ),
]


@pytest.mark.parametrize(("source", "body", "mode", "django", "ours"), PAGES)
@pytest.mark.parametrize("make", [lambda books: books, list, lambda books: books[:6]])
def test_groups_are_what_django_makes(render_both, make, source, body, mode, django, ours):
    source = source.replace("BODY", body)
    render_both(source, lambda: {"books": make(Book.objects.order_by("status", "pk"))})


@pytest.mark.parametrize(("source", "body", "mode", "django", "ours"), PAGES)
def test_grouping_costs_a_query_a_relation(render_both, source, body, mode, django, ours):
    source = source.replace("BODY", body)
    renders = render_both(source, lambda: {"books": Book.objects.order_by("status", "pk")})
    assert (renders.django[1], renders.ours[1]) == (django, ours)
    assert mode in ("", renders.modes[0])
