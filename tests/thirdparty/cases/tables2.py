"""django-tables2: a node that loads a template by name and hands a table, and its pages, to it."""

import django_tables2 as tables
from django_tables2 import RequestConfig

from tests.thirdparty.models import Book


class BookTable(tables.Table):
    title = tables.Column(linkify=True, attrs={"td": {"data-x": "<&>"}})
    author = tables.Column(accessor="author__name", verbose_name="By", footer="end")
    price = tables.TemplateColumn(
        "{% load humanize %}{{ value|default_if_none:'free'|intcomma }}{{ record.author.name }}"
    )
    place = tables.TemplateColumn("{{ row_counter }} {{ column.verbose_name }} {{ table.prefix }}")
    sold_out = tables.BooleanColumn()
    picked = tables.CheckBoxColumn(accessor="pk")

    class Meta:
        model = Book
        fields = ("title", "author", "printed", "price", "sold_out")
        template_name = "django_tables2/bootstrap5.html"
        row_attrs = {"data-id": lambda record: record.pk}
        attrs = {"class": "table <striped>"}


class PlainTable(tables.Table):
    name = tables.Column()
    number = tables.Column(order_by="name")


def configured(request, queryset=None, **options):
    table = BookTable(queryset if queryset is not None else Book.objects.all(), **options)
    return RequestConfig(request, paginate={"per_page": 7}).configure(table)


LOAD = "{% load django_tables2 %}"
RECORDS = [{"name": f"n<{at}>", "number": at} for at in range(4)]

CASES = {
    "pages and sorting": (
        LOAD + "{% render_table table %}{{ table.page.number }}",
        lambda request: {"table": configured(request)},
    ),
    "joined by hand": (
        LOAD + "{% render_table table 'django_tables2/table.html' %}",
        lambda request: {"table": configured(request, Book.objects.select_related("author"))},
    ),
    "a QuerySet": (
        LOAD + "{% render_table books %}{% for book in books %}{{ book.title }}{% endfor %}",
        lambda request: {"books": Book.objects.filter(pk__lt=6)},
    ),
    "a list of dicts, twice": (
        LOAD + "{% for t in tables %}{% render_table t %}{% endfor %}",
        lambda request: {"tables": [PlainTable(RECORDS), PlainTable([], empty_text="none <")]},
    ),
    "rows by hand": (
        LOAD + "{% for row in table.rows %}{% for column, cell in row.items %}"
        "{{ column.header }}={{ cell }};{% endfor %}{{ row.record.author.name }}\n{% endfor %}",
        lambda request: {"table": configured(request, prefix="p-")},
    ),
}
