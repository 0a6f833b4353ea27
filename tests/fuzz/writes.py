"""What is written to the database between two renders, as expressions.

No QuerySet is evaluated: one that was fetched as rows is not evaluated by a render, as with Django.
"""

from random import Random

from tests.fuzz.objects import FORWARD, TEXT_OF
from tests.fuzz.schema import ATTRIBUTES, Type


def between(random: Random, types: dict[str, Type]) -> tuple[str, ...]:
    """One to three writes, most often to models of what the context holds, or beside them."""
    models = [model for _, model in types.values() if model]
    models += [ATTRIBUTES[one][name][1] for one in models for name in FORWARD[one]]
    models = models or ["Book", "Author"]
    return tuple(
        random.choice(_WRITES)(random, random.choice(models), types)
        for _ in range(random.randint(1, 3))
    )


def _text(random: Random, model: str, types: dict[str, Type]) -> str:
    name = TEXT_OF.get(model, "name")
    if name.endswith("id"):
        return _link(random, model, types)
    return f"{model}._base_manager.filter(pk__gt=k).update({name}='written %d' % k)"


def _link(random: Random, model: str, types: dict[str, Type]) -> str:
    if not FORWARD[model]:
        return _gone(random, model, types)
    name = random.choice(FORWARD[model])
    target = ATTRIBUTES[model][name][1]
    other = random.choice(["None", f"{target}._base_manager.order_by('-pk').first()"])
    return f"{model}._base_manager.filter(pk__lt=4).update({name}={other})"


def _gone(random: Random, model: str, types: dict[str, Type]) -> str:
    return f"{model}._base_manager.filter(pk=k + 1).delete()"


def _many(random: Random, model: str, types: dict[str, Type]) -> str:
    how = random.choice(["clear()", "set(Tag.objects.all()[:k])", "add(Tag.objects.first())"])
    return f"Book.objects.all()[k % 3].tags.{how}"


def _object(random: Random, model: str, types: dict[str, Type]) -> str:
    """Something done to an object of the context."""
    name = random.choice([*types, ""]) if types else ""
    kind, model = types.get(name, ("", ""))
    if kind == "one" and model:
        text = TEXT_OF.get(model, "name")
        return random.choice([
            f"{name}.refresh_from_db()", f"setattr({name}, {text!r}, 'set %d' % k)",
            f"{name}.save()", f"{name}.delete()",
        ])  # fmt: skip
    if kind == "rows":
        return random.choice([f"{name}.update()", f"[one.save() for one in {name}.all()]"])
    if kind == "list":
        return random.choice([f"{name}.pop()", f"[one.refresh_from_db() for one in {name}]"])
    return "Comment.objects.create(book_id=1, author_id=1, text='new')"


_WRITES = [_text, _text, _link, _gone, _many, _object, _object]
