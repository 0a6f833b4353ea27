"""What leaves QuerySets to Django: a setting, an option of the engine, a comment, or a mark.

Each switch is named in the decision that it causes; `docs/reasons.md` lists them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from django.template.base import Lexer, TokenType

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.template import Template

    Query = TypeVar("Query", bound=QuerySet[Any, Any])

# The reasons that decisions give, by switch.
SETTING = "DJUST_CONFIG['JIT_SERIALIZATION'] is False"
ENGINE = "OPTIONS['jit'] of its engine is False"
TEMPLATE = "{# djust: off #} stands in its template"
QUERYSET = "untouched() was called for it"

_COMMENT = r"djust:\s*off"
_MARK = "_djust_untouched"


def why_off(template: Template) -> str:
    """The switch that leaves what a template reads to Django; empty where none does."""
    if not getattr(template.engine, "jit", True):
        return ENGINE
    return TEMPLATE if _is_commented_off(str(template.source)) else ""


def _is_commented_off(source: str) -> bool:
    if "djust:" not in source:
        return False
    return any(
        token.token_type is TokenType.COMMENT and re.fullmatch(_COMMENT, token.contents.strip())
        for token in Lexer(source).tokenize()
    )


def untouched(queryset: Query) -> Query:
    """A copy that templates fetch as Django would, as are those that are made of it.

    Takes a QuerySet or a manager; TypeError for anything else. ``filter()``, ``order_by()``,
    slices and so on keep the mark, for Django copies what its ``query`` holds.
    """
    if not hasattr(queryset, "all"):
        raise TypeError(f"untouched() takes a QuerySet or a manager, not {queryset!r}.")
    # What `all()` of a related manager gives may be the one that was prefetched.
    copied = queryset.all().all()
    setattr(copied.query, _MARK, True)
    return copied


def is_untouched(queryset: Any) -> bool:
    """Whether `untouched()` was called for the QuerySet, or for one that it was made of."""
    return _MARK in vars(queryset.query)
