"""Suspending and resuming, which persons sign together (`signing.py`). Source: Spec §7.7."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.ledger.drafts import Draft
from parley.links.actions.opening import By
from parley.links.actions.signing import Said, prepare_signed
from parley.links.queries.signing import Signing
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a side states with it, in both languages, and whether that may be published."""

    en: str
    zh: str
    is_public: bool = False

    def body(self) -> Mapping[str, JsonValue]:
        """Return the body of the statement (Spec §7.7.3)."""
        return {"statement": {"en": self.en, "zh": self.zh}, "public": self.is_public}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What is to be stopped: `scope` as Spec §7.7.1 writes it, `until` announced or None."""

    scope: Mapping[str, JsonValue]
    reason: str
    until: int | None
    words: Words

    def d(self) -> Mapping[str, JsonValue]:
        """Return what the act says."""
        return {"scope": dict(self.scope), "reason": self.reason, "until": self.until}


def prepare_suspension(home: Home, link: str, stop: Stop, *, by: By, secret: str) -> Signing | Said:
    """Prepare a suspension and sign it as the first person; return what it waits for, or its place.

    Raises:
        As `prepare_signed`.
    """
    draft = Draft(
        id=by.key,
        link=link,
        kind="link.suspended",
        d=stop.d(),
        role=by.officer.role.value,
        officer=by.officer.number,
        body=stop.words.body(),
    )
    return prepare_signed(home, draft, by=by, secret=secret)


def prepare_resumption(
    home: Home, link: str, suspension: bytes, *, words: Words, by: By, secret: str
) -> Signing | Said:
    """Prepare the lifting of our own `suspension` and sign it as the first person.

    Raises:
        As `prepare_signed`.
    """
    draft = Draft(
        id=by.key,
        link=link,
        kind="link.resumed",
        d={},
        re=suspension,
        role=by.officer.role.value,
        officer=by.officer.number,
        body=words.body(),
    )
    return prepare_signed(home, draft, by=by, secret=secret)
