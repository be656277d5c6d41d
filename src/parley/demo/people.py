"""The people of the play: who sits at each side's desk, under invented names.

The first officer of a side is the one for whom the play itself acts, when it is watched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to sign in as: `role` is officer or viewer, `language` en or zh."""

    name: str
    role: str
    language: str


PEOPLE: Final[Mapping[str, tuple[Person, ...]]] = {
    "A": (
        Person(name="陈岚", role="officer", language="zh"),
        Person(name="吴越", role="officer", language="zh"),
        Person(name="林静", role="viewer", language="zh"),
    ),
    "B": (
        Person(name="Morgan Reed", role="officer", language="en"),
        Person(name="Alex Doyle", role="officer", language="en"),
        Person(name="Sam Whitfield", role="viewer", language="en"),
    ),
}
