"""Where the debug toolbar is shown: everywhere but on the page that measures."""

from django.http import HttpRequest
from django.urls import reverse


def is_shown(request: HttpRequest) -> bool:
    return not request.path.startswith(reverse("showcase:compare"))
