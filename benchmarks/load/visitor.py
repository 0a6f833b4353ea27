"""A visitor beside the load, who asks for pages that need plans which nobody has made."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.error import URLError

from .sites import Site

#: Pages that differ in what they read, at most; and the seconds between two visits.
PAGES = 1_000
PAUSE = 0.2


@dataclass
class Seen:
    """Pages that were Django's, and others; milliseconds of the slowest by whether Redis was up."""

    right: int = 0
    wrong: int = 0
    slowest: dict[bool, float] = field(default_factory=dict)


class Visitor:
    """Visits from a thread of its own while the ``with`` block runs."""

    def __init__(self, site: Site, expected: list[bytes], is_up: Callable[[], bool]) -> None:
        self.seen = Seen()
        self._site, self._expected, self._is_up = site, expected, is_up
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> Seen:
        self._thread.start()
        return self.seen

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _visit(self) -> None:
        for number, body in enumerate(self._expected):
            if self._ended.wait(PAUSE):
                return
            self._ask(number, body)

    def _ask(self, number: int, body: bytes) -> None:
        is_up, began = self._is_up(), time.perf_counter()
        try:
            is_right = self._site.get(f"/new/{number}/") == body
        except URLError:
            is_right = False
        seconds = time.perf_counter() - began
        self.seen.right += is_right
        self.seen.wrong += not is_right
        self.seen.slowest[is_up] = max(self.seen.slowest.get(is_up, 0.0), 1000 * seconds)
