"""What the extension module exports; each docstring stands in the Rust source."""

from collections.abc import Callable
from typing import Any, final

from django.template.base import Origin
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString

from djust_engine.parser import Parser

__version__: str

class Deopt(Exception):
    code: str
    message: str
    line: int

class Panic(Exception): ...

def compile(source: str, parser: Parser) -> Program: ...
def extract_template_variables(source: str) -> dict[str, list[str]]: ...

@final
class Program:
    @property
    def blocks(self) -> dict[str, BlockNode]: ...
    @property
    def offered_blocks(self) -> dict[str, BlockNode]: ...
    @property
    def extends(self) -> bool: ...
    def render(
        self, context: Context, body: int | None = None, place: RunningPlace | None = None
    ) -> SafeString: ...
    def explain(self) -> list[tuple[str, str, int, str, str]]: ...
    def usage(self) -> dict[str, dict[str, Any]]: ...

@final
class RunningPlace:
    def __new__(cls) -> RunningPlace: ...
    def token(self) -> tuple[Origin, str, int, int, int] | None: ...

@final
class Cursor:
    def next(self) -> tuple[int, str, int, int, int]: ...
    def back(self) -> None: ...
    def position(self) -> int: ...
    def tokens(
        self, start: int | None = None, end: int | None = None
    ) -> list[tuple[int, str, int, int, int]]: ...
    def parse(self, until: list[str]) -> tuple[Program, int]: ...

@final
class Route:
    def __new__(
        cls,
        patterns: list[tuple[list[str], list[str], list[str], Callable[[str], Any] | None]],
    ) -> Route: ...

@final
class Shape:
    def __new__(
        cls,
        entries: list[tuple[Any, ...]],
        make: Callable[[tuple[Any, ...]], Any] | None = None,
    ) -> Shape: ...
    def names(self) -> list[str]: ...

@final
class Rows:
    def __new__(cls, rows: list[tuple[Any, ...]], shape: Shape) -> Rows: ...
    def __len__(self) -> int: ...
    @property
    def rows(self) -> list[tuple[Any, ...]]: ...
    @property
    def shape(self) -> Shape: ...

@final
class RowHandle: ...
