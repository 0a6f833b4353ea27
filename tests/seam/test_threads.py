"""One compiled template, many threads and tasks: what a render changes belongs to it alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.template import engines
from django.utils import timezone, translation

SOURCE = (
    "{% load seam_tags %}{% for i in l %}{% cycle 'a' 'b' %}{% ifchanged i %}{{ i }}"
    "{% endifchanged %}"
    "{% wrap i %}{{ forloop.counter }}{{ name }}{% endwrap %}{% write 'name' i %}{% endfor %}"
    "{% include 'seam/item.html' with item=name %}{% count %}{{ name }}"
)


def text_of(backend, number):
    context = {"l": [number % 3, 1, number], "name": f"n{number}"}
    return engines[backend].from_string(SOURCE).render(context)


def test_threads_share_a_template():
    template = engines["django"].from_string(SOURCE)
    numbers = range(200)
    expected = [text_of("oracle", number) for number in numbers]

    def render(number):
        return template.render({"l": [number % 3, 1, number], "name": f"n{number}"})

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(render, numbers)) == expected


def test_threads_compile_at_once():
    with ThreadPoolExecutor(16) as pool:
        texts = list(pool.map(lambda number: text_of("django", number), range(100)))
    assert texts == [text_of("oracle", number) for number in range(100)]


def test_threads_look_into_a_template_at_once():
    nodelist = engines["django"].from_string(SOURCE).template.nodelist
    with ThreadPoolExecutor(16) as pool:
        lengths = set(pool.map(lambda _: len(nodelist), range(50)))
    assert lengths == {len(engines["oracle"].from_string(SOURCE).template.nodelist)}


def test_tasks_have_their_own_language_and_time_zone():
    template = engines["django"].from_string(
        "{% load i18n %}{% now 'F' %}{{ _('Home') }}{% now 'e' %}"
        "{% translate 'Home' %}{% blocktranslate %}Home{% endblocktranslate %}{{ 1.5 }}"
    )

    async def render(language, zone):
        with translation.override(language), timezone.override(zone):
            await asyncio.sleep(0)
            first = template.render()
            await asyncio.sleep(0)
            return first, template.render()

    async def render_all():
        pairs = [("en", "UTC"), ("de", "Asia/Tokyo")] * 5
        return await asyncio.gather(*(render(*pair) for pair in pairs))

    found = asyncio.run(render_all())
    assert len(set(found)) == 2
    assert all(first == second for first, second in found)


def test_a_template_that_renders_itself_from_a_tag():
    template = engines["django"].from_string("{{ n }}{% if n %}({{ deeper }}){% endif %}")

    def render(number):
        return template.render({"n": number, "deeper": lambda: render(number - 1)})

    assert render(3) == "3(2(1(0)))"
