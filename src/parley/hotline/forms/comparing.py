"""What was read back against what was said: computed before it is sent, and shown on both sides.

The fold compares marks (Spec §12.4.3). How near a wrong reading came is told from the words of both
bodies, where they are here, and decides nothing: two digits swapped is another mistake than another host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.hotline.forms.five import FiveFields, in_order
from parley.protocol.hotline.bodies import Fields
from parley.protocol.hotline.codes import Field, Subject
from parley.protocol.hotline.mark import (
    Near,
    UnreadableError,
    canonical,
    mark_line,
    near_instant,
    near_text,
)


class NoSaltError(Exception):
    """The words of the text, and the salt with them, are not here any more: nothing can be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near one value came: both in their one form, and where they differ first, from 0.

    For times both are "" and `place` is None: a time is told as a time, by whoever shows it.
    """

    near: Near
    place: int | None = None
    said: str = ""
    read: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A reading of a text: what the act will say, the fields that it gets wrong, and how near they came."""

    fields: Fields
    misses: tuple[str, ...]
    near: Mapping[str, Nearness]


def compare(said: Fields, *, named: str | None, read: FiveFields, salt: bytes | None) -> Compared:
    """Return how `read`, as it was typed, compares with the fields that were `said`, whose object is `named`.

    Raises:
        NoSaltError: the body is gone. UnreadableError: what was typed cannot be a thing of this kind.
    """
    if salt is None:
        raise NoSaltError
    fields = read.marked(salt=salt)
    misses = in_order(said.misses(fields))
    return Compared(fields=fields, misses=misses, near=nearness(said, named=named, read=read, misses=misses))


def compare_lines(said: Sequence[str], *, lines: Sequence[str], salt: bytes | None) -> tuple[str, ...]:
    """Return which lines of the minute, by number from 1, are read otherwise than the marks `said`.

    Raises:
        NoSaltError: the body is gone. UnreadableError: a line is empty.
    """
    if salt is None:
        raise NoSaltError
    marks = [mark_line(line, salt=salt) for line in lines]
    count = max(len(said), len(marks))
    return tuple(str(n + 1) for n in range(count) if said[n : n + 1] != tuple(marks[n : n + 1]))


def nearness(
    said: Fields, *, named: str | None, read: FiveFields, misses: Sequence[str]
) -> Mapping[str, Nearness]:
    """Return how near each of the `misses` came that can be compared: the object, and the two times."""
    found: dict[str, Nearness] = {}
    if Field.OBJECT.value in misses and said.object.type is read.subject:
        near = _near_object(read.subject, named, read.object)
        found |= {} if near is None else {"object": near}
    if Field.WHEN.value in misses:
        for name, one, two in (("since", said.when.since, read.since), ("by", said.when.by, read.by)):
            if one != two:
                found[name] = Nearness(near=near_instant(one, two))
    return found


def _near_object(subject: Subject, said: str | None, read: str | None) -> Nearness | None:
    try:
        one, two = (canonical(subject, text or "") for text in (said, read))
    except UnreadableError:
        return None
    near, place = near_text(one, two)
    return Nearness(near=near, place=place, said=one, read=two)
