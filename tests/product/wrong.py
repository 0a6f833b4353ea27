"""Templates whose native half is not like Django's: something for verify mode to find."""

from collections.abc import Callable
from typing import Any

from django.template import engines
from django.test import override_settings

from djust_engine.backends.verified import VerifiedTemplate
from djust_engine.decisions import collect
from djust_engine.verify import Comparison, Difference, VerificationError, twin_of


def verified_template(source: str) -> Any:
    """A template as the backend gives it, in the mode that DJUST_CONFIG has."""
    return engines["django"].from_string(source)


def wrong_template(django: str, ours: str, mode: str = "raise") -> VerifiedTemplate:
    """A template that Django renders from one source, and we from another one."""
    backend = engines["django"]
    template = backend.engine.from_string(ours)
    template.source = django
    return VerifiedTemplate(Comparison(template, twin_of(template)), mode, backend)


def difference_in(django: str, ours: str, context: Any = None) -> Difference:
    """The difference that verify mode finds."""
    try:
        wrong_template(django, ours).render(context)
    except VerificationError as error:
        return error.difference
    raise AssertionError("no difference was found")


def comparisons(render: Callable[[], Any], mode: str = "raise") -> tuple[Any, list[str]]:
    """What `render()` gives in verify mode, and the mode of each comparison."""
    with override_settings(DJUST_CONFIG={"VERIFY": mode}), collect() as made:
        result = render()
    return result, [one.mode for one in made if one.kind == "verify"]


def assert_the_same(source: str, context: Any = None, request: Any = None) -> str:
    """Assert that a template is compared, and the same; return what is served."""
    text, modes = comparisons(lambda: verified_template(source).render(context, request))
    assert modes == ["same"]
    return text
