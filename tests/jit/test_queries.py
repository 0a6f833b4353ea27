"""How many queries a page costs: (template, modes, Django's queries, ours), and the same bytes."""

import pytest
from django.core.paginator import Paginator

from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import Author, Book, Note, Profile, Restaurant, Tag
from tests.oracle import assert_same

LOOP = "{{% for b in books %}}{}{{% endfor %}}"

# The template's body of a loop over eight books; the modes of the sites in the order of first
# touch; the number of queries that Django runs, and that we run.
LOOPS = [
    ("{{ b.title }}", ["rows"], 1, 1),
    ("{{ b.author.last_name }}", ["rows"], 9, 1),
    ("{{ b.author.country.name }}|{{ b.author.profile.nick }}", ["rows"], 23, 1),
    ("{{ b.editor.first_name }}{{ b.editor }}", ["rows"], 5, 1),
    ("{% if b.editor %}{{ b.editor.pk }}{% else %}none{% endif %}", ["rows"], 5, 1),
    ("{% if b.author.profile %}y{% endif %}", ["rows"], 17, 1),
    ("{{ b.author_id }}{{ b.author.pk }}{{ b.pk }}{{ b.id }}", ["rows"], 9, 1),
    ("{{ b.get_status_display }}{{ b.price }}{{ b.extra.k.z }}", ["rows"], 1, 1),
    ("{{ b.missing }}{{ b.missing.more }}", ["rows"], 1, 1),
    ("{% load seam_tags %}{% markup b.missing %}{% add b.pk %}", ["rows"], 1, 1),
    ("{{ b }}{{ b.shout }}{{ b.author.get_full_name }}", ["rows"], 9, 1),
    ("{{ b.by }}{{ b.author.origin }}", ["rows"], 15, 1),
    (
        "{% if b.author.profile.avatar %}{{ b.author.profile.avatar.url }}{% endif %}",
        ["rows"],
        17,
        1,
    ),
    ("{% for t in b.tags.all %}{{ t.name }},{% empty %}-{% endfor %}", ["rows"], 9, 2),
    ("{{ b.comment_set.all|length }}{{ b.comment_set.count }}", ["rows"], 17, 2),
    ("{% for c in b.comment_set.all %}{{ c.author.last_name }}{% endfor %}", ["rows"], 16, 2),
    ("{% for c in b.comment_set.all %}{{ c.quoted }}{% endfor %}", ["instances"], 9, 2),
    (
        "{% for k in b.author.books.all %}{{ k.by }}{{ k.author.origin }}{% endfor %}",
        ["rows"],
        23,
        2,
    ),
    (
        "{% for k in b.author.books.all %}{{ k.author.last_name }}"
        "{% for t in k.tags.all %}{{ t }}{% endfor %}{% endfor %}",
        ["rows"],
        29,
        3,
    ),
    (
        "{% load i18n %}{% blocktranslate with t=b.title|upper a=b.author.last_name %}"
        "{{ t }} by {{ a }}{% endblocktranslate %}{% translate b.author.country.name %}",
        ["rows"],
        15,
        1,
    ),
    (
        "{% load i18n %}{% blocktranslate count n=b.tags.all|length with a=b.author %}"
        "{{ n }} {{ a }}{% plural %}{{ n }} {{ a }} {{ forloop }}{% endblocktranslate %}",
        ["rows"],
        17,
        2,
    ),
    (
        "{% load tz l10n %}{% localize off %}"
        "{% timezone b.author.last_name|slice:':0'|default:'UTC' %}"
        "{{ b.price|localize }}{% endtimezone %}{% endlocalize %}",
        ["rows"],
        9,
        1,
    ),
    ("{{ b.tags.first.name }}", ["untouched"], 9, 9),
    ("{% ifchanged b.author %}{{ b.author.last_name }}{% endifchanged %}", ["instances"], 9, 1),
    ("{% for f in b.friends.all %}{{ f.author.last_name }}{% endfor %}", ["rows"], 11, 2),
]


#: Queries for bodies in which nothing orders the objects of a manager, where that matters.
FREE = {
    "{% for c in b.comment_set.all %}{{ c.author.last_name }}{% endfor %}": 3,
    "{% for c in b.comment_set.all %}{{ c.quoted }}{% endfor %}": 2,
    "{% for k in b.author.books.all %}{{ k.by }}{{ k.author.origin }}{% endfor %}": 3,
    "{% for k in b.author.books.all %}{{ k.author.last_name }}"
    "{% for t in k.tags.all %}{{ t }}{% endfor %}{% endfor %}": 3,
    "{% for f in b.friends.all %}{{ f.author.last_name }}{% endfor %}": 3,
    "{% for c in b.comment_set.all %}{{ c.author.profile.nick }}{% endfor %}": 2,
    "{% for c in b.author.books.all %}{{ c.editor.last_name }}{% endfor %}": 3,
}


@pytest.mark.parametrize(("body", "modes", "django", "ours"), LOOPS)
def test_a_loop_costs_a_query_a_relation(render_both, body, modes, django, ours):
    renders = render_both(LOOP.format(body), lambda: {"books": Book.objects.order_by("pk")})
    assert renders.django[1] == django
    if JOINS_KEEP_ORDER or body not in FREE:
        assert (renders.modes[:1], renders.ours[1]) == (modes, ours)
    else:
        assert (renders.modes[:1], renders.ours[1]) == (["instances"], FREE[body])


@pytest.mark.parametrize(("body", "modes", "django", "ours"), LOOPS)
def test_a_list_is_batched(render_both, body, modes, django, ours):
    renders = render_both(LOOP.format(body), lambda: {"books": list(Book.objects.all())})
    assert "rows" not in renders.modes


@pytest.mark.parametrize("make", [list, tuple, lambda books: books[:5], lambda books: books.none()])
def test_any_sequence_gives_the_same(render_both, make):
    body = "{{ b.title }}{{ b.author.country.name }}{% for t in b.tags.all %}{{ t }}{% endfor %}"
    render_both(LOOP.format(body), lambda: {"books": make(Book.objects.all())})


PAGES = [
    ("{{ books.count }}{% for b in books %}{{ b.title }}{% endfor %}{{ books.count }}", 2, 2),
    ("{% for b in books %}{{ b.title }}{% endfor %}{{ books|length }}{{ books.exists }}", 1, 1),
    ("{% if books %}y{% endif %}{% for b in books %}{{ b.title }}{% endfor %}", 1, 1),
    (
        "{% for b in books %}{{ b.pk }}{% endfor %}{% for b in books %}{{ b.title }}{% endfor %}",
        1,
        1,
    ),
    ("{% for b in books.all %}{{ b.pk }}{% endfor %}{% for b in books.all %}.{% endfor %}", 2, 2),
    ("{% load seam_tags %}{% for b in books %}{% add books.count %}{% endfor %}", 1, 1),
    ("{% for b in books reversed %}{{ b.author.last_name }}{% endfor %}", 9, 1),
    ("{% if unread %}{% for b in books %}{{ b.title }}{% endfor %}{% endif %}", 0, 0),
    ("{{ books }}{% for b in books %}{{ b.author.last_name }}{% endfor %}", 10, 2),
]


@pytest.mark.parametrize(("source", "django", "ours"), PAGES)
def test_a_queryset_is_fetched_when_and_as_often_as_django_would(render_both, source, django, ours):
    renders = render_both(source, lambda: {"books": Book.objects.order_by("pk")})
    assert (renders.django[1], renders.ours[1]) == (django, ours)


OBJECTS = [
    ("{{ b.title }}", 0, 0),
    ("{{ b.author.last_name }}", 1, 1),
    ("{{ b.author.last_name }}{{ b.editor.last_name }}", 2, 1),
    ("{{ b.editor.profile.nick }}{{ b.author.country.name }}", 4, 1),
    ("{% for c in b.comment_set.all %}{{ c.author.profile.nick }}{% endfor %}", 3, 1),
    ("{% for c in b.author.books.all %}{{ c.editor.last_name }}{% endfor %}", 4, 2),
    ("{{ b.comment_set.all|length }}{{ b.comment_set.count }}", 2, 1),
]


@pytest.mark.parametrize(("source", "django", "ours"), OBJECTS)
def test_one_object_costs_a_query_for_what_joins(render_both, source, django, ours):
    renders = render_both(source, lambda: {"b": Book.objects.get(title="Book & 1")})
    ours = ours if JOINS_KEEP_ORDER else FREE.get(source, ours)
    assert (renders.django[1], renders.ours[1]) == (django, ours)


DUMPED = [
    "{% for books in all %}{% for b in books %}{{ b.title }}{% endfor %}{% endfor %}{{ all }}",
    "{% for books in all %}{% regroup books by status as g %}{{ g|length }}{% endfor %}{{ all }}",
    "{% for b in all.0 %}{{ b.title }}{% endfor %}{{ all }}",
    "{{ all }}{% for books in all %}{% for b in books %}{{ b.title }}{% endfor %}{% endfor %}",
]


@pytest.mark.parametrize("source", DUMPED)
def test_querysets_in_a_list_that_is_printed_whole(render_both, source):
    books = Book.objects.order_by("pk")
    render_both(source, lambda: {"all": [books.all(), books.filter(status="d")]})


def test_a_page_that_a_base_loops_and_a_block_regroups(render_both):
    render_both(
        "{% for b in page %}{{ b.title }}{% endfor %}{% regroup page by author as groups %}"
        "{% for g in groups %}{{ g.grouper }}{% for b in g.list %}{{ b.editor }}{% endfor %}"
        "{% endfor %}",
        lambda: {"page": Paginator(Book.objects.order_by("author_id", "pk"), 5).page(1)},
    )


@pytest.mark.parametrize("key", [None, 2, 99])
def test_a_foreign_key_that_was_changed_in_memory(render_both, key):
    def changed():
        book = Book.objects.order_by("pk")[1]
        book.author_id = key and Author.objects.order_by("pk")[key].pk if key != 99 else 99_999
        return {"b": book}

    render_both("{{ b.author.last_name }}{{ b.author.country.name }}{{ b.editor }}", changed)


def test_an_object_that_has_its_relation_is_not_missed_among_those_that_lack_it(render_both):
    source = (
        "{% if a.0.author == 1 %}{% endif %}{% for p in a %}[{{ p.author.observed_set.count }}"
        "{{ p.author.profile.author_id|yesno }}]{% endfor %}"
    )
    render_both(source, lambda: {"a": [*Profile.objects.order_by("pk"), 3, None]})


ASKED_FIRST = (
    "{% with all=b.edited.all %}{{ all.count }}{% for e in all %}{{ e }}{% endfor %}{% endwith %}"
)


def test_what_was_counted_first_is_fetched_once(render_both):
    renders = render_both(ASKED_FIRST, lambda: {"b": Author.objects.order_by("pk")[0]})
    assert (renders.django[1], renders.ours[1]) == (2, 2)
    source = "{% for b in authors %}" + ASKED_FIRST + "{% endfor %}"
    renders = render_both(source, lambda: {"authors": list(Author.objects.order_by("pk"))})
    assert (renders.django[1], renders.ours[1]) == (12, 2)


def test_the_last_of_a_manager_is_an_error_before_there_is_a_query(render_both):
    source = "{% for b in books %}{% with t=b.tags.all|last %}{{ t.name }}{% endwith %}{% endfor %}"
    for make in (Book.objects.all, lambda: list(Book.objects.all())):
        renders = render_both(source, lambda make=make: {"books": make()})
        assert renders.ours == renders.django


UNEVALUATED = [
    "{% ifchanged b.tags.all %}{% endifchanged %}",
    "{% if b.tags.all in missing %}{% elif b.tags.all == 1 %}{% endif %}",
    "{% for t in b.tags %}{% endfor %}{% for t in b.tags.all %}{% endfor %}",
]


@pytest.mark.parametrize("source", UNEVALUATED)
def test_a_manager_that_is_not_evaluated_costs_nothing(render_both, source):
    renders = render_both(source, lambda: {"b": Book.objects.get(title="Book & 1")})
    assert (renders.django[1], renders.ours[1]) == (0, 0)


def test_a_printed_slice_of_a_manager_is_a_queryset(render_both):
    source = "{% for b in books %}{{ b.tags.all|slice:':2' }}{% endfor %}"
    render_both(source, lambda: {"books": list(Book.objects.all())})


def test_two_compared_managers_differ(render_both):
    source = (
        "{% for b in books %}{% for c in books %}{% ifchanged b.tags.all %}!{% endifchanged %}"
        "{% for t in b.tags.all %}{% endfor %}{% endfor %}{% endfor %}"
    )
    render_both(source, lambda: {"books": list(Book.objects.all())})


def test_a_generic_foreign_key_costs_a_query_a_model_that_is_reached(render_both):
    subjects = [Book.objects.first(), Tag.objects.first(), Book.objects.last(), Tag.objects.last()]
    for subject in subjects:
        Note.objects.create(subject=subject, text="n")
    for body, django, ours in (
        ("{% if forloop.first %}{{ n.subject }}{% endif %}", 1, 1),
        ("{{ n.subject }}", 4, 2),
    ):
        source = "{% for n in notes %}" + body + "{% endfor %}"
        renders = render_both(source, lambda: {"notes": list(Note.objects.order_by("pk"))})
        assert (renders.django[1], renders.ours[1]) == (django, ours)


def test_the_inherited_part_of_an_object_costs_nothing(render_both):
    Restaurant.objects.create(name="R", slug="r", stars=3)
    source = (
        "{% for r in all %}{{ r.place_ptr.name }}{{ r.place_ptr.restaurant.stars }}{% endfor %}"
    )
    renders = render_both(source, lambda: {"all": Restaurant.objects.all()})
    assert (renders.django[1], renders.ours[1]) == (1, 1)


@pytest.mark.parametrize("read", ["{% if b %}{% endif %}", "{{ b|length }}", "{{ b|yesno }}"])
@pytest.mark.parametrize(
    "tag",
    ["{% look 'b' %}", "{% for x in 'a' %}{% look 'b' %}{% endfor %}", "{% include 'look.html' %}"],
)
def test_what_is_only_tested_is_kept_for_tags_that_see_the_context(read, tag):
    load = "{% load keeping %}"
    assert_same(
        load + read + tag,
        lambda: {"b": Book.objects.all()},
        {"look.html": load + "{% look 'b' %}"},
        libraries={"keeping": "tests.seam.templatetags.keeping"},
    )


@pytest.mark.parametrize("condition", ["{% if all %}y{% endif %}", "{% if not all %}n{% endif %}"])
@pytest.mark.parametrize("title", ["Book & 1", "none"])
def test_rows_that_an_included_template_has_fetched_tell_that_there_are_some(
    library, condition, title
):
    part = {"part.html": "{% for book in all %}{{ book.title }}{% endfor %}"}
    source = "{% include 'part.html' %}" + condition
    assert_same(source, lambda: {"all": Book.objects.filter(title=title)}, part)
