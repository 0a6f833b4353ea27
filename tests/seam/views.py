"""Pages for the test client, rendered by the engine named "django"."""

from django.shortcuts import render
from django.template.response import TemplateResponse


def page(request):
    return render(request, "seam/page.html", {"title": "A page", "items": [1, 2, 3]})


def broken(request):
    return render(request, "seam/broken.html", {"number": 1})


def missing(request):
    return render(request, "seam/missing_include.html")


def lazy(request):
    return TemplateResponse(request, "seam/page.html", {"title": "Lazy", "items": [7]})
