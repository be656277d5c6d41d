"""The lock of a home: one process at a time writes the record, and nobody guesses which."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STEP_SECONDS: Final = 0.05


class LockedError(Exception):
    """Another process holds the lock, and did not let go in the time given."""


@contextmanager
def locked(path: Path, *, wait_seconds: float, sleep: Callable[[float], None]) -> Iterator[None]:
    """Hold the lock file `path`; the kernel lets go of it when this process ends, however it ends.

    Raises:
        LockedError: somebody else had it all the time.
    """
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(held, path, wait_seconds=wait_seconds, sleep=sleep)
        yield
    finally:
        os.close(held)


def _take(held: int, path: Path, *, wait_seconds: float, sleep: Callable[[float], None]) -> None:
    for _ in range(int(wait_seconds / _STEP_SECONDS) + 1):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(_STEP_SECONDS)
        else:
            return
    raise LockedError(f"another process works in {path.parent}")
