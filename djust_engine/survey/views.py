"""What generic views put into the contexts of their templates, found by the URLs of the project.

The names are those of `MultipleObjectMixin.get_context_data` and `SingleObjectMixin` (Django's
class-based views). A view is never called: only its class and its `as_view()` arguments are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic.detail import SingleObjectMixin, SingleObjectTemplateResponseMixin
from django.views.generic.list import MultipleObjectMixin, MultipleObjectTemplateResponseMixin


@dataclass(frozen=True)
class Given:
    """A variable of a template: instances of ``model``, one of them, a sequence or a page.

    ``certain`` says that the view's QuerySet is the plain one, without annotations of its own;
    ``fetched`` are the relations that the view's ``queryset`` asks for (``comments__author``).
    ``queryset`` is that of the view's class, where it has one.
    """

    model: type[Model]
    is_many: bool
    is_page: bool = False
    certain: bool = True
    view: str = ""
    fetched: tuple[str, ...] = ()
    queryset: Any = None


def find_given() -> dict[str, dict[str, Given]]:
    """By name of a template, then of a variable, what a generic view of the project gives."""
    found: dict[str, dict[str, Given]] = {}
    for pattern in _patterns(get_resolver().url_patterns):
        view_class = getattr(pattern.callback, "view_class", None)
        if isinstance(view_class, type):
            view = view_class(**getattr(pattern.callback, "view_initkwargs", {}))
            for template, variables in _given_by(view):
                found.setdefault(template, {}).update(variables)
    return found


def _patterns(patterns: Iterable[Any]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one


def _given_by(view: Any) -> Iterator[tuple[str, dict[str, Given]]]:
    is_many = isinstance(view, MultipleObjectMixin)
    if not is_many and not isinstance(view, SingleObjectMixin):
        return
    queryset = getattr(view, "queryset", None)
    model = getattr(view, "model", None) or getattr(queryset, "model", None)
    if model is None:
        return
    mixin = MultipleObjectMixin if is_many else SingleObjectMixin
    plain = queryset is None and type(view).get_queryset is mixin.get_queryset
    fetched = tuple(_fetched(queryset))
    given = Given(model, is_many, False, plain, type(view).__name__, fetched, queryset)
    variables = dict.fromkeys(_names(view, model, is_many), given)
    if is_many and view.paginate_by:
        variables["page_obj"] = replace(given, is_page=True)
    for template in _template_names(view, model):
        yield template, variables


def _fetched(queryset: Any) -> Iterator[str]:
    """The relations of `prefetch_related()` and of `select_related()` with names."""
    if not issubclass(type(queryset), QuerySet):
        return
    for lookup in queryset._prefetch_related_lookups:
        yield getattr(lookup, "prefetch_to", lookup)
    chosen: Any = queryset.query.select_related
    yield from _joined(chosen) if isinstance(chosen, dict) else ()


def _joined(tree: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, below in tree.items():
        yield from _joined(below, f"{prefix}{name}__") if below else [prefix + name]


def _names(view: Any, model: type[Model], is_many: bool) -> tuple[str, str]:
    own, name = view.context_object_name, model._meta.model_name
    return ("object_list", own or f"{name}_list") if is_many else ("object", own or str(name))


def _template_names(view: Any, model: type[Model]) -> Iterator[str]:
    """The name that is given, or the one that Django makes of the model."""
    if isinstance(getattr(view, "template_name", None), str):
        yield view.template_name
    elif isinstance(view, MultipleObjectTemplateResponseMixin | SingleObjectTemplateResponseMixin):
        options = model._meta
        yield f"{options.app_label}/{options.model_name}{view.template_name_suffix}.html"
