"""The tests of a link's line, read from the record: what was probed, called and declared, in all its lanes.

What they are worth is computed in `protocol/linetests/`, from what is read here and a cut. So the page, the
command and the other node come to the same. Source: Spec §13.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import msgspec

from parley.ledger.reading import LinkRow, Reader
from parley.ledger.shelf import ROW_COLUMNS, read_row
from parley.protocol.act import read_act
from parley.protocol.directory import LISTED
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import Nature
from parley.protocol.linetests.account import History, history
from parley.protocol.linetests.bodies import read_said
from parley.protocol.linetests.periods import Calendar
from parley.protocol.linetests.trials import Sign, Trial, trials_of_call, trials_of_probes
from parley.protocol.links import Opened
from parley.protocol.names import MAIN
from parley.protocol.shelf import Row
from parley.protocol.strictjson import JsonObject

MOST: Final = 4_096
"""So many statements of a kind are looked at, of each side in each lane, the newest (Spec §13.4.5)."""

# Kind by kind, since the index gives each in its order, so that nothing older is looked at.
NEWEST: Final = (
    f"SELECT {ROW_COLUMNS} FROM row WHERE log = ? AND kind = ? AND outcome = 'valid'"  # noqa: S608 - ours
    " ORDER BY idx DESC LIMIT ?"
)
_LINE: Final = ("link.probed", "link.echoed", "link.fault_declared")
_CALL: Final = ("call.opened", "call.principal_opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the record of one moment holds about the tests of a link."""

    calendar: Calendar
    trials: tuple[Trial, ...]
    signs: tuple[Sign, ...]

    def at(self, cut: int) -> History:
        """Return what was known at `cut`."""
        return history(self.trials, self.signs, self.calendar, cut=cut)


def evidence_of(reader: Reader, link: str) -> Evidence | None:
    """Return what the record holds about the tests of `link`; None while no tests are agreed."""
    reader.begin()
    try:
        calendar = calendar_of(reader, link)
        if calendar is None:
            return None
        signs = signs_of(reader, link)
        calls = tried_calls(reader, link)
        trials = (
            *trials_of_probes(signs, clauses=calendar.clauses),
            *(trial for call in calls for trial in trials_of_call(call)),
        )
    finally:
        reader.end()
    return Evidence(calendar=calendar, trials=trials, signs=signs)


def calendar_of(reader: Reader, link: str) -> Calendar | None:
    """Return what the periods of a link are counted by; None while it is not open, or has no hotline."""
    terms = reader.terms(link)
    if terms is None or terms.hotline is None:
        return None
    state = reader.link_state(link)
    first = [state.rows[node, Opened][0].statement for node in terms.nodes]
    rows = [reader.row(link, statement) for statement in first]
    return Calendar(
        clauses=terms.hotline,
        nodes=terms.nodes,
        opened_at=max(row.effective for row in rows if row is not None),
    )


def signs_of(reader: Reader, link: str) -> tuple[Sign, ...]:
    """Return the valid statements about the line, in all lanes."""
    return tuple(
        _sign(row, lane=lane.lane)
        for lane in reader.lanes(link)
        for row in _newest(reader.connection, lane, _LINE)
    )


def tried_calls(reader: Reader, link: str) -> Iterator[Call]:
    """Yield the calls that are tests, in all lanes."""
    for lane in reader.lanes(link):
        for row in _newest(reader.connection, lane, _CALL):
            value: JsonObject = msgspec.json.decode(row.act or b"{}")
            if read_act(value).d.get("nature") == Nature.TEST.value:
                call = reader.call(lane.name, row.id)
                if call is not None:
                    yield call


def newest_list(reader: Reader, link: str, node: str) -> Row | None:
    """Return the statement by which `node` said its contact points last, None if it never did."""
    lane = next(row for row in reader.lanes(link) if row.lane == MAIN)
    found = (row for row in _newest(reader.connection, lane, (LISTED,)) if row.writer == node)
    return max(found, key=lambda row: row.index, default=None)


def _newest(db: sqlite3.Connection, lane: LinkRow, kinds: Sequence[str]) -> Iterator[Row]:
    logs = dict(db.execute("SELECT id, node FROM log WHERE link = ?", (lane.id,)).fetchall())
    for log, kind in product(logs, kinds):
        found = db.execute(NEWEST, (log, kind, MOST)).fetchall()
        yield from (read_row(each, logs) for each in found)


def _sign(row: Row, *, lane: str) -> Sign:
    value: JsonObject = msgspec.json.decode(row.act or b"")
    act = read_act(value)
    return Sign(
        id=row.id,
        writer=row.writer,
        lane=lane,
        index=row.index,
        cut=row.cut,
        effective=row.effective,
        received_at=row.received_at,
        re=act.re,
        said=read_said(act.k, act.d),
    )
