"""A tag that may read any name of the context, and one that reads none."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def sees(context):
    return context.get("anything", "")


@register.simple_tag
def asks_nothing():
    return ""
