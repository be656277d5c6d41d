"""Texts and figures that wait for signatures: guidelines on the table of a link, and reviews.

What decides for a whole link is held in memory and is little; no body is read here, so a thousand drafts of
the other side cost a look at a table each. How one stands is told by its room (`guidelines/policy.py`,
`review/policy.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.guidelines.policy import Facts, Stand, stand_of
from parley.ledger.reading import Reader
from parley.links.queries import Standing
from parley.protocol.act import id_text
from parley.protocol.guidelines.bodies import Drafted, Signed, Withdrawn
from parley.protocol.guidelines.force import in_force
from parley.protocol.links import LinkState, Said
from parley.protocol.review.bodies import CutAgreed, CutProposed, ReviewSigned
from parley.review import policy as reviewing
from parley.today.queries.rooms import Matter, Mover, Wait
from parley.ui.times import moment_of

MOST: Final = 20
"""So many texts or reviews of a link stand on the desk, the newest; its lists have all."""
_TEXTS: Final = {
    Stand.PROPOSED: (Mover.BOTH, "answer"),
    Stand.SIGNED_BY_THEM: (Mover.US, "sign"),
    Stand.SIGNED_BY_US: (Mover.THEM, "sign"),
    Stand.AGREED: (Mover.BOTH, "in_force"),
}
_REVIEWS: Final = {
    reviewing.Stand.PROPOSED_BY_US: (Mover.THEM, "agree_cut"),
    reviewing.Stand.PROPOSED_BY_THEM: (Mover.US, "agree_cut"),
    reviewing.Stand.AGREED: (Mover.BOTH, "sign"),
    reviewing.Stand.SIGNED_BY_US: (Mover.THEM, "sign"),
    reviewing.Stand.SIGNED_BY_THEM: (Mover.US, "sign"),
    reviewing.Stand.CONTRADICTED: (Mover.BOTH, "compare"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What was said for the whole of a link, as far as it is held here, by `me` and the other side."""

    me: str
    state: LinkState
    past: Mapping[str, int]

    def of(self, kind: type) -> list[Said]:
        return [each for node, size in self.past.items() for each in self.state.of(kind, node, size)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What stands on the table: which statement, whose move, for what, until when."""

    said: Said
    mover: Mover
    what: str
    due_at: int | None = None


def waits_of_texts(reader: Reader, link: Standing, *, now: int) -> Iterator[Wait]:
    """Yield what is waited for in the guidelines and reviews of a link, by either side."""
    status = reader.status(link.name)
    if status is None or link.terms is None:
        return
    past = {link.row.me: status.my_size, link.row.peer: status.their_size}
    held = _Held(me=link.row.me, state=reader.link_state(link.name), past=past)
    for found in (*_newest(_guidelines(held, now=now)), *_newest(_reviews(held))):
        row = reader.row(link.name, found.said.statement)
        assert row is not None, "what the link has it has from a statement"
        yield Wait(
            matter=_matter(link.name, found.said, place=row.place),
            side=link.side,
            mover=found.mover,
            what=found.what,
            since=row.effective,
            due_at=found.due_at,
            is_pressing=found.what != "in_force",
        )


def _newest(found: Iterable[_Found]) -> Sequence[_Found]:
    return sorted(found, key=lambda each: each.said.index)[-MOST:]


def _guidelines(held: _Held, *, now: int) -> Iterator[_Found]:
    agreed = held.state.agreed_texts(held.past)
    holding, withdrawn = in_force(agreed, at=now), {each.re for each in held.of(Withdrawn)}
    drafts = held.of(Drafted)
    texts = {each.statement: each.said for each in drafts}
    # Two drafts of one text are one text: who signed either has signed both (Spec §16.5).
    signed = {(each.writer, texts.get(each.re or b"")) for each in held.of(Signed)}
    for each in drafts:
        assert isinstance(each.said, Drafted), "it was looked for by this kind"
        by = {node for node in held.past if (node, each.said) in signed}
        facts = Facts(
            now=now,
            since=each.said.since,
            is_withdrawn=each.statement in withdrawn,
            is_ours_signed=held.me in by,
            is_theirs_signed=bool(by - {held.me}),
            is_agreed=each.said in agreed,
            is_newest=each.said == holding,
        )
        if (told := _TEXTS.get(stand_of(facts))) is not None:
            yield _Found(said=each, mover=told[0], what=told[1], due_at=each.said.since)


def _reviews(held: _Held) -> Iterator[_Found]:
    agreed = {each.re for each in held.of(CutAgreed)}
    # Later ones of a writer come later, so its newest counts.
    signed = {
        (each.re, each.writer == held.me): each.said.digest
        for each in held.of(ReviewSigned)
        if isinstance(each.said, ReviewSigned)
    }
    for each in held.of(CutProposed):
        stand = reviewing.stand_of(
            is_ours=each.writer == held.me,
            is_agreed=each.statement in agreed,
            ours=signed.get((each.statement, True)),
            theirs=signed.get((each.statement, False)),
        )
        if (told := _REVIEWS.get(stand)) is not None:
            yield _Found(said=each, mover=told[0], what=told[1])


def _matter(link: str, said: Said, *, place: str) -> Matter:
    name = id_text(said.statement)
    if isinstance(said.said, CutProposed):
        period = f"{_day(said.said.since)} – {_day(said.said.until)}"
        return Matter(room="review", link=link, id=name, place=place, en=period, zh=period)
    since = _day(said.said.since) if isinstance(said.said, Drafted) else ""
    return Matter(room="guideline", link=link, id=name, place=place, en=f"from {since}", zh=f"自 {since} 起")


def _day(seconds: int) -> str:
    moment = moment_of(seconds)
    return str(seconds) if moment is None else f"{moment:%Y-%m-%d}"
