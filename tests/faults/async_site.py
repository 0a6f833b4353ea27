"""Addresses of async views: who asks, and in which language, is in the page."""

import asyncio

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone, translation

from sample_site.rentals.models import Lease


async def context_of(request, number):
    leases = Lease.objects.select_related("property", "tenant__user").order_by("pk")
    return {
        "number": number,
        "user": await User.objects.aget(pk=number),
        "leases": [lease async for lease in leases[number : number + 5]],
    }


async def in_loop(request, number):
    """Rendered in the event loop, over what was awaited before."""
    context = await context_of(request, number)
    with translation.override(request.GET["language"]), timezone.override(request.GET["zone"]):
        await asyncio.sleep(0.001)
        first = render(request, "asked.html", context)
        await asyncio.sleep(0.001)
        second = render(request, "asked.html", context)
    assert first.content == second.content
    return first


async def in_thread(request, number):
    """Rendered in a thread, over a QuerySet that nobody has evaluated."""

    def page():
        leases = Lease.objects.order_by("pk")[number : number + 5]
        context = {"number": number, "user": User.objects.get(pk=number), "leases": leases}
        with translation.override(request.GET["language"]), timezone.override(request.GET["zone"]):
            return render(request, "asked.html", context)

    return await sync_to_async(page, thread_sensitive=False)()


async def by_handler(request, number):
    """Rendered by Django's handler, after the view."""
    translation.activate(request.GET["language"])
    timezone.activate(request.GET["zone"])
    await asyncio.sleep(0.001)
    context = {"number": number, "user": await User.objects.aget(pk=number)}
    context["leases"] = Lease.objects.order_by("pk")[number : number + 5]
    return TemplateResponse(request, "asked.html", context)


async def lazily(request, number):
    """What Django says where a template runs a query in the event loop."""
    try:
        return render(request, "asked.html", {"leases": Lease.objects.order_by("pk")[:2]})
    except Exception as error:  # its class and message are the answer
        return HttpResponse(f"{type(error).__name__}: {error}")


urlpatterns = [
    path(f"{view.__name__}/<int:number>/", view)
    for view in (in_loop, in_thread, by_handler, lazily)
]
