"""Bundles: many entries in one JSON file, written at build time and read when a process starts.

``{"format": "djust_engine plans", "version": 1, "entries": [...]}``: each entry is what a store
would hold, and is looked at when its key is asked for.
"""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterable
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from ...decisions import Decision, emit, wanted
from .store import MOST_BYTES

logger = logging.getLogger("djust.jit")

FORMAT = "djust_engine plans"
VERSION = 1
_MOST_BUNDLE_BYTES = 64 * MOST_BYTES
#: For a bundle that is fetched over the network: by then it is there, or it is not.
_FETCH_SECONDS = 10.0


class BundleError(ValueError):
    """What was read is no bundle."""


def write_bundle(texts: Iterable[bytes]) -> bytes:
    """The bundle of entries as ``entries.encode`` made them."""
    documents = sorted((json.loads(text) for text in texts), key=lambda entry: entry["key"])
    document = {"format": FORMAT, "version": VERSION, "entries": documents}
    return json.dumps(document, indent=1).encode() + b"\n"


def read_bundle(text: bytes) -> dict[str, bytes]:
    """The texts of the entries by key; BundleError for anything but a bundle.

    An entry without a key is left out.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BundleError(f"not a bundle: its format is not {FORMAT!r}")
    if document.get("version") != VERSION:
        raise BundleError(f"a bundle of version {document.get('version')!r}, not {VERSION}")
    found = document.get("entries")
    keyed = [one for one in found if _has_key(one)] if isinstance(found, list) else []
    return {one["key"]: json.dumps(one).encode() for one in keyed}


def _has_key(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("key"), str)


class Bundle:
    """The entries at a URL; none of them where it cannot be read, which one line of the log says.

    A file is read at once. The network is asked in the background, and the first reader waits for
    it as long as for a store.
    """

    def __init__(self, url: str, patience: float = 0.1) -> None:
        self.url = url
        self._entries: dict[str, bytes] = {}
        self._patience = patience
        self._thread: Thread | None = None
        if urlsplit(url).scheme == "file":
            self._load()
        else:
            self._thread = Thread(target=self._load, name="djust-bundle", daemon=True)
            self._thread.start()

    def get(self, key: str) -> bytes | None:
        if self._patience and self._thread is not None:
            self.wait(self._patience)
            self._patience = 0.0
        return self._entries.get(key)

    def wait(self, seconds: float) -> int:
        """The number of entries, as soon as they are read, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return len(self._entries)

    def _load(self) -> None:
        try:
            self._entries = read_bundle(_fetch(self.url))
        except (OSError, ValueError) as error:  # http.client's errors are OSErrors here
            reason = f"{type(error).__name__}: {error}"
            logger.warning(
                "The bundle of plans %s of DJUST_CONFIG['JIT_CACHE_URL'] cannot be read: %s."
                " Pages are served with plans of this process.",
                *(_shown(self.url), reason),
            )
            if wanted():
                emit(Decision("cache", "", mode="error", reason=f"bundle: {reason}"))


def _fetch(url: str) -> bytes:
    parts = urlsplit(url)
    if parts.scheme == "file":
        with open(unquote(parts.path), "rb") as file:
            text = file.read(_MOST_BUNDLE_BYTES + 1)
    else:
        request = Request(url, headers={"Accept": "application/json"})
        context = ssl.create_default_context()
        with urlopen(request, timeout=_FETCH_SECONDS, context=context) as answer:
            text = answer.read(_MOST_BUNDLE_BYTES + 1)
    if len(text) > _MOST_BUNDLE_BYTES:
        raise BundleError(f"longer than {_MOST_BUNDLE_BYTES} bytes")
    return text


def _shown(url: str) -> str:
    """The URL without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
