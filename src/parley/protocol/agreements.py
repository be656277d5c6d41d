"""Whether a statement about a guideline or a review is valid, in the past of its entry.

Each names what it is about; the thread of a draft or of a review is what its statements name, and no
statement of it is worth anything because of what its writer had not seen. What they then mean is told by
`links.py`, which keeps them, and by the page of each. Source: Spec §16.3, §18.2; rules Z3, H17.
"""

from collections.abc import Mapping

from msgspec import Struct

from parley.protocol.form import VoidError
from parley.protocol.guidelines import bodies as guidelines
from parley.protocol.links import LinkState, Said
from parley.protocol.names import MAIN
from parley.protocol.review import bodies as review
from parley.protocol.review.standing import Comment, Review
from parley.protocol.suspension import Scope
from parley.protocol.terms import Terms, read_terms
from parley.protocol.voids import Void

Agreeing = guidelines.Said | review.Said
AGREEING = (*guidelines.SAID, *review.SAID)


class Spot(Struct, frozen=True, kw_only=True):
    """Where a statement stands: its writer, the lane, its effective time, and its past by node."""

    writer: str
    lane: str
    at: int
    past: Mapping[str, int]


def judge(said: Agreeing, spot: Spot, re: bytes | None, *, state: LinkState, terms: Terms) -> None:
    """Check a statement about a guideline or a review under `terms`, those in force in its past.

    Raises:
        VoidError: oversize, schema, not-writer, no-target, wrong-state or suspended.
    """
    match said:
        case guidelines.Drafted():
            _judge_drafted(said, spot, re, state=state, terms=terms)
        case guidelines.Signed():
            _judge_signed(said, spot, re, state=state)
        case guidelines.Withdrawn():
            _judge_withdrawn(spot, re, state)
        case review.CutProposed():
            _judge_cut(said, spot, state=state, terms=terms)
        case review.CutAgreed():
            _judge_cut_agreed(spot, re, state)
        case review.ReviewSigned():
            _judge_review_signed(spot, re, state)
        case review.Commented():
            _judge_commented(spot, re, state)


def _check_open(state: LinkState, spot: Spot, forum: str) -> None:
    if not state.stopped(spot.past).isdisjoint({Scope(link=True), Scope(forum=forum)}):
        raise VoidError(Void.SUSPENDED)


def _own(state: LinkState, kind: type, spot: Spot) -> list[Said]:
    """Return what the writer said of this kind before."""
    return list(state.of(kind, spot.writer, spot.past[spot.writer]))


def _target(state: LinkState, kind: type, spot: Spot, *, re: bytes | None) -> Said:
    """Return the statement of this kind that `re` names, in the past and of whichever side."""
    for writer, size in spot.past.items():
        for each in state.of(kind, writer, size):
            if each.statement == re:
                return each
    raise VoidError(Void.NO_TARGET)


def _judge_drafted(
    said: guidelines.Drafted, spot: Spot, re: bytes | None, *, state: LinkState, terms: Terms
) -> None:
    if len(_own(state, guidelines.Drafted, spot)) >= guidelines.MAX_DRAFTS:
        raise VoidError(Void.OVERSIZE, "said too often on this link")
    drafted = read_terms(said.terms)
    if (drafted.nodes, drafted.world) != (terms.nodes, terms.world):
        raise VoidError(Void.SCHEMA, "terms of other nodes or of another world")
    if re is not None:
        _target(state, guidelines.Drafted, spot, re=re)
    _check_open(state, spot, guidelines.FORUM)


def _judge_signed(said: guidelines.Signed, spot: Spot, re: bytes | None, *, state: LinkState) -> None:
    draft = _target(state, guidelines.Drafted, spot, re=re).said
    assert isinstance(draft, guidelines.Drafted), "it was looked for by this kind"
    if said.text != draft.text:
        raise VoidError(Void.SCHEMA, "not the text of the draft")
    _check_open(state, spot, guidelines.FORUM)
    if re in {each.re for each in _own(state, guidelines.Signed, spot)}:
        raise VoidError(Void.WRONG_STATE, "this side signed it before")
    if _is_withdrawn(state, spot, re):
        raise VoidError(Void.WRONG_STATE, "the draft was withdrawn")
    # A signature that comes after its day could otherwise be kept in a drawer until it pays.
    if spot.at > draft.since:
        raise VoidError(Void.WRONG_STATE, "its day has come without this signature")


def _judge_withdrawn(spot: Spot, re: bytes | None, state: LinkState) -> None:
    draft = _target(state, guidelines.Drafted, spot, re=re)
    if draft.writer != spot.writer:
        raise VoidError(Void.NOT_WRITER)
    _check_open(state, spot, guidelines.FORUM)
    # Who has signed has given a word: taking it back would pay for who waits for the other's signature.
    if re in {each.re for each in _own(state, guidelines.Signed, spot)} or _is_withdrawn(state, spot, re):
        raise VoidError(Void.WRONG_STATE, "signed or withdrawn before")


def _is_withdrawn(state: LinkState, spot: Spot, re: bytes | None) -> bool:
    return any(
        each.re == re
        for writer, size in spot.past.items()
        for each in state.of(guidelines.Withdrawn, writer, size)
    )


def _judge_cut(said: review.CutProposed, spot: Spot, *, state: LinkState, terms: Terms) -> None:
    if len(_own(state, review.CutProposed, spot)) >= review.MAX_REVIEWS:
        raise VoidError(Void.OVERSIZE, "said too often on this link")
    _check_open(state, spot, review.FORUM)
    if spot.lane != MAIN:
        raise VoidError(Void.WRONG_STATE, "reviews are held in the lane main")
    held = tuple(spot.past[node] for node in terms.nodes)
    if any(size > past for size, past in zip(said.sizes(MAIN), held, strict=True)):
        raise VoidError(Void.WRONG_STATE, "it names entries that its writer had not seen")


def _judge_cut_agreed(spot: Spot, re: bytes | None, state: LinkState) -> None:
    if _target(state, review.CutProposed, spot, re=re).writer == spot.writer:
        raise VoidError(Void.NOT_WRITER)
    _check_open(state, spot, review.FORUM)
    if re in {each.re for each in _own(state, review.CutAgreed, spot)}:
        raise VoidError(Void.WRONG_STATE, "agreed before")


def _judge_review_signed(spot: Spot, re: bytes | None, state: LinkState) -> None:
    _target(state, review.CutProposed, spot, re=re)
    if len([each for each in _own(state, review.ReviewSigned, spot) if each.re == re]) >= review.MAX_COMMENTS:
        raise VoidError(Void.OVERSIZE, "said too often of this review")
    _check_open(state, spot, review.FORUM)
    agreed = {
        each.re for writer, size in spot.past.items() for each in state.of(review.CutAgreed, writer, size)
    }
    if re not in agreed:
        raise VoidError(Void.WRONG_STATE, "the cut is not agreed")


def _judge_commented(spot: Spot, re: bytes | None, state: LinkState) -> None:
    _target(state, review.CutProposed, spot, re=re)
    if len([each for each in _own(state, review.Commented, spot) if each.re == re]) >= review.MAX_COMMENTS:
        raise VoidError(Void.OVERSIZE, "said too often of this review")
    _check_open(state, spot, review.FORUM)


def reviews(state: LinkState, past: Mapping[str, int]) -> tuple[Review, ...]:
    """Return what became of each review in `past`, in the order of the logs."""
    said: dict[type, list[Said]] = {kind: _all(state, kind, past) for kind in review.SAID}
    return tuple(_review(each, said) for each in said[review.CutProposed])


def _all(state: LinkState, kind: type, past: Mapping[str, int]) -> list[Said]:
    found = (each for writer, size in past.items() for each in state.of(kind, writer, size))
    return sorted(found, key=lambda each: (each.writer, each.index))


def _review(proposed: Said, said: Mapping[type, list[Said]]) -> Review:
    assert isinstance(proposed.said, review.CutProposed), "it was looked for by this kind"
    about = {kind: [each for each in rows if each.re == proposed.statement] for kind, rows in said.items()}
    return Review(
        id=proposed.statement,
        proposer=proposed.writer,
        said=proposed.said,
        is_agreed=bool(about[review.CutAgreed]),
        # Later ones of a writer come later here, so its newest counts.
        signed={
            each.writer: each.said.digest
            for each in about[review.ReviewSigned]
            if isinstance(each.said, review.ReviewSigned)
        },
        comments=tuple(
            Comment(id=each.statement, writer=each.writer, figure=each.said.figure)
            for each in about[review.Commented]
            if isinstance(each.said, review.Commented)
        ),
    )
