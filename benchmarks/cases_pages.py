"""Pages over the ORM: Django naive, Django by hand, the floor, and ours from the naive view."""

from collections.abc import Callable, Iterator

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.shortcuts import get_object_or_404
from django.template import engines

from sample_site.accounts.models import Profile
from sample_site.blog.models import Comment, Post, Tag
from sample_site.rentals.models import Lease, MaintenanceRequest, Property, Tenant

from . import floors
from .engines import DJANGO, OURS
from .timing import Case

Context = Callable[[], dict[str, object]]


def cases() -> Iterator[Case]:
    yield page(
        "leases, 1,000 rows", "leases", leases, leases_by_hand, {"hand": 0.13, "floor": 0.95}
    )
    yield page("leases, dates and decimals", "leases_mixed", leases, mixed_by_hand, {})
    yield page("journal, 100 posts", "journal", journal, journal_by_hand, {"hand": 0.18})
    yield page("dashboard, 45 rows", "dashboard", dashboard, dashboard_by_hand, {"hand": 0.2})
    yield page("profile", "profile", profile, profile_by_hand, {"hand": 0.35})


def page(title: str, name: str, view: Context, by_hand: Context, limits: dict[str, float]) -> Case:
    django = engines[DJANGO].get_template(f"benchmarks/{name}.html")
    ours = engines[OURS].get_template(f"benchmarks/{name}.html")
    variants = {
        "naive": lambda: django.render(view()),
        "hand": lambda: django.render(by_hand()),
        "floor": getattr(floors, name),
        "ours": lambda: ours.render(view()),
    }
    return Case(title, variants, change_rows, limits)


def leases() -> dict[str, object]:
    return {"leases": Lease.objects.all()}


def leases_by_hand() -> dict[str, object]:
    return {"leases": Lease.objects.select_related("property", "tenant__user")}


def mixed_by_hand() -> dict[str, object]:
    return {"leases": Lease.objects.select_related("property")}


def journal() -> dict[str, object]:
    return {"posts": Post.objects.filter(status="published")[:100]}


def journal_by_hand() -> dict[str, object]:
    posts = Post.objects.filter(status="published").select_related("author__profile")
    return {"posts": posts.prefetch_related("tags", "comments__author")[:100]}


def dashboard() -> dict[str, object]:
    here = {"property__district": "harbour"}
    return {
        "properties": Property.objects.filter(district="harbour"),
        "requests": MaintenanceRequest.objects.filter(**here).exclude(status="done"),
        "leases": Lease.objects.filter(**here, status="active").order_by("end_date")[:5],
    }


def dashboard_by_hand() -> dict[str, object]:
    naive = dashboard()
    return {
        "properties": naive["properties"].select_related("tenant"),
        "requests": naive["requests"].select_related("property"),
        "leases": naive["leases"].select_related("property", "tenant__user"),
    }


def profile() -> dict[str, object]:
    return {"profile": get_object_or_404(Profile, user__username="mina")}


def profile_by_hand() -> dict[str, object]:
    home = "user__tenant__home__manager__profile"
    profiles = Profile.objects.select_related(home, "user__tenant__guarantor__profile")
    return {"profile": get_object_or_404(profiles, user__username="mina")}


def change_rows(number: int) -> None:
    """Give each page other texts, and the journal another number of comments on two posts."""
    Lease.objects.update(reference=numbered(f"R{number}-"))
    Property.objects.update(name=numbered(f"House <{number}> & "))
    Tenant.objects.update(phone=numbered(f"+44 {number} "), preferred_name=numbered(f"T{number}."))
    Profile.objects.update(location=numbered(f'Town "{number}" '))
    MaintenanceRequest.objects.update(title=numbered(f"Fault {number}, "))
    Post.objects.update(title=numbered(f"Post {number} > "), likes=F("likes") + 1)
    Tag.objects.update(name=numbered(f"Tag {number}."))
    Comment.objects.filter(pk=number + 1).update(post_id=100)


def numbered(start: str) -> Concat:
    return Concat(Value(start), Cast("pk", CharField()))
