"""A profile tells each node that ran: how often, how long, in which other, with which queries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import Context

from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from djust_engine.profile import Entry, entries, profiled
from djust_engine.running import current_profile

TEMPLATES = {
    "base.html": "{% block title %}x{% endblock %}\n{% block body %}y{% endblock %}",
    "page.html": "{% extends 'base.html' %}{% block body %}\n"
    "{% for x in numbers %}{% include 'part.html' %}{% endfor %}{% endblock %}",
    "part.html": "{{ x }}\n{% if x %}{{ x|add:1 }}{% endif %}",
    "again.html": "{% if depth < 3 %}"
    "{% with depth=depth|add:1 %}{% include 'again.html' %}{% endwith %}{% endif %}",
}


class Asking:
    """Runs a query of 0.5 s whenever it is printed."""

    def __str__(self):
        current_profile.get().query(0.5)
        return "asked"


def profile_of(name, debug=True, **values):
    engine = Engine(debug=debug, loaders=[("django.template.loaders.locmem.Loader", TEMPLATES)])
    template = engine.get_template(name)
    with profiled() as profile:
        template.render(Context(values))
    return entries(profile)


def brief(found: list[Entry]):
    return [(one.around, one.template, one.line, one.text, one.calls) for one in found]


@pytest.mark.parametrize("debug", [True, False])
def test_each_node_is_told_inside_the_one_that_rendered_it(debug):
    assert brief(profile_of("page.html", debug, numbers=[0, 1, 2])) == [
        (None, "page.html", 1, "{% extends 'base.html' %}", 1),
        (0, "base.html", 1, "{% block title %}", 1),
        (0, "base.html", 2, "{% block body %}", 1),
        (2, "page.html", 2, "{% for x in numbers %}", 1),
        (3, "page.html", 2, "{% include 'part.html' %}", 3),
        (4, "part.html", 1, "{{ x }}", 3),
        (4, "part.html", 2, "{% if x %}", 3),
        (6, "part.html", 2, "{{ x|add:1 }}", 2),
    ]


def test_time_includes_what_ran_inside():
    found = profile_of("page.html", numbers=range(20))
    for index, entry in enumerate(found):
        assert sum(one.seconds for one in found if one.around == index) <= entry.seconds


def test_a_recursive_include_is_told_at_each_depth():
    found = profile_of("again.html", depth=0)
    assert [one.calls for one in found if "include" in one.text] == [1, 1, 1]


def test_queries_belong_to_the_innermost_node():
    found = profile_of("page.html", numbers=[Asking(), Asking()])
    told = {one.text: (one.queries, one.query_seconds) for one in found if one.queries}
    assert told == {"{{ x }}": (2, 1.0)}


def test_outside_of_a_render_a_query_belongs_to_nobody():
    with profiled() as profile:
        assert profile.query(0.1) is None


def test_a_render_that_fails_leaves_nothing_running():
    class Boom:
        @property
        def now(self):
            raise ZeroDivisionError

    engine = Engine(debug=True)
    with profiled() as profile:
        with pytest.raises(ZeroDivisionError):
            engine.from_string("{% if 1 %}{{ boom.now }}{% endif %}").render(
                Context({"boom": Boom()})
            )
        assert profile.query(0.1) is None
    assert [one.calls for one in entries(profile)] == [1, 1]


def test_outside_of_the_scope_nothing_is_recorded():
    engine = Engine(debug=True)
    with profiled() as profile:
        pass
    engine.from_string("{{ x }}").render(Context())
    assert entries(profile) == []


def test_threads_have_profiles_of_their_own():
    def found(count):
        return sum(one.calls for one in profile_of("page.html", numbers=range(count)))

    alone = [found(count) for count in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(found, range(8))) == alone


def test_renders_and_compilations_are_decisions_with_their_seconds():
    engine = Engine()
    with collect() as decisions:
        engine.from_string("{{ x }}").render(Context())
    told = [(one.kind, one.mode) for one in decisions]
    assert told == [("template", "native"), ("render", "native")]
    assert all(one.detail["seconds"] > 0 for one in decisions)
