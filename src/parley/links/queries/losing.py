"""What is lost of our own log on a link: what it means, and what officers may decide. Source: Spec §5.7.

The groups that the other side reads to us are never part of a page: whoever confirms types what is heard.
"""

from dataclasses import dataclass

from parley.ledger.lanes import lane_of
from parley.ledger.lost import OFFERED, LostRow, lost_rows, offered_rows
from parley.ledger.orphans import OrphanCount, count_orphans
from parley.ledger.reading import Reader
from parley.ledger.regaining import ALONE_HOT_SECONDS, ALONE_SECONDS, HOT_LANE
from parley.links.policy import places_to_read, places_to_type
from parley.links.queries.deciding import Decision, Deed, decisions
from parley.links.queries.verifying import SpokenGroup, spoken

# Nobody knows any more what was signed last, or somebody else signed as we: people must compare.
_CONFIRMED: frozenset[str] = frozenset({"lost", "elsewhere", OFFERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A loss as its page shows it. `alone_from` is when the log may end without the other side."""

    row: LostRow
    reads: tuple[SpokenGroup, ...]
    types: tuple[int, ...]
    """The numbers of the groups that are typed, from 1."""
    alone_from: int
    waits: tuple[Decision, ...]

    @property
    def lane(self) -> str:
        """Return the lane of the lost log."""
        return lane_of(self.row.name)

    @property
    def is_offered(self) -> bool:
        """Return whether nothing is lost, and the other side shows a head of ours all the same."""
        return self.row.cause == OFFERED

    @property
    def needs_people(self) -> bool:
        """Return whether it does not come back before officers compare digits."""
        return self.row.cause in _CONFIRMED and not self.row.is_sealed and bool(self.row.digits)


def losses_of(reader: Reader, link: str, *, now: int) -> tuple[Loss, ...]:
    """Return what is being asked back on `link`, lane by lane."""
    return tuple(_loss(row, now=now) for row in lost_rows(reader, link))


def offered_of(reader: Reader, link: str, *, now: int) -> tuple[Loss, ...]:
    """Return what the other side shows of logs of ours that ended, though nothing is lost here."""
    return tuple(_loss(row, now=now) for row in offered_rows(reader, link))


def orphans_of(reader: Reader, link: str) -> OrphanCount:
    """Return how many statements of either side are no part of their log any more."""
    return count_orphans(reader, link)


def alone_from(name: str, begun_at: int) -> int:
    """Return from when on a loss that began at `begun_at` may be ended without the other side."""
    return begun_at + (ALONE_HOT_SECONDS if lane_of(name) == HOT_LANE else ALONE_SECONDS)


def _loss(row: LostRow, *, now: int) -> Loss:
    deeds = {Deed.CONFIRM_HEAD, Deed.END_ALONE}
    return Loss(
        row=row,
        reads=tuple(spoken(place, row.digits[place]) for place in places_to_read(is_first=True))
        if row.digits
        else (),
        types=tuple(place + 1 for place in places_to_type(is_first=True)),
        alone_from=alone_from(row.name, row.begun_at),
        waits=tuple(each for each in decisions(row.name, now=now) if each.decided.deed in deeds),
    )
