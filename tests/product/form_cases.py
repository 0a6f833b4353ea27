"""Forms that between them show every widget and every way to print a form."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.forms import widgets
from django.utils.translation import gettext_lazy

from tests.adminapp.models import Chapter, Novel

CHOICES = [("a", "A <b>"), ("Group & co", [("b", "B"), ("c", gettext_lazy("Yes"))])]


class Pair(widgets.MultiWidget):
    """A `MultiWidget` with named parts."""

    def __init__(self) -> None:
        super().__init__({"a": widgets.TextInput, "b": widgets.NumberInput})

    def decompress(self, value: Any) -> list[Any]:
        return [value, 5]


# A widget of each class, with the arguments that it needs.
WIDGETS: dict[str, Callable[[], forms.Widget]] = {
    "text": lambda: widgets.TextInput({"class": "<c>", "data-x": 1, "required": True}),
    "number": widgets.NumberInput,
    "email": widgets.EmailInput,
    "url": widgets.URLInput,
    "password": lambda: widgets.PasswordInput(render_value=True),
    "hidden": widgets.HiddenInput,
    "multiple_hidden": widgets.MultipleHiddenInput,
    "file": widgets.FileInput,
    "clearable": widgets.ClearableFileInput,
    "textarea": lambda: widgets.Textarea({"rows": 1000, "disabled": False, "x": None}),
    "date": widgets.DateInput,
    "datetime": widgets.DateTimeInput,
    "time": widgets.TimeInput,
    "checkbox": widgets.CheckboxInput,
    "select": lambda: widgets.Select(choices=CHOICES),
    "null_boolean": widgets.NullBooleanSelect,
    "select_multiple": lambda: widgets.SelectMultiple(choices=CHOICES),
    "radio": lambda: widgets.RadioSelect(choices=CHOICES),
    "checkboxes": lambda: widgets.CheckboxSelectMultiple(choices=CHOICES),
    "multi": Pair,
    "split_datetime": widgets.SplitDateTimeWidget,
    "split_hidden": widgets.SplitHiddenDateTimeWidget,
    "select_date": lambda: widgets.SelectDateWidget(years=range(2020, 2023)),
}
for _name in ("ColorInput", "SearchInput", "TelInput"):
    if hasattr(widgets, _name):
        WIDGETS[_name] = getattr(widgets, _name)
VALUES = [None, "", "<x>", 1234.5, "a", ["a", "c"], "2021-02-03", True]


class EveryField(forms.Form):
    """One field a kind, some with help, some hidden, one of them missing."""

    name = forms.CharField(label="Name <b>", help_text="Help <i>me</i>", max_length=20)
    email = forms.EmailField(required=False, initial="a@b.c")
    age = forms.IntegerField(min_value=1, max_value=3000, localize=True)
    price = forms.DecimalField(max_digits=8, decimal_places=2, localize=True)
    born = forms.DateField(help_text=gettext_lazy("Today"))
    at = forms.SplitDateTimeField()
    kind = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    picked = forms.TypedChoiceField(choices=CHOICES, label="", label_suffix="?")
    file = forms.FileField(required=False)
    agree = forms.BooleanField(disabled=True)
    token = forms.CharField(widget=forms.HiddenInput, initial="<t>")

    error_css_class = "wrong <c>"
    required_css_class = "needed"


class OnlyHidden(forms.Form):
    token = forms.IntegerField(widget=forms.HiddenInput)


class NovelForm(forms.ModelForm):
    class Meta:
        model = Novel
        fields = "__all__"


POSTED: Mapping[str, Any] = {"name": "<y>" * 10, "age": "x", "kind": "z", "agree": "on", "born": ""}
FORMS: dict[str, Callable[[], Any]] = {
    "unbound": EveryField,
    "bound": lambda: EveryField(POSTED, prefix="p&q"),
    "wrong": lambda: EveryField(POSTED, label_suffix="!", auto_id="x_%s"),
    "no ids": lambda: EveryField({}, auto_id=False),
    "own order": lambda: EveryField(
        POSTED, field_order=["token", "at"], use_required_attribute=False
    ),
    "hidden": lambda: OnlyHidden({"token": "x"}),
    "empty": forms.Form,
    "model": NovelForm,
    "instance": lambda: NovelForm(instance=Novel(title="<t>", price="1.50")),
    "user": lambda: UserCreationForm({"username": "<>"}),
}


def formset(**options: Any) -> Any:
    made = forms.formset_factory(EveryField, extra=2, can_delete=True, can_order=True)
    return made(**options)


def bound_formset() -> Any:
    made = forms.formset_factory(EveryField, extra=1, can_delete=True, validate_min=True, min_num=2)
    count = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-MIN_NUM_FORMS": ""}
    return made({**count, "form-0-name": "<z>"})


FORMSETS: dict[str, Callable[[], Any]] = {
    "unbound": formset,
    "prefix": lambda: formset(prefix="<p>", auto_id=False, form_kwargs={"label_suffix": "!"}),
    "bound": bound_formset,
    "no management": lambda: formset(data={}),
    "model": lambda: forms.modelformset_factory(Chapter, fields="__all__")(),
}
