"""The compare page: both engines, measured while you wait."""

import platform
from math import prod

import django
from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse

from .measure import compare as measure_pages

MOST_ROUNDS = 50


def compare(request: HttpRequest) -> TemplateResponse:
    rounds = rounds_asked_for(request)
    comparisons = measure_pages(rounds=rounds)
    context = {
        "comparisons": comparisons,
        "rounds": rounds,
        "all_equal": all(comparison.equal for comparison in comparisons),
        "saved_queries": sum(comparison.saved_queries for comparison in comparisons),
        "speedup": prod(item.speedup for item in comparisons) ** (1 / len(comparisons)),
        "uses_djust": settings.USES_DJUST,
        "python_version": platform.python_version(),
        "django_version": django.get_version(),
    }
    return TemplateResponse(request, "showcase/compare.html", context)


def rounds_asked_for(request: HttpRequest) -> int:
    asked = request.GET.get("rounds", "")
    return min(max(int(asked), 1), MOST_ROUNDS) if asked.isdecimal() else 5
