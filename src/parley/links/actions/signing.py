"""What persons sign together, one after another: prepared by the first, written when enough have signed.

    prepared    the entry is made and lies in a draft of the house, with the line of the first person
    signed      each further person adds a line; the last that the terms ask for writes it into the record
    put away    nothing was said, and the other side learns nothing of it

The journal has a row for each step, such as ``link.suspended:signed``; one that has begun and not ended
tells that the record must be asked. Every step may come twice. Nothing is destroyed by an order to erase
before the last of them has signed. Source: Spec §7.6, §7.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from parley.agencies.actions import note_act
from parley.drafts import actions as drafts
from parley.ledger import append, erasures
from parley.ledger.cosigning import Prepared, signed, write_prepared
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.erasing import Destroyed
from parley.ledger.passkeys import line_by_passkey, passkey_of
from parley.ledger.persons import NoKeyError, sign_as
from parley.ledger.preparing import prepare
from parley.links.actions.opening import By
from parley.links.policy import check_may_link
from parley.links.queries.doomed import check_free, statements_in
from parley.links.queries.signing import PURPOSE, Signing, is_enrolled, persons_wanted, signing
from parley.protocol.act import id_text
from parley.protocol.erasing import ORDERED
from parley.protocol.strictjson import JsonSource, write
from parley.work.home import Home

Said: TypeAlias = Appended | Destroyed


class NotEnrolledError(Exception):
    """The officer has no key that the roots enrolled on this link for such a statement."""


class SignedAlreadyError(Exception):
    """The officer has signed this text, or decided this, already: it takes another person."""


def prepare_signed(home: Home, draft: Draft, *, by: By, secret: str) -> Signing | Said:
    """Prepare the statement and sign it as the first person; return what it waits for, or what was said.

    Raises:
        NotAllowedError, NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        HeldError, KeptError: it orders to destroy what must stay. RefusedError: it would be void.
        BreachError: it has no form in which it could be logged.
    """
    _check(home, draft, by=by)
    prepared = _signed(home, prepare(home, draft, now=by.now), by=by, pen=Pen(secret=secret))
    said: dict[str, JsonSource] = {
        "kind": draft.kind,
        "lane": draft.lane,
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
    row = drafts.begin(draft.link, purpose=PURPOSE, fields=fields, by=_hand(by))
    _note(draft, "prepared", by=by)
    return _written_if_enough(home, signing(row.number), by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """With what a person signs: the secret that opens the key here, or what an authenticator gave."""

    secret: str = ""
    payloads: tuple[bytes, ...] = ()


def sign_prepared(home: Home, number: int, *, by: By, pen: Pen) -> Signing | Said:
    """Sign the prepared entry of draft `number` as one more person; the last one writes it.

    Raises:
        UnknownDraftError: there is none of this number that waits. SignedAlreadyError, NotAllowedError,
        NotEnrolledError, NoKeyError, WrongKeySecretError, HeldError, KeptError: no line was added.
        RefusedError: it would be void.
    """
    found = signing(number)
    if by.officer.number in found.persons:
        check_may_link(by.officer.role)
        if len(found.persons) >= persons_wanted(home, found.draft):
            return _written_if_enough(home, found, by=by)
        raise SignedAlreadyError(f"officer {by.officer.number} signed draft {number}")
    _check(home, found.draft, by=by, public=_public(home, by) if pen.payloads else None)
    assert found.draft.prepared is not None, "it was prepared"
    prepared = _signed(home, found.draft.prepared, by=by, pen=pen)
    fields = {
        "prepared": _text(write_prepared(prepared)),
        "signed": _text({"persons": [*found.persons, by.officer.number]}),
    }
    drafts.put(number, fields, by=_hand(by))
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


def _public(home: Home, by: By) -> bytes:
    passkey = passkey_of(home, by.officer.number)
    if passkey is None:
        raise NoKeyError(f"officer {by.officer.number}")
    return passkey.credential.public


def _check(home: Home, draft: Draft, *, by: By, public: bytes | None = None) -> None:
    check_may_link(by.officer.role)
    if draft.kind == ORDERED:
        # At each signature anew: a hold may have come between them.
        check_free(home, draft.link, statements_in(draft.d))
    if not is_enrolled(home, draft.link, by.officer.number, kind=draft.kind, now=by.now, public=public):
        raise NotEnrolledError(f"officer {by.officer.number} on {draft.link}")


def _written_if_enough(home: Home, found: Signing, *, by: By) -> Signing | Said:
    if len(found.persons) < persons_wanted(home, found.draft):
        return found
    _note(found.draft, "begun", by=by)
    try:
        said = _written(home, replace(found.draft, id=found.statement))
    except RefusedError:
        _note(found.draft, "refused", by=by)
        raise
    drafts.close(found.number, outcome="said", by=_hand(by))
    place = said.order if isinstance(said, Destroyed) else said
    _note(found.draft, "saved", by=by, statement="" if place is None else id_text(place.statement))
    return said


def _written(home: Home, draft: Draft) -> Said:
    if draft.kind == ORDERED:
        return erasures.order(home, draft)
    (outcome,) = append.append(home, [draft])
    if isinstance(outcome, RefusedError):
        raise outcome
    return outcome


def _signed(home: Home, prepared: Prepared, *, by: By, pen: Pen) -> Prepared:
    n = by.officer.number
    if pen.payloads:
        return signed(prepared, lambda text: line_by_passkey(home, n, payloads=pen.payloads, text=text))
    return signed(prepared, lambda text: sign_as(home, n, secret=pen.secret, text=text))


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
