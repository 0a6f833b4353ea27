"""What a view chose itself, `only`, `defer` and `prefetch_related`: merged, not overridden."""

import pytest
from django.db.models import Prefetch, Q

from tests.jit import worlds
from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import Author, Book, Haunted, LoudAuthor, Note, Noted, Restaurant, Shelf

LOOP = "{% for x in xs %}[BODY]{% endfor %}"
TITLE, AUTHOR = "{{ x.title }}{{ x.status }}", "{{ x.author.last_name }}{{ x.author.country.name }}"
CODE = "{{ x }}{{ x.by }}{{ x.shout }}"
TAGS = "{% for t in x.tags.all %}{{ t.name }}{{ t }}{% endfor %}"
COMMENTS = (
    "{{ x.comment_set.count }}{% for c in x.comment_set.all %}{{ c.text }}{{ c.author }}"
    "{{ c.book.title }}{% endfor %}"
)


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()


def books():
    return Book.objects.order_by("pk")


CHOSEN = {
    "only": lambda: books().only("title"),
    "only a foreign key": lambda: books().only("author"),
    "only what has an index": lambda: Book.objects.only("author"),
    "only what has an index, narrowed": lambda: Book.objects.only("author").exclude(editor=None),
    "only one behind": lambda: books().only("title", "author__last_name"),
    "only with a join": lambda: books().select_related("author").only("title", "author__last_name"),
    "only below": lambda: (
        books().select_related("author__country").only("title", "author__country__name")
    ),
    "only without the join": lambda: books().select_related("author").only("title"),
    "only half of the joins": lambda: (
        books().select_related("author__country").only("title", "author")
    ),
    "only nothing that is": lambda: books().only("nonsense"),
    "only nothing behind": lambda: books().only("author__nonsense"),
    "defer": lambda: books().defer("status", "author"),
    "defer all": lambda: books().defer(*(one.name for one in Book._meta.concrete_fields[1:])),
    "defer the join": lambda: books().select_related("author").defer("author"),
    "defer behind": lambda: books().select_related("author").defer("author__last_name"),
    "defer nothing that is": lambda: books().defer("nonsense"),
    "defer taken back": lambda: books().defer("title").defer(None),
    "only, sliced": lambda: books().only("title")[2:5],
    "only, empty": lambda: books().only("title").none(),
    "prefetch": lambda: books().prefetch_related("tags", "author", "comment_set__author"),
    "prefetch, sliced": lambda: books().prefetch_related("tags", "comment_set")[1:4],
    "prefetch, empty": lambda: books().filter(pk__lt=0).prefetch_related("tags", "nonsense"),
    "prefetch nonsense": lambda: books().prefetch_related("nonsense"),
    "prefetch nonsense below": lambda: books().prefetch_related("tags__nonsense"),
    "prefetch a column": lambda: books().prefetch_related("title"),
    "Prefetch": lambda: books().prefetch_related(Prefetch("tags"), Prefetch("comment_set")),
    "Prefetch of some": lambda: books().prefetch_related(
        Prefetch("comment_set", Book.comment_set.rel.related_model.objects.filter(Q(pk__gt=3)))
    ),
    "prefetch and only": lambda: books().only("title").prefetch_related("tags", "author__profile"),
    "prefetch taken back": lambda: books().prefetch_related("tags").prefetch_related(None),
    "joined and prefetched": lambda: books().select_related("author").prefetch_related("tags"),
    "prefetch behind a join": lambda: (
        books().select_related("author").prefetch_related("author__books__tags")
    ),
}


@pytest.mark.parametrize("state", ["full", "bare"])
@pytest.mark.parametrize("body", [TITLE, AUTHOR, CODE, TAGS, COMMENTS, TITLE + TAGS + COMMENTS])
@pytest.mark.parametrize("name", CHOSEN)
def test_the_same_is_read(render_both, world, name, body, state):
    if state == "bare":
        Book.objects.update(editor=None, extra=None)
        Author.objects.update(country=None)
        Book.tags.through.objects.all().delete()
    source = LOOP.replace("BODY", body)
    for _ in range(2):
        render_both(source, lambda: {"xs": CHOSEN[name]()})


COUNTS = [
    ("only with a join", AUTHOR, 15, 1, "rows"),
    ("only", CODE, 17, 1, "rows"),
    ("defer", TITLE, 9, 1, "rows"),
    ("only what has an index", TITLE, 17, 17, "untouched"),
    ("prefetch", TITLE, 5, 1, "rows"),
    ("prefetch", TAGS + COMMENTS, 5, 3, "rows"),
    ("Prefetch", TAGS, 3, 2, "rows"),
    ("Prefetch of some", COMMENTS, 6, 3, "instances"),
    (
        "prefetch behind a join",
        "{% for b in x.author.books.all %}{{ b }}{% endfor %}",
        3,
        2,
        "rows",
    ),
]


@pytest.mark.skipif(not JOINS_KEEP_ORDER, reason="objects that nothing orders are not joined there")
@pytest.mark.parametrize(("name", "body", "django", "ours", "mode"), COUNTS)
def test_what_it_costs(render_both, world, name, body, django, ours, mode):
    renders = render_both(LOOP.replace("BODY", body), lambda: {"xs": CHOSEN[name]()})
    assert (renders.django[1], renders.ours[1], renders.modes[0]) == (django, ours, mode)


OTHERS = [
    (lambda: Shelf.objects.prefetch_related("loose", "hideable"), "{{ x.loose.name }}{{ x.pk }}"),
    (lambda: Shelf.objects.prefetch_related("observed", "base_hidden"), "{{ x.hideable.name }}"),
    (lambda: Note.objects.prefetch_related("subject"), "{{ x.text }}{{ x.subject }}"),
    (lambda: Noted.objects.prefetch_related("notes"), "{{ x.name }}{{ x.notes.count }}"),
    (lambda: Haunted.objects.prefetch_related("ghost"), "{{ x.pk }}"),
    (lambda: Restaurant.objects.only("name"), "{{ x.name }}{{ x.stars }}{{ x.place_ptr.slug }}"),
    (lambda: Restaurant.objects.defer("slug"), "{{ x.slug }}{{ x.place_ptr.slug }}"),
    (lambda: LoudAuthor.objects.only("last_name"), "{{ x }}{{ x.last_name }}{{ x.country.name }}"),
    (lambda: LoudAuthor.objects.prefetch_related("books"),
     "{% for b in x.books.all %}{{ b.author }}{% endfor %}"),
]  # fmt: skip


OTHERS += [
    (lambda at=at: Noted.objects.filter(pk__gt=at), body)
    for at in (0, 99)
    for body in (
        "{% for n in x.notes.all %}{{ n.text }}{{ n.object_id }}{{ n.content_type.model }}"
        "{% empty %}-{% endfor %}",
        "{{ x.notes.count }}{{ x.notes.all|length }}{% if x.notes.exists %}y{% endif %}",
        "{% for n in x.notes.all %}{{ n.subject }}{{ n.subject.name }}{% endfor %}",
        "{% for n in x.notes.all %}{{ n }}{% endfor %}{{ x.notes.first.text }}",
    )
]


@pytest.mark.parametrize(("make", "body"), OTHERS)
def test_of_other_models(render_both, world, make, body):
    Note.objects.create(subject=Book.objects.first(), text="of another with the same key")
    for _ in range(2):
        render_both(LOOP.replace("BODY", body), lambda: {"xs": make().order_by("pk")})


def test_code_finds_what_was_prefetched(render_both, world, monkeypatch):
    def tag_names(book):
        return ", ".join(tag.name for tag in book.tags.all())

    monkeypatch.setattr(Book, "tag_names", tag_names, raising=False)
    renders = render_both(
        LOOP.replace("BODY", "{{ x.title }}{{ x.tag_names }}"),
        lambda: {"xs": books().prefetch_related("tags")},
    )
    assert (renders.django[1], renders.ours[1]) == (2, 2)
