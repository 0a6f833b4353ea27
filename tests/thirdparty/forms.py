"""The forms that the cases render: every kind of widget, with and without errors."""

from django import forms
from django.http import QueryDict

from .models import Book


class OrderForm(forms.Form):
    name = forms.CharField(help_text="As on the <b>card</b>", max_length=30)
    email = forms.EmailField(required=False, initial="a&b@example.org")
    amount = forms.IntegerField(min_value=1)
    gift = forms.BooleanField(required=False)
    size = forms.ChoiceField(choices=[("s", "Small <"), ("l", "Large >")], widget=forms.RadioSelect)
    colours = forms.MultipleChoiceField(choices=[("r", "Red"), ("g", "Green")])
    day = forms.SplitDateTimeField(required=False)
    letter = forms.FileField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class BookForm(forms.ModelForm):
    class Meta:
        model = Book
        fields = ["title", "author", "price", "sold_out"]


LineFormSet = forms.formset_factory(OrderForm, extra=2, can_delete=True, can_order=True)


def bound_form() -> OrderForm:
    """A form with errors of fields, and one of its own."""
    form = OrderForm(QueryDict("name=%3Cscript%3E&amount=0&colours=x&gift=on"))
    form.add_error(None, "Not <now>")
    return form


def bound_formset() -> forms.BaseFormSet:
    return LineFormSet(
        QueryDict("form-TOTAL_FORMS=2&form-INITIAL_FORMS=0&form-0-name=a&form-1-amount=0")
    )
