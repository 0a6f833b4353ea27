"""A library whose filters are called otherwise than they were registered."""

from django import template

register = template.Library()


@register.filter
def plain(value):
    return value.upper()


@register.filter(name="escape")
def harmless(value):
    return value


register.filters["harmless"] = harmless
