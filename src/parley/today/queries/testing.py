"""The line tests that our people are to hold: looked up once a minute: the terms of every link are read.

A test that was held stands on the desk for a minute more; who opens its page sees that it was.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.hotline.queries.testing import DueTest, due_tests
from parley.work.home import Home

KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    at: int
    tests: tuple[DueTest, ...]


_found: dict[Path, _Found] = {}


def tests_due(home: Home, *, now: int) -> tuple[DueTest, ...]:
    """Return the tests that one of us is to hold on any link, by when they end."""
    known = _found.get(home.root)
    if known is None or not known.at <= now < known.at + KEPT_SECONDS:
        known = _found[home.root] = _Found(at=now, tests=due_tests(home, now))
    return tuple(each for each in known.tests if now < each.ends)
