"""Tags of a project that read relations of what they are given."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def renter(lease: Any) -> str:
    return f"{lease.tenant.user.email} at {lease.property}"


@register.simple_tag
def voices(post: Any) -> str:
    return ", ".join(comment.author.username for comment in post.comments.all())
