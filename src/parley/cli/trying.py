"""parley link test: the human test, or that of the ladder, held now; whoever waits sees how far it is.

The text comes from the agreed shelf, by dice. Ctrl-C leaves the test running: it is a call in the record like
any other, and the same command goes on with it. When the answer is there, our side closes the call.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from secrets import randbelow
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cli.call.faults import heard
from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, advise, result
from parley.cli.persons import As, SecretFile, require_home
from parley.cli.saying import Voice, tell
from parley.cli.testing import Name, agreed_tests
from parley.hotline import actions
from parley.hotline.actions import Closing, Message
from parley.hotline.policy import usual_lane
from parley.hotline.queries.testing import LineTests, running_test
from parley.ledger.drafts import Appended
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Hand, Target
from parley.links.policy import Whose
from parley.protocol.clauses import LineTest, Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import Ending, Sort
from parley.protocol.hotline.mark import SALT_BYTES
from parley.protocol.linetests.periods import Result, result_of
from parley.protocol.linetests.texts import Drawn, NoTextError, draw
from parley.protocol.linetests.trials import Trial, next_rung, trials_of_call
from parley.protocol.suite import Standard
from parley.ui import callwords, testwords, times, words
from parley.work import clock

STEP_SECONDS: Final = 0.5
WAIT_SECONDS: Final = 600
"""Ten minutes at the keyboard; the test itself runs on for as long as the terms give it."""


class What(StrEnum):
    """Which of the tests that one person holds."""

    HUMAN = "human"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tester:
    """Who holds the test, and how long he or she waits for the answer."""

    officer: As
    secret_file: SecretFile = None
    wait: Annotated[
        int,
        typer.Option(
            "--wait", min=0, max=3600, metavar="SECONDS", help=_("Wait so long for the person there.")
        ),
    ] = WAIT_SECONDS
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show exactly what would be said; write and send nothing."))
    ] = False
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", help=_("The same key twice is the same statement: safe to repeat.")
        ),
    ] = None

    def voice(self) -> Voice:
        """Return the same as everybody has it who says something."""
        return Voice(officer=self.officer, secret_file=self.secret_file, dry_run=self.dry_run, key=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A test under way: its call, what it tries, and the hand that goes on with it."""

    reader: Reader
    link: LinkRow
    thread: bytes
    test: LineTest
    hand: Hand

    @property
    def call(self) -> Call:
        """Return the call as it stands in the record now."""
        found = self.reader.call(self.link.name, self.thread)
        assert found is not None, "it was said, and nobody can open it otherwise"
        return found

    @property
    def on(self) -> Target:
        """Return what is answered."""
        return Target(link=self.link.name, statement=self.thread)

    def next_hand(self) -> Hand:
        """Return the same hand for another statement."""
        return replace(self.hand, key=uuid.uuid4().hex, now=clock.now())


@spread
def hold(
    name: Name,
    *,
    tester: Tester,
    what: Annotated[
        What, typer.Option("--what", help=_("A person at the desk, or every rung of the desk in turn."))
    ] = What.HUMAN,
) -> int:
    home = require_home()
    with reading() as reader, heard():
        link = chosen_link(reader, name)
        known = agreed_tests(reader, link)
        test = LineTest(what.value)
        hand = tester.voice().hand(home)
        running = None if tester.dry_run else _running(reader, link, known, test=test)
        if running is not None:
            advise(_("A test of ours goes on already; it is continued."))
            held = Held(reader=reader, link=link, thread=running.id, test=test, hand=hand)
            return _tell(held, _followed(held, seconds=tester.wait))
        _advise_turn(known, test)
        lane = usual_lane(reader.open_lanes(link.name))
        salt = Standard().dice(SALT_BYTES)
        said = actions.open_test(link.name, _drawn(reader, link), salt=salt, lane=lane, by=hand)
        if not isinstance(said, Appended):
            return tell(reader, link, said, wait=0)
        held = Held(reader=reader, link=link, thread=said.statement, test=test, hand=hand)
        return _tell(held, _followed(held, seconds=tester.wait))


def _running(reader: Reader, link: LinkRow, known: LineTests, *, test: LineTest) -> Call | None:
    rows = known.rows.get(test, ())
    since = rows[-1].period.begins if rows else 0
    return running_test(reader, link.name, me=link.me, since=since)


def _drawn(reader: Reader, link: LinkRow) -> Drawn:
    terms = reader.terms(link.name)
    assert terms is not None, "tests are agreed"
    assert terms.hotline is not None, "tests are agreed"
    try:
        return draw(terms.hotline.texts, dice=randbelow)
    except NoTextError as error:
        raise FaultError(
            "no_text",
            Exit.FAILED,
            what=_("This version knows none of the agreed texts: %(codes)s.") % {"codes": error},
            do=_("Bring this node up to date."),
        ) from error


def _advise_turn(known: LineTests, test: LineTest) -> None:
    """Say so if the calendar does not wait for this test."""
    rows = known.rows.get(test, ())
    if not rows:
        advise(_("This test is not in the calendar; it counts for no period."))
    elif rows[-1].turn is Whose.THEM:
        advise(_("In this period it is their turn; this test counts for no period."))
    elif rows[-1].period.trial is not None:
        advise(_("The test of this period was held; this one counts for no period."))


# ---- Waiting


def _followed(held: Held, *, seconds: int) -> Call:
    """Return the call after its answer, or after `seconds`; rungs are pressed on the way."""
    end = clock.monotonic() + seconds
    told = _teller()
    try:
        while True:
            call = held.call
            told(_stage(held, call))
            if trial_of(call, held.test).answered is not None:
                return _closed(held, call)
            if held.test is LineTest.LADDER:
                _press(held, next_rung(call))
            if clock.monotonic() >= end:
                return call
            clock.sleep(STEP_SECONDS)
    except KeyboardInterrupt:
        return held.call


def trial_of(call: Call, test: LineTest) -> Trial:
    """Return the test that the call is, seen as `test`: not answered, if it is a ladder nobody pressed."""
    trials = {each.test: each for each in trials_of_call(call)}
    if test is LineTest.LADDER and test not in trials:
        return replace(trials[LineTest.HUMAN], test=test, answered=None, answered_there=None)
    return trials[test]


def _press(held: Held, rung: Rung | None) -> None:
    if rung is None:
        return
    actions.say(held.on, Message(sort=Sort.NOTIFICATION, to=rung), by=held.next_hand())
    advise(_("Now rung: %(rung)s") % {"rung": words.label(rung.value, callwords.RUNGS)})


def _closed(held: Held, call: Call) -> Call:
    if held.link.me in call.stands:
        return call
    actions.close(held.on, Closing(ending=Ending.ANSWERED), by=held.next_hand())
    return held.call


def _teller() -> Callable[[str], None]:
    told: list[str] = []

    def tell_once(line: str) -> None:
        if line not in told:
            told.append(line)
            advise(line)

    return tell_once


def _stage(held: Held, call: Call) -> str:
    if call.takings:
        return _("A person took it: %(rung)s") % {
            "rung": words.label(call.takings[-1].rung.value, callwords.RUNGS)
        }
    if call.opened.received_at is not None:
        return _("Received by the node of %(side)s") % {"side": held.link.their_letter}
    return _("Saved here; not at their node yet")


def _tell(held: Held, call: Call) -> int:
    trial, now = trial_of(call, held.test), clock.now()
    row = held.reader.row(held.link.name, held.thread)
    place = "" if row is None else row.place
    code = Exit.WAITING
    if trial.answered is not None:
        # Which period it counts for is told by the calendar; here, whether it was within its limit.
        is_ok = result_of(trial, ends=now, cut=now) is Result.OK
        code = Exit.DONE if is_ok else Exit.ATTENTION
    result(
        {
            "link": held.link.name,
            "place": place,
            "test": trial.test.value,
            "began": trial.began,
            "taken_after": None if trial.taken is None else trial.taken - trial.began,
            "answered_after": None if trial.answered is None else trial.answered - trial.began,
            "limit": trial.limit,
            "closed_by_us": held.link.me in call.stands,
        },
        *_lines(trial, place=place),
        exit_code=code,
    )
    return code


def _lines(trial: Trial, *, place: str) -> tuple[str, ...]:
    named = {"place": place, "test": words.label(trial.test.value, testwords.TESTS)}
    limit = times.span(trial.limit)
    if trial.answered is None:
        return (
            _("%(place)s, %(test)s: no answer yet.") % named,
            _("It runs on, for %(limit)s from its beginning. Say the same again to go on waiting.")
            % {"limit": limit},
        )
    took = times.span(trial.answered - trial.began)
    return (
        _("%(place)s, %(test)s: answered after %(took)s, limit %(limit)s.")
        % {**named, "took": took, "limit": limit},
    )
