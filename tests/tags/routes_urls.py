"""A URLconf with every kind of pattern that `{% url %}` reverses."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.urls.converters import IntConverter, register_converter


def nothing(request, **kwargs):
    return HttpResponse()


class EvenConverter(IntConverter):
    def to_url(self, value):
        if int(value) % 2:
            raise ValueError(value)
        return str(value)


register_converter(EvenConverter, "even_number")

INNER = (
    [
        path("", nothing, name="index"),
        path("<int:pk>/", nothing, name="one"),
        path("<slug:slug>.html", nothing, name="page"),
    ],
    "inner",
)

urlpatterns = [
    path("", nothing, name="root"),
    path("100%/<str:name>/é", nothing, name="odd_text"),
    path("n/<int:pk>/", nothing, name="int"),
    path("s/<str:pk>/", nothing, name="str"),
    path("g/<slug:pk>", nothing, name="slug"),
    path("u/<uuid:pk>/", nothing, name="uuid"),
    path("p/<path:pk>", nothing, name="path"),
    path("<path:pk>", nothing, name="all"),
    path("e/<even_number:pk>/", nothing, name="even"),
    path("two/<int:pk>/<str:b>/", nothing, name="two"),
    path("more/<int:pk>/", nothing, name="more"),
    path("more/<slug:pk>/edit/", nothing, name="more"),
    path("more/<int:pk>/<int:b>/", nothing, name="more"),
    path("given/<int:pk>/", nothing, {"b": 5}, name="given"),
    re_path(r"^r/(?P<pk>[0-9]{4})/$", nothing, name="regex"),
    re_path(r"^positional/(\d+)/([a-z.]+)/$", nothing, name="positional"),
    re_path(r"^optional/(?:page-(?P<pk>[0-9]+)/)?$", nothing, name="optional"),
    re_path(r"^either/(?:a|b)/(?P<pk>\w+)$", nothing, name="either"),
    path("in/", include(INNER)),
    path("other/<int:b>/", include(INNER, namespace="other")),
    re_path(r"^old/(?P<b>\d)/", include(INNER, namespace="old")),
    *i18n_patterns(path("l/<int:pk>/", nothing, name="localized")),
]
