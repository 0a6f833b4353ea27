"""Texts in a directory, which several processes may share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from time import time

from .store import MOST_BYTES, StoreError


class FileStore:
    """A file a text, replaced in one step, so that a reader never sees half of one."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)

    def get(self, key: str) -> bytes | None:
        with _told():
            try:
                with self._path(key).open("rb") as file:
                    return file.read(MOST_BYTES + 1)
            except FileNotFoundError:
                return None

    def set(self, key: str, text: bytes) -> None:
        with _told():
            self.directory.mkdir(parents=True, exist_ok=True)
            self._replace(self._path(key), text)

    def add(self, key: str, seconds: float) -> bool:
        claim = self._path(key).with_suffix(".claim")
        with _told():
            self.directory.mkdir(parents=True, exist_ok=True)
            try:
                os.close(os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                if not _is_older(claim, seconds):
                    return False
                with suppress(FileNotFoundError):  # it was given up in between
                    os.utime(claim)
            return True

    def delete(self, key: str) -> None:
        with _told():
            self._path(key).unlink(missing_ok=True)
            self._path(key).with_suffix(".claim").unlink(missing_ok=True)

    def clear(self) -> None:
        with _told():
            for pattern in ("*.json", "*.claim", "*.part"):
                for path in self.directory.glob(pattern):
                    path.unlink(missing_ok=True)

    def _replace(self, path: Path, text: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=self.directory, suffix=".part", delete=False) as file:
            try:
                file.write(text)
                file.close()
                os.replace(file.name, path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        path.with_suffix(".claim").unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.directory / f"{sha256(key.encode()).hexdigest()}.json"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(str(error)) from error


def _is_older(path: Path, seconds: float) -> bool:
    try:
        return time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return True
