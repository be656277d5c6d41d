"""The fold of one offer: who may say what of it, and what it comes to; the same on both nodes.

    kind                     writer    answers                        from the state
    sharing.accepted         receiver  the offer, if unconditional    offered, countered
    sharing.undertaken       receiver  the offer                      offered, countered
    sharing.declined         receiver  the offer                      offered, countered
    sharing.confirmed        offerer   an undertaking of other terms  countered
    sharing.withdrawn        offerer   the offer                      offered, countered
    sharing.delivered        offerer   what was agreed to; at once,   accepted; at once, offered, countered
                                       if it may be, the offer        or accepted
    sharing.evaluated, .result_notified, .cleaned, .release_asked
                             receiver  the delivery                   delivered
    sharing.release_permitted, .release_refused
                             offerer   a question, once               delivered

Both ends of an offer are the word of the offerer alone: what it delivered it cannot withdraw, and what it
withdrew it cannot deliver. So nothing that crosses can make a side hold what was taken back.
Source: Spec §14.3, §14.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parley.protocol.crossing import Eye, Fact
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.bodies import (
    Accepted,
    Cleaned,
    Confirmed,
    Declined,
    Delivered,
    Evaluated,
    Offered,
    ReleaseAsked,
    ReleasePermitted,
    ReleaseRefused,
    ResultNotified,
    Said,
    Undertaken,
    Withdrawn,
)
from parley.protocol.sharing.codes import Audience, Class, State

_BY_OFFERER: Final = (Confirmed, Withdrawn, Delivered, ReleasePermitted, ReleaseRefused)
# What each kind answers.
_ANSWERS: Final[dict[type[Said], tuple[type[Said], ...]]] = {
    Accepted: (Offered,),
    Undertaken: (Offered,),
    Confirmed: (Undertaken,),
    Declined: (Offered,),
    Withdrawn: (Offered,),
    Delivered: (Offered, Accepted, Undertaken),
    Evaluated: (Delivered,),
    ResultNotified: (Delivered,),
    Cleaned: (Delivered,),
    ReleaseAsked: (Delivered,),
    ReleasePermitted: (ReleaseAsked,),
    ReleaseRefused: (ReleaseAsked,),
}
_OPEN: Final = frozenset({State.OFFERED, State.COUNTERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question whether it may be passed on, and the answer; None while there is none."""

    id: bytes
    to: Audience
    permitted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One offer as both sides see it.

    `agreed` are the acceptances and undertakings that bind, `under` the one under which it was delivered
    (the offer itself, if at once), and `conditions` those that hold: of the delivery, or of the offer.
    It `crossed` if a side did not know what the other had said of it. `evaluation`, `result` and `cleaned`
    are the newest.
    """

    id: bytes
    offerer: str
    receiver: str
    offered: Fact
    offer: Offered
    state: State
    agreed: tuple[bytes, ...]
    delivered: Fact | None
    under: bytes | None
    conditions: frozenset[Condition]
    crossed: bool
    evaluation: Evaluated | None
    result: ResultNotified | None
    cleaned: Cleaned | None
    askings: tuple[Asking, ...]

    def is_expired(self, now: int) -> bool:
        """Return whether the offer has lapsed at `now`: a view, and never a fact."""
        return self.state in _OPEN and self.offer.until is not None and now >= self.offer.until


class ShareEye(Eye):
    """One offer as seen so far."""

    def __init__(self, opened: Fact, other: str) -> None:
        """Begin with the offer; `other` is the receiver."""
        assert isinstance(opened.said, Offered)
        self.offer = opened.said
        self.answers: list[Fact] = []
        self.confirmed: set[bytes] = set()
        self.delivered: Fact | None = None
        self.withdrawn: Fact | None = None
        self.declined = False
        self.evaluation: Evaluated | None = None
        self.result: ResultNotified | None = None
        self.clean_up: Cleaned | None = None
        self.asked: dict[bytes, Asking] = {}
        super().__init__(opened, other)

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes."""
        match fact.said:
            case Accepted() | Undertaken() | Declined():
                self.answers.append(fact)
                self.declined = self.declined or isinstance(fact.said, Declined)
            case Confirmed():
                self.confirmed.add(fact.re or b"")
            case Delivered():
                self.delivered = fact
            case Withdrawn():
                self.withdrawn = fact
            case Evaluated():
                self.evaluation = fact.said
            case ResultNotified():
                self.result = fact.said
            case Cleaned():
                self.clean_up = fact.said
            case ReleaseAsked() as said:
                self.asked[fact.id] = Asking(id=fact.id, to=said.to, permitted=None)
            case ReleasePermitted() | ReleaseRefused():
                asking, permitted = self.asked[fact.re or b""], isinstance(fact.said, ReleasePermitted)
                self.asked[asking.id] = Asking(id=asking.id, to=asking.to, permitted=permitted)
            case _:
                pass

    @property
    def agreed(self) -> Iterator[bytes]:
        """Yield the answers that bind: on the offer's terms, or on others that the offerer confirmed."""
        for fact in self.answers:
            match fact.said:
                case Accepted():
                    yield fact.id
                case Undertaken(conditions=conditions):
                    if set(conditions) == set(self.offer.conditions) or fact.id in self.confirmed:
                        yield fact.id
                case _:
                    pass

    @property
    def state(self) -> State:
        """Return where the offer stands."""
        if self.delivered is not None:
            return State.DELIVERED
        if self.withdrawn is not None:
            return State.WITHDRAWN
        if self.declined:
            return State.DECLINED
        if any(self.agreed):
            return State.ACCEPTED
        return State.COUNTERED if self.answers else State.OFFERED

    def may_write(self, fact: Fact) -> bool:
        """Return whether the kind is one of its writer's part."""
        return isinstance(fact.said, _BY_OFFERER) == (fact.writer == self.opened.writer)

    def fits(self, fact: Fact, target: Fact) -> bool:
        """Return whether `target` is what the kind answers."""
        assert isinstance(fact.said, Said)
        if not isinstance(target.said, _ANSWERS.get(type(fact.said), ())):
            return False
        match fact.said:
            case Accepted():
                return not self.offer.conditions
            case Confirmed():
                assert isinstance(target.said, Undertaken)
                return set(target.said.conditions) != set(self.offer.conditions)
            case Delivered(content=content):
                at_once = self.offer.is_unconditional or target is not self.opened
                return content == self.offer.content and at_once
            case Cleaned():
                return self.offer.what is Class.NOTICE
            case _:
                return True

    def may_now(self, fact: Fact, target: Fact) -> bool:
        """Return whether the offer stands so that this can be said of it."""
        match fact.said:
            case Confirmed():
                return self.state is State.COUNTERED
            case Accepted() | Undertaken() | Declined() | Withdrawn():
                return self.state in _OPEN
            case Delivered():
                if target is self.opened:
                    return self.state in _OPEN | {State.ACCEPTED}
                return self.state is State.ACCEPTED and target.id in self.agreed
            case ReleasePermitted() | ReleaseRefused():
                return self.asked[target.id].permitted is None
            case _:
                return True

    @property
    def crossed(self) -> bool:
        """Return whether the receiver answered an offer that was withdrawn, or declined one that came."""
        if self.delivered is not None:
            return self.declined
        return self.withdrawn is not None and any(fact.index >= self.withdrawn.cut for fact in self.answers)

    def share(self) -> Share:
        """Return the offer as this eye sees it."""
        return Share(
            id=self.opened.id,
            offerer=self.opened.writer,
            receiver=self.other,
            offered=self.opened,
            offer=self.offer,
            state=self.state,
            agreed=tuple(self.agreed),
            delivered=self.delivered,
            under=None if self.delivered is None else self.delivered.re,
            conditions=self._conditions(),
            crossed=self.crossed,
            evaluation=self.evaluation,
            result=self.result,
            cleaned=self.clean_up,
            askings=tuple(self.asked.values()),
        )

    def _conditions(self) -> frozenset[Condition]:
        under = None if self.delivered is None else self.seen[self.delivered.re or b""].said
        holds = under.conditions if isinstance(under, Undertaken) else self.offer.conditions
        return frozenset(holds)
