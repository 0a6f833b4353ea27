"""What packages make of models: values by language, subclasses out of a join, own reloading.

Each page gives what Django gives, in every language, with no more queries.
"""

import pytest
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init
from django.template import Context, engines
from django.utils import translation

from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from tests.jit import worlds
from tests.jitapp.models import Author, Book, Place, Restaurant, Translated, Translation
from tests.oracle import CONFIGURATIONS, assert_same, make_engine

pytestmark = pytest.mark.usefixtures("library")

EACH = "{% for x in xs %}BODY;{% endfor %}"


def page(body):
    return EACH.replace("BODY", body)


def same(source, make):
    return assert_same(source, make, configurations=[CONFIGURATIONS[0], CONFIGURATIONS[-1]])


def modes(source, make):
    with collect() as made:
        make_engine(Engine, {}, CONFIGURATIONS[0]).from_string(source).render(Context(make()))
    return {one.mode for one in made if one.kind == "plan"}


@pytest.fixture
def translated(library: None) -> None:
    for at, owner in enumerate(Author.objects.order_by("pk")[:4]):
        one = Translated.objects.create(
            title=f"t{at}", title_en=f"en{at}", title_de=f"de{at}" if at % 2 else "", name=f"n{at}",
            i18n={"name_de": f"nde{at}"} if at % 2 else None, owner=owner,
        )  # fmt: skip
        for language in ("en", "de")[: at % 3]:
            Translation.objects.create(master=one, language=language, text=f"{language}-{at}")


def texts():
    return Translated.objects.order_by("pk")


TRANSLATED = {
    "a column for each language": "{{ x.title }}{% if x.title == 'de1' %}!{% endif %}",
    "beside another column": "{{ x.title }}{{ x.name }}{{ x.owner.last_name }}",
    "a JSON column": "{{ x.name_i18n }}{{ x.name }}",
    "a row for each language": "{{ x.text }}{{ x.name }}",
}  # fmt: skip
SOURCES = {
    "fresh": texts,
    "a list": lambda: list(texts()),
    "only": lambda: texts().only("title", "name"),
    "deferred": lambda: texts().defer("i18n", "title_de"),
    "prefetched": lambda: texts().prefetch_related("translations"),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("body", TRANSLATED)
def test_values_of_the_active_language(translated, body, source):
    """D27 and D28: the column that the language names is not pruned, and none is remembered."""
    found = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            found.append(same(page(TRANSLATED[body]), lambda: {"xs": SOURCES[source]()}))
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize("body", TRANSLATED)
def test_one_template_in_several_languages(translated, body):
    """D27 and D28: what a site has learned in one language holds in the next."""
    ours, oracle = (
        engines[name].from_string(page(TRANSLATED[body])) for name in ("django", "oracle")
    )
    for language in ("de", "en", "de", "fr"):
        with translation.override(language):
            for make in SOURCES.values():
                assert ours.render({"xs": make()}) == oracle.render({"xs": make()})


def test_values_of_the_active_language_behind_a_relation(translated):
    body = "{% for t in x.translated.all %}{{ t.title }}{{ t.name_i18n }}{{ t.text }}{% endfor %}"
    with translation.override("de"):
        text = same(page(body), lambda: {"xs": Author.objects.order_by("pk")})
    assert "de1" in text and "nde3" in text


class Subclasses(ModelIterable):
    """As model_utils' InheritanceIterable: the children that a join has brought, for parents."""

    def __iter__(self):
        for place in super().__iter__():
            yield getattr(place, "restaurant", place)


class InheritanceQuerySet(QuerySet):
    def select_subclasses(self):
        found = self.select_related("restaurant")
        found._iterable_class = Subclasses
        return found

    def _chain(self, **options):
        found = super()._chain(**options)
        found._iterable_class = self._iterable_class
        return found


def subclasses():
    return InheritanceQuerySet(Place).order_by("-pk").select_subclasses()


INHERITED = {
    "a QuerySet": (subclasses, "{{ x.name }}{{ x.stars }}{{ x.restaurant.pk }}"),
    "a relation of the child": (
        subclasses, "{% for d in x.dishes.all %}{{ d.name }}{% endfor %}{{ x.visit_set.count }}"),
    "a filtered one": (lambda: subclasses().exclude(slug="r1"), "{{ x.stars }}{{ x.slug }}"),
    "a slice": (lambda: subclasses()[1:4], "{{ x.stars }}{{ x.slug }}"),
    "a list": (lambda: list(subclasses()), "{{ x.stars }}{{ x.name }}{{ x.dishes.count }}"),
}  # fmt: skip


@pytest.mark.parametrize("name", INHERITED)
def test_a_queryset_that_gives_subclasses(name):
    """C31: its own joins and its own iteration stay, and each object keeps its class."""
    worlds.everything()
    make, body = INHERITED[name]
    same(page(body), lambda: {"xs": make()})
    kept = make()
    engines["django"].from_string(page(body)).render({"xs": kept})
    assert Restaurant in {type(one) for one in kept}


class Reloading(Book):
    """Reloads more than what it is asked for."""

    class Meta:
        proxy = True
        app_label = "jitapp"

    reloads = 0

    def refresh_from_db(self, using=None, fields=None, **options):
        type(self).reloads += 1
        super().refresh_from_db(using=using, fields=fields, **options)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Reloading.objects.order_by("pk"),
        lambda: Reloading.objects.only("title").order_by("pk"),
        lambda: list(Reloading.objects.defer("status").order_by("pk")),
    ],
)
def test_a_model_that_reloads_in_its_own_way(make):
    """D42: nothing is pruned, so that nothing more is reloaded than with Django."""
    source = page("{{ x.title }}{{ x.status }}{{ x.author.last_name }}")
    counts = []
    for name in ("oracle", "django"):
        Reloading.reloads = 0
        engines[name].from_string(source).render({"xs": make()})
        counts.append(Reloading.reloads)
    assert counts[0] == counts[1]
    same(source, lambda: {"xs": make()})
    assert "rows" not in modes(source, lambda: {"xs": make()})


def test_a_signal_when_related_objects_are_loaded():
    """D42: who listens to the model of a relation sees every object, and what it marks is there."""
    seen = []

    def mark(sender, instance, **kwargs):
        seen.append(instance.pk)
        instance.marked = f"m{instance.pk}"

    source = page("{{ x.author.marked }}{{ x.author.last_name }}")
    post_init.connect(mark, sender=Author)
    try:
        same(source, lambda: {"xs": Book.objects.order_by("pk")})
        found = []
        for name in ("oracle", "django"):
            seen.clear()
            engines[name].from_string(source).render({"xs": Book.objects.order_by("pk")})
            found.append(set(seen))
    finally:
        post_init.disconnect(mark, sender=Author)
    assert found[0] == found[1] != set()
