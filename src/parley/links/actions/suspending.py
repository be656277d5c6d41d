"""Suspending and resuming, which persons sign: one prepares and signs, another signs the very same text.

    prepared    the entry is made and lies in a draft of the house, with the line of the first person
    signed      each further person adds a line; the last that the terms ask for writes it into the record
    put away    nothing was said, and the other side learns nothing of it

The journal has a row for each step, such as ``link.suspended:signed``; one that has begun and not ended
tells that the record must be asked. Every step may come twice. Source: Spec §7.6, §7.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from msgspec.structs import replace as with_fields

from parley.agencies.actions import note_act
from parley.drafts import actions as drafts
from parley.ledger import append
from parley.ledger.cosigning import Prepared, write_prepared
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.persons import sign_as
from parley.ledger.preparing import prepare
from parley.links.actions.opening import By
from parley.links.policy import check_may_link
from parley.links.queries.signing import PURPOSE, Signing, is_enrolled, persons_wanted, signing
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonSource, JsonValue, write
from parley.work.home import Home


class NotEnrolledError(Exception):
    """The officer has no key that the roots enrolled on this link for such a statement."""


class SignedAlreadyError(Exception):
    """The officer has signed this text already: it takes another person."""


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


def prepare_suspension(home: Home, link: str, stop: Stop, *, by: By, secret: str) -> Signing | Appended:
    """Prepare a suspension and sign it as the first person; return what it waits for, or its place.

    Raises:
        NotAllowedError, NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void. BreachError: it has no form in which it could be logged.
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
    return _prepare(home, draft, by=by, secret=secret)


def prepare_resumption(
    home: Home, link: str, suspension: bytes, *, words: Words, by: By, secret: str
) -> Signing | Appended:
    """Prepare the lifting of our own `suspension` and sign it as the first person.

    Raises:
        As `prepare_suspension`.
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
    return _prepare(home, draft, by=by, secret=secret)


def _prepare(home: Home, draft: Draft, *, by: By, secret: str) -> Signing | Appended:
    check_may_link(by.officer.role)
    _check_enrolled(home, draft, by=by)
    prepared = _signed(home, prepare(home, draft, now=by.now), by=by, secret=secret)
    hand = drafts.Hand(officer=by.officer.number, session=by.key, now=by.now)
    said: dict[str, JsonSource] = {
        "kind": draft.kind,
        "d": dict(draft.d),
        "re": None if draft.re is None else id_text(draft.re),
        "body": dict(draft.body or {}),
        "role": draft.role,
        "officer": draft.officer,
    }
    fields = {
        "said": _text(said),
        "prepared": _text(write_prepared(prepared)),
        "signed": _text({"persons": [by.officer.number]}),
    }
    row = drafts.begin(draft.link, purpose=PURPOSE, fields=fields, by=hand)
    _note(draft, "prepared", by=by)
    return _written_if_enough(home, signing(row.number), by=by)


def sign_prepared(home: Home, number: int, *, by: By, secret: str) -> Signing | Appended:
    """Sign the prepared entry of draft `number` as one more person; the last one writes it.

    Raises:
        UnknownDraftError: there is none of this number that waits. SignedAlreadyError, NotAllowedError,
        NotEnrolledError, NoKeyError, WrongKeySecretError: no line was added. RefusedError: it would be void.
    """
    check_may_link(by.officer.role)
    found = signing(number)
    if by.officer.number in found.persons:
        if len(found.persons) >= persons_wanted(home, found.draft):
            return _written_if_enough(home, found, by=by)
        raise SignedAlreadyError(f"officer {by.officer.number} signed draft {number}")
    _check_enrolled(home, found.draft, by=by)
    assert found.draft.prepared is not None, "it was prepared"
    prepared = _signed(home, found.draft.prepared, by=by, secret=secret)
    fields = {
        "prepared": _text(write_prepared(prepared)),
        "signed": _text({"persons": [*found.persons, by.officer.number]}),
    }
    drafts.put(number, fields, by=drafts.Hand(officer=by.officer.number, session=by.key, now=by.now))
    _note(found.draft, "signed", by=by)
    return _written_if_enough(home, signing(number), by=by)


def put_away(number: int, *, by: By) -> None:
    """Say nothing of it: close the draft. Doing it twice changes nothing.

    Raises:
        UnknownDraftError: there is none of this number that waits. NotAllowedError: the officer may not.
    """
    check_may_link(by.officer.role)
    found = signing(number)
    drafts.close(number, outcome="put_away", by=_hand(by))
    _note(found.draft, "put_away", by=by)


def _written_if_enough(home: Home, found: Signing, *, by: By) -> Signing | Appended:
    if len(found.persons) < persons_wanted(home, found.draft):
        return found
    _note(found.draft, "begun", by=by)
    (outcome,) = append.append(home, [replace(found.draft, id=found.statement)])
    if isinstance(outcome, RefusedError):
        _note(found.draft, "refused", by=by)
        raise outcome
    drafts.close(found.number, outcome="said", by=_hand(by))
    _note(found.draft, "saved", by=by, statement=id_text(outcome.statement))
    return outcome


def _check_enrolled(home: Home, draft: Draft, *, by: By) -> None:
    if not is_enrolled(home, draft.link, by.officer.number, kind=draft.kind, now=by.now):
        raise NotEnrolledError(f"officer {by.officer.number} on {draft.link}")


def _signed(home: Home, prepared: Prepared, *, by: By, secret: str) -> Prepared:
    line = sign_as(home, by.officer.number, secret=secret, text=prepared.text)
    return with_fields(prepared, lines=(*prepared.lines, line))


def _hand(by: By) -> drafts.Hand:
    return drafts.Hand(officer=by.officer.number, session=by.key, now=by.now)


def _text(value: Mapping[str, JsonSource]) -> str:
    return write(value).decode()


def _note(draft: Draft, stage: str, *, by: By, statement: str = "") -> None:
    note_act(
        f"{draft.kind}:{stage}",
        officer=by.officer.number,
        subject=draft.link,
        now=by.now,
        statement=statement,
    )
