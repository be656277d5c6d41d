"""A shift as a file has it, what can be wrong with one, and how a time is read."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum
from types import MappingProxyType
from typing import Final

from parley.watch.policy import Post

MAX_SHIFTS: Final = 5_000


class Wrong(Enum):
    """What is wrong with a line of a roster."""

    ENCODING = "encoding"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    HEADINGS = "headings"
    POST = "post"
    PERSON = "person"
    TIME = "time"
    ZONE = "zone"
    ENDS = "ends"
    RECURRENCE = "recurrence"


class RosterError(Exception):
    """What is wrong, by the number of the line in the file (0: the file as a whole)."""

    def __init__(self, wrong: dict[int, Wrong]) -> None:
        super().__init__(", ".join(f"line {line}: {each.value}" for line, each in sorted(wrong.items())))
        self.wrong = wrong


class WrongError(Exception):
    """One line is wrong; becomes part of a `RosterError`."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A shift: `who` is a number or a name as it stands in the file, `line` says where."""

    post: Post
    who: str
    begins: int
    ends: int
    line: int


POSTS: Final = MappingProxyType(
    {each.value: each for each in Post}
    | {
        "值班台": Post.DESK,
        "副班值班员": Post.SECOND,
        "第二值班员": Post.SECOND,
        "司局负责人": Post.DIRECTOR,
        "主管": Post.DIRECTOR,
        "副部长": Post.VICE_MINISTER,
        "部长": Post.MINISTER,
    }
)


def read_post(text: str) -> Post:
    """Return the post that `text` names.

    Raises:
        WrongError: it names none.
    """
    found = POSTS.get(text.strip().lower().replace("-", "_"))
    if found is None:
        raise WrongError(Wrong.POST)
    return found


def read_instant(text: str, *, zone: tzinfo | None) -> int:
    """Return the instant that `text` names, in unix seconds: ISO 8601, with an offset or in `zone`.

    Raises:
        WrongError: it is no time, or nobody says in which zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongError(Wrong.TIME) from error
    return seconds_of(moment, zone=zone)


def seconds_of(moment: datetime, *, zone: tzinfo | None) -> int:
    """Return `moment` in unix seconds, in `zone` if it has none of its own.

    Raises:
        WrongError: nobody says in which zone it is, or no clock goes so far.
    """
    if moment.tzinfo is None:
        if zone is None:
            raise WrongError(Wrong.ZONE)
        moment = moment.replace(tzinfo=zone)
    try:
        return int(moment.timestamp())
    except (OverflowError, ValueError) as error:
        raise WrongError(Wrong.TIME) from error


def planned(post: Post, who: str, *, begins: int, ends: int, line: int) -> Planned:
    """Return a shift.

    Raises:
        WrongError: nobody is named, or it ends before it begins.
    """
    if not who:
        raise WrongError(Wrong.PERSON)
    if ends <= begins:
        raise WrongError(Wrong.ENDS)
    return Planned(post=post, who=who, begins=begins, ends=ends, line=line)
