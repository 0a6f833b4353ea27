"""What a loop costs by the relation that it reads: the table of queries.

A row: its name, the body of a loop over `xs`, the QuerySet, Django's queries, ours and the modes
of our sites; then Django's queries and ours for a list of the same objects.
"""

import pytest

from tests.jit import worlds
from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import (
    Author,
    Book,
    Club,
    Country,
    Desk,
    Dish,
    Edition,
    LoudAuthor,
    Note,
    Noted,
    Place,
    Profile,
    Restaurant,
    Shelf,
    Speech,
    Tag,
    Visit,
    Worker,
)

LOOP = "{% for x in xs %}BODY{% endfor %}"


def k(model):
    """Makes all objects of the model, in an order that decides."""
    return lambda: model.objects.order_by("pk")


RELATIONS = [
    ("fk", "{{ x.author.last_name }}", k(Book), 9, 1, "rows", 8, 1),
    ("fk null", "{{ x.editor.last_name }}", k(Book), 5, 1, "rows", 4, 1),
    ("fk null 2",
     "{{ x.editor.country.name }}{{ x.editor.profile.nick }}",
     k(Book), 12, 1, "rows", 11, 1),
    ("o2o", "{{ x.author.first_name }}", k(Profile), 6, 1, "rows", 5, 1),
    ("o2o null", "{{ x.desk.label }}", k(Worker), 5, 1, "rows", 4, 1),
    ("o2o null 2", "{{ x.desk.place.name }}", k(Worker), 8, 1, "rows", 7, 1),
    ("o2o back", "{{ x.profile.nick }}", k(Author), 7, 1, "rows", 6, 1),
    ("o2o back null", "{{ x.worker.name }}{{ x.worker.boss.name }}", k(Desk), 8, 1, "rows", 7, 1),
    ("o2o self", "{{ x.mate.name }}{{ x.worker.name }}", k(Worker), 8, 1, "rows", 7, 2),
    ("m2m", "{% for t in x.tags.all %}{{ t.name }}{% endfor %}", k(Book), 9, 2, "rows", 8, 1),
    ("m2m back", "{% for b in x.books.all %}{{ b.title }}{% endfor %}", k(Tag), 5, 2, "rows", 4, 1),
    ("m2m fk",
     "{% for b in x.books.all %}{{ b.author.last_name }}{% endfor %}",
     k(Tag), 17, 2, "rows", 16, 1),
    ("m2m through",
     "{% for a in x.members.all %}{{ a.last_name }}{{ a.country.name }}{% endfor %}",
     k(Club), 9, 2, "rows", 8, 1),
    ("m2m through back",
     "{% for c in x.clubs.all %}{{ c.name }}{% endfor %}",
     k(Author), 7, 2, "rows", 6, 1),
    ("m2m through rows",
     "{% for s in x.membership_set.all %}{{ s.since }}{{ s.author.last_name }}{% endfor %}",
     k(Club), 11, 2, "rows", 10, 1),
    ("m2m through proxy",
     "{% for a in x.patrons.all %}{{ a }}{{ a.country.name }}{% endfor %}",
     k(Club), 10, 2, "instances", 9, 1),
    ("m2m proxy back",
     "{% for c in x.sponsored.all %}{{ c.name }}{% endfor %}",
     k(LoudAuthor), 7, 2, "rows", 6, 1),
    ("m2m symmetrical",
     "{% for f in x.friends.all %}{{ f.title }}{{ f.author.last_name }}{% endfor %}",
     k(Book), 11, 2, "rows", 10, 1),
    ("m2m self",
     "{% for f in x.sequels.all %}{{ f.title }}{% endfor %}"
     "{% for f in x.prequels.all %}{{ f.title }}{% endfor %}",
     k(Book), 17, 3, "rows", 16, 2),
    ("m2m count", "{{ x.tags.count }}", k(Book), 9, 2, "rows", 8, 1),
    ("m2m exists",
     "{% if x.tags.exists %}{% for t in x.tags.all %}{{ t.name }}{% endfor %}{% endif %}",
     k(Book), 15, 2, "rows", 14, 3),
    ("m2m first", "{{ x.tags.first.name }}", k(Book), 9, 9, "untouched", 8, 8),
    ("m2m all.0", "{{ x.tags.all.0.name }}", k(Book), 9, 9, "instances", 8, 8),
    ("m2m all|length", "{{ x.tags.all|length }}", k(Book), 9, 2, "rows", 8, 1),
    ("reverse fk",
     "{% for b in x.books.all %}{{ b.title }}{% endfor %}",
     k(Author), 7, 2, "rows", 6, 1),
    ("reverse fk _set",
     "{% for c in x.comment_set.all %}{{ c.text }}{{ c.author.last_name }}{% endfor %}",
     k(Book), 16, 2, "rows", 15, 1),
    ("reverse fk parent",
     "{% for c in x.comment_set.all %}{{ c.book.title }}{% endfor %}",
     k(Book), 9, 2, "rows", 8, 1),
    ("gfk", "{{ x.subject }}{{ x.subject.name }}", k(Note), 6, 3, "instances", 5, 2),
    ("gfk below", "{{ x.subject.author.last_name }}", k(Note), 8, 5, "instances", 7, 4),
    ("gfk ct", "{{ x.content_type.model }}", k(Note), 6, 1, "rows", 5, 1),
    ("generic relation",
     "{% for n in x.notes.all %}{{ n.text }}{% endfor %}",
     k(Noted), 4, 2, "rows", 3, 1),
    ("generic relation count", "{{ x.notes.count }}", k(Noted), 4, 2, "rows", 3, 1),
    ("mti own", "{{ x.name }}{{ x.stars }}", k(Restaurant), 1, 1, "rows", 0, 0),
    ("mti up", "{{ x.place_ptr.name }}", k(Restaurant), 1, 1, "rows", 0, 0),
    ("mti down", "{{ x.restaurant.stars }}", k(Place), 8, 1, "rows", 7, 1),
    ("mti reverse",
     "{{ x.name }}{% for d in x.dishes.all %}{{ d.name }}{% endfor %}",
     k(Restaurant), 4, 2, "rows", 3, 1),
    ("mti inherited reverse",
     "{% for d in x.exports.all %}{{ d.name }}{% endfor %}",
     k(Restaurant), 4, 2, "rows", 3, 1),
    ("fk to mti",
     "{{ x.restaurant.name }}{{ x.restaurant.stars }}",
     k(Dish), 7, 1, "rows", 6, 1),
    ("fk to mti base",
     "{{ x.origin.name }}{{ x.origin.restaurant.stars }}",
     k(Dish), 11, 1, "rows", 10, 2),
    ("proxy", "{{ x }}{{ x.country.name }}", k(LoudAuthor), 5, 1, "instances", 4, 1),
    ("proxy o2o", "{{ x.profile.nick }}", k(LoudAuthor), 7, 1, "rows", 6, 1),
    ("proxy many",
     "{% for b in x.books.all %}{{ b.title }}{% endfor %}",
     k(LoudAuthor), 7, 2, "rows", 6, 1),
    ("fk to proxy",
     "{{ x.speaker }}{{ x.speaker.country.name }}",
     k(Speech), 8, 1, "instances", 7, 1),
    ("proxy reverse",
     "{% for s in x.speeches.all %}{{ s.title }}{% endfor %}",
     k(LoudAuthor), 7, 2, "rows", 6, 1),
    ("self fk", "{{ x.boss.name }}{{ x.boss.boss.name }}", k(Worker), 10, 1, "rows", 9, 1),
    ("self fk back",
     "{% for r in x.reports.all %}{{ r.name }}{% for q in r.reports.all %}{"
     "{ q.name }}{% endfor %}"
     "{% endfor %}",
     k(Worker), 12, 3, "rows", 11, 2),
    ("to_field", "{{ x.place.name }}", k(Visit), 4, 1, "rows", 3, 1),
    ("to_field back",
     "{% for v in x.visit_set.all %}{{ v.pk }}{% endfor %}",
     k(Place), 8, 2, "rows", 7, 1),
    ("composite",
     "{{ x.label }}{{ x.book.title }}",
     lambda: Edition.objects.order_by("book_id", "number"), 8, 1, "rows", 7, 1),
    ("composite pk",
     "{{ x.pk }}",
     lambda: Edition.objects.order_by("book_id", "number"), 1, 1, "rows", 0, 0),
    ("composite back",
     "{% for e in x.editions.all %}{{ e.label }}{% endfor %}",
     k(Book), 9, 2, "rows", 8, 1),
    ("no constraint", "{{ x.loose.name }}", k(Shelf), 3, 2, "instances", 2, 1),
    ("default manager filters", "{{ x.hideable.name }}", k(Shelf), 4, 1, "rows", 3, 1),
    ("base manager filters", "{{ x.base_hidden.name }}", k(Shelf), 1, 1, "untouched", 0, 0),
    ("custom manager back",
     "{% for h in x.hideable_set.all %}{{ h.name }}{% endfor %}",
     k(Country), 3, 2, "instances,untouched", 2, 1),
    ("observed", "{{ x.observed.label }}{{ x.observed.title }}", k(Shelf), 1, 1, "instances", 0, 0),
]  # fmt: skip


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()


#: Our queries, modes and queries for a list where a join may change the order of the objects of a
#: manager that nothing orders.
FREE = {
    "m2m fk": (3, "instances", 2),
    "m2m through": (3, "instances", 2),
    "m2m through proxy": (3, "instances", 2),
    "m2m symmetrical": (3, "instances", 2),
    "reverse fk _set": (3, "instances", 2),
    "reverse fk parent": (2, "instances", 1),
}


@pytest.mark.parametrize(
    ("name", "body", "make", "django", "ours", "modes", "django_list", "ours_list"),
    [pytest.param(*row, id=row[0]) for row in RELATIONS],
)
def test_a_loop_that_reads(
    render_both, world, name, body, make, django, ours, modes, django_list, ours_list
):
    source = LOOP.replace("BODY", body)
    renders = render_both(source, lambda: {"xs": make()})
    if not JOINS_KEEP_ORDER:
        ours, modes, ours_list = FREE.get(name, (ours, modes, ours_list))
    assert (renders.django[1], renders.ours[1], ",".join(renders.modes)) == (django, ours, modes)
    renders = render_both(source, lambda: {"xs": list(make())})
    assert (renders.django[1], renders.ours[1]) == (django_list, ours_list)
