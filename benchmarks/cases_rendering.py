"""Rendering alone, no database: Django's engine and ours from the same context."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django import forms
from django.template import engines

from sample_site.rentals.models import Lease

from .engines import DJANGO, OURS
from .timing import Case

UNREAD_ROWS = 2_000


class Contexts:
    """The context of the next renders; a change makes the one that ``make(n)`` gives."""

    def __init__(self, make: Callable[[int], dict[str, object]]) -> None:
        self.make = make
        self.change(0)

    def change(self, number: int) -> None:
        self.current = self.make(number)


def cases() -> Iterator[Case]:
    yield rendering("1000x10 integers", "cells", integers, 0.08)
    yield rendering("500 strings full of <>&\"'", "strings", strings, 0.12)
    yield rendering("1,000 objects", "objects", objects, 0.2)
    yield rendering("static markup, 70 KB", "static", lambda n: {"title": f"Title {n}"})
    yield rendering("extends, include, url, static", "composed", numbers)
    yield rendering("a form (Django's renderer)", "form", form)
    yield unread_context()


def rendering(title: str, name: str, make: Callable, limit: float | None = None) -> Case:
    contexts = Contexts(make)
    django = engines[DJANGO].get_template(f"benchmarks/{name}.html")
    ours = engines[OURS].get_template(f"benchmarks/{name}.html")
    variants = {
        "django": lambda: django.render(contexts.current),
        "ours": lambda: ours.render(contexts.current),
    }
    return Case(title, variants, contexts.change, {"django": limit} if limit else {})


def unread_context() -> Case:
    """Ours with a context full of things nobody reads, beside ours with an empty one."""
    contexts = Contexts(unread)
    ours = engines[OURS].get_template("benchmarks/greeting.html")
    variants = {
        "empty": lambda: ours.render({"name": contexts.current["name"]}),
        "ours": lambda: ours.render(contexts.current),
    }
    return Case("unread rows, unread QuerySet", variants, contexts.change, {"empty": 1.0})


def integers(number: int) -> dict[str, object]:
    return {"table": [[number + row * 10 + cell for cell in range(10)] for row in range(1000)]}


def strings(number: int) -> dict[str, object]:
    return {"strings": [f"<a href=\"{n}\" title='{number}'>&</a>" * 4 for n in range(500)]}


@dataclass
class Item:
    name: str
    price: int
    quantity: int

    @property
    def label(self) -> str:
        return self.name.upper()

    @property
    def total(self) -> int:
        return self.price * self.quantity


def objects(number: int) -> dict[str, object]:
    return {"objects": [Item(f"item {number} & {n}", n, number + 2) for n in range(1000)]}


def numbers(number: int) -> dict[str, object]:
    return {"numbers": range(number + 1, number + 51)}


class ContactForm(forms.Form):
    name = forms.CharField(max_length=80)
    email = forms.EmailField()
    topic = forms.ChoiceField(choices=[("a", "A lease"), ("b", "A repair")])
    text = forms.CharField(widget=forms.Textarea, help_text="In a few words")
    copy = forms.BooleanField(required=False)


def form(number: int) -> dict[str, object]:
    bound = ContactForm({"name": f"<{number}>", "email": "nobody"})
    bound.full_clean()
    return {"form": bound}


def unread(number: int) -> dict[str, object]:
    rows = [{"number": n, "name": f"row {n}", "parts": [n] * 5} for n in range(UNREAD_ROWS)]
    return {"name": f"<{number}>", "rows": rows, "leases": Lease.objects.all()}
