"""What a reader of the record gets: links, where they stand, and statements, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.ledger.lanes import lane_of, link_of
from parley.protocol.act import Act, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.names import MAIN
from parley.protocol.places import Place, mark
from parley.protocol.voids import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A link in one lane, as people need to see it. `digits` are the twelve groups that both sides compare.

    `name` is that of the link, in another lane than main followed by the lane (`lanes.py`).
    """

    id: int
    name: str
    channel: str
    world: str
    me: str
    peer: str
    my_letter: str
    their_letter: str
    peer_names: Mapping[str, str]
    peer_url: str | None
    peer_tls_sha256: bytes | None
    my_origin: str
    peer_origin: str
    digits: tuple[str, ...]
    added_at: int
    verified_at: int | None
    is_active: bool

    @property
    def link(self) -> str:
        """Return the name of the link as people know it."""
        return link_of(self.name)

    @property
    def lane(self) -> str:
        """Return the lane."""
        return lane_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """An oddity, counted. Nobody is accused by it but by a fork, which is a proof."""

    code: str
    times: int
    first_at: int
    last_at: int
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """Where both logs stand here: sizes in entries, instants in Unix seconds.

    `my_receipted` is how much of ours the other node has signed for, `their_size` how much of
    theirs is held here; `waiting` what of ours has no receipt yet.
    """

    my_size: int
    my_receipted: int
    my_receipted_at: int | None
    their_size: int
    last_heard_at: int | None
    forks: int
    alarms: tuple[AlarmRow, ...]

    @property
    def waiting(self) -> int:
        """Return how many of our entries the other node has not signed for."""
        return self.my_size - self.my_receipted


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One statement, with its place as people say it. `act` is None if it could not be read here."""

    letter: str
    index: int
    statement: bytes
    writer: str
    thread: bytes | None
    kind: str | None
    verdict: Verdict
    effective: int
    cut: int
    received_at: int | None
    act: Act | None
    lane: str = MAIN

    @property
    def mark(self) -> str:
        """Return how its log is called: ``A``, or ``A hot``."""
        return mark(self.letter, self.lane)

    @property
    def place(self) -> str:
        """Return the place, such as ``A 112`` or ``A hot 3``."""
        return Place(letter=self.letter, index=self.index, lane=self.lane).text


def kept_act(raw: bytes | None) -> Act | None:
    """Return the act that a row keeps; None if it was not opened here, or is none."""
    if raw is None:
        return None
    try:
        return read_act(read_json(bytes(raw)))
    except BreachError:
        return None
