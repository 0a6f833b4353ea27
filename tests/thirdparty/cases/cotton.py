"""django-cotton: a loader that rewrites the source; slots are nodelists rendered into variables."""

CASES = {
    "a component": (
        "{% load cotton %}{% cotton card title=title %}"
        "{% cotton:slot foot %}<b>{{ n }}</b>{% endcotton:slot %}"
        "{% for n in numbers %}{{ n }},{% endfor %}{% endcotton %}",
        lambda request: {"title": "T<", "numbers": [1, 2], "n": 9},
    ),
    "a page of components": (
        "{% include 'thirdparty/cotton_page.html' %}",
        lambda request: {"title": "T<", "numbers": [1, 2]},
    ),
}
