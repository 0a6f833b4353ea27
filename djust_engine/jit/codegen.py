"""Plan to code: the functions that rows call, and the serializers of JSON views.

``Binder`` turns a ShapePlan into the native Shape that the renderer reads.
"""

from __future__ import annotations

import inspect
import json
import keyword
import linecache
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple, TypeGuard, cast

from django.apps import apps
from django.db.models import Field, Model
from django.db.models.base import ModelState
from django.utils.choices import CallableChoiceIterator
from django.utils.encoding import force_str
from django.utils.hashable import make_hashable

from . import stock
from .plan import Absent, Call, Many, One, ShapePlan, Value
from .writer import CALLED, Writer

Row = tuple[Any, ...]
Load = Callable[[Iterable[Row]], dict[Any, list[Row]]]
Make = Callable[[Row], Model]


class Binder:
    """Turns the shapes of a plan into native ones, for rows from the database ``db``.

    ``new`` is the native Shape; ``load(model, many)`` gives the function that runs the query of a
    Many.
    """

    def __init__(
        self, db: str, new: Callable[..., Any], load: Callable[[type[Model], Many], Load]
    ) -> None:
        self.db = db
        self.new = new
        self.load = load

    def shape(self, model: type[Model], plan: ShapePlan, reach: Make | None = None) -> Any:
        """``reach`` gives the instance where neither its columns nor its key are in the row."""
        make = instance_maker(model, plan, self.db, reach)
        entries = [self._entry(model, one, make) for one in plan.entries]
        return self.new(entries, make, model)

    def _entry(self, model: type[Model], one: Any, make: Make) -> tuple[Any, ...]:
        match one:
            case Value(name, index):
                return ("value", name, index)
            case Call(name, index, maker, field):
                return ("call", name, index, _MAKERS[maker](model._meta.get_field(field)))
            case One(name, key, missing, shape):
                target = one_model(model, one)
                related = self.shape(target, shape, lambda row: getattr(make(row), name))
                return ("one", name, key, related, missing)
            case Many(name, key, rows=rows):
                target = stock.many_model(model, name)
                return ("many", name, key, self.shape(target, rows.shape), self.load(target, one))
            case Absent(name):
                return ("absent", name)
        raise TypeError(f"not an entry: {one!r}")


def one_model(model: type[Model], one: One) -> type[Model]:
    _, subject = stock.classify(model, one.name)
    target: type[Model] = subject.related_model
    return target


def instance_maker(model: type[Model], plan: ShapePlan, db: str, reach: Make | None = None) -> Make:
    """``make(row)``: the instance that Django would have made of the row.

    Where the plan foresaw no need of it, it is fetched by its key, or reached from another.
    """
    if not plan.columns and plan.key < 0:
        assert reach is not None
        return reach
    if not plan.columns:
        objects, key = model._base_manager.using(db), plan.key
        return lambda row: objects.get(pk=row[key])
    build = _builder(model, [column.name for column in plan.columns], db)
    values = _picker(tuple(column.index for column in plan.columns))
    linked = [_linker(one, model, db) for one in plan.entries if _is_linked(one)]

    def make(row: Row) -> Model:
        instance = build(values(row))
        for link in linked:
            link(instance, row)
        return instance

    return make


def _builder(model: type[Model], names: list[str], db: str) -> Callable[[Row], Model]:
    """``from_db`` for these columns; written out where the columns' descriptors only store."""
    if not stock.stores_plainly(model, names):
        return lambda values: model.from_db(db, names, values)

    def build(values: Row) -> Model:
        instance = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, db
        attributes = instance.__dict__
        attributes["_state"] = state
        attributes.update(zip(names, values, strict=True))
        return instance

    return build


def _picker(indexes: tuple[int, ...]) -> Callable[[Row], Row]:
    if len(indexes) == 1:
        (only,) = indexes
        return lambda row: (row[only],)
    return itemgetter(*indexes)


def _is_linked(one: Any) -> TypeGuard[One]:
    return isinstance(one, One) and bool(one.shape.columns)


def _linker(one: One, model: type[Model], db: str) -> Callable[[Model, Row], None]:
    """Sets the related object of the same row, as ``select_related`` would."""
    _, subject = stock.classify(model, one.name)
    make, key = instance_maker(one_model(model, one), one.shape, db), one.key
    remote = subject.remote_field if not one.missing else subject.field
    single = one.missing or not remote.multiple

    def link(instance: Model, row: Row) -> None:
        related = None if row[key] is None else make(row)
        subject.set_cached_value(instance, related)
        if related is not None and single:
            remote.set_cached_value(related, instance)

    return link


def file_maker(field: Any) -> Callable[[Any], Any]:
    """``function(value)``: what Django's file descriptor makes of a column."""
    make = field.attr_class

    def file(value: Any) -> Any:
        return make(None, field, value)

    return file


def display_maker(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """``function(value)``: the label of a choice, translated when it is asked for."""
    if isinstance(field.choices, CallableChoiceIterator):
        return lambda value: _label(dict(make_hashable(field.flatchoices)), value)
    labels = dict(make_hashable(field.flatchoices))
    return lambda value: _label(labels, value)


def _label(labels: dict[Any, Any], value: Any) -> Any:
    try:
        label = labels.get(value, value)
    except TypeError:
        label = labels.get(make_hashable(value), value)
    return label if type(label) is str else force_str(label, strings_only=True)


_MAKERS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "file": file_maker,
    "display": display_maker,
}


def group(rows: Iterable[Row], index: int) -> dict[Any, list[Row]]:
    """The rows by their value at ``index``, in the order in which they came."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = row[index]
        if key in groups:
            groups[key].append(row)
        else:
            groups[key] = [row]
    return groups


class Recipe(NamedTuple):
    """What a serializer is generated from; the data that a cache may share."""

    model_name: str
    paths: tuple[str, ...]
    name: str


_HEADER = "# djust_engine serializer "


def generate_serializer_code(
    model_name: str, paths: Iterable[str], func_name: str | None = None
) -> str:
    """Source of a function that gives the dotted ``paths`` of an object as nested dicts.

    ``{"property": {"name": ...}}`` for ``["property.name"]``; a relation that is None gives None,
    a related manager a list. ``model_name`` is "Lease" or "rentals.Lease"; for a name that no
    installed model has, what is callable is seen when the function runs. ValueError for a path
    that is not made of public names.
    """
    chosen = tuple(sorted(set(paths)))
    name = func_name or _function_name(model_name, chosen)
    _require_names([name, *(part for path in chosen for part in path.split("."))])
    tree: dict[str, Any] = {}
    for path in chosen:
        _plant(tree, path.split("."))
    recipe = json.dumps([model_name, chosen, name])
    expression = Writer().object(find_model_named(model_name), "obj", tree)
    return f"{_HEADER}{recipe}\ndef {name}(obj):\n    return {expression}\n"


def compile_serializer(code: str, name: str) -> Callable[[Any], dict[str, Any]]:
    """The function ``name`` of ``generate_serializer_code``'s source; ValueError without it."""
    return cast(Callable[[Any], dict[str, Any]], compile_source(code, name))


def compile_source(
    code: str, name: str, names: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """The function ``name`` of generated source that may call ``names``; ValueError without it."""
    file = f"<djust_engine {name} {sha256(code.encode()).hexdigest()[:16]}>"
    namespace: dict[str, Any] = {**CALLED, **(names or {})}
    exec(compile(code, file, "exec"), namespace)
    function = namespace.get(name)
    if not callable(function):
        raise ValueError(f"The code defines no function {name!r}.")
    _show_in_tracebacks(file, code)
    function.__dict__["__djust_source__"] = code
    return cast(Callable[..., Any], function)


def _show_in_tracebacks(file: str, code: str) -> None:
    """That of the functions made last: generated code would fill the cache of lines otherwise."""
    if file not in linecache.cache:
        _shown.append(file)
    linecache.cache[file] = (len(code), None, code.splitlines(True), file)
    if len(_shown) > _MOST_SHOWN:
        linecache.cache.pop(_shown.popleft(), None)


_shown: deque[str] = deque()
_MOST_SHOWN = 1024


def serializer_over(model: type[Model], tree: Mapping[str, Any]) -> Callable[[Any], dict[str, Any]]:
    """The serializer of an instance for a tree of names, as `paths.tree_of` makes it."""
    expression = Writer().object(model, "obj", tree)
    return compile_serializer(f"def serialize(obj):\n    return {expression}\n", "serialize")


def get_serializer_source(func: Callable[..., Any]) -> str:
    """The source from which ``func`` was compiled."""
    source = getattr(func, "__djust_source__", None)
    return inspect.getsource(func) if source is None else source


def recipe_of(func: Callable[..., Any]) -> Recipe | None:
    """What the serializer was generated from; None for any other function."""
    header, _, _ = getattr(func, "__djust_source__", "").partition("\n")
    if not header.startswith(_HEADER):
        return None
    model_name, paths, name = json.loads(header.removeprefix(_HEADER))
    return Recipe(model_name, tuple(paths), name)


def serializer_of(recipe: Recipe) -> Callable[[Any], dict[str, Any]]:
    """The serializer, generated and compiled here."""
    return compile_serializer(generate_serializer_code(*recipe), recipe.name)


def _function_name(model_name: str, paths: tuple[str, ...]) -> str:
    digest = sha256(json.dumps([model_name, paths]).encode()).hexdigest()[:16]
    return f"serialize_{model_name.rpartition('.')[2].lower()}_{digest}"


def _require_names(names: list[str]) -> None:
    for name in names:
        if not name.isdigit() and (
            not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_")
        ):
            raise ValueError(f"{name!r} is not a name that a serializer can read.")


def _plant(tree: dict[str, Any], names: list[str]) -> None:
    for name in names:
        tree = tree.setdefault(name, {})


def find_model_named(name: str) -> type[Model] | None:
    """The only installed model of this name or label; None before the models are loaded."""
    if not apps.models_ready:
        return None
    label = "label" if "." in name else "object_name"
    found = [model for model in apps.get_models() if getattr(model._meta, label) == name]
    return found[0] if len(found) == 1 else None
