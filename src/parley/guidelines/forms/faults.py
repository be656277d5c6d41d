"""What is wrong with what was typed into a field, and on which line. The words are those of the page."""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """What is wrong with a field, or with one line of it."""

    SINCE = "since"
    LIMIT = "limit"
    HOTLINE_LIMIT = "hotline_limit"
    NO_LIMIT = "no_limit"
    COUNT = "count"
    NOTHING_TICKED = "nothing_ticked"
    DATE = "date"
    NO_SUCH_DATE = "no_such_date"
    RANGE = "range"
    TOO_MANY = "too_many"
    CLOSED_AND_MADE_UP = "closed_and_made_up"
    OFFSET = "offset"
    CHANGE = "change"
    CHANGES_CLOSE = "changes_close"
    HOURS = "hours"
    HOURS_ORDER = "hours_order"
    ALWAYS_RESTING = "always_resting"
    WEEK_TWICE = "week_twice"
    NO_WEEK = "no_week"
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One fault: the name of its field, the line from 1 on (0: the field as a whole), and what was typed.

    `low` and `high` are the bounds of a count, `high` also how many there may be at most.
    """

    field: str
    fault: Fault
    line: int = 0
    text: str = ""
    low: int = 0
    high: int = 0


class TypedError(Exception):
    """Some fields hold what cannot stand there; `wrong` names each of them, in the order of the form."""

    def __init__(self, wrong: tuple[Wrong, ...]) -> None:
        super().__init__(f"{len(wrong)} faults, the first: {wrong[0].field} {wrong[0].fault.value}")
        self.wrong = wrong
