"""House rules about what is shared, pure: who owes the next word about an offer, and for what.

Who may say what is decided in `protocol/sharing/apply.py`. Nobody is bound by what stands here: it is how a
page tells its reader what waits, the same on both sides. Nothing here reads a table or a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import Offered
from parley.protocol.sharing.codes import Class, State


class Owing(StrEnum):
    """What a side is waited for."""

    ANSWER = "answer"
    """Whether it wants what is offered, on these conditions."""
    CONFIRM = "confirm"
    """Whether it takes the other conditions."""
    DELIVER = "deliver"
    """The content."""
    EVALUATE = "evaluate"
    """What it holds of source and information."""
    RESULT = "result"
    """What became of it; of a notice, how far the clean-up is."""
    PERMIT = "permit"
    """Whether it may be passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What `node` is waited for."""

    node: str
    what: Owing


OVER: Final = frozenset({State.DECLINED, State.WITHDRAWN})
"""Nothing will be delivered any more: what was sealed is destroyed (Spec §14.1.5)."""


def owed(share: Share) -> Iterator[Owed]:
    """Yield what is waited for; an offer that has lapsed by now still waits, for its offerer decides."""
    match share.state:
        case State.OFFERED:
            yield Owed(node=share.receiver, what=Owing.ANSWER)
        case State.COUNTERED:
            yield Owed(node=share.offerer, what=Owing.CONFIRM)
        case State.ACCEPTED:
            yield Owed(node=share.offerer, what=Owing.DELIVER)
        case State.DELIVERED:
            yield from _owed_after(share)
        case _:
            pass
    if is_at_once(share):
        yield Owed(node=share.offerer, what=Owing.DELIVER)


def is_at_once(share: Share) -> bool:
    """Return whether it waits and yet may be delivered without an answer: a warning must not wait."""
    return share.state in {State.OFFERED, State.COUNTERED} and share.offer.is_unconditional


def _owed_after(share: Share) -> Iterator[Owed]:
    if share.evaluation is None:
        yield Owed(node=share.receiver, what=Owing.EVALUATE)
    if share.result is None and (share.offer.what is not Class.NOTICE or share.cleaned is None):
        yield Owed(node=share.receiver, what=Owing.RESULT)
    if any(each.permitted is None for each in share.askings):
        yield Owed(node=share.offerer, what=Owing.PERMIT)


def content_of(offer: Offered) -> tuple[str, ...]:
    """Return the hashes of the sealed parts of an offer, in their order."""
    return tuple(each.hash for each in offer.content)
