"""What one officer of ours has decided and another has yet to: it lies in a draft, and nothing is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.drafts.queries import DraftRow, list_drafts, values_of
from parley.protocol.strictjson import read

DECISIONS: Final = "links.decided"
GOOD_SECONDS: Final = 24 * 3600
"""What one officer decided waits so long for the other; then it has to be decided anew."""


class Deed(Enum):
    """What two officers decide about what this node itself does; the name stands in the journal."""

    ERASE = "record.erased"
    REFUSE_TO_ERASE = "record.erasure_refused"
    CONFIRM_HEAD = "link.head_confirmed"
    END_ALONE = "link.ended_alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A deed on a link, exactly: `about` is the id of an order or sixty digits, `ground` a code, or empty."""

    link: str
    deed: Deed
    about: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What waits in draft `number` for another officer; `officer` decided it first, at `at`."""

    number: int
    decided: Decided
    officer: int
    officer_name: str
    at: int


def decisions(link: str, *, now: int) -> tuple[Decision, ...]:
    """Return what waits for another officer on `link` at `now`, the oldest first."""
    return decisions_in(list_drafts(link, purpose=DECISIONS), now=now)


def decisions_in(rows: Iterable[DraftRow], *, now: int) -> tuple[Decision, ...]:
    """Return what waits at `now` in those of these open drafts that hold such, the oldest first."""
    found = sorted((row for row in rows if row.purpose == DECISIONS), key=lambda row: row.number)
    return tuple(_decision(row) for row in found if 0 <= now - row.created_at <= GOOD_SECONDS)


def overdue_decisions(link: str, *, now: int) -> tuple[int, ...]:
    """Return the numbers of drafts on `link` in which nobody decided in time."""
    rows = list_drafts(link, purpose=DECISIONS)
    return tuple(row.number for row in rows if not 0 <= now - row.created_at <= GOOD_SECONDS)


def _decision(row: DraftRow) -> Decision:
    said = read(values_of(row.number, ["decided"])["decided"].encode())
    return Decision(
        number=row.number,
        decided=Decided(
            link=row.link,
            deed=Deed(said["deed"]),
            about=str(said["about"]),
            ground=str(said["ground"]),
        ),
        officer=row.officer,
        officer_name=row.officer_name,
        at=row.created_at,
    )
