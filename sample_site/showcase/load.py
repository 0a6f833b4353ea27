"""Replaces the rows of the sample site by the sample rows."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from sample_site.accounts.models import Profile
from sample_site.blog.models import Comment, Post, Tag
from sample_site.rentals.models import Lease, MaintenanceRequest, Property, Tenant

from . import houses, journal, people

SEED = 1851
REPLACED = [Comment, Post, Tag, MaintenanceRequest, Lease, Property, Tenant, Profile, User]


def load(today: dt.date) -> dict[str, int]:
    """Replace all rows by the sample rows and write the avatars; return counts by model name.

    The same ``today`` gives the same rows, however often it is loaded.
    """
    groups = build(today, Random(SEED))
    with transaction.atomic():
        for model in REPLACED:
            model._default_manager.all().delete()
        for group in groups:
            type(group[0])._default_manager.bulk_create(group, batch_size=500)
        reset_sequences([type(group[0]) for group in groups])
    people.write_avatars(Path(settings.MEDIA_ROOT))
    return {type(group[0])._meta.object_name: len(group) for group in groups}


def build(today: dt.date, random: Random) -> list[Sequence[Model]]:
    """All instances, unsaved, each list after those that its rows point to."""
    users, tenants = people.users(), people.tenants(random)
    homes = houses.properties(today, random)
    posts = journal.posts(today, random)
    return [
        users,
        people.profiles(users),
        tenants,
        homes,
        houses.leases(homes, tenants, today, random),
        houses.maintenance_requests(homes, today, random),
        journal.tags(),
        posts,
        journal.post_tags(posts),
        journal.comments(posts, random),
    ]


def reset_sequences(models: list[type[Model]]) -> None:
    """Let databases with sequences count on from the primary keys given here."""
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
