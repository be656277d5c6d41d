"""The only reader of the clock. All others take `now` as an argument, so that any moment can be tried."""

import time


def now() -> int:
    """Return the time of this machine in whole seconds since 1970-01-01T00:00:00Z."""
    return int(time.time())


def monotonic() -> float:
    """Return seconds from a start that means nothing: for spans of waiting, never for a record."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait. Only where a process has nothing else to do; loops and protocols wait for events."""
    time.sleep(seconds)
