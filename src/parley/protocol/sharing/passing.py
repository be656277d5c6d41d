"""To whom the receiver may pass on what was delivered, by the marks and conditions that hold.

    to            CLEAR  GREEN  AMBER  AMBER+STRICT  RED     not if these hold
    authority     free   free   free   free          free
    side          free   free   free   ask           ask     confidential
    affected      free   free   ask    ask           ask     confidential, intelligence_only
    providers     free   free   ask    ask           ask     confidential, intelligence_only
    courts        free   free   free   ask           ask     confidential, intelligence_only
    third_party   free   ask    ask    ask           ask     confidential, no_third_party, this_case_only
    public        free   ask    ask    ask           ask     any condition

What is not free is asked for, and what the offerer answered last holds. Nothing here binds anybody further
than what was undertaken: it is what both sides compute alike. Source: Spec §14.6.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.codes import Audience, State, Tlp

_NARROW: Final = frozenset({Condition.CONFIDENTIAL})
_QUIET: Final = frozenset({Condition.CONFIDENTIAL, Condition.INTELLIGENCE_ONLY})
_OWN: Final = frozenset({Condition.CONFIDENTIAL, Condition.NO_THIRD_PARTY, Condition.THIS_CASE_ONLY})
_WIDE: Final = frozenset({Tlp.CLEAR, Tlp.GREEN})
_HOME: Final = frozenset({Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER})
# Under which marks it is free, and which conditions take that away.
_RULES: Final[Mapping[Audience, tuple[frozenset[Tlp], frozenset[Condition]]]] = {
    Audience.AUTHORITY: (frozenset(Tlp), frozenset()),
    Audience.SIDE: (_HOME, _NARROW),
    Audience.AFFECTED: (_WIDE, _QUIET),
    Audience.PROVIDERS: (_WIDE, _QUIET),
    Audience.COURTS: (_HOME, _QUIET),
    Audience.THIRD_PARTY: (frozenset({Tlp.CLEAR}), _OWN),
    Audience.PUBLIC: (frozenset({Tlp.CLEAR}), frozenset(Condition)),
}


class Passing(Enum):
    """Whether it may be passed on: as it is, by a permission, not without asking, or not, as was answered."""

    FREE = "free"
    PERMITTED = "permitted"
    ASK = "ask"
    REFUSED = "refused"


def may_pass(share: Share, to: Audience) -> Passing:
    """Return whether what was delivered may be passed on `to` somebody.

    Raises:
        ValueError: nothing was delivered yet.
    """
    if share.state is not State.DELIVERED:
        raise ValueError("nothing was delivered that could be passed on")
    marks, against = _RULES[to]
    if share.offer.tlp in marks and share.conditions.isdisjoint(against):
        return Passing.FREE
    answers = [
        asking.permitted for asking in share.askings if asking.to is to and asking.permitted is not None
    ]
    if not answers:
        return Passing.ASK
    return Passing.PERMITTED if answers[-1] else Passing.REFUSED
