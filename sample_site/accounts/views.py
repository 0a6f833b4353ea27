"""The page of one person."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from .models import Profile


def profile(request: HttpRequest, username: str) -> TemplateResponse:
    person = get_object_or_404(Profile, user__username=username)
    return TemplateResponse(request, "accounts/profile.html", {"profile": person})
