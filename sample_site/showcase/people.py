"""Users, profiles and avatars of the sample site: unsaved instances, the same at each run."""

import datetime as dt
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils.timezone import make_aware

from sample_site.accounts.models import Profile
from sample_site.rentals.models import Tenant

ADMIN = 1
STAFF = range(2, 14)
TENANT_USERS = range(14, 254)
AVATARS = 12

FIRST_NAMES = [
    *("Ada", "Bela", "Cleo", "Dario", "Edda", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaya"),
    *("Lars", "Mina", "Noor", "Otis", "Petra", "Quim", "Rosa", "Sami", "Tova", "Ugo", "Vera"),
    *("Wanda", "Xenia"),
]
LAST_NAMES = [
    *("Abara", "Bergman", "Costa", "Duarte", "Eriksen", "Fontaine", "Guerra", "Haddad", "Ito"),
    *("Jansen", "Kowalski", "Lind", "Moreau", "Novak", "O'Brien", "Petrov", "Quist", "Ruiz"),
    *("Santos", "Tanaka"),
]
JOBS = [
    "Letting agent",
    "Property manager",
    "Inventory clerk",
    "Head of repairs",
    "Accountant",
    "Writer & photographer",
]
CITIES = ["Bristol", "Leith", "Whitby", "Falmouth", "Galway", "Swansea"]
EMPLOYERS = ["City Hospital", "Marlow & Sons", "Tide Software", "Harbour School", "", "Self"]
NO_PASSWORD = "!no-log-in"

AVATAR = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" fill="hsl({hue} 55% 82%)"/>
<circle cx="32" cy="25" r="12" fill="hsl({hue} 45% 38%)"/>
<path d="M8 64c0-15 10-24 24-24s24 9 24 24z" fill="hsl({hue} 45% 38%)"/></svg>
"""


def users() -> list[User]:
    admin = User(
        pk=ADMIN,
        username="admin",
        first_name="Sam",
        last_name="Admin",
        email="admin@harbourlets.example",
        password=make_password("admin", salt="samplesite", hasher="pbkdf2_sha256"),
        is_staff=True,
        is_superuser=True,
        date_joined=make_aware(dt.datetime(2020, 1, 1)),
    )
    return [admin, *(user(pk) for pk in [*STAFF, *TENANT_USERS])]


def user(pk: int) -> User:
    first = FIRST_NAMES[(pk - 2) % len(FIRST_NAMES)]
    last = LAST_NAMES[(pk * 7) % len(LAST_NAMES)]
    is_first = pk - 2 < len(FIRST_NAMES)
    username = first.lower() if is_first else f"{first.lower()}-{pk}"
    return User(
        pk=pk,
        username=username,
        first_name=first,
        last_name=last,
        email=f"{username}@mail.example",
        password=NO_PASSWORD,
        date_joined=make_aware(dt.datetime(2021, 1, 1) + dt.timedelta(days=pk)),
    )


def profiles(accounts: list[User]) -> list[Profile]:
    return [profile(account) for account in accounts]


def profile(user: User) -> Profile:
    pk, city = user.pk, CITIES[user.pk % len(CITIES)]
    is_tenant = pk in TENANT_USERS
    return Profile(
        pk=pk,
        user=user,
        avatar=f"avatars/{pk % AVATARS}.svg",
        job_title="Tenant" if is_tenant else JOBS[pk % len(JOBS)],
        bio=f"{user.first_name} lives in {city} & likes old windows, new kettles and quiet stairs.",
        location=city,
        phone=phone(pk),
        website=f"https://{user.username}.example/",
        newsletter=pk % 3 == 0,
        birthday=dt.date(1960, 1, 1) + dt.timedelta(days=pk * 61),
        member_since=dt.date(2021, 1, 1) + dt.timedelta(days=pk),
    )


def phone(number: int) -> str:
    return f"+44 20 7946 {number:04d}"


def tenants(random: Random) -> list[Tenant]:
    return [tenant(number, pk, random) for number, pk in enumerate(TENANT_USERS, 1)]


def tenant(number: int, user_pk: int, random: Random) -> Tenant:
    return Tenant(
        pk=number,
        user_id=user_pk,
        preferred_name=FIRST_NAMES[(user_pk - 2) % len(FIRST_NAMES)],
        phone=phone(user_pk),
        emergency_contact=phone(user_pk + 1000),
        employer=random.choice(EMPLOYERS),
        income=random.randrange(21, 90) * 1000,
        guarantor_id=STAFF[(number + 5) % len(STAFF)],
        since=dt.date(2019, 1, 1) + dt.timedelta(days=number * 5),
        notes="",
    )


def write_avatars(root: Path) -> None:
    """Write the drawings that the profiles name to ``root``/avatars."""
    folder = root / "avatars"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(AVATARS):
        drawing = AVATAR.format(hue=number * 360 // AVATARS)
        (folder / f"{number}.svg").write_text(drawing, encoding="utf-8")
