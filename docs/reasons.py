"""Writes docs/reasons.md from the catalogues in the sources; with `--check` it only compares."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from plan_reasons import plan_rows

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reasons.md"
PARSER = ROOT / "native/syntax/src/reason.rs"
FACADE = ROOT / "djust_engine/parser.py"
SWITCHES = ROOT / "djust_engine/switches.py"
FILTERS = ROOT / "native/engine/src/filters/mod.rs"

ENTRY = re.compile(
    r"""(?P<docs>(?:^\ *///.*\n)+)
    \ *[A-Z]\w*\ =\ "(?P<code>[a-z-]+)",\ "(?P<message>[^"]+)";""",
    re.MULTILINE | re.VERBOSE,
)

PAGE_TEXT = """\
# Reasons

What is left to Django, and why. The codes stand in the decisions and in what `template.explain()`
returns. This page is made from the sources by `python docs/reasons.py`.

## Functions that a native template calls

Nothing falls back for them: the native program resolves the arguments, calls the function as it
would call a method of an object, and writes what it returns; what the function of an inclusion tag
returns goes to a native template.

| Code | When |
| --- | --- |
| `called-tag` | A library's `simple_tag`, `simple_block_tag` or `inclusion_tag`. |
| `foreign-filter` | A library's filter, or a builtin that a library replaced. |
| `django-filter` | Django's own function for a builtin filter. |

These builtin filters are always Django's:

| Filter | Why |
| --- | --- |
{filters}

## Nodes of a native template that render themselves

The content of a block tag is native all the same.

| Code | When |
| --- | --- |
| `django-tag` | Django's own node renders a builtin tag that has no native form. |
| `foreign-tag` | A library's tag has a `Node` class of its own, or replaces a builtin. |

## Templates that the native parser does not take

Django's own parser then runs on the same source: if the template is malformed, the error that you
see is Django's; if it is not, Django renders it.

| Code | What it says | When |
| --- | --- | --- |
{parser}

## Templates that a compile function makes fall back

A tag's compile function can do with its parser what only Django's parser can answer.

| Code | What happened |
| --- | --- |
{facade}

## Templates that Django renders for another cause

| Code | When |
| --- | --- |
| `patched` | A method was replaced, in Django, whose behaviour the engine repeats. |
| `surrogates` | The source holds a lone surrogate. |
| `foreign-template` | A loader built the template itself, with another class. |
| `edited` | The nodelist was changed after compilation, or the native program failed. |

## Plans that are not rows

The reason of a decision of kind "plan", in the panel and in `djust_explain`. Without one, the
QuerySet is fetched as rows. With one it gives instances, with the relations that are read joined or
fetched for all at once; or it is left untouched. The ellipsis is a name of yours.

| Reason | What would change it |
| --- | --- |
{plans}

## QuerySets that a switch leaves to Django

The mode is "untouched", and the reason of the decision names the switch; see
[Settings](settings.md#off-switches).

| Reason |
| --- |
{switches}

So does a method of Django's ORM that is not Django's own (`somebody replaced
QuerySet._fetch_all`): a cache of QuerySets or a finder of N+1 queries sees what it would see with
Django. Where only the compiler's methods were replaced (`SQLCompiler.execute_sql`, by django-silk
for one), QuerySets are planned, and every statement goes through that method.
"""


def parser_rows() -> Iterator[tuple[str, ...]]:
    for match in ENTRY.finditer(PARSER.read_text()):
        lines = (line.strip().removeprefix("///").strip() for line in match["docs"].splitlines())
        yield f"`{match['code']}`", match["message"], " ".join(lines)


def facade_rows() -> Iterator[tuple[str, ...]]:
    for node in ast.parse(FACADE.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "REASONS":
            for code, sentence in ast.literal_eval(node.value).items():
                yield f"`{code}`", f"{sentence[0].upper()}{sentence[1:]}."


def switch_rows() -> Iterator[tuple[str, ...]]:
    for node in ast.parse(SWITCHES.read_text()).body:
        if isinstance(node, ast.Assign) and not ast.unparse(node.targets[0]).startswith("_"):
            yield (ast.literal_eval(node.value),)


def filter_rows() -> Iterator[tuple[str, ...]]:
    table = FILTERS.read_text().partition("LEFT_TO_DJANGO: &")[2]
    for name, why in re.findall(r'\("(\w+)", "([^"]+)"\)', table):
        first, _, rest = why.partition(" ")
        start = f"`{first}`" if "." in first else first.capitalize()
        yield f"`{name}`", f"{start} {rest}."


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """The rows as Markdown. ValueError without one: then a catalogue is no longer read right."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if not lines:
        raise ValueError("a catalogue is empty")
    return "\n".join(lines)


def page() -> str:
    return PAGE_TEXT.format(
        filters=table(filter_rows()),
        parser=table(parser_rows()),
        facade=table(facade_rows()),
        switches=table(switch_rows()),
        plans=table(plan_rows()),
    )


def main(arguments: list[str]) -> int:
    wanted = page()
    if arguments != ["--check"]:
        PAGE.write_text(wanted)
        return 0
    if PAGE.read_text() == wanted:
        return 0
    print("docs/reasons.md is out of date: run python docs/reasons.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
