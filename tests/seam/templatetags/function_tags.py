"""Functions as tags, in all the ways that `Library` knows."""

from django import template
from django.template import Origin, Template
from django.utils import translation
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def told(*args, **kwargs):
    return f"{args} {sorted(kwargs.items())}"


@register.simple_tag
def marked(text):
    return mark_safe(f"<i>{text}</i>")


@register.simple_tag
def answer(value):
    return value


@register.simple_tag
def only_named(*, first, second=2):
    return f"{first}-{second}"


@register.simple_tag
def fail(number):
    return 1 / number


@register.simple_tag
def speak(code):
    translation.activate(code)
    return ""


@register.simple_tag(takes_context=True, name="names")
def visible_names(context, *names):
    return [context.get(name, "-") for name in names]


@register.simple_tag(takes_context=True)
def assign(context, name, value, autoescape=None):
    context[name] = value
    if autoescape is not None:
        context.autoescape = autoescape
    return "<assigned>"


@register.simple_tag(takes_context=True)
def leave_pushed(context):
    context.push(pushed=1)
    return ""


@register.simple_block_tag
def framed(content, mark="*"):
    return f"{mark}{content}{mark}{type(content).__name__}"


@register.simple_block_tag(takes_context=True, end_name="done")
def labelled(context, content, *labels):
    return mark_safe(f"{context.get('a')}{labels}{content}")


@register.inclusion_tag("card.html")
def card(title, **rest):
    return {"title": title, "rest": rest}


@register.inclusion_tag("card.html", takes_context=True)
def context_card(context, title):
    return {"title": f"{title}{context.get('a')}"}


@register.inclusion_tag("card.html", takes_context=True)
def same_context(context):
    return context


@register.inclusion_tag(["nowhere.html", "card.html"])
def chosen_card(title):
    return {"title": title}


@register.inclusion_tag("nowhere.html")
def lost_card():
    return {}


@register.inclusion_tag("loop.html")
def endless(number):
    return {"number": number}


class Late:
    """A template made at first use, as a view's."""

    @property
    def template(self):
        return Template("late {{ title }}", Origin("late.html"))


@register.inclusion_tag(Late())
def late_card(title):
    return {"title": title}


@register.inclusion_tag("card.html")
def wrong_card():
    return ["no mapping"]
