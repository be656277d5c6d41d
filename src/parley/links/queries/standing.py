"""How a link stands, as its page and the desk tell it: two sentences first, then what they rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.ledger.evidence import (
    KeyCard,
    fork_found_at,
    key_cards,
    newest_receipts,
    seconds_to_receipt,
    strange_verdicts,
)
from parley.ledger.lanes import lane_of
from parley.ledger.orphans import OrphanCount
from parley.ledger.readers import OpenLink, links_of, reader_of, side_name
from parley.ledger.reading import AlarmRow, LinkRow, LinkStatus, Reader
from parley.links.policy import Facts, Same, Works, same, works
from parley.links.queries.checking import Checked, checked
from parley.links.queries.core import CoreView, CourierView, core_view
from parley.links.queries.keeping import Keeping, keeping
from parley.links.queries.lanes import LaneRow, lane_rows, whole
from parley.links.queries.losing import Loss, losses_of, offered_of, orphans_of
from parley.links.queries.suspending import Suspension, in_force
from parley.protocol import head, note
from parley.protocol.links import Carded
from parley.protocol.terms import Terms
from parley.work.home import Home

RECEIPTS_SHOWN: Final = 5
WAITING_SHOWN: Final = 20
LOOKED_BACK: Final = 2_000
NO_STATUS: Final = LinkStatus(
    my_size=0,
    my_receipted=0,
    my_receipted_at=None,
    their_size=0,
    last_heard_at=None,
    forks=0,
    alarms=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A link with what the two sentences say. Sizes are entries, instants unix seconds."""

    row: LinkRow
    side: str
    terms: Terms | None
    lanes: tuple[LaneRow, ...]
    at: LinkStatus
    """Of all lanes together."""
    core_runs: bool
    courier: CourierView | None
    heard_at: int | None
    silent_for: int
    """Seconds since the last word."""
    works: Works
    same: Same
    stopped: tuple[Suspension, ...]
    """What is suspended now, by either side."""
    losses: tuple[Loss, ...]
    """What of our own log is lost and being asked back."""
    desk_said_at: int | None
    """The minute for which they said that their desk is watched; None where that is not confirmed now."""

    @property
    def tells_desk(self) -> bool:
        """Return whether the terms have both sides tell whether their desk is watched."""
        return self.terms is not None and self.terms.hotline is not None and self.terms.hotline.watch_shown

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def receipted_place(self) -> str:
        """Return up to which entry of ours their receipt goes, such as ``A 112``; empty without one."""
        receipted = self.lanes[0].at.my_receipted if self.lanes else 0
        return f"{self.row.my_letter} {receipted - 1}" if receipted else ""

    @property
    def is_in_trouble(self) -> bool:
        """Return whether somebody should look at this link now."""
        broken = {Works.NO_CORE, Works.SILENT, Works.UNVERIFIED}
        return bool(self.losses) or self.works in broken or self.same in {Same.FORKED, Same.NOT_EXTENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEntry:
    """An entry of ours that has no receipt yet."""

    place: str
    kind: str
    effective: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """Everything that the page of one link shows."""

    standing: Standing
    core: CoreView
    cards: tuple[KeyCard, KeyCard]
    new_cards: tuple[tuple[str, int], ...]
    """Place and serial of each newer card that was announced in the record."""
    receipts: tuple[tuple[str, int], ...]
    """Up to which entry of ours, and when by their clock."""
    heads: tuple[str, str]
    """The newest head of our log and of theirs, as signed notes; empty without one."""
    waits: tuple[WaitingEntry, ...]
    receipt_gap: int | None
    fork_found_at: int | None
    oddities: tuple[AlarmRow, ...]
    unknown: int
    """Statements of theirs of kinds outside the terms, among their newest ones."""
    unopened: int
    void: int
    looked_back: int
    keeping: Keeping
    checked: Checked
    offered: tuple[Loss, ...]
    """Heads of logs of ours that ended, which they show though nothing is lost."""
    orphans: OrphanCount
    """Statements of either side that are no part of their log any more."""
    their_digits: tuple[tuple[str, tuple[str, ...]], ...]
    """Of the newest head of their log in each lane: their officers may ask for them after a loss."""

    @property
    def gap_seconds(self) -> int:
        """Return `receipt_gap` without its sign."""
        return abs(self.receipt_gap or 0)


def standings(home: Home, *, now: int) -> tuple[Standing, ...]:
    """Return how every link stands."""
    links = links_of(home)
    if not links:
        return ()
    reader, core = reader_of(home), core_view(home)
    return tuple(_standing(reader, link, core, now=now) for link in links)


def link_page(home: Home, link: OpenLink, *, now: int) -> LinkPage:
    """Return what the page of `link` shows."""
    reader, core = reader_of(home), core_view(home)
    assert reader is not None
    name = link.row.name
    # Read anew: whoever has just opened the link comes here next.
    row = reader.link(name) or link.row
    found = _standing(reader, OpenLink(row=row, terms=reader.terms(name)), core, now=now)
    verdicts = strange_verdicts(reader, name, newest=LOOKED_BACK)
    return LinkPage(
        standing=found,
        core=core,
        cards=key_cards(reader, name),
        new_cards=_new_cards(reader, row),
        receipts=tuple(
            (f"{row.my_letter} {size - 1}", at)
            for size, at in newest_receipts(reader, name, limit=RECEIPTS_SHOWN)
        ),
        heads=_heads(reader, name),
        waits=tuple(_waits(reader, found)),
        receipt_gap=seconds_to_receipt(reader, name),
        fork_found_at=min(_forks_found_at(reader, name), default=None),
        oddities=found.at.alarms,
        unknown=verdicts.get("unknown", 0),
        unopened=verdicts.get("unopened", 0),
        void=verdicts.get("void", 0),
        looked_back=LOOKED_BACK,
        keeping=keeping(home),
        offered=offered_of(reader, name, now=now),
        orphans=orphans_of(reader, name),
        their_digits=_their_digits(reader, name),
        checked=checked(home, link, core),
    )


def _standing(reader: Reader | None, link: OpenLink, core: CoreView, *, now: int) -> Standing:
    row = link.row
    lanes = lane_rows(reader, row.name, core) if reader else ()
    at = whole(lanes, empty=NO_STATUS)
    courier = core.couriers.get(row.name)
    heard = [each.heard_at for each in lanes if each.heard_at is not None]
    facts = Facts(
        now=now,
        is_verified=row.verified_at is not None,
        is_open=link.terms is not None,
        core_runs=core.runs,
        heard_at=max(heard, default=None),
        my_size=at.my_size,
        waiting=at.waiting,
        is_forked=at.forks > 0,
        not_extended_at=next((each.last_at for each in at.alarms if each.code == "not_extended"), None),
    )
    return Standing(
        row=row,
        side=side_name(row),
        terms=link.terms,
        lanes=lanes,
        at=at,
        core_runs=core.runs,
        courier=courier,
        heard_at=facts.heard_at,
        silent_for=0 if facts.heard_at is None else max(0, now - facts.heard_at),
        works=works(facts),
        same=same(facts),
        stopped=in_force(reader, row) if reader else (),
        losses=losses_of(reader, row.name, now=now) if reader else (),
        desk_said_at=core.their_desks.get(row.name),
    )


def _forks_found_at(reader: Reader, link: str) -> Iterable[int]:
    for name in reader.lane_names(link):
        if (at := fork_found_at(reader, name)) is not None:
            yield at


def _heads(reader: Reader, link: str) -> tuple[str, str]:
    ours, theirs = ("" if note is None else note.decode() for note in reader.head_notes(link))
    return ours, theirs


def _their_digits(reader: Reader, link: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    notes = [(lane_of(name), reader.head_notes(name)[1]) for name in reader.lane_names(link)]
    return tuple(
        (lane, head.digits(head.parse_text(note.parse(raw).text))) for lane, raw in notes if raw is not None
    )


def _new_cards(reader: Reader, row: LinkRow) -> tuple[tuple[str, int], ...]:
    letters = {row.me: row.my_letter, row.peer: row.their_letter}
    return tuple(
        (f"{letters[said.writer]} {said.index}", said.said.serial)
        for said in reader.link_state(row.name).said
        if isinstance(said.said, Carded)
    )


def _waits(reader: Reader, standing: Standing) -> Iterable[WaitingEntry]:
    if not standing.at.waiting:
        return
    for lane in standing.lanes:
        for row in reader.rows(lane.name, after=lane.at.my_receipted - 1, limit=WAITING_SHOWN):
            if row.letter == standing.row.my_letter:
                yield WaitingEntry(place=row.place, kind=row.kind or "", effective=row.effective)
