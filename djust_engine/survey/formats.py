"""A survey as text for people, as JSON, and as SARIF 2.1.0 for code scanning."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import djust_engine

from .results import Finding, Result, Status, Survey

_MOST_FILES = 60
_MOST_REASONS = 12
_LABELS = {
    Status.NATIVE: "native as a whole",
    Status.FOREIGN: "native, with nodes of libraries",
    Status.FALLBACK: "left to Django as a whole",
    Status.ERROR: "do not compile under Django either",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(survey: Survey, verbosity: int = 1) -> str:
    """What is not native, worst first; then percentages and the most frequent reasons.

    Templates of installed packages that a native program renders are counted, not listed.
    """
    worst_first = sorted(survey.results, key=lambda one: (-one.status, one.is_installed, one.name))
    shown = [one for one in worst_first if verbosity > 1 or _is_of_interest(one)]
    most = _MOST_FILES if verbosity < 2 else len(shown)
    lines = [line for result in shown[:most] for line in _result_lines(result)]
    if len(shown) > most:
        lines += [f"… and {len(shown) - most} more templates (--verbosity 2 lists all)", ""]
    return "\n".join([*lines, *_summary_lines(survey)])


def _is_of_interest(result: Result) -> bool:
    if any(one.kind == "model" for one in result.findings):
        return True
    return not result.status.is_native or (bool(result.status) and not result.is_installed)


def _result_lines(result: Result) -> Iterator[str]:
    yield f"{result.name}  ({_shown_path(result.path)})"
    lines: dict[Finding, list[int]] = defaultdict(list)
    for found in result.findings:
        one = Finding(found.kind, found.name, 0, found.code, found.why)
        lines[one].append(found.line)
    for one, places in lines.items():
        where = ", ".join(str(line) for line in sorted(set(places)) if line)
        colon = ":" if one.kind == "model" else ""
        subject = f"{one.subject}{colon} " if one.subject else ""
        yield f"  {f'line {where}: ' if where else ''}{subject}{one.why} [{one.code}]"
    if not lines:
        yield "  native as a whole"
    yield ""


def _summary_lines(survey: Survey) -> Iterator[str]:
    total = len(survey.results)
    counts = survey.counts()
    native = sum(count for status, count in counts.items() if status.is_native)
    percent = f" ({100 * native / total:.1f}%)" if total else ""
    yield f"{total} template{'' if total == 1 else 's'}, {native} of them native{percent}"
    for status, count in counts.items():
        if count:
            yield f"  {count:5}  {100 * count / total:5.1f}%  {_LABELS[status]}"
    reasons = survey.reasons()
    if reasons:
        yield ""
        yield "Most frequent reasons, and in how many templates"
    for code, subject, why, count in reasons[:_MOST_REASONS]:
        yield f"  {count:5}  {code:14} {f'{subject}: ' if subject else ''}{_first_line(why)}"
    if len(reasons) > _MOST_REASONS:
        yield f"         and {len(reasons) - _MOST_REASONS} more"


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


def _shown_path(path: str) -> str:
    """Relative to the working directory where that is shorter."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def as_json(survey: Survey, verbosity: int = 1) -> str:
    """Every template with its findings, and the summary."""
    document = {
        "version": 1,
        "summary": _summary(survey),
        "templates": [_result_object(result) for result in survey.results],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _summary(survey: Survey) -> dict[str, Any]:
    counts = survey.counts()
    keys = ("code", "subject", "why", "templates")
    return {
        "templates": len(survey.results),
        "native": sum(count for status, count in counts.items() if status.is_native),
        "by_status": {status.word: count for status, count in counts.items()},
        "reasons": [dict(zip(keys, reason, strict=True)) for reason in survey.reasons()],
    }


def _result_object(result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "path": result.path,
        "native": result.status.is_native,
        "status": result.status.word,
        "findings": [vars(finding) for finding in result.findings],
    }


_LEVELS = {Status.NATIVE: "note", Status.FOREIGN: "note"} | {
    Status.FALLBACK: "warning",
    Status.ERROR: "error",
}


def as_sarif(survey: Survey, verbosity: int = 1) -> str:
    """A run of SARIF 2.1.0: a rule for each code, a result for each finding."""
    pairs = [(result, finding) for result in survey.results for finding in result.findings]
    codes = sorted({finding.code for _, finding in pairs})
    driver = {
        "name": "djust_check",
        "version": djust_engine.__version__,
        "rules": [_rule(code, pairs) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"uri": f"{Path.cwd().as_uri()}/"}},
        "results": [_sarif_result(*pair, codes) for pair in pairs],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False)


_RULES = {
    "django-tag": "Django's own node renders a builtin tag",
    "called-tag": "The function of a library's tag is called",
    "foreign-tag": "A node of a library renders itself",
    "django-filter": "Django's own function is called for a builtin filter",
    "foreign-filter": "The function of a library's filter is called",
    "django-error": "The template does not compile",
    "unknown-field": "A model has no attribute of that name",
    "not-iterable": "A loop over what cannot be iterated",
    "filter-type": "A filter of a value that it makes nothing of",
    "useless-prefetch": "A view fetches relations that no template reads",
}


_KINDS = {"model": "warning"}


def _rule(code: str, pairs: list[tuple[Result, Finding]]) -> dict[str, Any]:
    level = max((result.status for result, one in pairs if one.code == code), default=Status.NATIVE)
    text = _RULES.get(code, "The template is left to Django as a whole")
    return {
        "id": code,
        "shortDescription": {"text": text},
        "help": {"text": f"docs/reasons.md of djust_engine explains {code!r}."},
        "defaultConfiguration": {"level": _LEVELS[level]},
    }


def _sarif_result(result: Result, finding: Finding, codes: list[str]) -> dict[str, Any]:
    subject = f"{finding.subject}: " if finding.subject else ""
    region = {"region": {"startLine": finding.line}} if finding.line else {}
    place = {"artifactLocation": _artifact(result.path), **region}
    level = _KINDS.get(finding.kind, "note")
    if finding.kind == "template":
        level = _LEVELS[result.status]
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": level,
        "message": {"text": f"{result.name}: {subject}{finding.why}"},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(path: str) -> dict[str, str]:
    """Where a file is: below the working directory, elsewhere, or in no file at all."""
    if not os.path.isabs(path):
        return {"uri": Path("/", path).as_uri().removeprefix("file:///")}
    try:
        relative = Path(path).relative_to(Path.cwd())
    except ValueError:
        return {"uri": Path(path).as_uri()}
    return {"uri": Path("/", relative).as_uri().removeprefix("file:///"), "uriBaseId": "SRCROOT"}


FORMATS: dict[str, Callable[[Survey, int], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
}
