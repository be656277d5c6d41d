"""Which of several versions of a field is in force, pure: nothing that was typed is lost, whoever was first.

A page knows the draft as it was at its `base`, and what it saved itself since. What it gives
back unchanged changes nothing, even if somebody else has changed it meanwhile. What it
changed takes force, unless somebody else changed the same field behind its back: then it
lies aside, and a person chooses. With the answer to a save the page learns of everything that
others changed, so that its base is then the newest revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

MERGE_SECONDS: Final = 60
"""For so long the versions of one page, with nobody in between, become one: a page saves each second."""


class Change(Enum):
    """What becomes of a value that a page brings."""

    NONE = "none"
    """The page did not change it, or it is in force already."""
    IN_FORCE = "in_force"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of one field, without its value. `replaced` are the (revision, digest) it stands for."""

    revision: int
    digest: str
    session: str
    begun_at: int
    is_aside: bool = False
    is_settled: bool = False
    replaced: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a page brings for one field: the digest of the value, and what it knew when it was typed."""

    digest: str
    base: int
    session: str
    now: int


def in_force(versions: Iterable[Version]) -> Version | None:
    """Return the version in force: the last that does not lie aside; None for a field that nobody filled."""
    return max((each for each in versions if not each.is_aside), key=lambda each: each.revision, default=None)


def known(versions: Iterable[Version], *, base: int, session: str) -> str | None:
    """Return the digest that the page last knew: as it was at `base`, or as it saved it itself since."""
    seen = [
        (revision, digest)
        for each in versions
        for revision, digest in (*each.replaced, (each.revision, each.digest))
        if each.session == session or (revision <= base and not each.is_aside)
    ]
    return max(seen, default=(0, None))[1]


def change_of(versions: Sequence[Version], brought: Brought, *, nothing: str) -> Change:
    """Return what becomes of the value; `nothing` is the digest of the empty one.

    `versions` are all those of the field.
    """
    current = in_force(versions)
    if current is not None and _was_told(versions, brought):
        return Change.NONE if current.digest == brought.digest else Change.IN_FORCE
    before = known(versions, base=brought.base, session=brought.session) or nothing
    if brought.digest == before:
        return Change.NONE
    if current is None or current.revision <= brought.base or current.session == brought.session:
        return Change.IN_FORCE
    return Change.NONE if current.digest == brought.digest else Change.ASIDE


def _was_told(versions: Sequence[Version], brought: Brought) -> bool:
    """Return whether the page has a text aside and was told of the other: what it brings is its choice."""
    own = [each for each in versions if each.session == brought.session]
    last = max(own, key=lambda each: each.revision, default=None)
    return last is not None and last.is_aside and not last.is_settled and brought.base >= last.revision


def merged(versions: Sequence[Version], brought: Brought, change: Change) -> Version | None:
    """Return the version that `brought` may replace; None if it must stand beside them all.

    Only the page's own last word of the last minute, with nobody's in between: the pages that
    saw it are not misled, since it stays among those that the new one stands for.
    """
    last = max(versions, key=lambda each: each.revision, default=None)
    if last is None or last.session != brought.session or last.is_settled:
        return None
    is_alike = last.is_aside == (change is Change.ASIDE)
    return last if is_alike and 0 <= brought.now - last.begun_at < MERGE_SECONDS else None
