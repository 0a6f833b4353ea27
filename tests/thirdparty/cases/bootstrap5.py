"""django-bootstrap5: tags that render forms in Python, and block tags with parsed arguments."""

from django.core.paginator import Paginator

from tests.thirdparty.forms import OrderForm, bound_form, bound_formset
from tests.thirdparty.models import Book

LOAD = "{% load django_bootstrap5 %}"

CASES = {
    "a form": (
        LOAD + "{% bootstrap_form form layout='horizontal' %}{% bootstrap_form_errors form %}",
        lambda request: {"form": bound_form()},
    ),
    "fields": (
        LOAD + "{% for field in form %}{% bootstrap_field field size='sm' placeholder=title %}"
        "{% bootstrap_label field.label %}{% endfor %}"
        "{% bootstrap_button 'Save <' button_type='submit' %}",
        lambda request: {"form": OrderForm(), "title": "T<"},
    ),
    "a formset": (
        LOAD + "{% bootstrap_formset formset %}",
        lambda request: {"formset": bound_formset()},
    ),
    "pages": (
        LOAD + "{% for book in page %}{{ book.title }} {{ book.author.name }}\n{% endfor %}"
        "{% bootstrap_pagination page url='/shelf/?q=a' extra='x=1' %}",
        lambda request: {"page": Paginator(Book.objects.order_by("pk"), 3).page(2)},
    ),
    "alerts and addresses": (
        LOAD + "{% bootstrap_alert text alert_type='danger' %}{% bootstrap_css %}"
        "{% bootstrap_javascript %}{% bootstrap_messages %}"
        "{% bootstrap_setting 'field_class' as c %}{{ c }}",
        lambda request: {"text": "Careful <&>"},
    ),
}
