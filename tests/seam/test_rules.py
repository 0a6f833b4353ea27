"""Rules of the language over values of projects; tests/pitfalls.md maps traps to them."""

# ruff: noqa: E501 -- templates, one a line
from collections import OrderedDict, defaultdict, namedtuple
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from io import StringIO
from itertools import product
from unittest import mock
from uuid import UUID

import pytest
from django.http import QueryDict
from django.template import Context, Engine, Library, TemplateDoesNotExist, engines
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import mark_safe

from djust_engine.backends.django import Engine as OurEngine
from tests.jitapp.models import Author, Country, Profile
from tests.oracle import assert_same, assert_same_error, counted_queries

Point = namedtuple("Point", "x y")


@dataclass
class Size:
    width: int = 3


class Holder:
    """Properties of every kind that a page may ask for."""

    def __init__(self):
        self.asked = 0

    parts = {"a": {"b": "<c>"}, "n": [1, "<2>"]}
    many = [1, {"x": "<y>"}]
    point = Point(1, "<2>")
    size = Size()
    only = {"<one>"}

    @property
    def counted(self):
        self.asked += 1
        return self.asked

    @property
    def lost(self):
        raise AttributeError("lost")

    @property
    def key(self):
        raise KeyError("key")

    @property
    def gone(self):
        raise Author.DoesNotExist("gone")


@pytest.fixture
def authors(db):
    country = Country.objects.create(name="<Chad>", code="TD")
    made = [Author.objects.create(first_name=name, country=country) for name in ("Ada", "Bo")]
    return [*made, Author.objects.create(first_name="Nil")]


def test_values_of_properties_are_not_converted():
    for path in ("parts.a.b", "parts", "many.1.x", "many", "point.y", "point", "size.width",
                 "size", "only", "parts.n.1", "parts.items"):  # fmt: skip
        assert_same(f"{{{{ o.{path} }}}}{{% if o.{path} %}}y{{% endif %}}", {"o": Holder()})


def test_a_property_is_asked_once_for_each_use():
    assert_same(
        "{{ o.counted }}{% if o.counted %}{{ o.counted }}{% endif %}", lambda: {"o": Holder()}
    )
    assert_same(
        "{% with c=o.counted %}{{ c }}{{ c }}{% endwith %}{{ o.counted }}", lambda: {"o": Holder()}
    )


@pytest.mark.parametrize("name", ["lost", "key"])
def test_an_error_in_a_property_is_raised(name):
    for source in ("{{ o.NAME }}", "{% if o.NAME %}{% endif %}", "{% for x in o.NAME %}{% endfor %}",
                   "{% with x=o.NAME %}{% endwith %}", "{{ o|default:o.NAME }}"):  # fmt: skip
        assert_same_error(source.replace("NAME", name), {"o": Holder()})


def test_a_missing_object_is_silent():
    assert_same("[{{ o.gone }}]{% if o.gone is None %}none{% endif %}", {"o": Holder()})


@pytest.mark.parametrize("value", [{}, {"v": None}, {"v": ""}, {"v": 0}, {"v": "x"}])
def test_missing_none_and_empty_are_three_things(value):
    assert_same(
        "{{ v }}|{{ v|default:'d' }}|{{ v|default_if_none:'n' }}|{% if v is None %}is{% endif %}"
        "|{% if v is not None %}not{% endif %}|{% with w=v %}{% if w is None %}w{% endif %}{% endwith %}"
        "|{{ v|length }}|{% firstof v 'f' %}|{% for x in v %}{% empty %}e{% endfor %}",
        value,
    )


def test_keys_keep_their_type(authors):
    context = {
        "a": authors[0],
        "pk": authors[0].pk,
        "text": str(authors[0].pk),
        "ids": [authors[0].pk],
    }
    context |= {"u": UUID(int=5), "same": UUID(int=5), "other": str(UUID(int=5))}
    assert_same(
        "{% if a.id == pk %}1{% endif %}{% if a.pk == text %}2{% endif %}{% if a.id in ids %}3{% endif %}"
        "{% if u == same %}4{% endif %}{% if u == other %}5{% endif %}{{ u }}",
        context,
    )  # fmt: skip


def test_a_relation_is_an_object_and_its_key_a_number(authors):
    source = "{% for a in l %}{{ a.country }},{{ a.country.name }},{{ a.country_id }};{% endfor %}"
    for make in (lambda: {"l": Author.objects.all()}, lambda: {"l": list(Author.objects.all())}):
        assert_same(source, make)


def test_the_shape_of_the_result_does_not_depend_on_its_first_row(authors):
    source = (
        "{% for a in l %}{% if a.country %}{{ a.country.name }}{% else %}-{% endif %}{% endfor %}"
    )
    for order in ("pk", "-pk"):
        assert_same(source, lambda order=order: {"l": Author.objects.order_by(order)})


def test_a_guard_keeps_a_file_without_address_unread(authors):
    Profile.objects.create(author=authors[0], avatar="a b.png")
    Profile.objects.create(author=authors[1])
    guarded = (
        "{% for p in l %}{% if p.avatar %}{{ p.avatar.url }}{% else %}none{% endif %}{% endfor %}"
    )
    assert_same(guarded, lambda: {"l": Profile.objects.order_by("pk")})
    assert_same_error(
        "{% for p in l %}{{ p.avatar.url }}{% endfor %}", lambda: {"l": Profile.objects.all()}
    )
    for path in ("avatar", "avatar.name", "picture"):
        assert_same(
            f"{{% for p in l %}}{{{{ p.{path} }}}};{{% endfor %}}",
            lambda: {"l": Profile.objects.all()},
        )


def test_what_is_not_read_is_not_fetched(authors):
    template = engines["django"].from_string("{{ a }}{% if False %}{{ unread }}{% endif %}")
    with counted_queries() as queries:
        assert template.render({"a": 1, "unread": Author.objects.all()}) == "1"
    assert queries == []


def test_secret_columns_are_not_printed_with_an_object(authors):
    Author.objects.update(secret="pbkdf2")
    text = assert_same(
        "{% for a in l %}{{ a }}{{ a.first_name }}{% endfor %}", lambda: {"l": Author.objects.all()}
    )
    assert text is not None and "pbkdf2" not in text


def test_no_name_is_invented(authors):
    source = "{% for a in l %}{{ a.pk }}{% endfor %}{{ l_count }}{{ items_count }}{{ l.count }}"
    assert_same(source, lambda: {"l": Author.objects.all()})


def test_aliases_reach_included_templates():
    templates = {
        "i.html": "{{ a }}{{ x.y }}{% for x in l %}{{ x }}{% include 'j.html' %}{% endfor %}{{ x.y }}",
        "j.html": "[{{ x }}{{ a }}]",
    }
    context = {"o": {"p": {"y": "<y>"}}, "a": "A", "l": [1, 2], "x": {"y": "outer"}}
    for end in ("with x=o.p", "with x=o.p only", "with x=o.p l=o.p", "", "only", "with a=x.y x=a"):
        assert_same(f"{{% include 'i.html' {end} %}}{{% with x=o %}}{{{{ x.p.y }}}}{{% endwith %}}{{{{ x.y }}}}",
                    context, templates)  # fmt: skip


def test_quoted_arguments_keep_their_text():
    child = (
        "{% extends 'base.html' %}{% block b %}{{ d|date:'M d, Y' }}{{ m|default:\"a \\\"b\\\"\" }}"
        "{% with t='My App' %}{{ t }}{% endwith %}{% endblock %}"
    )
    assert_same(child, {"m": ""}, {"base.html": "<{% block b %}{% endblock %}>"})


def test_values_are_never_read_as_template_text():
    context = {"slug": "{{ secret }}{% now 'Y' %}", "secret": "s3cret"}
    assert_same("{{ slug }}{% with s=slug %}{{ s|safe }}{% endwith %}{% cycle slug %}", context)


def test_money_keeps_its_digits():
    for value in ("9.90", "1E+2", "0.1", "123456789012345678901234567890.10", "-0.00", "NaN"):
        context = {"v": Decimal(value), "w": Decimal("0.20")}
        assert_same(
            "{{ v }}|{{ v|floatformat:2 }}|{{ v|add:w }}|{% if v == w %}y{% endif %}", context
        )


def test_an_object_with_html_of_its_own_is_escaped():
    class Evil:
        def __html__(self):
            return "<safe>"

        def __str__(self):
            return "<script>"

    assert assert_same("{{ o }}{{ l }}", {"o": Evil(), "l": [mark_safe("<b>")]}) == (
        "&lt;script&gt;[&#x27;&lt;b&gt;&#x27;]"
    )


def test_nothing_is_written_to_the_console(capfd, authors):
    engines["django"].from_string("{% for a in l %}{{ a.country.name }}{% endfor %}").render(
        {"l": Author.objects.all()}
    )
    assert capfd.readouterr() == ("", "")


def test_the_dictionaries_of_the_context_are_those_of_django():
    template = engines["django"].from_string(
        "{% with a=1 %}{% for x in l %}{{ x }}{% endfor %}{% endwith %}"
    )
    context = Context({"l": [1, 2]})
    assert template.template.render(context) == "12"
    assert context.flatten() == {"True": True, "False": False, "None": None, "l": [1, 2]}


FUZZ = {"builtins": ["tests.fuzz.tags"]}


def test_safety_travels_with_the_value():
    context = {"s": mark_safe("<s>"), "p": "<p>", "l": [mark_safe("<i>"), "<j>"]}
    for source in (
        "{% with a=s b=p %}{{ a }}{{ b }}{% endwith %}", "{% firstof s %}{% firstof p %}",
        "{% for x in l %}{{ x }}{% cycle s p %}{% endfor %}", "{% firstof p as f %}{{ f }}",
        "{{ s|add:p }}{{ p|add:s }}{{ s|add:'<i>' }}{{ 'a<'|upper }}", "{{ p|escape|safe }}{{ l }}",
    ):  # fmt: skip
        assert_same(source, context)
        assert_same(f"{{% autoescape off %}}{source}{{% endautoescape %}}", context)


def test_a_filter_that_keeps_safety_makes_none():
    register = Library()
    for number, flags in enumerate(product((False, True), repeat=2)):
        names = dict(zip(("is_safe", "needs_autoescape"), flags, strict=True))

        @register.filter(f"f{number}", **names)
        @wraps(lambda value: value)
        def kept(value, autoescape=None):
            return f"<{value}{autoescape}>"

    calls = "".join(f"{{{{ p|f{n} }}}}{{{{ s|f{n} }}}}{{{{ n|f{n}|upper }}}}" for n in range(4))
    with mock.patch.dict("tests.fuzz.tags.register.filters", register.filters):
        assert_same(calls, {"s": mark_safe("<s>"), "p": "<p>", "n": 5}, **FUZZ)


def test_methods_are_called_on_every_segment(authors):
    source = "{{ a.get_full_name }}{{ a.country.authors.count }}{{ a.get_full_name.upper.lower }}"
    assert_same(
        source + "{% if a.described %}{{ a.described|upper }}{% endif %}", {"a": authors[0]}
    )


def test_methods_that_alter_data_are_not_called(authors):
    for source in (
        "[{{ a.delete }}]",
        "{{ l.delete }}",
        "{{ a.country.authors.clear }}",
        "{% if a.save %}{% endif %}",
    ):
        assert_same(source, lambda: {"a": Author.objects.first(), "l": Author.objects.all()})
    assert_same("{{ a.delete }}", {"a": authors[0]}, string_if_invalid="<%s>")
    assert Author.objects.count() == len(authors)


@pytest.mark.parametrize("source", [
    "{{ x.٣ }}{{ x.1_0 }}", "{{ café }}", "{{ 日.本 }}", "{# one\ntwo #}{# one #}", "{{ 1.0 }} {{ 1e20 }} {{ 2. }}",
    "{{ 1_000 }}", "a {{ a\n}} b", "{% verbatim 'x' %}{{ a }}{% endverbatim 'x' %}", "{{ '%}' }}", "{{ a._b }}",
    "\u2028{{ x.3 }}\x00", "{{ x.-1 }}", "{{ book..title }}",
])  # fmt: skip
def test_texts_of_any_letters(source):
    fallback = "double-dot" if ".." in source else None
    assert_same(source, {"x": list(range(12)), "café": "<é>", "日": {"本": 1}}, fallback=fallback)


def test_blocks_of_parents_are_rendered_at_each_use():
    base = "{% for i in l %}{% block b %}{% cycle 'p' 'q' %}{% block c %}{{ i }}{% endblock %}{% endblock %}{% endfor %}"
    for use in (
        "[{{ block.super }}{{ block.super }}]", "{% if block.super %}y{% endif %}", "{{ block.super|upper }}",
        "{{ block.name }}", "{% if False and block.super %}{% endif %}", "{% with s=block.super %}{{ s }}{{ s }}{% endwith %}",
    ):  # fmt: skip
        child = (
            "{% extends 'base.html' %}{% block b %}"
            + use
            + "{% endblock %}{% block c %}<c>{{ block.super }}{% endblock %}"
        )
        assert_same(child, {"l": [1, 2, 3]}, {"base.html": base})


def test_what_is_walked_once_is_walked_once():
    source = "{% if g %}y{% endif %}{% for x in g %}{{ x }}{{ forloop.revcounter }}{% endfor %}|{% for x in g %}{{ x }}{% endfor %}"
    for make in (
        lambda: (x for x in "ab"),
        lambda: map(str, [1]),
        lambda: iter([2]),
        lambda: StringIO("a\nb"),
    ):
        assert_same(source, lambda make=make: {"g": make()})


def test_a_named_cycle_goes_on_elsewhere():
    base = "{% block a %}{% cycle 'x' 'y' as c silent %}{% endblock %}{{ c }}{% block b %}{% cycle c %}{{ c }}{% endblock %}"
    assert_same(base)
    assert_same(
        "{% extends 'base.html' %}{% block b %}{% cycle 'm' 'n' as d %}{% cycle d %}{% endblock %}",
        {},
        {"base.html": base},
    )
    included = {"i.html": "{% cycle 'a' 'b' %}{% cycle 'C' 'D' as e %}"}
    assert_same("{% for x in l %}{% include 'i.html' %}{% endfor %}", {"l": [1, 2, 3]}, included)


def test_a_tag_that_writes_the_variable_of_a_loop(authors):
    source = "{% for a in l %}{{ a.first_name }}{% put 'a' other %}{{ a.country.name }}{% endfor %}{{ a }}"
    assert_same(
        source,
        lambda: {"l": Author.objects.order_by("pk"), "other": Author.objects.get(pk=authors[1].pk)},
        **FUZZ,
    )
    written = "{% put 'l' none %}{% for a in l %}{{ a }}{% empty %}empty{% endfor %}"
    assert_same(written, lambda: {"l": Author.objects.all(), "none": []}, **FUZZ)


def test_keys_that_are_names_of_methods():
    mappings = (
        {"items": [1, 2], "keys": "k"}, OrderedDict(values=3), defaultdict(list), QueryDict("items=1&items=2&a=b"),
        MultiValueDict({"a": [], "get": ["g"]}),
    )  # fmt: skip
    for mapping in mappings:
        assert_same(
            "{{ d.items }}|{{ d.keys }}|{{ d.values }}|{{ d.a }}|{{ d.get }}{% if d.items %}y{% endif %}",
            lambda mapping=mapping: {"d": copy(mapping)},
        )


def test_tags_are_given_live_values():
    context = {
        "l": [1, "<2>"],
        "d": {"a": 1},
        "s": mark_safe("<s>"),
        "name": "a",
        "x": [{"name": 1}, {"name": 1}],
    }
    assert_same("{% count l %}{% show l d s %}{% show x=l|first as y %}{{ y }}", context, **FUZZ)
    assert_same(
        "{% regroup x by name as g %}{% for k in g %}{{ k.grouper }}{{ k.list|length }}{% endfor %}",
        context,
    )


@pytest.mark.parametrize("tag", ["if a", "for x in l", "with b=a", "spaceless", "autoescape on",
    "filter upper", "ifchanged a", "block", "comment", "language 'de'", "localize on", "cache 5 x"])  # fmt: skip
def test_five_thousand_nested_tags_end_as_in_django(tag):
    name = tag.split()[0]
    heads = [f"{{% {tag} {f'n{number}' if tag == 'block' else ''} %}}" for number in range(5000)]
    source = "{% load i18n l10n cache %}" + "".join(heads) + f"{{% end{name} %}}" * 5000
    ends = []
    for engine in ("django", "oracle"):
        try:
            ends.append(engines[engine].from_string(source).render({"a": 1, "l": [1]}))
        except Exception as error:
            ends.append(type(error))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("source", [
    "{% include 'template.html' %}", "{% include me %}", "{% for x in l %}{% include me %}{% endfor %}",
    "{% extends 'template.html' %}", "{% extends me %}", "{% include 'b.html' %}",
    "{% with me=me %}{% include me %}{% endwith %}",
])  # fmt: skip
def test_templates_that_hold_themselves_end_as_in_django(source):
    """Which of the templates is one too many is not the same: docs/compatibility.md."""
    templates = {"template.html": source, "b.html": "{% include 'template.html' %}"}
    ends = []
    for made in (Engine, OurEngine):
        engine = made(loaders=[("django.template.loaders.locmem.Loader", templates)])
        with pytest.raises((RecursionError, TemplateDoesNotExist)) as caught:
            engine.get_template("template.html").render(Context({"me": "template.html", "l": [1]}))
        ends.append(caught.type)
    assert ends[0] is ends[1]
