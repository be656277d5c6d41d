"""The persons who may sign for a side, and how many of them signed an entry.

    officer.enrolled  {"n":4,"alg":"ed25519","key":"<base64>","roles":["desk"],"since":…,"until":null}
    officer.ended     {"n":4,"at":…}

Both are signed by the roots, and hold no name: the name is in the body. A line of an officer has
the key name `<node>/officer/<n>`. `n` is a person, and so is the `n` of a root: whoever holds
several keys, or is a root as well, counts once. A line of any other name or algorithm is kept and
ignored, so a state may let its persons sign with an algorithm of its own beside these.

How many persons a kind needs is said in the terms; whose roots and officers are in force in an
act's past is told by `links.py`. Source: Spec §2.6, §7.5; rules E1, E2, E3, M8.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol import note
from parley.protocol.act import Code, Instant, Person
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, root_keys
from parley.protocol.entry import ParsedEntry
from parley.protocol.notation import read_base64
from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Suite, is_strict_point
from parley.protocol.webauthn import Curve, read_credential

MAX_ROLES: Final = 16
_CURVES: Final = {"webauthn-es256": Curve.ES256, "webauthn-ed25519": Curve.ED25519}


class Enrolled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Person `n` may sign with this key, in these roles, from `since` to before `until`."""

    n: Person
    alg: Literal["ed25519", "webauthn-es256", "webauthn-ed25519"]
    key: Annotated[str, Meta(max_length=1024)]
    roles: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=MAX_ROLES)]
    since: Instant
    until: Instant | None

    def __post_init__(self) -> None:
        """Check that the key can be one, that no role stands twice, and that the time is not empty."""
        self._check_key()
        if len(set(self.roles)) != len(self.roles):
            raise ValueError("a role stands twice")
        if self.until is not None and self.until <= self.since:
            raise ValueError("the officer's time ends before it begins")

    def _check_key(self) -> None:
        public = self.public
        if self.alg == "ed25519" and not is_strict_point(public):
            raise ValueError("the key is no strict point")
        if self.alg != "ed25519" and read_credential(public).curve is not _CURVES[self.alg]:
            raise ValueError("the key is of another algorithm")

    @property
    def public(self) -> bytes:
        """Return the public key as the key id is made from it (Spec §2.6)."""
        return read_base64(self.key, "7.5")

    @property
    def bare_key(self) -> bytes:
        """Return the key alone, without the page for which an authenticator holds it."""
        return self.public if self.alg == "ed25519" else read_credential(self.public).key

    def verify_key(self, node: str) -> VerifyKey:
        """Return the key under the name by which its lines are found."""
        algorithm = Algorithm.ED25519 if self.alg == "ed25519" else Algorithm.WEBAUTHN
        return VerifyKey(name=officer_name(node, self.n), algorithm=algorithm, public=self.public)


class Ended(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every key of person `n` that was enrolled before ends at `at`."""

    n: Person
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One enrolled key, and when it ends, by its own word or by a later one."""

    said: Enrolled
    until: int | None

    def holds(self, at: int) -> bool:
        """Return whether it is in force at the effective time `at`."""
        return self.said.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who may sign for a side in one past: the roots of its card in force, and its officers."""

    card: Card
    terms: Sequence[Term]


def officer_name(node: str, n: int) -> str:
    """Return the name of the keys of person `n`."""
    return f"{node}/officer/{n}"


def named(parsed: ParsedEntry, node: str) -> frozenset[int]:
    """Return the numbers of the officers of `node` whose names stand beside signatures."""
    start = f"{node}/officer/"
    words = (line.name.removeprefix(start) for line in parsed.lines if line.name.startswith(start))
    return frozenset(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 8)


def persons_who_signed(
    parsed: ParsedEntry, roster: Roster, *, at: int, roles: Collection[str] | None, suite: Suite
) -> frozenset[int]:
    """Return the distinct persons of the roster who signed the entry, at its effective time `at`.

    An officer counts who is enrolled in one of `roles` (None: any); a root counts for every role.
    Nobody counts if a line of a known key does not verify, or if it has two (Spec §2.5): with
    either, one reader could count a line that another does not.
    """
    known: dict[VerifyKey, int] = {key: n for n, key in enumerate(root_keys(roster.card), start=1)}
    counted = set(known)
    for term in roster.terms:
        if term.holds(at):
            key = term.said.verify_key(roster.card.node)
            known[key] = term.said.n
            counted |= {key} if roles is None or not set(roles).isdisjoint(term.said.roles) else set()
    signed = note.Note(text=parsed.text, lines=parsed.lines)
    try:
        verified = note.verified(signed, known, suite)
    except BreachError:
        return frozenset()
    return frozenset(known[each.key] for each in verified if each.key in counted)


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Enrolled | Ended:
    """Return what the `d` of ``officer.enrolled`` or ``officer.ended`` says.

    Raises:
        BreachError: §7.5, which makes the act void as ``schema``.
    """
    try:
        if kind == "officer.enrolled":
            return msgspec.convert(dict(d), type=Enrolled, strict=True)
        return msgspec.convert(dict(d), type=Ended, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("7.5", f"{kind}: {error}") from error
