"""django-compressor: a node that renders its nodelist, and then a template of what came out."""

LOAD = "{% load compress static %}"

CASES = {
    "scripts": (
        LOAD + "{% compress js inline %}<script>let a = {{ number }}; // {{ title }}</script>"
        "{% for n in numbers %}<script>let b{{ n }} = {{ n }};</script>{% endfor %}"
        "{% endcompress %}",
        lambda request: {"number": 1, "title": "T", "numbers": [1, 2]},
    ),
    "styles in a file": (
        LOAD + "{% with size='3px' %}{% compress css file main %}"
        "<style>p { margin: {{ size }}; }</style>{% endcompress %}{% endwith %}{{ compressed }}",
        lambda request: {},
    ),
    "a wrong mode": (
        LOAD + "{% compress js sideways %}{% endcompress %}",
        lambda request: {},
    ),
}
