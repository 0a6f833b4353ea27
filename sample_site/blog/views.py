"""The journal, as one writes it: no ``select_related``, no ``prefetch_related``."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.views.generic import DetailView

from .models import Post


def post_list(request: HttpRequest) -> TemplateResponse:
    posts = Post.objects.filter(status="published")[:100]
    return TemplateResponse(request, "blog/post_list.html", {"posts": posts})


class PostDetailView(DetailView):
    queryset = Post.objects.filter(status="published")
