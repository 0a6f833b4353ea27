"""Writes docs/reasons.md from native/syntax/src/reason.rs; with `--check` it only compares."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "native/syntax/src/reason.rs"
PAGE = ROOT / "docs/reasons.md"
ENTRY = re.compile(
    r"""(?P<docs>(?:^\ *///.*\n)+)
    \ *[A-Z]\w*\ =\ "(?P<code>[a-z-]+)",\ "(?P<message>[^"]+)";""",
    re.MULTILINE | re.VERBOSE,
)
HEAD = """\
# Reasons

Why a template is left to Django. The codes stand in the decisions, in the log lines of `djust.jit`
and in what `template.explain()` returns. Django's own parser then runs on the same source: if the
template is malformed, the error that you see is Django's; if it is not, Django renders it.

This page is made from `native/syntax/src/reason.rs` by `python docs/reasons.py`.

| Code | What it says | When |
| --- | --- | --- |
"""


class Entry(NamedTuple):
    code: str
    message: str
    description: str

    def row(self) -> str:
        cells = (f"`{self.code}`", self.message, self.description)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def entries(source: str) -> Iterator[Entry]:
    for match in ENTRY.finditer(source):
        lines = (line.strip().removeprefix("///").strip() for line in match["docs"].splitlines())
        yield Entry(match["code"], match["message"], " ".join(lines))


def page(source: str) -> str:
    return HEAD + "\n".join(entry.row() for entry in entries(source)) + "\n"


def main(arguments: list[str]) -> int:
    wanted = page(CATALOGUE.read_text())
    if arguments != ["--check"]:
        PAGE.write_text(wanted)
        return 0
    if PAGE.read_text() == wanted:
        return 0
    print("docs/reasons.md is out of date: run python docs/reasons.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
