"""A bar below the lines of a command that takes its time, where somebody looks on."""

from typing import Any

_WIDTH = 30
_CLEAR = "\r\x1b[K"


class ProgressBar:
    """Drawn on a terminal, below the last line; of a file or a pipe nothing but the lines is seen.

    ``stream`` is the ``stdout`` of a command, ``total`` how many lines there will be.
    """

    def __init__(self, stream: Any, total: int) -> None:
        self._stream, self._total = stream, total
        self._done = 0
        self._is_drawn = bool(stream.isatty())

    def line(self, text: str) -> None:
        """Write a line; one part more is done."""
        self._done += 1
        self._draw(_CLEAR)
        self._stream.write(text)
        rest = self._done < self._total
        self._draw(_bar(self._done, self._total) if rest else "")

    def _draw(self, text: str) -> None:
        if self._is_drawn and text:
            self._stream.write(text, ending="")
            self._stream.flush()


def _bar(done: int, total: int) -> str:
    filled = _WIDTH * done // total
    return f"[{'#' * filled:{_WIDTH}}] {100 * done // total} %"
