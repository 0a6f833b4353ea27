"""django-components: patched template classes, and slots that render in another context."""

from django_components import Component, register


@register("panel")
class Panel(Component):
    template = (
        "<section>{% slot 'head' default %}none{% endslot %}: {{ text }}"
        "{% for n in numbers %}{% slot 'item' n=n %}{{ n }}{% endslot %}{% endfor %}</section>"
    )

    def get_template_data(self, args, kwargs, slots, context):
        return {"text": kwargs["text"], "numbers": [1, 2]}


CASES = {
    "slots": (
        "{% load component_tags %}{% for title in titles %}{% component 'panel' text=title %}"
        "{% fill 'head' %}{{ title|upper }}{% endfill %}"
        "{% fill 'item' data='d' %}<i>{{ d.n }}{{ title }}</i>{% endfill %}"
        "{% endcomponent %}{% endfor %}",
        lambda request: {"titles": ["a<", "b"]},
    ),
    "nested": (
        "{% load component_tags %}{% component 'panel' text='out' %}"
        "{% component 'panel' text='in' / %}{% endcomponent %}",
        lambda request: {},
    ),
}
