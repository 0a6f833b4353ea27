"""Addresses that tables link to."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("books/<int:pk>/", lambda request, pk: HttpResponse(pk), name="book")]
