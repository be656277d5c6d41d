"""Whether a statement about the link itself is valid, in the past of its entry.

Who signed it, whether it comes in its turn, whether what it names is there. What it then means
is told by `links.py`, which keeps it, and by the page of its kind. The order of the reasons that
all kinds share is left to `record.py`. Source: Spec §6.4, §7.
"""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from parley.protocol import agreements
from parley.protocol.card import Card, old_threshold
from parley.protocol.entry import Entry, ParsedEntry
from parley.protocol.form import Statement, VoidError, signers
from parley.protocol.kinds import Continued
from parley.protocol.links import Carded, Lasting, LinkState, Opened, SealKey, card_in
from parley.protocol.names import parse_origin
from parley.protocol.notation import write_base64
from parley.protocol.officers import Ended, Enrolled, named, persons_who_signed
from parley.protocol.shelf import Row, Tip
from parley.protocol.sides import Side
from parley.protocol.suite import Suite
from parley.protocol.suspension import Resumed, Suspended
from parley.protocol.terms import Terms
from parley.protocol.voids import UNOPENED, Verdict, Void

# Of each kind that one side has said of the link: far beyond honest use, and it bounds what a
# partner can make every later look cost.
MAX_LASTING: Final = 4_096


class Placed(Struct, frozen=True, kw_only=True, gc=False):
    """An entry on its way through the checks: who wrote it, its place, and where its line then stands."""

    said: Statement
    side: Side
    other: Side
    index: int
    tip: Tip
    heard: bool

    @property
    def entry(self) -> Entry | None:
        """Return the entry, None if it breaks the grammar."""
        return None if self.said.parsed is None else self.said.parsed.entry

    @property
    def past(self) -> Mapping[str, int]:
        """Return how many entries of each line are in the past of this one."""
        return {self.side.node: self.index, self.other.node: self.tip.cut}

    def row(self, *, kind: str | None, verdict: Verdict = UNOPENED) -> Row:
        """Return its row, before anything is judged that needs the two logs."""
        said, tip = self.said, self.tip
        return Row(
            id=said.leaf,
            writer=self.side.node,
            index=self.index,
            effective=tip.effective,
            cut=tip.cut,
            act=said.act,
            act_hash=said.parsed.entry.act.hash if said.parsed else None,
            kind=kind,
            thread=None,
            verdict=verdict,
        )


def check_persons(found: Placed, kind: str, terms: Terms, *, state: LinkState, suite: Suite) -> None:
    """Check that as many persons signed as the terms ask for this kind, in the roles they ask for.

    Raises:
        VoidError: wrong-log, threshold.
    """
    wanted = terms.persons.get(kind, 0)
    if not wanted:
        return
    parsed = _signed(found)
    roster = state.roster(
        found.side.node, found.index, paired=found.side.card, among=named(parsed, found.side.node)
    )
    persons = persons_who_signed(
        parsed, roster, at=found.tip.effective, roles=terms.roles.get(kind), suite=suite
    )
    if len(persons) < wanted:
        raise VoidError(Void.THRESHOLD, f"{len(persons)} of {wanted} persons signed")


def judge(
    said: Lasting, found: Placed, re: bytes | None, *, state: LinkState, terms: Terms | None, suite: Suite
) -> None:
    """Check a statement about the link; `terms` are those in force, None while it is not open.

    Raises:
        VoidError: why it is void.
    """
    match said:
        case Opened():
            _judge_opened(said, found, state, suite=suite)
        case Carded():
            _judge_carded(said, found, state, suite=suite)
        case Enrolled() | Ended():
            _check_count(said, found, state)
            _check_roots(found, state, suite=suite)
            if isinstance(said, Enrolled):
                _check_key(said, found, state)
        case SealKey():
            _check_count(said, found, state)
        case Suspended():
            _check_count(said, found, state)
            if said.scope.item is not None and (terms is None or said.scope.item not in terms.items):
                raise VoidError(Void.SCHEMA, "not an agreed item of cooperation")
        case Resumed():
            _judge_resumed(found, re, state)
        case _:
            assert terms is not None, "without terms it was void before"
            lane = parse_origin(found.side.origin).channel.lane
            spot = agreements.Spot(writer=found.side.node, lane=lane, at=found.tip.effective, past=found.past)
            agreements.judge(said, spot, re, state=state, terms=terms)


def judge_continued(said: Continued, found: Placed, root: bytes, *, state: LinkState, suite: Suite) -> None:
    """Check that the first entry of a later log says truly which one it continues, whose `root` this is.

    Where the other side did not consent, persons sign it (rule H12). Spec §4.8.

    Raises:
        VoidError: why it is void.
    """
    line = found.side.line
    epoch = line.at(found.index)
    before = line.before(epoch.origin)
    if before is None or epoch.base != found.index:
        raise VoidError(Void.WRONG_STATE, "only the first entry of a later log continues one")
    cited = {(each.origin, each.size, each.root) for each in found.entry.seen} if found.entry else set()
    is_true = (said.origin, before.base + said.size) == (before.origin, found.index)
    is_cited = not said.size or (said.origin, said.size, root) in cited
    if not is_true or not is_cited or said.root != write_base64(root):
        raise VoidError(Void.SCHEMA, "it does not continue the log before it")
    if not said.accepted:
        _check_roots(found, state, suite=suite)


def _signed(found: Placed) -> ParsedEntry:
    if found.said.parsed is None or found.said.parsed.entry.log is None:
        raise VoidError(Void.WRONG_LOG, "signed by persons, so it names its log")
    return found.said.parsed


def _check_roots(found: Placed, state: LinkState, *, suite: Suite) -> None:
    """Check that as many roots signed as the card in force asks."""
    card = state.roster(found.side.node, found.index, paired=found.side.card).card
    if signers(_signed(found), card, suite) < card.threshold:
        raise VoidError(Void.THRESHOLD)


def _judge_opened(said: Opened, found: Placed, state: LinkState, *, suite: Suite) -> None:
    _signed(found)
    if (
        set(said.nodes) != {found.side.node, found.other.node}
        or said.origin_of(found.side.node) != found.side.origin
    ):
        raise VoidError(Void.SCHEMA, "an opening of another link")
    if said.card_of(found.side.node) != found.side.card_hash:
        raise VoidError(Void.THRESHOLD)
    _check_roots(found, state, suite=suite)


def _judge_carded(said: Carded, found: Placed, state: LinkState, *, suite: Suite) -> None:
    _signed(found)
    # The card of the pairing need not have been the first one of its node.
    newest = state.serial(found.side.node, found.index, paired=found.side.card.serial)
    if said.serial != newest + 1:
        raise VoidError(Void.WRONG_STATE, "cards come one serial at a time")
    if said.text is None:
        _check_roots(found, state, suite=suite)
    else:
        _check_rotation(card_in(said.text), found, state, suite=suite)


def _check_rotation(new: Card, found: Placed, state: LinkState, *, suite: Suite) -> None:
    """Check a card that may change keys: it follows the newest, and roots of both signed the entry."""
    node, parsed = found.side.node, _signed(found)
    old = state.card(node, found.index, paired=found.side.card)
    if new.node != node:
        raise VoidError(Void.SCHEMA, "the card of another node")
    if new.prev != state.card_hash(node, found.index, paired=found.side.card_hash):
        raise VoidError(Void.WRONG_STATE, "it does not follow the newest card")
    if signers(parsed, old, suite) < old_threshold(old, new) or signers(parsed, new, suite) < new.threshold:
        raise VoidError(Void.THRESHOLD)


def _judge_resumed(found: Placed, re: bytes | None, state: LinkState) -> None:
    suspended = state.of(Suspended, found.side.node, found.index)
    if re not in {each.statement for each in suspended}:
        raise VoidError(Void.NO_TARGET, "no suspension of this side")
    if re in {each.re for each in state.of(Resumed, found.side.node, found.index)}:
        raise VoidError(Void.WRONG_STATE, "it was lifted before")


def _check_count(said: Lasting, found: Placed, state: LinkState) -> None:
    if len(state.of(type(said), found.side.node, found.index)) >= MAX_LASTING:
        raise VoidError(Void.OVERSIZE, "said too often on this link")


def _check_key(said: Enrolled, found: Placed, state: LinkState) -> None:
    """Check that the key is nobody else's: who holds one key must not count as two."""
    card = state.roster(found.side.node, found.index, paired=found.side.card).card
    roots = ((n, root) for n, root in enumerate(card.roots, start=1))
    enrolled = (each.said for each in state.of(Enrolled, found.side.node, found.index))
    officers = ((each.n, each.bare_key) for each in enrolled if isinstance(each, Enrolled))
    if said.bare_key in _keys_of_others((*roots, *officers), said.n):
        raise VoidError(Void.WRONG_STATE, "the key is another person's")


def _keys_of_others(keys: Collection[tuple[int, bytes]], n: int) -> frozenset[bytes]:
    return frozenset(key for person, key in keys if person != n)
