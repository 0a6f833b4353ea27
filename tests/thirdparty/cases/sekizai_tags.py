"""django-sekizai: its tags parse the whole template ahead, and fill what stands before them."""

LOAD = "{% load sekizai_tags %}"
PAGE = (
    LOAD + "<head>{% render_block 'css' %}</head>{% include 'thirdparty/card.html' with n=1 %}"
    "{% block content %}{% addtoblock 'js' %}<script>{{ title }}</script>{% endaddtoblock %}"
    "{% for n in numbers %}{% include 'thirdparty/card.html' %}{% endfor %}{% endblock %}"
    "{% render_block 'js' postprocessor 'tests.thirdparty.cases.sekizai_tags.counted' %}"
)


def counted(context, text, name):
    return f"<!-- {name}: {len(text.splitlines())} -->{text}"


CASES = {
    "blocks, filled later": (PAGE, lambda request: {"title": "T<", "numbers": [1, 2, 2]}),
    "a child of a page": (
        "{% extends 'thirdparty/page.html' %}" + LOAD + "{% block content %}{{ block.super }}"
        "{% addtoblock 'js' %}<script>{{ title }}</script>{% endaddtoblock %}{% endblock %}",
        lambda request: {"title": "T<"},
    ),
    "data": (
        LOAD + "{% add_data 'k' 'v' %}{% add_data 'k' title %}{% with_data 'k' as values %}"
        "{% for value in values %}{{ value }},{% endfor %}{% end_with_data %}",
        lambda request: {"title": "T<"},
    ),
    "a block that is not closed": (
        LOAD + "{% addtoblock 'js' %}{{ title }}{% render_block 'js' %}",
        lambda request: {"title": "T<"},
    ),
}
