"""The floor: the same bytes from ``values_list`` rows, an f-string a row and ``html.escape``."""

from collections import defaultdict
from html import escape

from sample_site.accounts.models import Profile
from sample_site.blog.models import Comment, Post
from sample_site.rentals.models import Lease, MaintenanceRequest, Property

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def leases() -> str:
    rows = Lease.objects.values_list(
        "reference", "property__name", "tenant__phone", "tenant__user__email"
    )
    lines = [
        f"<tr><td>{escape(a)}</td><td>{escape(b)}</td><td>{escape(c)}</td><td>{escape(d)}</td></tr>\n"
        for a, b, c, d in rows
    ]
    return f"<table>\n{''.join(lines)}</table>\n"


def leases_mixed() -> str:
    rows = Lease.objects.values_list(
        "reference", "property__name", "status", "end_date", "rent", "pets"
    )
    statuses = dict(Lease.Status.choices)
    lines = [
        f"<tr><td>{escape(reference)}</td><td>{escape(house)}</td><td>{statuses[status]}</td>"
        f"<td>{day(end_date)}</td><td>{rent}</td><td>{'pets' if pets else 'none'}</td></tr>\n"
        for reference, house, status, end_date, rent, pets in rows
    ]
    return f"<table>\n{''.join(lines)}</table>\n"


def journal() -> str:
    posts = Post.objects.filter(status="published").values_list(
        "pk", "title", "author__first_name", "author__last_name", "author__profile__avatar"
    )[:100]
    rows = list(posts)
    keys = [row[0] for row in rows]
    tags, comments = journal_tags(keys), journal_comments(keys)
    return "".join(journal_post(row, tags[row[0]], comments[row[0]]) for row in rows)


def journal_tags(keys: list[int]) -> dict[int, list[str]]:
    rows = Post.tags.through.objects.filter(post__in=keys).order_by("tag__position")
    lines = defaultdict(list)
    for key, name in rows.values_list("post_id", "tag__name"):
        lines[key].append(f"<b>{escape(name)}</b>\n")
    return lines


def journal_comments(keys: list[int]) -> dict[int, list[str]]:
    rows = Comment.objects.filter(post__in=keys)
    lines = defaultdict(list)
    for key, first, last, text in rows.values_list(
        "post_id", "author__first_name", "author__last_name", "text"
    ):
        lines[key].append(f"<li>{escape(f'{first} {last}'.strip())}: {escape(text)}</li>\n")
    return lines


def journal_post(row: tuple, tags: list[str], comments: list[str]) -> str:
    _, title, first, last, avatar = row
    name = f"{first} {last}".strip()
    return (
        f"<article>\n<h2>{escape(title)}</h2>\n"
        f'<img src="/media/{escape(avatar)}"> {escape(name)}\n'
        f"{''.join(tags)}<p>{len(comments)} comments</p>\n"
        f"<ul>\n{''.join(comments)}</ul>\n</article>\n"
    )


def dashboard() -> str:
    return dashboard_properties() + dashboard_requests() + dashboard_leases()


def dashboard_properties() -> str:
    rows = Property.objects.filter(district="harbour").values_list(
        "name", "street", "rent", "tenant_id", "tenant__preferred_name"
    )
    lines = [
        f"<li>{escape(name)}, {escape(street)}: {rent:.2f} "
        f"{'vacant' if tenant is None else escape(preferred_name)}</li>\n"
        for name, street, rent, tenant, preferred_name in rows
    ]
    return f"<p>{len(lines)} properties</p>\n<ul>\n{''.join(lines)}</ul>\n"


def dashboard_requests() -> str:
    rows = MaintenanceRequest.objects.filter(property__district="harbour").exclude(status="done")
    columns = rows.values_list("title", "property__name", "priority", "opened_on")
    priorities = dict(MaintenanceRequest.Priority.choices)
    lines = [
        f"<tr><td>{escape(title)}</td><td>{escape(house)}</td>"
        f"<td>{priorities[priority]}</td><td>{day(opened_on)}</td></tr>\n"
        for title, house, priority, opened_on in columns
    ]
    return f"<p>{len(lines)} requests</p>\n<table>\n{''.join(lines)}</table>\n"


def dashboard_leases() -> str:
    rows = Lease.objects.filter(property__district="harbour", status="active")
    columns = rows.order_by("end_date").values_list(
        "end_date", "property__name", "tenant__user__first_name", "tenant__user__email"
    )[:5]
    lines = [
        f"<li>{escape(house)} of {escape(name)} ({escape(email)}) until {day(end_date)}</li>\n"
        for end_date, house, name, email in columns
    ]
    return f"<p>{len(lines)} leases</p>\n<ul>\n{''.join(lines)}</ul>\n"


def day(date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def profile() -> str:
    columns = [
        *("user__first_name", "user__email", "location", "user__tenant__preferred_name"),
        *("user__tenant__home__name", "user__tenant__home__manager__first_name"),
        *("user__tenant__home__manager__profile__phone", "user__tenant__guarantor__first_name"),
        "user__tenant__guarantor__profile__location",
    ]
    row = Profile.objects.values_list(*columns).get(user__username="mina")
    name, email, town, known_as, home, manager, phone, guarantor, place = map(escape, row)
    return (
        f"<h1>{name}</h1>\n<p>{email}, {town}</p>\n<p>{known_as} at {home}</p>\n"
        f"<p>{manager}, {phone}</p>\n<p>{guarantor}, {place}</p>\n"
    )
