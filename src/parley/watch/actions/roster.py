"""What is done to the roster. Every act leaves a row in the journal, in the same transaction.

It is the work of the administrator, whom the machine itself let in; the one thing that only the person
can do is to type back the code that came over a channel.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from parley.agencies.actions import note_act
from parley.agencies.models import Officer
from parley.agencies.queries import UnknownOfficerError
from parley.watch import queries
from parley.watch.models import ContactWay, PostNeed, ShiftRow, Speech
from parley.watch.policy import (
    CODE_SECONDS,
    CODE_TRIES,
    LONGEST_SHIFT,
    Channel,
    Post,
    Shift,
    is_reachable,
)
from parley.watch.queries import UnknownContactError

ADDRESSES: Final = {
    Channel.SMS: re.compile(r"\+?[0-9]{3,20}"),
    Channel.VOICE: re.compile(r"\+?[0-9]{3,20}|sip:[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,100}"),
    Channel.PUSH: re.compile(r"[A-Za-z0-9_-]{1,64}"),
    Channel.MAIL: re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,100}"),
}
"""What may stand as an address: no sign in it can mean anything to a server or a program behind."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


class AddressError(Exception):
    """The address is none for this channel."""


class LanguageError(Exception):
    """This is no tag of a language such as ``en`` or ``zh-Hans``."""


class ShiftError(Exception):
    """A shift ends before it begins, or lasts longer than a month."""


class UnknownShiftError(Exception):
    """No shift has this number."""


class UnprovedError(Exception):
    """The person cannot be put on the roster: there are not two channels with a proof that holds."""

    def __init__(self, person: int) -> None:
        super().__init__(f"officer {person} has not two independent channels that were proved within 30 days")
        self.person = person


class CodeError(Exception):
    """What was typed is not what was sent, or it was sent too long ago, or tried too often."""


def add_way(person: int, *, channel: Channel, address: str, now: int) -> int:
    """Write down one more way to ring the officer `person`, and return its number; twice is once.

    Raises:
        UnknownOfficerError, AddressError: nothing was written.
    """
    pattern = ADDRESSES.get(channel)
    if pattern is None or pattern.fullmatch(address) is None:
        raise AddressError(f"expected an address for {channel.value}, found {address!r}")
    with transaction.atomic():
        _check_officer(person)
        row, is_new = ContactWay.objects.get_or_create(
            officer_id=person, channel=channel.value, address=address, removed_at=None
        )
        if is_new:
            _note("watch.way_added", person, f"{row.pk} {channel.value}", now=now)
    return row.pk


def remove_way(number: int, *, now: int) -> None:
    """Ring nobody by this way any more.

    Raises:
        UnknownContactError: there is none.
    """
    with transaction.atomic():
        row = _way(number)
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        _note("watch.way_removed", row.officer_id, f"{number} {row.channel}", now=now)


def begin_proof(number: int, *, code: str, now: int) -> None:
    """Await `code` for this way; whoever begins again makes the earlier code worthless.

    Raises:
        UnknownContactError: there is none.
    """
    with transaction.atomic():
        row = _way(number)
        row.code_digest, row.code_sent_at, row.code_tries = _digest(number, code), now, 0
        row.save(update_fields=["code_digest", "code_sent_at", "code_tries"])


def finish_proof(number: int, *, code: str, now: int) -> None:
    """Take `code`, typed by the person to whom it came: from `now` on this way is proved.

    The try is counted before the code is looked at, so that many at once do not get more tries.

    Raises:
        UnknownContactError: there is none.
        CodeError: nothing is proved.
    """
    with transaction.atomic():
        row = _way(number)
        row.code_tries += 1
        row.save(update_fields=["code_tries"])
    is_awaited = bool(row.code_digest) and 0 <= now - row.code_sent_at < CODE_SECONDS
    if not is_awaited or row.code_tries > CODE_TRIES:
        raise CodeError("no code is awaited for this way any more")
    if not hmac.compare_digest(row.code_digest, _digest(number, code)):
        raise CodeError("this is not the code that was sent")
    with transaction.atomic():
        row.proved_at, row.code_digest = now, ""
        row.save(update_fields=["proved_at", "code_digest"])
        _note("watch.way_proved", row.officer_id, f"{number} {row.channel}", now=now)


def set_speech(person: int, languages: Iterable[str], *, now: int) -> None:
    """Write down in which languages the officer `person` is qualified, in place of what stood there.

    Raises:
        UnknownOfficerError, LanguageError: nothing was written.
    """
    tags = _tags(languages)
    with transaction.atomic():
        _check_officer(person)
        Speech.objects.filter(officer_id=person).delete()
        Speech.objects.bulk_create(Speech(officer_id=person, language=tag) for tag in tags)
        _note("watch.speech_set", person, " ".join(tags), now=now)


def set_need(post: Post, languages: Iterable[str] | None, *, now: int) -> None:
    """Ask that `post` be filled all the time by people who speak `languages`; None: ask it no more.

    Raises:
        LanguageError: nothing was written.
    """
    tags = _tags(languages or ())
    with transaction.atomic():
        if languages is None:
            PostNeed.objects.filter(post=post.value).delete()
        else:
            PostNeed.objects.update_or_create(post=post.value, defaults={"languages": " ".join(tags)})
        said = "not filled" if languages is None else " ".join(tags)
        note_act("watch.need_set", officer=None, subject=f"{post.value} {said}".strip(), now=now)


def add_shifts(shifts: Iterable[Shift], *, now: int) -> int:
    """Put `shifts` on the roster, all of them or none; return how many were not on it already.

    Raises:
        UnknownOfficerError, ShiftError, UnprovedError: nothing was written.
    """
    fresh = 0
    with transaction.atomic():
        persons = {person.number: person for person in queries.persons()}
        for shift in shifts:
            if not 0 < shift.ends - shift.begins <= LONGEST_SHIFT:
                raise ShiftError(f"expected a shift of up to 31 days, found {shift.ends - shift.begins} s")
            person = persons.get(shift.person)
            if person is None or not person.is_active:
                raise UnknownOfficerError(f"no officer has the number {shift.person}")
            if not is_reachable(person, now):
                raise UnprovedError(shift.person)
            _row, is_new = ShiftRow.objects.get_or_create(
                post=shift.post.value, officer_id=shift.person, begins=shift.begins, ends=shift.ends
            )
            if is_new:
                fresh += 1
                subject = f"{shift.post.value} {shift.begins} {shift.ends}"
                _note("watch.shift_added", shift.person, subject, now=now)
    return fresh


def remove_shift(number: int, *, now: int) -> None:
    """Take a shift from the roster.

    Raises:
        UnknownShiftError: there is none.
    """
    with transaction.atomic():
        row = ShiftRow.objects.filter(pk=number).first()
        if row is None:
            raise UnknownShiftError(f"no shift has the number {number}")
        row.delete()
        _note("watch.shift_removed", row.officer_id, f"{row.post} {row.begins} {row.ends}", now=now)


def _tags(languages: Iterable[str]) -> tuple[str, ...]:
    tags = tuple(sorted(set(languages)))
    for tag in tags:
        if LANGUAGE.fullmatch(tag) is None:
            raise LanguageError(f"expected a tag such as en or zh-Hans, found {tag!r}")
    return tags


def _check_officer(person: int) -> None:
    if not Officer.objects.filter(number=person, is_active=True).exists():
        raise UnknownOfficerError(f"no officer has the number {person}")


def _way(number: int) -> ContactWay:
    row = ContactWay.objects.filter(pk=number, removed_at=None).first()
    if row is None:
        raise UnknownContactError(f"no way to ring anybody has the number {number}")
    return row


def _digest(number: int, code: str) -> str:
    return hashlib.sha256(f"parley-way/v1 {number} {code}".encode()).hexdigest()


def _note(act: str, person: int, subject: str, *, now: int) -> None:
    # No address: the journal is shown to more people than the roster is.
    note_act(act, officer=None, subject=f"officer {person}: {subject}"[:200], now=now)
