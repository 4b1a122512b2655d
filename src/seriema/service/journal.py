"""Which mails are being judged just now, written where the next process finds it: two tries, never a third.

A small file for each mail in a folder, named after its digest, holding the number of tries that would have failed if
this process ended now. Not waited for (no fsync): it has to outlive the process, not the machine.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seriema.model.errors import QuarantineUnavailable, ServiceError

#: A mail that failed so often is not tried again.
TRIES = 2
#: Its sender has given up or it is held; failures of so many mails are remembered, for so long, in seconds.
MOST, KEPT_FOR = 10_000, 7 * 86_400.0


class Journal:
    """Failed tries by the digest of a mail. One process at a time may use a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._active: dict[str, int] = {}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._failures = self._left()
        except OSError as error:
            raise QuarantineUnavailable(f"journal {folder}: {error.strerror}") from None

    def failures(self, digest: str) -> int:
        """How often judging this mail ended the process, or with an error that nobody foresaw."""
        return self._failures.get(digest, 0)

    @contextmanager
    def attempt(self, digest: str) -> Iterator[None]:
        """One try at a mail. A service that is out of order is no failure of the mail's. May raise ServiceError."""
        self._begin(digest)
        try:
            yield
        except ServiceError:
            self._end(digest)
            raise
        except BaseException:
            self._end(digest, failed=True)
            raise
        self._failures.pop(digest, None)
        self._end(digest)

    def forget(self, digest: str) -> None:
        """It is taken care of."""
        self._failures.pop(digest, None)
        with suppress(OSError):
            (self._folder / digest).unlink(missing_ok=True)

    def _begin(self, digest: str) -> None:
        self._active[digest] = self._active.get(digest, 0) + 1
        if self._active[digest] == 1:
            self._write(digest, self.failures(digest) + 1)

    def _end(self, digest: str, *, failed: bool = False) -> None:
        if failed:
            self._failures[digest] = self.failures(digest) + 1
            if len(self._failures) > MOST:
                self.forget(next(iter(self._failures)))
        self._active[digest] -= 1
        if self._active[digest]:
            return
        del self._active[digest]
        if digest not in self._failures:
            self.forget(digest)
        elif not failed:
            self._write(digest, self._failures[digest])

    def _write(self, digest: str, count: int) -> None:
        try:
            (self._folder / digest).write_text(str(count), "ascii")
        except OSError as error:
            self._active.pop(digest, None)
            raise QuarantineUnavailable(f"journal {self._folder}: {error.strerror}") from None

    def _left(self) -> dict[str, int]:
        """What the last process left; long ago, or without a number, is cleared away."""
        found: dict[str, int] = {}
        oldest = time.time() - KEPT_FOR
        for path in sorted(self._folder.iterdir(), key=lambda one: one.stat().st_mtime)[-MOST:]:
            text = path.read_text("ascii", "replace")[:9]
            if path.stat().st_mtime < oldest:
                path.unlink()
            else:
                # Empty: the machine stopped before the number was written.
                found[path.name] = int(text) if text.isdecimal() else 1
        return found
