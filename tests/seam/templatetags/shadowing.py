"""A library that takes the names of Django's own tags and filters."""

from django import template
from django.template import defaultfilters

register = template.Library()
register.filter("lower", defaultfilters.upper)


@register.filter
def upper(value):
    return f"shadowed {value}"


@register.simple_tag
def now(form):
    return f"now is {form}"


@register.simple_tag(name="if")
def block_that_is_none(*arguments):
    return "if is no block here"
