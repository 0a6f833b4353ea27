"""Posts, tags and comments: unsaved instances, dates counted from ``today``."""

import datetime as dt
from random import Random

from django.utils.text import slugify
from django.utils.timezone import make_aware

from sample_site.blog.models import Comment, Post, Tag

from .people import STAFF, TENANT_USERS

POSTS = 100
COMMENTS = 3

TAGS = ["Harbour life", "Repairs", "Moving in", "Energy", "Law & leases", "Gardens", "Before/after"]
SUBJECTS = [
    "What a good inventory looks like",
    "Five quiet boilers",
    "Sash windows & how to love them",
    "Who pays for what < and when",
    "A loft with a view",
    "Damp: a short history",
    "Moving with a cat",
    "Deposits, explained",
]
SENTENCES = [
    "The house stands where the rope makers worked until 1911.",
    "Ask for the meter readings before you sign, not after.",
    'Our surveyor says "it depends", and she is right.',
    "Most of it is paint; the rest is patience & a ladder.",
    "Heat pumps hum at 38 dB, which is < a fridge.",
    "Photographs beat adjectives.",
]
REMARKS = [
    "Exactly what I needed, thank you!",
    "We had the same in Dock Lane & it took a day.",
    "Is that also true for studios?",
    "A picture of the <before> would be nice.",
]


def tags() -> list[Tag]:
    return [
        Tag(
            pk=pk,
            name=name,
            slug=slugify(name),
            hue=pk * 47 % 360,
            description=f"All about {name.lower()}.",
            position=pk,
        )
        for pk, name in enumerate(TAGS, 1)
    ]


def posts(today: dt.date, random: Random) -> list[Post]:
    return [post(pk, today, random) for pk in range(1, POSTS + 1)]


def post(pk: int, today: dt.date, random: Random) -> Post:
    title = f"{SUBJECTS[pk % len(SUBJECTS)]} ({pk})"
    day = today - dt.timedelta(days=(POSTS - pk) * 3)
    paragraphs = [" ".join(random.sample(SENTENCES, 4)) for _ in range(4)]
    return Post(
        pk=pk,
        title=title,
        slug=slugify(title),
        author_id=STAFF[pk % len(STAFF)],
        excerpt=" ".join(random.sample(SENTENCES, 2)),
        body="\n\n".join(paragraphs),
        status=Post.Status.PUBLISHED,
        published_on=day,
        updated_at=make_aware(dt.datetime.combine(day, dt.time(9, 30))),
        reading_minutes=2 + pk % 7,
        likes=pk * 37 % 400,
        featured=pk % 10 == 0,
    )


def post_tags(posts: list[Post]) -> list[Post.tags.through]:
    return [
        Post.tags.through(post_id=post.pk, tag_id=tag_pk)
        for post in posts
        for tag_pk in sorted({post.pk % 7 + 1, post.pk % 5 + 1, post.pk % 3 + 1})
    ]


def comments(posts: list[Post], random: Random) -> list[Comment]:
    places = [post for post in posts for _ in range(COMMENTS)]
    return [comment(pk, post, random) for pk, post in enumerate(places, 1)]


def comment(pk: int, post: Post, random: Random) -> Comment:
    return Comment(
        pk=pk,
        post=post,
        author_id=random.choice([*STAFF, *TENANT_USERS]),
        text=random.choice(REMARKS),
        written_at=post.updated_at + dt.timedelta(hours=pk % 70),
        likes=pk % 9,
    )
