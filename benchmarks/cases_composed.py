"""Pages put together from many templates, and forms; rendering alone, no database."""

from collections.abc import Iterator

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import engines

from djust_engine import DjustFormRenderer

from .cases_rendering import Contexts, rendering
from .engines import DJANGO, OURS
from .realistic import page
from .timing import Case


def cases() -> Iterator[Case]:
    yield rendering("realistic page", "realistic/page", page, 0.3)
    yield form_rendering("20 fields, as_p", "form", 0.35)
    yield form_rendering("20 fields, by loop", "form_fields", 0.35)


def form_rendering(title: str, name: str, limit: float) -> Case:
    """Django's engine with Django's form renderer, beside ours with ours."""
    renderers = {"django": DjangoTemplates(), "ours": DjustFormRenderer()}
    names = {"django": DJANGO, "ours": OURS}
    templates = {
        variant: engines[engine].get_template(f"benchmarks/{name}.html")
        for variant, engine in names.items()
    }
    contexts = {
        variant: Contexts(lambda number, own=renderer: filled_form(number, own))
        for variant, renderer in renderers.items()
    }

    def change(number: int) -> None:
        for made in contexts.values():
            made.change(number)

    def render(variant: str) -> str:
        return templates[variant].render(contexts[variant].current)

    variants = {"django": lambda: render("django"), "ours": lambda: render("ours")}
    return Case(title, variants, change, {"django": limit})


class LongForm(forms.Form):
    """20 fields: every fifth one of a kind."""


for position in range(4):
    LongForm.base_fields |= {
        f"name_{position}": forms.CharField(max_length=80, help_text="As in your passport"),
        f"email_{position}": forms.EmailField(),
        f"topic_{position}": forms.ChoiceField(choices=[(str(n), f"Topic {n}") for n in range(5)]),
        f"text_{position}": forms.CharField(widget=forms.Textarea),
        f"copy_{position}": forms.BooleanField(required=False),
    }


def filled_form(number: int, renderer: object) -> dict[str, object]:
    data = {f"name_{position}": f"<{number}>" for position in range(4)}
    data |= {f"email_{position}": "nobody" for position in range(2)}
    bound = LongForm(data, renderer=renderer)
    bound.full_clean()
    return {"form": bound, "csrf_token": "token"}
