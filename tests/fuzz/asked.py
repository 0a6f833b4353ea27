"""Tags and filters whose Python asks instances and QuerySets for relations."""

from typing import Any

from django import template
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Manager, Model, QuerySet
from django.db.models.fields.related_descriptors import ReverseOneToOneDescriptor
from django.db.models.query import ModelIterable

from djust_engine import serialize
from djust_engine.backends.django import Engine

register = template.Library()


def followed(value: Any, path: str) -> Any:
    """What Python finds along the path, calling what can be called."""
    for name in path.split("."):
        value = getattr(value, name)
        if callable(value) and not isinstance(value, Manager):
            value = value()
    return value


@register.filter
def reach(value, path):
    """The text of what lies at the path, or the name of the error on the way."""
    try:
        found = followed(value, path)
    except (AttributeError, ObjectDoesNotExist, TypeError, ValueError) as error:
        return type(error).__name__
    if isinstance(found, Manager | QuerySet):
        return ",".join(map(str, found.all()))
    return str(found)


@register.filter
def reached(values, path):
    return "/".join(reach(one, path) for one in _each(values))


@register.simple_tag
def reaching(values, path):
    return reached(values, path)


def _each(values):
    return values.all() if isinstance(values, Manager) else values


@register.filter
def related(value, name):
    manager = getattr(value, name, None)
    return manager.all() if isinstance(manager, Manager) else []


@register.filter
def newest(value):
    return value.order_by("-pk") if isinstance(value, QuerySet) and _is_plain(value) else value


@register.filter
def few(value):
    return value.all()[:2] if isinstance(value, QuerySet) else value


@register.simple_tag
def pick(value, name):
    return related(value, name)


@register.inclusion_tag("part.html")
def part(value, relation):
    return {"part": value, "related": related(value, relation)}


@register.simple_tag(takes_context=True)
def data(context, source, *paths):
    """What `serialize` gives; with Django's engine, what code written by hand would."""
    if isinstance(source, QuerySet) and source._result_cache is None:
        source = source.all()
    if isinstance(context.template.engine, Engine) or not _is_serializable(source):
        return repr(serialize(source, paths))
    try:
        return repr(_by_hand(source, _tree(paths)))
    except AttributeError:  # not the model that the paths are of: what serialize() says of that
        return repr(serialize(source, paths))


def _by_hand(source: Any, tree: dict[str, Any]) -> Any:
    if isinstance(source, Model):
        return naive(source, tree)
    return [naive(one, tree) for one in _each(source)]


def _is_serializable(source: Any) -> bool:
    if isinstance(source, QuerySet):
        return issubclass(source._iterable_class, ModelIterable) and source._fields is None
    if isinstance(source, list | tuple):
        return all(isinstance(one, Model) for one in source)
    return isinstance(source, Model | Manager)


def _is_plain(queryset: QuerySet) -> bool:
    return not queryset.query.is_sliced and not queryset.query.combinator


def _tree(paths: tuple[str, ...]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        at = tree
        for name in path.split("."):
            at = at.setdefault(name, {})
    return tree


def naive(value: Any, tree: dict[str, Any]) -> Any:
    """Nested dicts of an object, one attribute at a time."""
    if not tree:
        return str(value)
    return {name: _naive_attribute(value, name, below) for name, below in tree.items()}


def _naive_attribute(value: Any, name: str, below: dict[str, Any]) -> Any:
    try:
        found = getattr(value, name)
    except ObjectDoesNotExist:
        if isinstance(getattr(type(value), name), ReverseOneToOneDescriptor):
            return None
        raise
    if isinstance(found, Manager):
        return [naive(one, below) for one in found.all()]
    if isinstance(found, Model):
        return naive(found, below)
    found = found() if callable(found) else found
    return list(found) if isinstance(found, tuple) else found
