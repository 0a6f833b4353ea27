"""Which database routers choose for reading, where the model alone decides that."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.models import Model

from .bytecode import decides_by_model

#: A database and the routers that are asked where to read; nothing where there is none.
Routed = tuple[Any, ...]


def routed(db: str) -> Routed:
    """What decides where objects are read that are reached from those of the database ``db``."""
    asked = routers()
    return (db, *asked) if asked else ()


def routers() -> list[Any]:
    """The routers that have a say in where objects are read."""
    return [one for one in router.routers if hasattr(one, "db_for_read")]


def chooses_by_object(chosen: Routed) -> bool:
    """Whether a router may look at more than the model: at the object that is read from."""
    return not all(decides_by_model(getattr(type(one), "db_for_read", None)) for one in chosen[1:])


def read_elsewhere(model: type[Model], chosen: Routed) -> str:
    """Why objects of ``model`` do not come from the database of those that refer to them."""
    answers = (one.db_for_read(model) for one in chosen[1:])
    if not chosen or next(filter(None, answers), chosen[0]) == chosen[0]:
        return ""
    return f"a database router has {model.__name__} read elsewhere"
