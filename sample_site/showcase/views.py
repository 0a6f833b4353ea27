"""The compare page, measured while you wait; and two pages that go wrong on purpose."""

import platform
from math import prod

import django
from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse

from sample_site.rentals.models import Lease

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


def left_to_django(request: HttpRequest) -> TemplateResponse:
    """A page whose template only Django can compile."""
    return TemplateResponse(
        request, "showcase/left_to_django.html", {"leases": Lease.objects.all()[:10]}
    )


def n_plus_one(request: HttpRequest) -> TemplateResponse:
    """A page on which a filter runs a query for each row."""
    return TemplateResponse(
        request, "showcase/n_plus_one.html", {"leases": Lease.objects.all()[:100]}
    )
