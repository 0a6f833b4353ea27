"""Pages on which nothing can be gained, beside ours with its data plane switched off."""

from collections.abc import Iterator

from django.template import engines

from sample_site.blog.models import Post
from sample_site.rentals.models import Lease

from .cases_pages import Context, change_rows, dashboard_by_hand, profile_by_hand
from .engines import OFF, OURS
from .timing import Case

_MOST = {"off": 1.05}


def cases() -> Iterator[Case]:
    yield tuned("tuned: an evaluated list", "leases", evaluated_leases)
    yield tuned("tuned: a QuerySet that nobody reads", "greeting", unread)
    yield tuned("tuned: 3 queries by hand", "dashboard", evaluated_dashboard)
    yield tuned("tuned: one object, joined by hand", "profile", profile_by_hand)


def tuned(title: str, name: str, view: Context) -> Case:
    ours = engines[OURS].get_template(f"benchmarks/{name}.html")
    off = engines[OFF].get_template(f"benchmarks/{name}.html")
    variants = {"off": lambda: off.render(view()), "ours": lambda: ours.render(view())}
    return Case(title, variants, change_rows, _MOST)


def evaluated_leases() -> dict[str, object]:
    return {"leases": list(Lease.objects.select_related("property", "tenant__user")[:100])}


def unread() -> dict[str, object]:
    return {"name": "reader", "posts": Post.objects.filter(status="published")}


def evaluated_dashboard() -> dict[str, object]:
    return {name: list(rows) for name, rows in dashboard_by_hand().items()}
