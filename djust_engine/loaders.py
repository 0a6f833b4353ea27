"""Makes an engine's loaders build native templates.

Django's loaders build `django.template.Template` in one place, `loaders.base.Loader.get_template`.
`NativeLoader.get_template` says the same with our class, and stands just before Django's in the
method resolution order of a class made for each loader class; so it also serves loaders that call
`super().get_template()`, as the cached one does. A loader that builds templates by itself is left
alone.
"""

from functools import cache
from typing import Any, cast

from django.template import Origin, TemplateDoesNotExist
from django.template.engine import Engine
from django.template.loaders.base import Loader
from django.utils.module_loading import import_string

from djust_engine.template import Template


class NativeLoader(Loader):
    """`loaders.base.Loader`, building our `Template`."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        tried: list[tuple[Origin, str]] = []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "Skipped to avoid recursion"))
                continue
            try:
                contents = self.get_contents(origin)  # type: ignore[attr-defined]
            except TemplateDoesNotExist:
                tried.append((origin, "Source does not exist"))
                continue
            else:
                name = cast("str | None", origin.template_name)
                return Template(contents, origin, name, self.engine)
        raise TemplateDoesNotExist(template_name, tried=tried)


@cache
def native_loader_class(loader_class: Any) -> type[Loader]:
    """Return `loader_class` with `NativeLoader` below it, under the same name.

    The name is part of what users see: `Origin.loader_name`, debug pages, `repr()`.
    """
    namespace = {
        "__module__": loader_class.__module__,
        "__qualname__": loader_class.__qualname__,
        "__doc__": loader_class.__doc__,
    }
    metaclass: Any = type(loader_class)
    made: type[Loader] = metaclass(loader_class.__name__, (loader_class, NativeLoader), namespace)
    return made


def is_loader_class(loader: object) -> bool:
    """Tell a loader class that builds on Django's from a function, and from one that does not."""
    return isinstance(loader, type) and issubclass(loader, Loader)


def make_loader(engine: Engine, definition: Any) -> Loader | None:
    """Return the loader that an entry of `loaders` defines, or None to leave it to Django.

    `definition` is a dotted path, or a sequence of one and the loader's arguments.
    """
    path, *arguments = definition if isinstance(definition, tuple | list) else (definition,)
    if not isinstance(path, str):
        return None
    loader_class: Any = import_string(path)
    if not is_loader_class(loader_class):
        return None
    return native_loader_class(loader_class)(engine, *arguments)
