"""django-filter: a form over QuerySets whose results the template iterates."""

import django_filters

from tests.thirdparty.models import Author, Book


class BookFilter(django_filters.FilterSet):
    author = django_filters.ModelChoiceFilter(queryset=Author.objects.all())
    price = django_filters.RangeFilter()
    order = django_filters.OrderingFilter(fields=["title", "price"])

    class Meta:
        model = Book
        fields = {"title": ["icontains"], "sold_out": ["exact"]}


LIST = "{% for book in filter.qs %}{{ book.title }}: {{ book.author.name }}\n{% endfor %}"

CASES = {
    "a filter and its results": (
        "{{ filter.form.as_p }}" + LIST,
        lambda request: {"filter": BookFilter(request.GET, Book.objects.order_by("pk"))},
    ),
    "asked and counted": (
        "{% if filter.qs %}{{ filter.qs.count }}{% endif %}" + LIST + LIST,
        lambda request: {
            "filter": BookFilter({"title__icontains": "1"}, Book.objects.order_by("pk"))
        },
    ),
}
