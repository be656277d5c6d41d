"""What is done to and by our own people. Every act leaves a row in the journal, in the same transaction."""

import unicodedata
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from parley.agencies.models import START_OF_CHAIN, Hold, JournalEntry, Officer
from parley.agencies.policy import Role, seconds_to_wait
from parley.agencies.queries import HoldRow, OfficerRow, UnknownOfficerError, row_of

LONGEST_NAME: Final = 64


class OfficerExistsError(Exception):
    """The name is taken; a name is never given to a second person."""


class OfficerNameError(Exception):
    """The name cannot be shown safely: empty, too long, or with signs that do not print."""


class WeakSecretError(Exception):
    """The secret is too easy; `reasons` are sentences in the language in force."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class WrongSecretError(Exception):
    """Name and secret do not belong together, or the officer is disabled: which of them is not told."""


class WaitError(Exception):
    """Too many wrong secrets in a row; nothing is looked at for `seconds` more."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"no secret is looked at for {seconds} s")
        self.seconds = seconds


def add_officer(name: str, *, role: Role, language: str, secret: str, now: int) -> OfficerRow:
    """Write a new officer, with the next number, into the house.

    Raises:
        OfficerNameError, OfficerExistsError, WeakSecretError: nothing was written.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.isprintable() or name != name.strip() or not 1 <= len(name) <= LONGEST_NAME:
        raise OfficerNameError(f"expected 1 to {LONGEST_NAME} printing signs, found {name!r}")
    try:
        validate_password(secret)
    except ValidationError as error:
        raise WeakSecretError(tuple(error.messages)) from error
    password = make_password(secret)

    with transaction.atomic():
        if Officer.objects.filter(name=name).exists():
            raise OfficerExistsError(f"an officer is already called {name!r}")
        last = Officer.objects.order_by("number").last()
        number = last.number + 1 if last else 1
        officer = Officer.objects.create(
            number=number, name=name, role=role, language=language, password=password
        )
        note_act("officer.added", officer=None, subject=name, now=now)
    return row_of(officer)


def disable_officer(name: str, *, now: int) -> OfficerRow:
    """Take from the officer `name` the right to act or to look; the number stays his or hers for ever.

    Doing it twice changes nothing and leaves one row in the journal.

    Raises:
        UnknownOfficerError: nobody is called that.
    """
    with transaction.atomic():
        officer = Officer.objects.filter(name=name).first()
        if officer is None:
            raise UnknownOfficerError(f"no officer is called {name!r}")
        if officer.is_active:
            officer.is_active = False
            officer.save(update_fields=["is_active"])
            note_act("officer.disabled", officer=None, subject=name, now=now)
    return row_of(officer)


def recognise_officer(name: str, *, secret: str, now: int) -> OfficerRow:
    """Return the active officer whose name and secret these are.

    The attempt is counted before the secret is looked at, so that many at once do not get more guesses. An
    unknown name costs the same time as a wrong secret.

    Raises:
        WrongSecretError: not this person.
        WaitError: too many wrong secrets before this one.
    """
    officer = _count_attempt(name, now=now)
    if officer is None:
        make_password(secret)
        raise WrongSecretError("name and secret do not belong together")
    if not officer.check_password(secret):
        if seconds_to_wait(officer.failures):
            note_act("officer.shut_out", officer=None, subject=name, now=now)
        raise WrongSecretError("name and secret do not belong together")
    Officer.objects.filter(number=officer.number).update(failures=0, wait_until=0)
    return row_of(officer)


def _count_attempt(name: str, *, now: int) -> Officer | None:
    with transaction.atomic():
        officer = Officer.objects.filter(name=name, is_active=True).first()
        if officer is None:
            return None
        if now < officer.wait_until:
            raise WaitError(officer.wait_until - now)
        officer.failures += 1
        officer.wait_until = now + seconds_to_wait(officer.failures)
        officer.save(update_fields=["failures", "wait_until"])
    return officer


def end_sessions(number: int, *, now: int) -> None:
    """End every session of the officer, on every machine; one that begins in this second is over as well."""
    with transaction.atomic():
        Officer.objects.filter(number=number).update(sessions_from=now + 1)
        note_act("officer.signed_out_everywhere", officer=number, subject="", now=now)


def speak(number: int, *, language: str) -> None:
    """Let the officer's pages speak `language` from now on."""
    Officer.objects.filter(number=number).update(language=language)


def hold(held: HoldRow, *, officer: int, now: int) -> bool:
    """Put a statement under legal hold; return whether it was not held already."""
    with transaction.atomic():
        _row, is_new = Hold.objects.get_or_create(
            link=held.link,
            statement=held.statement,
            released_at=None,
            defaults={"place": held.place, "reason": held.reason, "officer_id": officer, "at": now},
        )
        if is_new:
            subject = f"{held.link} {held.place}: {held.reason}"[:200]
            note_act("record.held", officer=officer, subject=subject, now=now, statement=held.statement)
    return is_new


def release(link: str, statement: str, *, officer: int, now: int) -> bool:
    """Lift the legal hold on a statement; return whether there was one."""
    with transaction.atomic():
        rows = Hold.objects.filter(link=link, statement=statement, released_at=None)
        was_held = bool(rows.update(released_at=now))
        if was_held:
            note_act("record.released", officer=officer, subject=link, now=now, statement=statement)
    return was_held


def note_act(act: str, *, officer: int | None, subject: str, now: int, statement: str = "") -> JournalEntry:
    """Write one row at the end of the journal: `officer` (a number) did `act` to `subject` at `now`.

    Call it inside the transaction of the act itself, so that neither is ever there without the other.
    """
    with transaction.atomic():
        last = JournalEntry.objects.order_by("number").last()
        row = JournalEntry(
            number=last.number + 1 if last else 1,
            at=now,
            officer_id=officer,
            act=act,
            subject=subject,
            statement=statement,
            previous=last.digest if last else START_OF_CHAIN,
        )
        row.digest = row.computed_digest()
        row.save(force_insert=True)
    return row
