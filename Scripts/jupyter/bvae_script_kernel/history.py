"""What was run in this notebook and in earlier ones, for Up and searches in jupyter-console."""

from __future__ import annotations

import fcntl
import fnmatch
import json
import os
import tempfile
from typing import Iterator, Optional

Entry = tuple[int, int, str]
"""The number of a session, of a cell in it, and the cell's text."""


def history_file() -> str:
    """Where the history is: beside that of the program's own prompt."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(state, "bvae-script", "jupyter-history")


class History:
    """The cells of all sessions, a line of JSON each in a file that sessions share. A history that cannot be written is
    none: nothing else depends on it."""

    LARGEST = 2000
    """How many cells are kept."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._session = 0
        self._own: list[Entry] = []

    def add(self, line: int, code: str) -> None:
        """Keeps a cell of this session."""
        try:
            with self._locked():
                entries = self._read()
                if not self._session:
                    self._session = 1 + max((entry[0] for entry in entries), default=0)
                entries.append((self._session, line, code))
                self._write(entries[-self.LARGEST :])
        except OSError:
            self._session = self._session or 1
        self._own.append((self._session, line, code))

    def tail(self, count: int) -> list[Entry]:
        """The last cells, oldest first."""
        return self._all()[-count:] if count > 0 else []

    def range(self, session: int, start: int, stop: Optional[int]) -> list[Entry]:
        """The cells of a session from `start` until before `stop`; 0 is this session, -1 the one before it."""
        wanted = session if session > 0 else (self._session or 1 + self._latest()) + session
        return [
            entry
            for entry in self._all()
            if entry[0] == wanted and entry[1] >= start and (stop is None or entry[1] < stop)
        ]

    def search(self, pattern: str, count: Optional[int], unique: bool) -> list[Entry]:
        """The last cells that look like a pattern with `*` and `?`, oldest first; with `unique` none twice."""
        found = [entry for entry in self._all() if fnmatch.fnmatchcase(entry[2], pattern or "*")]
        if unique:
            found = sorted({entry[2]: entry for entry in found}.values(), key=lambda entry: entry[:2])
        return found[-count:] if count else found

    def _all(self) -> list[Entry]:
        try:
            kept = self._read()
        except OSError:
            kept = []
        return kept if kept else self._own

    def _latest(self) -> int:
        return max((entry[0] for entry in self._all()), default=0)

    def _read(self) -> list[Entry]:
        """The entries of the file; lines that are none are passed over."""
        return list(self._entries()) if os.path.exists(self._path) else []

    def _entries(self) -> Iterator[Entry]:
        with open(self._path, encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    session, number, code = json.loads(line)
                    yield int(session), int(number), str(code)
                except (ValueError, TypeError):
                    continue

    def _write(self, entries: list[Entry]) -> None:
        """Writes another file and renames it, so that there is a whole one at any time."""
        descriptor, path = tempfile.mkstemp(prefix="jupyter-history-", dir=os.path.dirname(self._path))
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(entry) + "\n" for entry in entries)
            os.replace(path, self._path)
        except OSError:
            os.unlink(path)
            raise

    def _locked(self) -> "Lock":
        folder = os.path.dirname(self._path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return Lock(self._path + ".lock")


class Lock:
    """A file that one process at a time holds."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "w", encoding="utf-8")

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()
