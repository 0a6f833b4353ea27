"""What of a model, a manager or a QuerySet is Django's own; the optimizer relies on nothing else.

Each predicate returns the reason why something is not Django's own, or an empty string.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from functools import cache, partialmethod
from typing import Any

from django.db import connections
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    Manager,
    ManyToManyField,
    Model,
    OneToOneField,
    QuerySet,
    TimeField,
    UUIDField,
)
from django.db.models.base import ModelState
from django.db.models.fields.composite import CompositeAttribute
from django.db.models.fields.files import (
    FieldFile,
    FileDescriptor,
    FileField,
    ImageField,
    ImageFieldFile,
    ImageFileDescriptor,
)
from django.db.models.fields.related_descriptors import (
    ForeignKeyDeferredAttribute,
    ForwardManyToOneDescriptor,
    ForwardOneToOneDescriptor,
    ManyToManyDescriptor,
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

_OBSERVERS = (
    "__init__", "__new__", "__getattr__", "__getattribute__", "__getitem__", "__setattr__",
    "__bool__", "__len__", "__iter__", "__call__", "__contains__",
    "from_db", "refresh_from_db", "get_deferred_fields", "_get_FIELD_display",
)  # fmt: skip
# What a class body holds without replacing anything.
_HARMLESS = frozenset(vars(type("_", (), {}))) | {
    "__qualname__", "__annotations__", "__annotate__", "__annotate_func__", "__classcell__",
    "__annotations_cache__", "__firstlineno__", "__static_attributes__", "__slotnames__",
    "__orig_bases__", "__parameters__", "__abstractmethods__", "_abc_impl",
    "_queryset_class", "use_in_migrations",
}  # fmt: skip
#: Databases in which texts are equal when their characters are.
_EXACT_TEXT = frozenset(("sqlite", "postgresql"))
_GET_DISPLAY: Any = Model.__dict__["_get_FIELD_display"]


class Kind(enum.Enum):
    """What an attribute of a model class is; CODE or a KEY of several columns wants an instance."""

    COLUMN = "column"
    FILE = "file"
    DISPLAY = "display"
    KEY = "key"
    FORWARD = "forward"
    REVERSE_ONE = "reverse_one"
    REVERSE_MANY = "reverse_many"
    MANY_TO_MANY = "many_to_many"
    PARENT = "parent"
    GENERIC = "generic"
    GENERIC_MANY = "generic_many"
    RELATED = "related"
    CODE = "code"
    ABSENT = "absent"


#: What is answered by an instance, through its class.
BY_INSTANCE = frozenset((Kind.CODE, Kind.KEY))
MANY = frozenset((Kind.REVERSE_MANY, Kind.MANY_TO_MANY, Kind.GENERIC_MANY))


def static(model: type[Model], name: str) -> Any:
    """The class attribute ``name``, without its descriptor's help; None when there is none."""
    for klass in model.__mro__:
        if name in klass.__dict__:
            return klass.__dict__[name]
    return None


#: What an instance has of its own beside its columns.
_STATE = frozenset(("_state", "_prefetched_objects_cache"))


def lacks(model: type[Model], name: str) -> bool:
    """Whether no instance of ``model`` has the private ``name``; others may be annotations."""
    return name.startswith("_") and name not in _STATE and static(model, name) is None


@cache
def observed_by_code(model: type[Model]) -> str:
    """Why code of the model could notice that no instance was made."""
    for name in _OBSERVERS:
        if static(model, name) is not static(Model, name):
            return f"{model.__name__} overrides {name}"
    behind = model.__mro__[model.__mro__.index(Model) + 1 : -1]  # Model.__init__ calls theirs
    if any("__init__" in klass.__dict__ for klass in behind):
        return f"a class behind {model.__name__} has an __init__"
    return ""


def stores_plainly(model: type[Model], names: Iterable[str]) -> bool:
    """Whether setting these columns on an instance puts them into its ``__dict__`` and no more."""
    plain = (DeferredAttribute, ForeignKeyDeferredAttribute, FileDescriptor, ImageFileDescriptor)
    return all(type(static(model, name)) in plain for name in names)


def observed(model: type[Model]) -> str:
    """Why somebody could notice that no instance of ``model`` was made."""
    if pre_init.has_listeners(model) or post_init.has_listeners(model):
        return f"{model.__name__} has pre_init or post_init receivers"
    return observed_by_code(model)


def is_composite(model: type[Model]) -> bool:
    """Whether the primary key of ``model`` is several columns."""
    return bool(getattr(model._meta, "is_composite_pk", False))


def key_columns(model: type[Model]) -> tuple[str, ...]:
    """The columns of the primary key, by attribute."""
    pk: Any = model._meta.pk
    return tuple(one.attname for one in pk.fields) if is_composite(model) else (pk.attname,)


@cache
def tables(model: type[Model]) -> tuple[type[Model], ...]:
    """The models whose tables hold the columns of ``model``, in the order in which Django joins."""
    concrete: tuple[Any, ...] = model._meta.concrete_fields
    return tuple(dict.fromkeys(field.model for field in concrete))


@cache
def unindexed(model: type[Model]) -> tuple[str, ...]:
    """The columns of the model's own table that stand in no index, the cheap ones first."""
    options: Any = model._meta.concrete_model._meta  # type: ignore[union-attr]
    indexed = {name for index in options.indexes for name, _ in index.fields_orders}
    indexed.update(*options.unique_together)
    indexed.update(*(getattr(one, "fields", ()) for one in options.constraints))
    pk = key_columns(model) if is_composite(model) else ()
    free = [
        field
        for field in options.local_concrete_fields
        if not (field.db_index or field.unique or field.name in indexed or field.attname in pk)
    ]
    return tuple(one.attname for one in sorted(free, key=_cost))


def _cost(field: Field[Any, Any]) -> int:
    """About how dear it is to read a column: its bytes, and more where a value is converted."""
    if isinstance(field, IntegerField | FloatField):
        return 8
    if isinstance(field, CharField):
        return field.max_length or 256
    return 300 if isinstance(field, BooleanField | DateField | TimeField) else 10_000


@cache
def overrides(cls: type, base: type) -> str:
    """The first of the attributes of ``base`` that ``cls`` or a class between the two replaces."""
    if not issubclass(cls, base):
        return base.__name__
    for klass in cls.__mro__:
        if klass in base.__mro__:
            continue
        replaced = (klass.__dict__.keys() - _HARMLESS) & set(dir(base))
        if replaced:
            return min(replaced)
    return ""


def own_queryset(cls: type) -> str:
    """Why a QuerySet of class ``cls`` may fetch in its own way."""
    name = overrides(cls, QuerySet)
    return f"{cls.__name__} replaces QuerySet.{name}" if name else ""


def own_manager(manager: Any) -> str:
    """Why ``manager`` may give other rows than those of its table."""
    cls: Any = type(manager)
    name = overrides(cls, Manager)
    if name:
        return f"{cls.__name__} replaces Manager.{name}"
    return own_queryset(manager._queryset_class)


def fetch_mode(owner: Any) -> str:
    """The fetch mode that was chosen for a QuerySet or a model state; empty for Django's own."""
    mode = getattr(owner, "fetch_mode" if isinstance(owner, ModelState) else "_fetch_mode", None)
    name = type(mode).__name__
    return "" if name in ("NoneType", "FetchOne") else name


def djangos_own(field: Field[Any, Any]) -> bool:
    """Whether the field's class is Django's, and with it the way from column to value."""
    return type(field).__module__.startswith(
        ("django.db.models.fields", "django.contrib.postgres.fields")
    )


def classify(model: type[Model], name: str) -> tuple[Kind, Any]:
    """What ``instance.name`` is, and the field or relation behind it."""
    attribute = static(model, name)
    if attribute is None:
        return Kind.ABSENT, None
    for types, kind_of, subject in _DESCRIPTORS:
        if type(attribute) in types:
            return kind_of(model, name, attribute), getattr(attribute, subject, None)
    if type(attribute) is CompositeAttribute:
        return Kind.KEY, attribute.field
    if attribute is Model.__dict__["pk"]:
        return _pk_kind(model), model._meta.pk
    if isinstance(attribute, partialmethod) and attribute.func is _GET_DISPLAY:
        return _display_kind(attribute.keywords["field"]), attribute.keywords["field"]
    return _other_kind(model, name, attribute), None


def _other_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    for field in model._meta.private_fields:
        if field.name == name:
            return Kind.GENERIC if field.many_to_one else Kind.GENERIC_MANY
    related = isinstance(attribute, _RELATED_DESCRIPTORS)
    return Kind.RELATED if related else Kind.CODE


def _pk_kind(model: type[Model]) -> Kind:
    pk = model._meta.pk
    return _column_kind(model, pk.attname, static(model, pk.attname))


def _column_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    field: Any = getattr(attribute, "field", None)
    plain = (
        type(attribute) in (DeferredAttribute, ForeignKeyDeferredAttribute)
        and field in model._meta.concrete_fields
        and field.attname == name
        and djangos_own(field)
    )
    return Kind.COLUMN if plain else Kind.CODE


def is_of_column(model: type[Model], name: str) -> bool:
    """Whether a field's own descriptor answers, with the value of a column that is no relation."""
    field: Any = getattr(static(model, name), "field", None)
    return field in model._meta.concrete_fields and field.remote_field is None


def _file_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    stock = {FileField: FieldFile, ImageField: ImageFieldFile}
    field = attribute.field
    return Kind.FILE if stock.get(type(field)) is field.attr_class else Kind.CODE


def _display_kind(field: Field[Any, Any]) -> Kind:
    return Kind.DISPLAY if djangos_own(field) and not hasattr(field, "base_field") else Kind.CODE


def _forward_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    """A link to an inherited part is no relation: Django makes the part of the child's columns."""
    field = attribute.field
    if type(field) not in (ForeignKey, OneToOneField):
        return Kind.RELATED
    return Kind.PARENT if field.remote_field.parent_link else Kind.FORWARD


def _reverse_one_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    return Kind.REVERSE_ONE if type(attribute.related.field) is OneToOneField else Kind.RELATED


def _reverse_many_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    return Kind.REVERSE_MANY if type(attribute.rel.field) is ForeignKey else Kind.RELATED


def _many_to_many_kind(model: type[Model], name: str, attribute: Any) -> Kind:
    return Kind.MANY_TO_MANY if type(attribute.rel.field) is ManyToManyField else Kind.RELATED


_DESCRIPTORS: tuple[tuple[tuple[type, ...], Any, str], ...] = (
    ((DeferredAttribute, ForeignKeyDeferredAttribute), _column_kind, "field"),
    ((ForwardManyToOneDescriptor, ForwardOneToOneDescriptor), _forward_kind, "field"),
    ((ReverseOneToOneDescriptor,), _reverse_one_kind, "related"),
    ((ReverseManyToOneDescriptor,), _reverse_many_kind, "rel"),
    ((ManyToManyDescriptor,), _many_to_many_kind, "rel"),
    ((FileDescriptor, ImageFileDescriptor), _file_kind, "field"),
)
_RELATED_DESCRIPTORS = (
    ForwardManyToOneDescriptor,
    ReverseOneToOneDescriptor,
    ReverseManyToOneDescriptor,
)


def fetched_elsewhere(field: Any) -> str:
    """Why the object of a forward relation cannot come from a join (given its FK column)."""
    target = field.remote_field.model
    if not field.db_constraint:
        return f"{field.name} has no constraint in the database"
    return own_manager(target._base_manager) or unlinked(target)


def compare_alike(left: Any, right: Any) -> bool:
    """Whether equal values of two columns are equal in databases, and of one type here."""
    fields = behind(left), behind(right)
    kinds = (IntegerField, UUIDField, CharField)
    is_one_kind = any(all(isinstance(one, kind) for one in fields) for kind in kinds)
    return is_one_kind and compares_exactly(left) and compares_exactly(right)


def has_exact_keys(field: Any) -> bool:
    """Whether the keys of a relation are such as any database compares by their value."""
    return isinstance(behind(field), IntegerField | UUIDField)


def unlinked(model: type[Model]) -> str:
    """Why a row of ``model`` may lack the rows of its parents."""
    links: Any = [link for link in model._meta.parents.values() if link is not None]
    for link in links:
        if not link.db_constraint:
            return f"{link.name} has no constraint in the database"
    return ""


def attached_elsewhere(relation: Any) -> str:
    """Why the object of a reverse one-to-one relation cannot come from a join."""
    target = relation.related_model
    if relation.field.target_field.null:
        return f"{relation.name} refers to a column that may be empty"
    if is_composite(target):
        return f"{target.__name__} has a composite primary key"
    return own_manager(target._base_manager) or unlinked(target)


def behind(field: Any) -> Any:
    """The field whose values a column holds, itself where it refers to no other."""
    while field.remote_field is not None:
        field = field.target_field
    return field


def compares_exactly(field: Any) -> bool:
    """Whether values of a column that are equal in a database are equal here, and the reverse."""
    field = behind(field)
    if isinstance(field, CharField):
        exact = all(connections[one].vendor in _EXACT_TEXT for one in connections)
        return exact and not field.db_collation
    return isinstance(field, IntegerField | UUIDField)


def joined(model: type[Model], name: str) -> type[Model] | None:
    """The model behind a relation that a join follows without anybody's noticing."""
    kind, subject = classify(model, name)
    if kind is Kind.FORWARD and not fetched_elsewhere(subject):
        target = subject.remote_field.model
    elif kind is Kind.REVERSE_ONE and not (subject.parent_link or attached_elsewhere(subject)):
        target = subject.related_model
    else:
        return None
    return None if observed(target) else target


def many_model(model: type[Model], name: str) -> type[Model]:
    """The model of the objects that the related manager ``name`` gives."""
    descriptor = static(model, name)
    forward = descriptor.rel.field.one_to_many or getattr(descriptor, "reverse", None) is False
    target: type[Model] = descriptor.rel.model if forward else descriptor.rel.related_model
    return target


def content_type_of(model: type[Model], name: str) -> Callable[[Model], Any]:
    """The function that gives the key of the content type of the generic foreign key ``name``.

    None where the columns of the generic key are not loaded: to read them is a query.
    """
    field: Any = model._meta.get_field(name)
    kind, key = field.model._meta.get_field(field.ct_field).attname, field.fk_field
    return lambda one: one.__dict__.get(kind) if key in one.__dict__ else None


def generic_filter(model: type[Model], name: str, db: str) -> dict[str, Any]:
    """What Django's manager of a generic relation asks of the content type, in the database."""
    from django.contrib.contenttypes.models import ContentType  # where it is installed

    field = static(model, name).rel.field
    found = ContentType.objects.db_manager(db).get_for_model(
        model, for_concrete_model=field.for_concrete_model
    )
    return {f"{field.content_type_field_name}__pk": found.pk}


def many_cache_name(model: type[Model], name: str) -> str:
    """Under which name Django keeps the prefetched objects of the related manager ``name``."""
    descriptor = static(model, name)
    if getattr(descriptor, "reverse", False):
        name = descriptor.rel.field.related_query_name()
    return name


def facts(model: type[Model]) -> list[str]:
    """Everything about a model that a plan may rely on, for a fingerprint of the project."""
    columns = [
        f"{one.name} {one.attname} {one.column} {type(one).__module__}.{type(one).__qualname__}"
        f" {one.null} {getattr(one, 'db_constraint', '')} {one.related_model}"
        for one in model._meta.concrete_fields
    ]
    attributes = [
        f"{name} {type(value).__module__}.{type(value).__qualname__}"
        for klass in model.__mro__
        if klass is not Model and klass is not object
        for name, value in klass.__dict__.items()
    ]
    managers = [own_manager(model._default_manager), own_manager(model._base_manager)]
    inherited = [str(model._meta.proxy), *(one.__qualname__ for one in model._meta.parents)]
    return [model._meta.label, observed(model), *inherited, *managers, *columns, *attributes]
