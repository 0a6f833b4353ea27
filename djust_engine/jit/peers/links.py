"""How a relation is read for many instances at once, with what Django would give each of them.

A link knows the key of the relation in one instance, and loads what lies behind many keys in one
query. What a link cannot do exactly as Django, it has no key for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Model, UUIDField

from .. import stock
from ..sql.instances import evaluate
from ..stock import Kind

#: What a link gives where there is nothing; and where Django shall look itself.
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
UNKNOWN: Any = type("Unknown", (), {"__repr__": lambda self: "UNKNOWN"})()


class _Link:
    def asks_with(self, key: Any, other: Any) -> bool:
        """Whether the object of the ``other`` key may come with that of ``key``."""
        return other is not None


class ForwardLink(_Link):
    """A foreign key, or a one-to-one relation from its own side."""

    def __init__(self, name: str, field: Any) -> None:
        self.name = name
        self.target: type[Model] | None = field.remote_field.model
        self._field = field
        self._target = field.target_field
        self._single = not field.remote_field.multiple

    def key(self, one: Model) -> Any:
        return one.__dict__.get(self._field.attname)

    def load(self, asker: Model, keys: list[Any]) -> dict[Any, Any]:
        queryset = _queryset_for(getattr(type(asker), self.name), asker)
        attribute = self._target.attname
        found = queryset.filter(**{f"{attribute}__in": keys}).order_by()
        return {one.__dict__[attribute]: one for one in evaluate(found)}

    def give(self, one: Model, key: Any, found: Any) -> Any:
        """The related object; DoesNotExist where Django's own query would find none."""
        if found is not ABSENT:
            if self._single:
                self._field.remote_field.set_cached_value(found, one)
            return found
        if not _is_exact(self._target, key):
            return UNKNOWN
        model = self._field.remote_field.model
        raise model.DoesNotExist(f"{model._meta.object_name} matching query does not exist.")


class ReverseLink(_Link):
    """A one-to-one relation from the other side."""

    def __init__(self, name: str, related: Any) -> None:
        self.name = name
        self.target: type[Model] | None = related.related_model
        self._field = related.field
        self._attribute = related.field.target_field.attname

    def key(self, one: Model) -> Any:
        return one.__dict__.get(self._attribute) if one.pk is not None else None

    def load(self, asker: Model, keys: list[Any]) -> dict[Any, Any]:
        queryset = _queryset_for(getattr(type(asker), self.name), asker)
        found = queryset.filter(**{f"{self._field.name}__in": keys}).order_by()
        return {one.__dict__[self._field.attname]: one for one in evaluate(found)}

    def give(self, one: Model, key: Any, found: Any) -> Any:
        if found is not ABSENT:
            self._field.set_cached_value(found, one)
            return found
        return None if _is_exact(self._field.target_field, key) else UNKNOWN


class GenericLink(_Link):
    """A generic foreign key; its keys are of one content type at a time."""

    def __init__(self, name: str, field: Any) -> None:
        self.name = name
        self.target: type[Model] | None = None
        self._field = field
        self._type = field.model._meta.get_field(field.ct_field).attname

    def key(self, one: Model) -> Any:
        kind, key = one.__dict__.get(self._type), one.__dict__.get(self._field.fk_field)
        return None if kind is None or key is None else (kind, key)

    def asks_with(self, key: Any, other: Any) -> bool:
        return other is not None and bool(other[0] == key[0])

    def load(self, asker: Model, keys: list[Any]) -> dict[Any, Any] | None:
        kind = self.key(asker)[0]
        content_type = self._field.get_content_type(id=kind, using=asker._state.db)
        model = content_type.model_class()
        if model is None or _looks_elsewhere(model) or not _has_exact(model._meta.pk):
            return None
        if _read(model._meta.pk, self.key(asker)[1]) is None:
            return None
        unfit, asked = dict[Any, Any](), dict[Any, Any]()
        for kind_and_key in keys:
            pk = _read(model._meta.pk, kind_and_key[1])
            if pk is None:
                unfit[kind_and_key] = UNKNOWN
            else:
                asked.setdefault(pk, []).append(kind_and_key)
        found = model._base_manager.using(asker._state.db).filter(pk__in=list(asked))
        return unfit | {key: one for one in evaluate(found) for key in asked[one.pk]}

    def give(self, one: Model, key: Any, found: Any) -> Any:
        return None if found is ABSENT else found


def _read(field: Any, key: Any) -> Any:
    """The primary key that a generic key means; None where it is not fit for one."""
    try:
        return field.to_python(key)
    except ValidationError:
        return None


def _has_exact(field: Any) -> bool:
    """Whether values of the field that are equal here are equal in every database."""
    return isinstance(field, IntegerField | UUIDField)


def _is_exact(field: Any, value: Any) -> bool:
    return _has_exact(field) and type(value) is type(field.to_python(value))


def _queryset_for(descriptor: Any, instance: Model) -> Any:
    """The QuerySet in which the descriptor looks for the object of ``instance``."""
    return descriptor.get_queryset(instance=instance)


@cache
def links_of(model: type[Model]) -> Mapping[str, Any]:
    """The links of the model's single relations, by the name under which Django keeps objects."""
    links: dict[str, Any] = {}
    for name in _relation_names(model):
        kind, subject = stock.classify(model, name)
        if kind is Kind.FORWARD and _is_answered(subject):
            links[subject.cache_name] = ForwardLink(name, subject)
        elif kind is Kind.REVERSE_ONE and _is_answered_back(subject):
            links[subject.cache_name] = ReverseLink(name, subject)
        elif kind is Kind.GENERIC:
            links[name] = GenericLink(name, model._meta.get_field(name))
    return links


@cache
def getter_of(model: type[Model], name: str) -> Any:
    """The code that reads the relation for somebody who asks for the attribute."""
    descriptor: Any = type(stock.static(model, name))
    return getattr(descriptor.__get__, "__code__", None)


def _is_answered(field: Any) -> bool:
    exact = field.db_constraint or _has_exact(field.target_field)
    return exact and not _looks_elsewhere(field.remote_field.model)


def _is_answered_back(related: Any) -> bool:
    exact = _has_exact(related.field.target_field)
    return exact and not _looks_elsewhere(related.related_model)


def _looks_elsewhere(target: type[Model]) -> bool:
    return bool(stock.own_manager(target._base_manager))


@cache
def managers_of(model: type[Model]) -> Mapping[str, str]:
    """The related managers that a circle may answer, by the name in Django's cache."""
    return {
        stock.many_cache_name(model, name): name
        for name in _relation_names(model)
        if stock.classify(model, name)[0] in stock.MANY
        and not stock.own_manager(stock.many_model(model, name)._default_manager)
    }


def _relation_names(model: type[Model]) -> Iterable[str]:
    options: Any = model._meta
    for field in options.get_fields(include_hidden=True):
        accessor = getattr(field, "get_accessor_name", None)
        name = accessor() if accessor is not None else field.name
        if name is not None and field.is_relation:
            yield name


class ManyLink:
    """A related manager: the groups of objects of all owners in one query."""

    def __init__(self, name: str, manager_class: type) -> None:
        self.name = name
        self.manager_class = manager_class

    def load(self, manager: Any, owners: list[Model]) -> tuple[dict[Any, list[Model]], Any]:
        """The groups by key, and the function that gives the key of an owner."""
        queryset, group_of, key_of, *_ = manager.get_prefetch_querysets(owners)
        groups: dict[Any, list[Model]] = {key_of(one): [] for one in owners}
        for related in evaluate(queryset):
            groups[group_of(related)].append(related)
            _drop_marks(related)
        return groups, key_of

    def give(self, owner: Model, group: list[Model]) -> list[Model]:
        """The objects of a group as those that were asked of ``owner``."""
        kind, relation = stock.classify(type(owner), self.name)
        if kind is Kind.REVERSE_MANY:
            for one in group:
                relation.field.set_cached_value(one, owner)
        return group


def _drop_marks(related: Model) -> None:
    """Take off what prefetching adds to the objects of a many-to-many relation."""
    attributes = related.__dict__
    for name in [one for one in attributes if one.startswith("_prefetch_related_val_")]:
        del attributes[name]


@cache
def many_link(model: type[Model], name: str) -> ManyLink:
    descriptor = cast(Any, stock.static(model, name))
    return ManyLink(name, descriptor.related_manager_cls)
