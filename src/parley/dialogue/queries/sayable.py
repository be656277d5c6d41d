"""What our side could say now, and of which statement: asked of the fold itself, so that no button lies.

Of a wording in whose place a newer one stands nothing is offered, though the fold would take it: who presses
there means the newer one. A suspension, and how many persons sign, are told behind the door of the record.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Final

from parley.dialogue.policy import replaced
from parley.protocol.act import id_text
from parley.protocol.crossing import Fact, Said
from parley.protocol.dialogue import bodies, meeting
from parley.protocol.dialogue.clause import Text, write_clause
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.outcome import MAX_FROZEN

_ID: Final = id_text(bytes(32))
_CLAUSE: Final = write_clause(Text(en="x", zh="文"))
_PLAN: Final = {"host": "A", "begins": 0, "ends": 0, "text": _ID}
_EXAMPLES: Final[Mapping[str, Mapping[str, object]]] = {
    "commitment.carried": {"round": None, "due": None},
    "commitment.reported": {"standing": "under_way", "evidence": []},
    "concern.escalated": {"call": _ID},
    "round.replanned": _PLAN,
    "round.next_proposed": _PLAN,
    "round.item_proposed": {"source": "other", "of": None, "text": _ID},
    "round.group_reported": {"group": "x", "text": _ID},
    "round.decided": {"guideline": None, "text": _ID},
    "round.delegated": {"chair": "x", "members": [{"role": "x", "count": 1}]},
    "round.stated": {"stance": "view"},
    "outcome.clause_proposed": {"place": 1, "clause": _CLAUSE},
    "outcome.amended": {"place": 1, "clause": _CLAUSE},
}
_BY_STATE: Final = ("outcome.frozen", "outcome.released")
"""What these say is compared with the list itself."""


def _trials(words: tuple[str, ...]) -> dict[str, Said]:
    return {
        kind: bodies.read_said(kind, _EXAMPLES.get(kind, {}))  # type: ignore[arg-type]  # JSON, as it stands
        for kind in bodies.CLASSES
        if kind.partition(".")[0] in words and kind not in bodies.OPENINGS and kind not in _BY_STATE
    }


_OF_COMMITMENT: Final = _trials(("commitment", "concern"))
_OF_ROUND: Final = _trials(("round", "outcome"))


def sayable(thread: Commitment | Round, *, me: str, now: int) -> Mapping[bytes, tuple[str, ...]]:
    """Return by statement which kinds our side could say of it at `now`; nothing for the others."""
    trials, gone = _trials_of(thread), replaced(thread)
    found = {
        target.id: tuple(
            kind for kind, said in trials.items() if _may(thread, target, _fact(kind, said, target, me=me))
        )
        for target in thread.seen.values()
        if target.id not in gone
    }
    if isinstance(thread, Round):
        found[thread.opened.id] += tuple(_of_list(thread, me=me, now=now))
    return {statement: kinds for statement, kinds in found.items() if kinds}


def fits(thread: Commitment | Round, target: Fact, kind: str, *, me: str) -> bool:
    """Return whether our side could ever say this kind of `target`, however the thread stands now."""
    said = _trials_of(thread).get(kind)
    if said is None:
        return False
    fact = _fact(kind, said, target, me=me)
    return thread.may_write(fact) and thread.fits(fact, target)


def _trials_of(thread: Commitment | Round) -> Mapping[str, Said]:
    return _OF_COMMITMENT if isinstance(thread, Commitment) else _OF_ROUND


def _fact(kind: str, said: Said, target: Fact, *, me: str) -> Fact:
    return dataclasses.replace(
        target, id=b"", writer=me, kind=kind, re=target.id, said=said, ref=None, is_stopped=False
    )


def _may(thread: Commitment | Round, target: Fact, fact: Fact) -> bool:
    return thread.may_write(fact) and thread.fits(fact, target) and thread.may_now(fact, target)


def _of_list(thread: Round, *, me: str, now: int) -> Iterator[str]:
    outcome = thread.outcome
    frozen = outcome.agreed
    if frozen is not None:
        if me not in outcome.released and now >= frozen.release:
            yield "outcome.released"
        return
    is_met = thread.state in {meeting.State.AGREED, meeting.State.CLOSED}
    if is_met and outcome.outcomes(now) is not None and outcome.freezes[me] < MAX_FROZEN:
        yield "outcome.frozen"
