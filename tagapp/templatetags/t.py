from django import template
from django.template import Template

register = template.Library()


@register.simple_tag
def plus(a, b=1):
    return a + b


@register.simple_tag(takes_context=True)
def ctx(context, a):
    return f"{context['n']}-{a}"


@register.filter
def double(v):
    return v * 2


@register.inclusion_tag(Template("<b>{{ x }}</b>") if False else "inc.html")
def inc(x):
    return {"x": x}


class N(template.Node):
    def __init__(self, nl):
        self.nl = nl

    def render(self, context):
        with context.push(z=1):
            return "[" + self.nl.render(context) + "]"


@register.tag
def wrap(parser, token):
    nl = parser.parse(("endwrap",))
    parser.delete_first_token()
    return N(nl)
