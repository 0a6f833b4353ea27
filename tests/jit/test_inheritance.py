"""Proxies, inherited tables, keys of several columns and keys to other columns: who is who."""

import pytest

from tests.jit import worlds
from tests.jitapp.models import (
    Author,
    Book,
    Desk,
    Dish,
    Edition,
    LoudAuthor,
    Place,
    Profile,
    Restaurant,
    Speech,
    Visit,
)

LOOP = "{% for x in xs %}[BODY]{% endfor %}"


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()
    Desk.objects.create(label="kitchen", place=Restaurant.objects.first().place_ptr)


BODIES = [
    (LoudAuthor, "{{ x }}{{ x.get_full_name }}{{ x.origin }}{{ x.described }}"),
    (LoudAuthor, "{% for b in x.books.all %}{{ b.author }}{{ b.by }}{{ b }}{% endfor %}"),
    (LoudAuthor, "{% for b in x.books.all %}{{ b.title }}{{ b.editor }}{% endfor %}"),
    (LoudAuthor, "{{ x.profile.nick }}{{ x.profile.author }}"),
    (LoudAuthor, "{{ x.profile.author.profile.nick }}{{ x.profile }}"),
    (LoudAuthor, "{% for s in x.speeches.all %}{{ s.speaker }}{{ s.title }}{% endfor %}"),
    (Author, "{% for s in x.speeches.all %}{{ s.speaker }}{{ s.title }}{% endfor %}"),
    (Author, "{% for c in x.sponsored.all %}{{ c.name }}{{ c.patrons.count }}{% endfor %}"),
    (Author, "{% for c in x.liked.all %}{{ c.quoted }}{{ c.book.author }}{% endfor %}"),
    (Speech, "{{ x.speaker }}{{ x.speaker.books.count }}{{ x.speaker.profile.nick }}"),
    (Restaurant, "{{ x.pk }}{{ x.id }}{{ x.place_ptr_id }}{{ x.name }}{{ x.slug }}{{ x.stars }}"),
    (Restaurant, "{{ x.place_ptr.pk }}{{ x.place_ptr.name }}{{ x.place_ptr.stars }}"),
    (Restaurant, "{{ x.place_ptr.restaurant.stars }}{{ x.place_ptr.restaurant.pk }}"),
    (Restaurant, "{% for d in x.place_ptr.desk_set.all %}{{ d.label }}{{ d.place.name }}"
                 "{{ d.place.stars }}{% endfor %}"),
    (Restaurant, "{% for d in x.desk_set.all %}{{ d.label }}{{ d.place.stars }}{% endfor %}"),
    (Restaurant, "{% for d in x.desk_set.all %}{{ d.label }}{{ d.worker.name }}{% endfor %}"),
    (Restaurant, "{% for d in x.exports.all %}{{ d.origin }}{{ d.origin.stars }}{% endfor %}"),
    (Restaurant, "{% for d in x.dishes.all %}{{ d.restaurant.stars }}{{ d.origin.name }}"
                 "{{ d.origin.restaurant.stars }}{% endfor %}"),
    (Restaurant, "{% for v in x.visit_set.all %}{{ v.pk }}{{ v.place_id }}{% endfor %}"),
    (Restaurant, "{% for v in x.visit_set.all %}{{ v.place.stars }}{% endfor %}"),
    (Restaurant, "{{ x.restaurant.stars }}{{ x.place_ptr }}"),
    (Place, "{{ x.restaurant.stars }}{{ x.restaurant.name }}{{ x.restaurant.slug }}"),
    (Place, "{% if x.restaurant %}{{ x.restaurant.pk }}{{ x.restaurant.id }}{% endif %}"),
    (Place, "{{ x.restaurant.place_ptr.name }}{{ x.restaurant.place_ptr.restaurant.stars }}"),
    (Place, "{% for d in x.restaurant.dishes.all %}{{ d.restaurant.name }}{% endfor %}"),
    (Place, "{{ x.restaurant }}{{ x.restaurant.place_ptr }}"),
    (Dish, "{{ x.restaurant }}{{ x.restaurant.pk }}{{ x.restaurant.id }}{{ x.restaurant.slug }}"),
    (Dish, "{{ x.origin.restaurant.stars }}{{ x.origin.restaurant.name }}{{ x.origin_id }}"),
    (Dish, "{{ x.restaurant.place_ptr.name }}{{ x.restaurant.place_ptr.pk }}"),
    (Visit, "{{ x.place.slug }}{{ x.place_id }}{{ x.place.pk }}{{ x.place.restaurant.stars }}"),
    (Visit, "{{ x.place }}{% for d in x.place.desk_set.all %}{{ d.label }}{% endfor %}"),
    (Place, "{% for v in x.visit_set.all %}{{ v.place.slug }}{{ v.place.name }}{% endfor %}"),
    (Edition, "{{ x.pk }}{{ x.pk.0 }}{{ x }}{{ x.label }}{{ x.book }}{{ x.book.by }}"),
    (Edition, "{{ x.pk|join:'-' }}{% if x.pk == x.pk %}=={% endif %}{{ x.number }}"),
    (Book, "{% for e in x.editions.all %}{{ e.pk }}{{ e.book.title }}{{ e.label }}{% endfor %}"),
    (Book, "{% for e in x.editions.all %}{{ e }}{{ e.book.by }}{% endfor %}"),
    (Profile, "{{ x.author.profile.nick }}{{ x.author }}"),
]  # fmt: skip


def broken(model):
    """Rows behind relations are gone, where a relation may be empty."""
    if model is Dish:
        Dish.objects.update(origin=None)
    Profile.objects.filter(author__pk__lt=Author.objects.order_by("pk")[2].pk).delete()
    Author.objects.update(country=None)


@pytest.mark.parametrize("state", ["full", "broken", "empty"])
@pytest.mark.parametrize(("model", "body"), BODIES)
def test_the_same_is_read(render_both, world, model, body, state):
    order = ("book_id", "number") if model is Edition else ("pk",)
    if state == "broken":
        broken(model)
    objects = model.objects.order_by(*order)
    if state == "empty":
        objects = objects.filter(**{f"{order[0]}__lt": 0})
    source = LOOP.replace("BODY", body)
    render_both(source, lambda: {"xs": objects.all()})
    render_both(source, lambda: {"xs": objects.all()})
    render_both(source, lambda: {"xs": list(objects)})
    render_both(source, lambda: {"xs": objects.reverse()[1:3]})


UNORDERED = [
    (Restaurant, "{{ x.name }}"),
    (Restaurant, "{{ x.stars }}"),
    (Restaurant, "{{ x.pk }}"),
    (LoudAuthor, "{{ x.pk }}"),
    (Edition, "{{ x.number }}{{ x.book.title }}"),
    (Place, "{% for r in x.exports.all %}{{ r.restaurant.name }}{% endfor %}"),
]


@pytest.mark.parametrize(("model", "body"), UNORDERED)
@pytest.mark.parametrize(
    "narrow", [{}, {"slug__gt": "a"}, {"stars__gte": 0}, {"desk__label": "kitchen"}]
)
def test_rows_that_nothing_orders_come_as_from_django(render_both, world, model, body, narrow):
    if narrow and model is not Restaurant:
        return
    for at in range(5):
        Restaurant.objects.create(name=f"Z{9 - at}", slug=f"b{9 - at}", stars=at % 2)
    render_both(LOOP.replace("BODY", body), lambda: {"xs": model.objects.filter(**narrow)})


def test_a_child_without_its_parent_is_left_out(render_both, world):
    """A query for children joins their parents, whatever is read."""
    renders = render_both("{{ xs|length }}", lambda: {"xs": Restaurant.objects.all()})
    assert renders.ours[1] == 1
