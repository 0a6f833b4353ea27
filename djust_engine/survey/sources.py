"""Engines to the sources of all templates that their loaders could give.

A file that stands in several directories under one name is a source each time: the ones behind the
first are what `{% extends %}` of the same name finds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from django.forms.renderers import get_default_renderer
from django.template import Origin, TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates

from djust_engine.backends.django import DjustTemplates, Engine

# Files that lie beside templates, or are templates of another engine.
_OTHER_ENGINES = {".j2", ".jinja", ".jinja2", ".mako", ".hbs", ".mustache"}
_NOT_TEXT = ("image/", "font/", "audio/", "video/", "application/pdf", "application/zip")


@dataclass(frozen=True)
class Source:
    """One template: its name, where it is, and how its text is read."""

    name: str
    engine: Engine
    origin: Origin
    read: Callable[[], str]

    @property
    def path(self) -> str:
        """The file, or what the loader calls the place."""
        return self.origin.name


def engines_to_survey() -> list[DjustTemplates]:
    """Our engines of TEMPLATES and that of the form renderer.

    Where TEMPLATES has none of ours, Django's are looked at as if they were.
    """
    if any(isinstance(engine, DjustTemplates) for engine in engines.all()):
        return engines_of_ours()
    django = [_as_ours(one) for one in engines.all() if isinstance(one, DjangoTemplates)]
    return [*django, *engines_of_ours()]


def engines_of_ours() -> list[DjustTemplates]:
    """Our engines of TEMPLATES and that of the form renderer, if it is one."""
    found = [*engines.all(), getattr(get_default_renderer(), "engine", None)]
    return [engine for engine in found if isinstance(engine, DjustTemplates)]


def _as_ours(engine: DjangoTemplates) -> DjustTemplates:
    parameters = {**engines.templates[engine.name]}
    del parameters["BACKEND"]
    return DjustTemplates(parameters)


def find_sources(backends: Iterable[DjustTemplates], names: Iterable[str] = ()) -> list[Source]:
    """Every template of these engines, each file once, by name; `names` restrict them.

    A name is a template's, a pattern (`shop/*.html`), a directory of names (`shop/`), or a file or
    a directory of the file system (`shop/templates`). Raises
    TemplateDoesNotExist for one that finds nothing.
    """
    engines_of = [backend.engine for backend in backends]
    found: dict[str, Source] = {}
    for engine in engines_of:
        for loader in engine.template_loaders:
            for source in _sources_of(loader, engine):
                found.setdefault(source.path, source)
    everything = sorted(found.values(), key=lambda source: (source.name, source.path))
    return _restricted(everything, list(names), engines_of)


def _restricted(sources: list[Source], names: list[str], of: list[Engine]) -> list[Source]:
    if not names:
        return sources
    chosen: dict[str, Source] = {}
    for name in names:
        matching = [source for source in sources if _matches(source, name)]
        inside = [] if matching else [source for source in sources if _lies_in(source, name)]
        for source in matching or inside or [_ask_engines(name, of)]:
            chosen.setdefault(source.path, source)
    return list(chosen.values())


def _matches(source: Source, name: str) -> bool:
    if name.endswith("/"):
        return source.name.startswith(name)
    return name == source.name or fnmatchcase(source.name, name) or _is_file(source, name)


def _is_file(source: Source, name: str) -> bool:
    return os.path.abspath(name) == source.path and Path(name).is_file()


def _lies_in(source: Source, name: str) -> bool:
    """Whether the argument is a directory of the file system, and the template in it."""
    return Path(os.path.abspath(name)) in Path(source.path).parents


def _ask_engines(name: str, candidates: list[Engine]) -> Source:
    """The template that a loader gives which cannot list what it has."""
    for engine in candidates:
        try:
            template, _ = engine.find_template(name)
        except TemplateDoesNotExist:
            continue
        return Source(name, engine, template.origin, partial(str, template.source))
    raise TemplateDoesNotExist(name)


def _sources_of(loader: Any, engine: Engine) -> Iterator[Source]:
    for inner in getattr(loader, "loaders", ()):
        yield from _sources_of(inner, engine)
    for name in getattr(loader, "templates_dict", ()):
        yield from _sources_named(name, loader, engine)
    if hasattr(loader, "get_dirs"):
        for directory in loader.get_dirs():
            yield from _sources_in(Path(directory), loader, engine)


def _sources_named(name: str, loader: Any, engine: Engine) -> Iterator[Source]:
    for origin in loader.get_template_sources(name):
        yield Source(name, engine, origin, partial(loader.get_contents, origin))


def _sources_in(directory: Path, loader: Any, engine: Engine) -> Iterator[Source]:
    for path in _files(directory):
        name = path.relative_to(directory).as_posix()
        origin = Origin(name=os.path.abspath(path), template_name=name, loader=loader)
        yield Source(name, engine, origin, partial(loader.get_contents, origin))


def _files(directory: Path) -> Iterator[Path]:
    seen: set[str] = set()
    for folder, folders, names in os.walk(directory, followlinks=True):
        place = os.path.realpath(folder)
        if place in seen:  # a link back to where the walk came from
            folders.clear()
            continue
        seen.add(place)
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__pycache__")))
        yield from (Path(folder, name) for name in sorted(names) if _may_be_template(name))


def _may_be_template(name: str) -> bool:
    if name.startswith(".") or name.endswith(("~", ".pyc", ".orig", ".rej", ".swp")):
        return False
    kind = guess_type(name)[0] or ""
    is_image_of_text = kind == "image/svg+xml"
    return Path(name).suffix not in _OTHER_ENGINES and (
        is_image_of_text or not kind.startswith(_NOT_TEXT)
    )
