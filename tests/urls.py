"""Addresses of the test project: the admin, and views that `{% url %}` and the client reach."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path


def nothing(request, **arguments):
    return HttpResponse()


things = ([path("<slug:slug>/", nothing, name="detail")], "things")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("seam/", include("tests.seam.urls")),
    path("plain/", nothing, name="plain"),
    path("number/<int:pk>/", nothing, name="number"),
    path("pair/<int:first>/<str:second>/", nothing, name="pair"),
    path("café/<str:name>/", nothing, name="café"),
    path("things/", include(things)),
    path("others/", include(things, namespace="others")),
]
