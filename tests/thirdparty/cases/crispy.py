"""django-crispy-forms: nodes that pick templates and render fields with contexts of their own."""

from crispy_forms.bootstrap import AppendedText, FormActions, InlineRadios, PrependedText, Tab
from crispy_forms.bootstrap import TabHolder as Tabs
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Fieldset, Layout, Row, Submit

from tests.thirdparty.forms import (
    BookForm,
    LineFormSet,
    OrderForm,
    bound_form,
    bound_formset,
)


def laid_out(form):
    form.helper = FormHelper()
    form.helper.form_action = "/order/?a=1&b=2"
    form.helper.layout = Layout(
        Fieldset("Who {{ title }}", "name", PrependedText("email", "@<")),
        Tabs(Tab("First", "amount", "gift"), Tab("Second", InlineRadios("size"))),
        Row(Column("colours", css_class="col-6"), Column(Field("day", data_x="{{ title }}"))),
        Div(HTML("{% if title %}<p>{{ title }} {{ form.name.value }}</p>{% endif %}")),
        AppendedText("letter", "pages"),
        FormActions(Submit("save", "Save & go")),
    )
    return form


def horizontal():
    helper = FormHelper()
    helper.form_class = "form-horizontal"
    helper.label_class, helper.field_class = "col-2", "col-10"
    helper.form_show_errors = True
    return helper


def table_inline():
    helper = FormHelper()
    helper.template = "bootstrap5/table_inline_formset.html"
    return helper


LOAD = "{% load crispy_forms_tags crispy_forms_filters crispy_forms_field %}"

CASES = {
    "a form with a layout": (
        LOAD + "{% crispy form %}",
        lambda request: {"form": laid_out(OrderForm()), "title": "T<1>"},
    ),
    "a layout with errors in a loop": (
        LOAD + "{% for title in titles %}{% crispy form %}{{ title }}{% endfor %}",
        lambda request: {"form": laid_out(bound_form()), "titles": ["a", "b"]},
    ),
    "a helper in the context": (
        LOAD + "{% with h=helper %}{% crispy form h 'bootstrap5' %}{% endwith %}",
        lambda request: {"form": bound_form(), "helper": horizontal()},
    ),
    "the filters": (
        LOAD + "{{ form|crispy }}{{ form|as_crispy_errors }}{{ form.name|as_crispy_field }}"
        "{% for field in form %}{{ field|as_crispy_field:'bootstrap5' }}{% endfor %}",
        lambda request: {"form": bound_form()},
    ),
    "a formset": (
        LOAD + "{% crispy formset %}{{ formset|crispy }}",
        lambda request: {"formset": LineFormSet()},
    ),
    "a formset as a table, with errors": (
        LOAD + "{% crispy formset helper %}",
        lambda request: {"formset": bound_formset(), "helper": table_inline()},
    ),
    "fields by hand": (
        LOAD + "{% for field in form %}{% if field|is_checkbox %}c{% endif %}"
        "{% if field|is_select %}s{% endif %}{{ field|css_class }}"
        "{% crispy_field field 'class' 'x' %}{% endfor %}",
        lambda request: {"form": OrderForm()},
    ),
    "a form of a model": (
        LOAD + "{% block content %}{{ form|crispy }}{% endblock %}",
        lambda request: {"form": BookForm()},
    ),
}
