"""Addresses of two pages that go wrong on purpose, for the panel to explain."""

from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("left-to-django/", views.left_to_django, name="left-to-django"),
    path("n-plus-one/", views.n_plus_one, name="n-plus-one"),
]
