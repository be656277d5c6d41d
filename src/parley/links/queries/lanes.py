"""The lanes of a link, each with how it stands, and all of them as the one link that people see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from parley.ledger.reading import LinkStatus, Reader
from parley.ledger.rows import AlarmRow
from parley.links.queries.core import CoreView, CourierView
from parley.protocol.names import MAIN
from parley.protocol.places import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """One lane of a link. `name` is that of the link in it, `heard_at` in Unix seconds, None if never."""

    name: str
    lane: str
    mark: str
    """How our log in it is called: ``A``, or ``A hot``."""
    is_open: bool
    heard_at: int | None
    at: LinkStatus


def lane_rows(reader: Reader, link: str, core: CoreView) -> tuple[LaneRow, ...]:
    """Return the lanes of `link`, main first."""
    return tuple(
        LaneRow(
            name=row.name,
            lane=row.lane,
            mark=mark(row.my_letter, row.lane),
            is_open=row.is_active,
            heard_at=_heard(at, core.couriers.get(row.name)),
            at=at,
        )
        for row in reader.lanes(link)
        if (at := reader.status(row.name)) is not None
    )


def _heard(at: LinkStatus, courier: CourierView | None) -> int | None:
    known = (at.last_heard_at, courier.heard_at if courier else None)
    return max((when for when in known if when is not None), default=None)


def whole(lanes: Iterable[LaneRow], *, empty: LinkStatus) -> LinkStatus:
    """Return how the link stands as one: entries and forks of all lanes, every alarm with its lane."""
    rows = list(lanes)
    if len(rows) < 2:
        return rows[0].at if rows else empty
    return replace(
        rows[0].at,
        my_size=sum(row.at.my_size for row in rows),
        my_receipted=sum(row.at.my_receipted for row in rows),
        their_size=sum(row.at.their_size for row in rows),
        last_heard_at=max((at for row in rows if (at := row.at.last_heard_at) is not None), default=None),
        forks=sum(row.at.forks for row in rows),
        alarms=tuple(_named(alarm, row.lane) for row in rows for alarm in row.at.alarms),
    )


def _named(alarm: AlarmRow, lane: str) -> AlarmRow:
    return alarm if lane == MAIN else replace(alarm, remark=f"{lane}: {alarm.remark}")
