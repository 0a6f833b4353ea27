"""Sources to results: each template compiled, and what of it is not native.

Nothing is rendered. What does not compile under Django either is an error, in Django's words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import PurePath
from typing import Any

from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.exceptions import TemplateDoesNotExist

from djust_engine.template import Explanation, Template, explain

from .mistakes import find_mistakes
from .sources import Source
from .views import Given


class Status(IntEnum):
    """What becomes of a template, the best first."""

    NATIVE = 0
    FOREIGN = 1
    FALLBACK = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def is_native(self) -> bool:
        """Whether a native program renders the template, whatever it calls."""
        return self <= Status.FOREIGN


_INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True)
class Finding:
    """Something that runs as Python, or the error: `line` is 0 where it is not known."""

    kind: str
    name: str
    line: int
    code: str
    why: str

    @property
    def subject(self) -> str:
        """The tag or filter as it is written; nothing for the template as a whole."""
        written = {"tag": f"{{% {self.name} %}}", "filter": f"|{self.name}", "model": self.name}
        return written.get(self.kind, "")


@dataclass(frozen=True)
class Result:
    """A template, and what was found in it."""

    name: str
    path: str
    status: Status
    findings: tuple[Finding, ...] = ()

    @property
    def is_installed(self) -> bool:
        """Whether the file is an installed package's, not the project's."""
        return not _INSTALLED.isdisjoint(PurePath(self.path).parts)


@dataclass(frozen=True)
class Survey:
    """The results of all templates, by name."""

    results: tuple[Result, ...]

    def counts(self) -> dict[Status, int]:
        found = Counter(result.status for result in self.results)
        return {status: found[status] for status in Status}

    def reasons(self) -> list[tuple[str, str, str, int]]:
        """(code, subject, why, in how many templates), the most frequent first."""
        found: Counter[tuple[str, str, str]] = Counter()
        for result in self.results:
            found.update({(one.code, one.subject, one.why) for one in result.findings})
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [(*reason, count) for reason, count in ranked]

    @property
    def is_mistaken(self) -> bool:
        """Whether a template asks of a model what it does not have."""
        return any(one.kind == "model" for result in self.results for one in result.findings)

    def fails(self, least: Status) -> bool:
        """Whether a template is as bad as that, or worse."""
        return any(result.status >= least for result in self.results)


def survey(sources: Iterable[Source], given: Mapping[str, Mapping[str, Given]] = {}) -> Survey:
    """Compile all sources; templates of an engine that is not Django's are left out.

    ``given`` says by name of a template what its variables are: see `views.find_given`.
    """
    mistakes: dict[str, list[Finding]] = defaultdict(list)
    made = [_result(source, given.get(source.name, {}), mistakes) for source in sources]
    found = (result for result in made if result is not None)
    return Survey(tuple(_with(result, mistakes[result.name]) for result in found))


def _with(result: Result, findings: list[Finding]) -> Result:
    new = tuple(dict.fromkeys(findings))
    return replace(result, findings=(*result.findings, *new)) if new else result


def _result(
    source: Source, given: Mapping[str, Given], mistakes: dict[str, list[Finding]]
) -> Result | None:
    try:
        template = Template(source.read(), source.origin, source.name, source.engine)
    except Exception as error:  # whatever a loader or compile function raises, Django raises
        return None if _is_other_engine_s(source.name) else _error(source, error)
    for name, line, subject, code, why in find_mistakes(template, given) if given else ():
        mistakes[name].append(Finding("model", subject, line, code, why))
    entries = explain(template)
    findings = tuple(Finding(*entry) for entry in entries)
    return Result(source.name, source.path, _status(template, entries), findings)


def _status(template: Template, entries: list[Explanation]) -> Status:
    if template.fallback is not None:
        return Status.FALLBACK
    return Status.NATIVE if all(one.is_call for one in entries) else Status.FOREIGN


def _error(source: Source, error: Exception) -> Result:
    token: Any = getattr(error, "token", None)
    line = getattr(token, "lineno", 0) or 0
    why = f"{type(error).__name__}: {error}"
    entry = Explanation("template", source.name, line, "django-error", why)
    return Result(source.name, source.path, Status.ERROR, (Finding(*entry),))


def _is_other_engine_s(name: str) -> bool:
    """Whether an engine that is not Django's takes the template."""
    others = (engine for engine in engines.all() if not isinstance(engine, DjangoTemplates))
    return any(_takes(engine, name) for engine in others)


def _takes(engine: Any, name: str) -> bool:
    try:
        engine.get_template(name)
    except TemplateDoesNotExist:
        return False
    except Exception:  # an engine may raise anything for a source that is not its own
        return False
    return True
