"""A side stops a link, or one thing on it, at once and by itself; and later lifts that again.

    link.suspended  {"scope":{"link":true},"reason":"policy","until":null}      the statement is in the body
    link.resumed    re: the suspension that it lifts, one's own                 d {}

    scope     covers, of the kinds that are business
    link      all
    forum     those of one page: {"forum":"inquiry"}
    item      the inquiries of one item of cooperation: {"item":"fraud_phishing"}

Either side's suspension stops both (OR). What is business and had seen an unresumed suspension of
its scope is void; what crossed it stands; parcels, receipts, and what mends or ends the link are
never stopped (rule H17). Some work stays open by the terms. Clocks stand still while what they
wait for may not be said; when that is in the debtor's time, is told by `record.py`, and which
suspensions are in force in a past by `links.py`. Source: Spec §7.7, §8.6.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Final, Literal

import msgspec
from msgspec import Struct

from parley.protocol.act import Code, Instant
from parley.protocol.breach import BreachError
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.bodies import Sent
from parley.protocol.inquiries.codes import Clock, FindingCode, Want
from parley.protocol.names import HOT, MAIN
from parley.protocol.strictjson import JsonValue

PRESERVATION: Final = "preservation"
SAFETY_OF_LIFE: Final = "safety_of_life"
HOTLINE: Final = "hotline"


class Reason(Enum):
    """Why a side stops. The words of the side are in the body."""

    POLICY = "policy"
    BREACH_OF_TERMS = "breach_of_terms"
    SECURITY_INCIDENT = "security_incident"
    OWN_LAW = "own_law"
    MAINTENANCE = "maintenance"


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is stopped: the whole link, one forum, or one item of cooperation."""

    link: Literal[True] | None = None
    forum: Code | None = None
    item: Code | None = None

    def __post_init__(self) -> None:
        """Check that it is one of the three."""
        if [self.link, self.forum, self.item].count(None) != 2:
            raise ValueError("a scope is the link, a forum, or an item")


class Suspended(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer stops what `scope` covers. `until` is announced, and ends nothing by itself."""

    scope: Scope
    reason: Reason
    until: Instant | None


class Resumed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer lifts one suspension of its own."""


def scopes_over(kind: str, item: str) -> frozenset[Scope]:
    """Return the scopes that stop a statement of `kind`, which is business, about the item `item`.

    What is said of the link, of persons, of files and the record itself is no business: it goes on.
    """
    page = kind.partition(".")[0]
    return frozenset({Scope(link=True), Scope(forum=page), Scope(item=item)})


def stays_open(said: bodies.Said, sent: Sent, *, opens: Collection[str], lane: str = MAIN) -> bool:
    """Return whether the terms that keep `opens` open let this be said, in the thread of `sent`.

    The hotline is all that is said on lane hot. Safety of life are inquiries of urgency U0. Preservation
    are inquiries that want nothing else, and of others that want it too: to acknowledge, to tell that
    data are preserved, and to extend that clock.
    """
    if _is_untouched(sent, opens, lane):
        return True
    wants = _wants(sent)
    if PRESERVATION not in opens or Want.PRESERVE not in wants:
        return False
    match said:
        case bodies.Acknowledged():
            return True
        case bodies.Answered():
            return all(FindingCode(each.code) is FindingCode.PRESERVED for each in said.findings)
        case bodies.Extended():
            return said.clock == Clock.PRESERVE.value
        case _:
            return wants == {Want.PRESERVE}


def runs_on(clock: Clock, sent: Sent, *, opens: Collection[str], lane: str = MAIN) -> bool:
    """Return whether a clock of the inquiry `sent` runs on while it is suspended.

    So do the clocks of what stays open altogether, and the one for preserving where that does.
    """
    if _is_untouched(sent, opens, lane):
        return True
    wants = _wants(sent)
    return PRESERVATION in opens and (clock is Clock.PRESERVE or wants == {Want.PRESERVE})


def _is_untouched(sent: Sent, opens: Collection[str], lane: str) -> bool:
    """Return whether a suspension leaves the whole inquiry alone."""
    return (HOTLINE in opens and lane == HOT) or (SAFETY_OF_LIFE in opens and sent.urgency == "U0")


def _wants(sent: Sent) -> frozenset[Want]:
    return frozenset(want for group in sent.groups for want in group.wants)


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Suspended | Resumed:
    """Return what the `d` of ``link.suspended`` or ``link.resumed`` says.

    Raises:
        BreachError: §7.7, which makes the act void as ``schema``.
    """
    try:
        if kind == "link.suspended":
            return msgspec.convert(dict(d), type=Suspended, strict=True)
        return msgspec.convert(dict(d), type=Resumed, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("7.7", f"{kind}: {error}") from error
