"""What came out: proved, open, refused or unreadable; and what is in the export, for people and machines.

Source: Spec §11.5.1, §11.6.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.card import Card
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonSource
from parley.protocol.verify.citing import Seen
from parley.protocol.verify.erasures import Erasure
from parley.protocol.verify.listed import Listing, Log
from parley.protocol.verify.members import Found
from parley.protocol.verify.orphaned import Orphaned
from parley.protocol.verify.revoked import Revoked
from parley.protocol.verify.steps import Signed, Step
from parley.protocol.verify.zipped import Archive

SCHEMA: Final = "findings/1"


class Result(Enum):
    """What a verifier says of the whole file."""

    PROVED = "proved"
    OPEN = "open"
    REFUSED = "refused"
    UNREADABLE = "unreadable"

    @property
    def exit_code(self) -> int:
        """Return the exit code: 0 proved, 1 not, 2 unreadable."""
        return {Result.PROVED: 0, Result.UNREADABLE: 2}.get(self, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A log with its root, and the heads and receipts over it, the smallest first."""

    log: Log
    root: bytes
    heads: tuple[Signed, ...]
    receipts: tuple[Signed, ...]

    @property
    def signed_at(self) -> int | None:
        """Return the time of the newest head."""
        return self.heads[-1].time if self.heads else None

    @property
    def received_at(self) -> int | None:
        """Return the time of the newest receipt."""
        return self.receipts[-1].time if self.receipts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A log of which one key signed two histories, at `size`, and both notes."""

    origin: str
    size: int
    notes: tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What holds of an export whose every step passes. `cards` are by node, `archive` is what was read."""

    archive: Archive
    listing: Listing
    cards: Mapping[str, tuple[Card, ...]]
    digits_given: bool
    logs: tuple[Logged, ...]
    whole: int
    stubs: int
    broken: int
    parts: Mapping[Found, int]
    seen: Seen
    forks: tuple[Fork, ...]
    revoked: tuple[Revoked, ...]
    erasures: tuple[Erasure, ...]
    orphans: tuple[Orphaned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The result; the step that failed, and why; or what holds."""

    result: Result
    step: Step | None = None
    reason: str | None = None
    digits: tuple[str, ...] = ()
    told: Told | None = None


def as_json(findings: Findings) -> Mapping[str, JsonSource]:
    """Return the findings as one object, the same from every verifier."""
    step = None if findings.step is None else findings.step.value
    start: dict[str, JsonSource] = {"parley": SCHEMA, "result": findings.result.value, "step": step}
    told = findings.told
    if told is None:
        return start
    return start | {
        "channel": told.listing.channel,
        "digits": list(told.listing.digits),
        "logs": [_logged(each) for each in told.logs],
        "entries": {"whole": told.whole, "stubs": told.stubs, "broken": told.broken},
        "parts": {name: sum(told.parts.get(each, 0) for each in found) for name, found in PARTS.items()},
        "seen": {
            "true": told.seen.true,
            "false": len(told.seen.false),
            "not_checked": told.seen.not_checked,
        },
        "forks": [{"origin": fork.origin, "size": fork.size} for fork in told.forks],
        "revocations": [
            {"origin": each.origin, "size": each.size, "serial": each.serial} for each in told.revoked
        ],
        "erasures": [_erasure(each) for each in told.erasures],
        "orphans": [_orphaned(each) for each in told.orphans],
    }


PARTS: Final[Mapping[str, tuple[Found, ...]]] = {
    "disclosed": (Found.DISCLOSED, Found.FILE),
    "withheld": (Found.WITHHELD,),
    "erased": (Found.ERASED,),
    "unopenable": (Found.UNOPENABLE,),
}


def _erasure(each: Erasure) -> Mapping[str, JsonSource]:
    return {
        "place": each.place,
        "node": each.node,
        "ground": each.said.ground.value,
        "statements": len(each.said.parts),
        "answers": [{"place": one.place, "node": one.node, "says": one.says} for one in each.answers],
    }


def _orphaned(each: Orphaned) -> Mapping[str, JsonSource]:
    return {
        "origin": each.log.origin,
        "base": each.log.base,
        "size": each.log.size,
        "whole": each.whole,
        "signed_at": each.head.time,
    }


def _logged(each: Logged) -> Mapping[str, JsonSource]:
    return {
        "origin": each.log.origin,
        "base": each.log.base,
        "size": each.log.size,
        "root": write_base64(each.root),
        "signed_at": each.signed_at,
        "received_at": each.received_at,
    }
