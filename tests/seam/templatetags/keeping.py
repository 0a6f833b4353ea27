"""Tags whose objects keep the context, and look into it when they are printed."""

from django import template
from django.template.base import Node
from django.utils.functional import lazy
from django.utils.safestring import mark_safe

register = template.Library()


class Held:
    def __init__(self, nodelist, context):
        self.nodelist = nodelist
        self.context = context

    def __str__(self):
        return self.nodelist.render(self.context)


class SlotNode(Node):
    def __init__(self, nodelist, how):
        self.nodelist = nodelist
        self.how = how

    def render(self, context):
        nodelist = self.nodelist
        context["held"] = {
            "object": lambda: Held(nodelist, context),
            "lazy": lambda: lazy(lambda: nodelist.render(context), str)(),
            "function": lambda: lambda: mark_safe(nodelist.render(context)),
            "written": lambda: Writer(context),
        }[self.how]()
        return ""


class Writer:
    """Binds a name where it is printed."""

    def __init__(self, context):
        self.context = context

    def __str__(self):
        self.context["written"] = "w"
        return ""


@register.tag
def slot(parser, token):
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(nodelist, token.split_contents()[1])


@register.simple_tag(takes_context=True)
def keep(context, name):
    context["held"] = lambda: context.get(name)
    return ""


@register.simple_tag(takes_context=True)
def look(context, name):
    """Keeps nothing."""
    return context.get(name)
