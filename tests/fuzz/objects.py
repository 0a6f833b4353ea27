"""Random contexts of QuerySets, instances, pages and containers, as expressions."""

from importlib import import_module
from random import Random
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Length, Lower, Upper
from django.forms import modelform_factory

from tests.fuzz.chances import likely
from tests.fuzz.schema import ATTRIBUTES, PICKED, Type
from tests.jitapp import models

NAMES = {
    **{name: getattr(models, name) for name in ATTRIBUTES},
    "SimpleNamespace": SimpleNamespace,
    **{one.__name__: one for one in (
        Paginator, Count, F, Prefetch, Q, Value, Upper, Lower, Length, Case, When, Exists, Max,
        OuterRef, Subquery, modelform_factory,
    )},
}  # fmt: skip
#: Steps that Django knows from 6.1 on.
MODES = ["FETCH_RAISE", "FETCH_ONE", "FETCH_PEERS"] if hasattr(QuerySet, "fetch_mode") else []
if MODES:
    NAMES["fetch_modes"] = import_module("django.db.models.fetch_modes")
MODELS = [
    *ATTRIBUTES,
    *(["Book", "Author", "Comment"] * 8),
    *(["Saying", "Described"] * 2),
    "LoudAuthor",
    "Shelf",
    "Profile",
]
SINGLE = {
    name: [field for field, (kind, _) in fields.items() if kind == "one" and field != "subject"]
    for name, fields in ATTRIBUTES.items()
}
TO_MANY = {
    name: [field for field, (kind, _) in fields.items() if kind == "manager"]
    for name, fields in ATTRIBUTES.items()
}
FORWARD = {
    name: [one for one in fields if one not in ("profile", "restaurant", "worker")]
    for name, fields in SINGLE.items()
}
COLUMNS = {
    name: [f.name for f in getattr(models, name)._meta.concrete_fields if not f.is_relation]
    for name in ATTRIBUTES
}
#: Whose columns are those of one table, by their own name.
RAW = ("Book", "Author", "Comment", "Country", "Worker", "Speech", "Shelf", "Saying")
TEXT_OF = {
    "Author": "first_name", "Profile": "nick", "Book": "title", "Observed": "title",
    "LoudAuthor": "first_name", "Speech": "title", "Desk": "label", "Edition": "label",
    "Membership": "since", "Comment": "text", "Note": "text", "Odd": "plain", "Shelf": "id",
    "Visit": "place_id", "Saying": "text", "Described": "title", "OldFromDb": "title",
    "Remark": "object_id", "Patronage": "id",
}  # fmt: skip


def queryset(random: Random, model: str) -> tuple[str, Type]:
    """An expression for a QuerySet, or for what it gives after `values()`."""
    base = f"{model}.objects"
    if model == "Hideable" and likely(random, 0.4):
        base = random.choice(["Hideable.everything", "Hideable.everything.shown()"])
    text, steps = f"{base}.all()", random.choice([0, 0, 0, 0, 1, 1, 2, 3])
    for _ in range(steps):
        step = random.choice(_STEPS)(random, model)
        text = f"({text}{step})" if step.startswith(" ") else text + step
    if likely(random, 0.2):
        return text + _sliced(random), ("rows", model)
    if likely(random, 0.08):
        return _values(random, text, model)
    return text, ("rows", model)


def plain_queryset(random: Random, model: str) -> str:
    """An expression for a QuerySet that may be fetched as rows: filtered, ordered, sliced."""
    steps = [random.choice([_filter, _order])(random, model) for _ in range(random.randint(0, 3))]
    return f"{model}.objects.all(){''.join(steps)}{_sliced(random) if likely(random, 0.3) else ''}"


def _sliced(random: Random) -> str:
    return random.choice(["[:3]", "[1:]", "[1:4]", "[:0]", "[::2]", "[k:]", "[:k + 1]"])


def _values(random: Random, text: str, model: str) -> tuple[str, Type]:
    names = random.sample(COLUMNS[model], min(2, len(COLUMNS[model])))
    if SINGLE[model]:
        names.append(random.choice(FORWARD[model] or ["pk"]))
    quoted = ", ".join(map(repr, names))
    return random.choice([
        (f"{text}.values({quoted})", ("dicts", model)),
        (f"{text}.values()", ("dicts", model)),
        (f"{text}.values_list({quoted})", ("any", "")),
        (f"{text}.values_list({names[0]!r}, flat=True)", ("any", "")),
        (f"{text}.values_list({quoted}, named=True)", ("dicts", model)),
    ])  # fmt: skip


def _path(random: Random, model: str, table_: dict[str, list[str]], most: int = 3) -> list[str]:
    """The names along a chain of relations; the last model is not told."""
    names: list[str] = []
    while table_[model] and len(names) < most:
        name = random.choice(table_[model])
        names.append(name)
        model = ATTRIBUTES[model][name][1]
        if likely(random, 0.5):
            break
    return names


def _select_related(random: Random, model: str) -> str:
    path = "__".join(_path(random, model, SINGLE))
    return f".select_related({path!r})" if path else ""


def _prefetch_related(random: Random, model: str) -> str:
    both = {name: SINGLE[name] + TO_MANY[name] for name in ATTRIBUTES}
    names = _path(random, model, both, 2)
    if not names:
        return ""
    path = repr("__".join(_query_names(model, names, False)))
    if model in PICKED and likely(random, 0.3):
        return _picked(random, model)
    if len(names) == 1 and likely(random, 0.4):
        inner = _inner(random, ATTRIBUTES[model][names[0]][1])
        to_attr = random.choice(["", ", to_attr='extra_name'"])
        return f".prefetch_related(Prefetch({path}, {inner}{to_attr}))"
    return f".prefetch_related({path})"


def _picked(random: Random, model: str) -> str:
    """A Prefetch with `to_attr`, maybe beside one of the same relation without."""
    relation = PICKED[model]
    target = ATTRIBUTES[model][relation][1]
    beside = random.choice(["", "", f"{relation!r}, "])
    inner = _inner(random, target)
    return f".prefetch_related({beside}Prefetch({relation!r}, {inner}, to_attr='picked'))"


def _inner(random: Random, target: str) -> str:
    """The QuerySet of a Prefetch: filtered, sliced, ordered, with joins or fewer columns."""
    text = f"{target}._base_manager.all()"
    for _ in range(random.randint(0, 2)):
        text += random.choice([_filter, _order, _select_related, _only, _annotate])(random, target)
    return text + (random.choice(["[:2]", "[1:3]", "[:k + 1]"]) if likely(random, 0.3) else "")


def _query_names(model: str, names: list[str], lookup: bool) -> list[str]:
    return [name.removesuffix("_set") if lookup else name for name in names]


def _only(random: Random, model: str) -> str:
    names = random.sample(COLUMNS[model], min(2, len(COLUMNS[model])))
    names += random.sample(FORWARD[model], min(1, len(FORWARD[model])))
    return f".{random.choice(['only', 'defer'])}({', '.join(map(repr, names))})"


def _order(random: Random, model: str) -> str:
    names = COLUMNS[model] + FORWARD[model] + ["?not"]
    name = random.choice(names)
    if name == "?not":
        return ".order_by()"
    if likely(random, 0.3):
        return f".order_by(['', '-'][k % 2] + {name!r}, 'pk')"
    return f".order_by({random.choice(['', '-']) + name!r}, 'pk')"


def _filter(random: Random, model: str) -> str:
    text = TEXT_OF.get(model, "name")
    if model == "Edition":
        return random.choice([".filter(number=k)", ".exclude(book=k)", ".filter(pk=(1, k))"])
    choices = [
        ".filter(pk__lt=5)", ".exclude(pk=2)", ".filter(Q(pk=1) | Q(pk__gt=2))", ".none()",
        ".filter(pk__gt=k)", ".filter(pk__in=range(k + 1))", ".exclude(pk__in=[k, 3])",
        ".filter(pk=k + 1)", ".filter(~Q(pk=k) | Q(pk__lt=k, pk__gte=0))", ".filter(pk__in=[k])",
        f".filter({text}=['x', 'Ada', None, '<i>', ''][k])", f".filter({text}__in='x7'[k % 2])",
        f".exclude({text}__isnull=bool(k % 2))", f".filter({text}__contains='a%_'[k % 3])",
        ".filter(pk__in={model}.objects.filter(pk__gt=k))".replace("{model}", model),
    ]  # fmt: skip
    if TO_MANY[model]:
        name = random.choice(TO_MANY[model]).removesuffix("_set")
        choices += [f".filter({name}__pk__gt=1)", f".filter({name}__isnull=False).distinct()"]
    if FORWARD[model]:
        name = random.choice(FORWARD[model])
        choices.append(f".filter({name}__isnull=[False, True][k % 2])")
        target = ATTRIBUTES[model][name][1]
        choices.append(f".filter({name}={target}._base_manager.filter(pk__gte=k).first())")
        choices.append(f".exclude({name}__{TEXT_OF.get(target, 'name')}='xA'[k % 2])")
    return random.choice(choices)


def _annotate(random: Random, model: str) -> str:
    name = TEXT_OF.get(model, "name")
    choices = [f".annotate(extra_name=Upper({name!r}))", ".annotate(extra_name=Value(3))"]
    choices.append(f".annotate(extra_name=F({name!r}))")
    choices.append(f".annotate(extra_name=Length({name!r}) + k).order_by('-extra_name', 'pk')")
    choices.append(
        ".annotate(extra_name=Case(When(pk__lt=k, then=Value('l')), default=Value('h')))"
    )
    inner = f"{model}.objects.filter(pk=OuterRef('pk'), pk__gt=k)"
    choices.append(f".annotate(extra_name=Exists({inner}))")
    choices.append(f".annotate(extra_name=Subquery({inner}.values({name!r})[:1]))")
    choices.append(f".alias(hidden_name=Lower({name!r})).filter(hidden_name__gt='aA<'[k % 3])")
    if TO_MANY[model]:
        counted = random.choice(TO_MANY[model]).removesuffix("_set")
        choices.append(f".annotate(extra_name=Count({counted!r}))")
        choices.append(f".annotate(extra_name=Max('{counted}__pk'))")
        choices.append(
            f".annotate(extra_name=Count({counted!r}, distinct=True)).filter(extra_name=k)"
        )
    return random.choice(choices)


def _rare(random: Random, model: str) -> str:
    modes = [f".fetch_mode(fetch_modes.{mode})" for mode in MODES]
    return random.choice([
        ".distinct()", ".reverse()", ".select_related()", ".extra(select={'extra_name': '1'})",
        f".union({model}.objects.filter(pk=1))", ".using('default')", ".order_by('pk')",
        f".union({model}.objects.filter(pk__lt=3), all=True).order_by('pk')",
        f".intersection({model}.objects.filter(pk__lt=3 + k))", ".select_for_update()",
        f".difference({model}.objects.filter(pk=k))", ".prefetch_related(None)",
        f" | {model}.objects.filter(pk=k)", f" & {model}.objects.filter(pk__gt=k)", *modes,
    ])  # fmt: skip


_STEPS = [
    _select_related, _select_related, _prefetch_related, _prefetch_related, _only, _order, _order,
    _filter, _filter, _annotate, _rare,
]  # fmt: skip


def bound(random: Random, made: dict[str, Type]) -> tuple[str, Type]:
    """An expression for one name of the context; `made` are the names before it."""
    text, type_ = queryset(random, random.choice(MODELS))
    pages = [name for name, (kind, _) in made.items() if kind == "page"]
    if pages and likely(random, 0.4):
        return f"{pages[0]}.object_list", ("rows", made[pages[0]][1])
    rows = [name for name, (kind, _) in made.items() if kind == "rows"]
    if rows and likely(random, 0.3):
        text = random.choice(rows)
        type_ = made[text]
    if type_[0] != "rows":
        return text, type_
    model = type_[1]
    if model in RAW and likely(random, 0.03):
        select = f"'SELECT * FROM ' + {model}._meta.db_table + ' ORDER BY id'"
        return f"{model}.objects.raw({select})", type_
    return random.choice([
        (text, type_), (text, type_), (text, type_), (text, type_), (text, type_),
        (f"list({text})", ("list", model)), (f"tuple({text})", ("list", model)),
        (f"{text}.first()", ("one", model)), (f"{text}.last()", ("one", model)),
        (f"{text}.first()", ("one", model)), (f"{model}._base_manager.get(pk=1)", ("one", model)),
        (f"Paginator({text}, 3).page(1)", ("page", model)),
        (f"Paginator({text}, 2).get_page(9)", ("page", model)),
        (f"{{'a': {text}, 'items': list({text})}}", ("box", model)),
        (f"(one for one in {text})", ("list", model)),
        (f"{text}.iterator()", ("list", model)), (f"{model}.objects", ("manager", model)),
        (f"list(enumerate({text}))", ("any", "")),
        (f"{{one.pk: one for one in {text}}}", ("any", "")),
        (f"{{one.pk: one for one in {text}}}.values()", ("list", model)),
        (f"[{{'it': one, 'k': k}} for one in {text}]", ("holders", model)),
        (f"[SimpleNamespace(it=one) for one in {text}]", ("holders", model)),
        (f"[one for one in {text} if one] + [3, None]", ("list", model)),
        (f"(lambda: {text})", type_), (f"[{text}, {text}]", ("boxes", model)),
        (f"{text}.in_bulk().values()", ("list", model)), (f"({text},)[-1]", type_),
        (f"{{'name': [{{'deep': {text}}}]}}['name'][0]['deep']", type_),
        (f"{text}.iterator(chunk_size=2)", ("list", model)), (f"list({text}) * 2", ("list", model)),
        (f"modelform_factory({model}, exclude=['key'])(instance={model}._base_manager.first())",
         ("form", model)),
        *_related(random, text, model),
    ])  # fmt: skip


def _related(random: Random, text: str, model: str) -> list[tuple[str, Type]]:
    """Related managers and objects of one instance."""
    found: list[tuple[str, Type]] = []
    for name in TO_MANY[model]:
        target = ATTRIBUTES[model][name][1]
        found.append((f"{text}.first().{name}", ("manager", target)))
        found.append((f"{text}.first().{name}.all()", ("rows", target)))
    return random.sample(found, min(2, len(found)))


def context(random: Random) -> tuple[dict[str, str], dict[str, Type]]:
    """Expressions by name, and the types of what they give."""
    expressions: dict[str, str] = {}
    types: dict[str, Type] = {}
    for name in ("a", "b", "c")[: random.randint(1, 3)]:
        expressions[name], types[name] = bound(random, types)
    if likely(random, 0.4):
        expressions["n"], types["n"] = random.choice(["3", "'<t>'", "None", "1.5"]), ("any", "")
    return expressions, types
