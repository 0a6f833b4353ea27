"""Properties, leases and maintenance requests: unsaved instances, dates counted from ``today``."""

import datetime as dt
from decimal import Decimal
from random import Random

from sample_site.rentals.models import Lease, MaintenanceRequest, Property, Tenant

from .people import STAFF

DISTRICTS = {"harbour": 15, "old-town": 40, "riverside": 35, "hill": 30}
HARBOUR_TENANTS = 10
LEASES = 1_000
HARBOUR_REQUESTS = 25
OTHER_REQUESTS = 95

STREETS = [
    "Anchor Row",
    "Bellfounder's Yard",
    "Cooper Street",
    "Dock Lane",
    "Elm Walk",
    "Fish Hill",
]
NAMES = ["Sail Loft", "Rope & Twine House", "The Chandlery", "Lantern Flat", "Tide Cottage"]
FAULTS = [
    ("Boiler makes a knocking noise", 1),
    ("Kitchen tap drips", 3),
    ("Window does not close", 2),
    ("No light in the stairwell", 1),
    ("Damp patch > 1 m² in the bedroom", 2),
    ("Door bell is silent", 3),
    ("Washing machine leaks", 1),
]
CONTRACTORS = ["", "Tanaka & Daughters", "Bright Sparks", "Drip Stop Ltd"]


def properties(today: dt.date, random: Random) -> list[Property]:
    homes = [name for name, count in DISTRICTS.items() for _ in range(count)]
    return [house(pk, district, today, random) for pk, district in enumerate(homes, 1)]


def house(pk: int, district: str, today: dt.date, random: Random) -> Property:
    bedrooms = random.randint(1, 4)
    return Property(
        pk=pk,
        name=f"{NAMES[pk % len(NAMES)]} {pk}",
        street=f"{pk % 48 + 1} {STREETS[pk % len(STREETS)]}",
        postcode=f"HB{pk % 9 + 1} {pk % 8 + 1}LT",
        city="Harbourton",
        district=district,
        kind=Property.Kind.values[pk % 4],
        bedrooms=bedrooms,
        bathrooms=1 + bedrooms // 3,
        area=28 + bedrooms * 19 + pk % 11,
        rent=Decimal(620 + bedrooms * 240 + pk % 7 * 15),
        built=1850 + pk * 13 % 170,
        energy_class="ABCDE"[pk % 5],
        manager_id=STAFF[pk % len(STAFF)],
        tenant_id=occupant(pk),
        listed_on=today - dt.timedelta(days=30 + pk),
        description="Bright rooms, a dry cellar & a view that <estate agents> call rare.",
    )


def occupant(property_pk: int) -> int | None:
    """The tenant of a property: ten of the fifteen at the harbour, five of six elsewhere."""
    in_harbour = property_pk <= DISTRICTS["harbour"]
    is_vacant = property_pk % 3 == 0 if in_harbour else property_pk % 6 == 0
    return None if is_vacant else property_pk


def leases(
    homes: list[Property], tenants: list[Tenant], today: dt.date, random: Random
) -> list[Lease]:
    """One running lease for each home that is let, ended ones for the rest of the thousand."""
    let = [home for home in homes if home.tenant_id]
    running = [lease(n, home, home.tenant_id, today, random) for n, home in enumerate(let, 1)]
    ended = [
        lease(n, random.choice(homes), random.choice(tenants).pk, None, random)
        for n in range(len(let) + 1, LEASES + 1)
    ]
    return running + ended_before(today, ended)


def ended_before(today: dt.date, leases: list[Lease]) -> list[Lease]:
    for number, lease in enumerate(leases):
        lease.end_date = today - dt.timedelta(days=20 + number * 3)
        lease.start_date = lease.end_date - dt.timedelta(days=365)
        lease.signed_on = lease.start_date - dt.timedelta(days=12)
    return leases


def lease(
    pk: int, home: Property, tenant_pk: int | None, today: dt.date | None, random: Random
) -> Lease:
    """A lease that runs out 9 or more days after ``today``; one without dates when that is None."""
    end = today and today + dt.timedelta(days=pk * 9)
    return Lease(
        pk=pk,
        reference=f"L-{pk:05d}",
        property=home,
        tenant_id=tenant_pk,
        status=Lease.Status.ACTIVE if today else Lease.Status.ENDED,
        end_date=end,
        start_date=end and end - dt.timedelta(days=365),
        signed_on=None if pk % 9 == 0 else end and end - dt.timedelta(days=380),
        rent=home.rent,
        deposit=home.rent * 2,
        payment_day=random.choice([1, 15]),
        auto_renew=random.random() < 0.3,
        pets=random.random() < 0.2,
        parking=random.random() < 0.4,
        notes="Keys with the neighbour." if pk % 10 == 0 else "",
    )


def maintenance_requests(
    homes: list[Property], today: dt.date, random: Random
) -> list[MaintenanceRequest]:
    harbour = [home for home in homes if home.district == "harbour"]
    elsewhere = homes[len(harbour) :]
    places = [harbour[n % len(harbour)] for n in range(HARBOUR_REQUESTS)]
    places += [random.choice(elsewhere) for _ in range(OTHER_REQUESTS)]
    return [request(pk, home, today, random) for pk, home in enumerate(places, 1)]


def request(pk: int, home: Property, today: dt.date, random: Random) -> MaintenanceRequest:
    title, priority = FAULTS[pk % len(FAULTS)]
    is_done = pk > HARBOUR_REQUESTS and pk % 2
    return MaintenanceRequest(
        pk=pk,
        property=home,
        reported_by_id=home.tenant_id,
        title=title,
        description=f"{title}. Since <last week>, & getting worse.",
        priority=priority,
        status="done" if is_done else random.choice(["open", "scheduled"]),
        estimate=None if pk % 4 == 0 else Decimal(pk * 17 % 900 + 40),
        contractor=random.choice(CONTRACTORS),
        opened_on=today - dt.timedelta(days=pk % 21),
        due_on=None if pk % 5 == 0 else today + dt.timedelta(days=pk % 14 + 1),
    )
