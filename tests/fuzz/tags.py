"""Tags and filters of a library: some use values, some see all names."""

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def shown(value):
    return f"[{value}]"


@register.filter
def listed(value):
    return [str(one) for one in value]


@register.filter
def read(value, name):
    return getattr(value, name, "none")


@register.filter(needs_autoescape=True)
def bold(value, autoescape=True):
    return mark_safe(f"<b>{value}</b>") if autoescape else value


@register.simple_tag
def show(*values, **named):
    return " ".join(map(str, (*values, *named.items())))


@register.simple_tag
def count(values):
    return len(values)


@register.simple_tag(takes_context=True)
def look(context, name):
    return str(context.get(name, "unset"))


@register.simple_tag(takes_context=True)
def put(context, name, value):
    context[name] = value
    return ""


@register.simple_block_tag
def framed(content, mark="*"):
    return mark_safe(f"{mark}{content}{mark}")


@register.tag
def body(parser, token):
    nodelist = parser.parse(("endbody",))
    parser.delete_first_token()
    return BodyNode(nodelist)


class BodyNode(template.Node):
    """Renders its body twice, under a name of its own."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        with context.push(turn=1):
            first = self.nodelist.render(context)
        context["turn"] = 2
        return mark_safe(f"({first}{self.nodelist.render(context)})")
