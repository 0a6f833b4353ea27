"""JSON views: ``serialize()`` beside the dicts that one writes by hand."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from djust_engine import serialize
from sample_site.blog.models import Comment, Post
from sample_site.rentals.models import Lease

from .cases_pages import change_rows
from .timing import Case

LEASE = ["reference", "rent", "property.name", "tenant.phone", "tenant.user.email"]
POST = ["title", "author.first_name", "author.profile.avatar", "tags.name", "comments.text"]

Found = list[dict[str, Any]]


def cases() -> Iterator[Case]:
    yield case("JSON of leases", leases, leases_naive, leases_selected, leases_of_rows)
    yield case("JSON of a blog", journal, journal_naive, journal_prefetched, journal_of_rows)


def case(title: str, ours: Any, naive: Any, hand: Any, floor: Any) -> Case:
    variants = {"naive": naive, "hand": hand, "floor": floor, "ours": ours}
    return Case(title, variants, change_rows, {"floor": 1.1})


def leases() -> Found:
    return serialize(Lease.objects.all(), LEASE)


def leases_naive() -> Found:
    return [lease_of(lease) for lease in Lease.objects.all()]


def leases_selected() -> Found:
    return [lease_of(one) for one in Lease.objects.select_related("property", "tenant__user")]


def lease_of(lease: Lease) -> dict[str, Any]:
    return {
        "reference": lease.reference,
        "rent": lease.rent,
        "property": {"name": lease.property.name},
        "tenant": {"phone": lease.tenant.phone, "user": {"email": lease.tenant.user.email}},
    }


def leases_of_rows() -> Found:
    rows = Lease.objects.values_list(
        "reference", "rent", "property__name", "tenant__phone", "tenant__user__email"
    )
    return [
        {
            "reference": reference,
            "rent": rent,
            "property": {"name": name},
            "tenant": {"phone": phone, "user": {"email": email}},
        }
        for reference, rent, name, phone, email in rows
    ]


def published() -> Any:
    return Post.objects.filter(status="published")[:100]


def journal() -> Found:
    return serialize(published(), POST)


def journal_naive() -> Found:
    return [post_of(post) for post in published()]


def journal_prefetched() -> Found:
    posts = published().select_related("author__profile").prefetch_related("tags", "comments")
    return [post_of(post) for post in posts]


def post_of(post: Post) -> dict[str, Any]:
    author = post.author
    return {
        "title": post.title,
        "author": {
            "first_name": author.first_name,
            "profile": {"avatar": str(author.profile.avatar)},
        },
        "tags": [{"name": tag.name} for tag in post.tags.all()],
        "comments": [{"text": comment.text} for comment in post.comments.all()],
    }


def journal_of_rows() -> Found:
    names = ("pk", "title", "author__first_name", "author__profile__avatar")
    rows = list(published().values_list(*names))
    keys = [row[0] for row in rows]
    tags, comments = defaultdict(list), defaultdict(list)
    through = Post.tags.through.objects.filter(post__in=keys).order_by("tag__position")
    for key, name in through.values_list("post_id", "tag__name"):
        tags[key].append({"name": name})
    for key, text in Comment.objects.filter(post__in=keys).values_list("post_id", "text"):
        comments[key].append({"text": text})
    return [
        {
            "title": title,
            "author": {"first_name": first, "profile": {"avatar": avatar}},
            "tags": tags[key],
            "comments": comments[key],
        }
        for key, title, first, avatar in rows
    ]
