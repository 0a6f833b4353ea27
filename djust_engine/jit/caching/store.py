"""What a place for texts outside the process is: bytes in, bytes out; the cache reads them."""

from __future__ import annotations

from typing import Protocol


class StoreError(Exception):
    """The store cannot be reached, or does not take the text."""


class Store(Protocol):
    """A place for texts that outlives the process; each method may raise StoreError."""

    def get(self, key: str) -> bytes | None: ...

    def set(self, key: str, text: bytes) -> None: ...

    def add(self, key: str, seconds: float) -> bool:
        """Claim the key for so long; False where somebody else has."""
        ...

    def delete(self, key: str) -> None: ...

    def clear(self) -> None: ...


#: What nobody reads as an entry is not kept by anybody either.
MOST_BYTES = 1 << 20


class Gathered:
    """A store in this process, for whoever wants to have the texts."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.texts.get(key)

    def set(self, key: str, text: bytes) -> None:
        self.texts[key] = text

    def add(self, key: str, seconds: float) -> bool:
        return True

    def delete(self, key: str) -> None:
        self.texts.pop(key, None)

    def clear(self) -> None:
        self.texts.clear()
