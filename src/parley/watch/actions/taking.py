"""Taking the watch, handing it over, and leaving it: acts of persons, each shown by a secret.

    take_watch    nobody has it: one officer's secret
    hand_over     both are there: the outgoing officer's secret and the incoming one's, one transaction
    leave_watch   nobody takes over: the desk is unwatched from now on, and phones ring at once
    relieves      the other one is away, ill, or an officer no more: the journal says who was relieved. Not
                  while core sees a screen of his or hers: whoever is there hands over

Whoever takes it has heard the sound, has had the phone ring, and has answered from the record. What is
answered wrongly is told, and not accepted. Source: screens §3.1, §6.11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from parley.agencies.actions import note_act, recognise_officer
from parley.agencies.models import Officer
from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.watch import queries
from parley.watch.models import Muted, WatchTaken
from parley.watch.policy import TESTED_SECONDS, Handing, Question, wrong_answers
from parley.watch.policy.mute import mute_at
from parley.watch.queries import WatchRow

HEARD_SECONDS: Final = 900
"""The sound was heard within so long before the watch is taken."""
MAX_ANSWER: Final = 100


class HeldError(Exception):
    """Somebody has the watch: it is handed over by him or her, and not taken."""

    def __init__(self, held: WatchRow) -> None:
        super().__init__(f"officer {held.officer} has the watch")
        self.held = held


class PresentError(Exception):
    """Whoever has the watch sits before a screen that is seen: it is handed over, and nobody is relieved."""

    def __init__(self, held: WatchRow) -> None:
        super().__init__(f"a screen of officer {held.officer} is in view")
        self.held = held


class NotHeldError(Exception):
    """Whoever should hand the watch over, or leave it, does not have it."""


class SamePersonError(Exception):
    """One person cannot hand the watch over to himself or herself."""


class MayNotWatchError(Exception):
    """A viewer takes no calls, and so no watch."""


class SoundError(Exception):
    """The officer has not heard the sound of this place just now."""


class UntestedError(Exception):
    """No phone of the officer's rang within a day: nobody typed back its code. Not where there are none."""


class WrongAnswersError(Exception):
    """Some questions were not answered from the record: `questions`, in their order."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A person, shown by his or her name and secret."""

    name: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What whoever takes the watch brings: who it is, that the sound was heard, and the answers.

    `screen` names the screen in front of him or her, "" for none; `handing` is what the record says.
    """

    incoming: Secret
    sound_heard_at: int
    handing: Handing
    answers: Mapping[Question, str]
    screen: str = ""


def take_watch(taking: Taking, *, relieves: bool = False, now: int) -> WatchRow:
    """Begin a watch that nobody has, or, with `relieves`, one whose officer cannot hand it over any more.

    Raises:
        HeldError: somebody has it, and is not to be relieved. PresentError: nor can be, being there.
        WrongSecretError, WaitError, MayNotWatchError, SoundError, UntestedError, WrongAnswersError:
            nobody has it yet.
    """
    incoming = _shown(taking.incoming, now=now)
    phone_tested_at = _check(taking, incoming, now=now)
    with transaction.atomic():
        held = queries.watch_now()
        if held is not None and not (relieves and held.officer != incoming.number):
            raise HeldError(held)
        if held is not None and held.officer in taking.handing.in_view:
            raise PresentError(held)
        _relieve(incoming, now=now)
        return _begin(taking, incoming, phone_tested_at=phone_tested_at, now=now)


def hand_over(taking: Taking, *, outgoing: Secret, now: int) -> WatchRow:
    """End the watch of `outgoing` and begin the next in the same instant, by both persons' word.

    Raises:
        NotHeldError: `outgoing` does not have it. SamePersonError: both are one.
        WrongSecretError, WaitError, MayNotWatchError, SoundError, UntestedError, WrongAnswersError:
            the outgoing officer still has it.
    """
    leaving = recognise_officer(outgoing.name, secret=outgoing.secret, now=now)
    incoming = _shown(taking.incoming, now=now)
    if leaving.number == incoming.number:
        raise SamePersonError(f"officer {leaving.number} would hand over to itself")
    phone_tested_at = _check(taking, incoming, now=now)
    with transaction.atomic():
        _end(leaving, now=now)
        return _begin(taking, incoming, phone_tested_at=phone_tested_at, outgoing=leaving.number, now=now)


def leave_watch(person: Secret, *, now: int) -> None:
    """End the watch of `person`, and let nobody have it.

    Raises:
        NotHeldError: somebody else has it, or nobody. WrongSecretError, WaitError: nothing changed.
    """
    officer = recognise_officer(person.name, secret=person.secret, now=now)
    with transaction.atomic():
        _end(officer, now=now)


def _shown(person: Secret, *, now: int) -> OfficerRow:
    officer = recognise_officer(person.name, secret=person.secret, now=now)
    if not may_act(officer.role):
        raise MayNotWatchError(f"{officer.name} may only look")
    return officer


def _check(taking: Taking, incoming: OfficerRow, *, now: int) -> int:
    """Check what must be so before anybody has the watch; return when the phone was tested."""
    if not 0 <= now - taking.sound_heard_at < HEARD_SECONDS:
        raise SoundError("the sound was not heard just now")
    tested_at = queries.phone_tested(incoming.number)
    if taking.handing.rings and not 0 <= now - tested_at < TESTED_SECONDS:
        raise UntestedError(f"no phone of officer {incoming.number} was tested within a day")
    wrong = wrong_answers(taking.handing, taking.answers)
    if wrong:
        raise WrongAnswersError(wrong)
    return tested_at


def _end(officer: OfficerRow, *, now: int) -> None:
    count = WatchTaken.objects.filter(is_open=True, officer_id=officer.number).update(is_open=None, ends=now)
    if not count:
        raise NotHeldError(f"officer {officer.number} does not have the watch")
    Officer.objects.filter(number=officer.number).update(watch_from=None)
    end_mute(now=now)
    note_act("watch.left", officer=officer.number, subject="", now=now)


def _relieve(incoming: OfficerRow, *, now: int) -> None:
    """End the watch that lasts, if one does: also that of an officer who may no longer act."""
    end_mute(now=now)
    for row in WatchTaken.objects.filter(is_open=True):
        WatchTaken.objects.filter(pk=row.pk).update(is_open=None, ends=now)
        Officer.objects.filter(number=row.officer_id).update(watch_from=None)
        note_act("watch.relieved", officer=incoming.number, subject=f"officer {row.officer_id}", now=now)


def _begin(
    taking: Taking, incoming: OfficerRow, *, phone_tested_at: int, outgoing: int | None = None, now: int
) -> WatchRow:
    WatchTaken.objects.create(
        officer_id=incoming.number,
        begins=now,
        is_open=True,
        outgoing_id=outgoing,
        screen=taking.screen,
        sound_heard_at=taking.sound_heard_at,
        phone_tested_at=phone_tested_at,
        answers="\n".join(f"{each.value} {said[:MAX_ANSWER]}" for each, said in taking.answers.items()),
    )
    Officer.objects.filter(number=incoming.number).update(watch_from=now)
    subject = "" if outgoing is None else f"from officer {outgoing}"
    note_act("watch.taken", officer=incoming.number, subject=subject, now=now)
    row = queries.watch_now()
    assert row is not None
    return row


def end_mute(*, now: int) -> bool:
    """End the mute that lasts, and return whether one did: nobody takes over a silent desk.

    To be called inside the transaction of an act.
    """
    lasts = mute_at(queries.mutes(since=now), now)
    if lasts is None:
        return False
    Muted.objects.filter(begins__lte=now, ends__gt=now).update(ends=now)
    return True
