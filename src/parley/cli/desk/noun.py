"""The noun `parley desk`, to which the files beside this one add their verbs, and what may go wrong there."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import WaitError, WrongSecretError
from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.watch import actions
from parley.watch.beats import NobodyAnswersError
from parley.watch.policy import Question
from parley.work.sock import CoreError

desk = typer.Typer(
    help=_("The watch at the desk: who has it, what rings, and a desk in this terminal."),
    no_args_is_help=False,
    rich_markup_mode=None,
)


@contextmanager
def asking() -> Iterator[None]:
    """Turn what may go wrong when core is asked what rings into sentences.

    Raises:
        FaultError: nobody knows what rings.
    """
    try:
        yield
    except (NobodyAnswersError, CoreError) as error:
        raise FaultError(
            "blind",
            Exit.UNREACHABLE,
            what=_("Core does not say what rings: nobody here knows."),
            safe=_("Nothing was done, and nothing may be thought to be quiet."),
            do=_("Start the node (parley serve), or look at: parley doctor."),
        ) from error


@contextmanager
def signing() -> Iterator[None]:
    """Turn what may go wrong when the watch changes hands into sentences.

    Raises:
        FaultError: in place of everything that a person can put right; nobody's watch changed.
    """
    try:
        yield
    except (WrongSecretError, WaitError, actions.MayNotWatchError, actions.SamePersonError) as error:
        raise _not_this_person(error) from error
    except actions.PresentError as error:
        raise FaultError(
            "watch_present",
            Exit.CONFLICT,
            what=_("%(name)s has the watch, and a screen of that officer is in view.")
            % {"name": error.held.name},
            safe=_("The watch is as it was."),
            do=_("Have it handed over: parley desk hand-over. If nobody sits there, end that screen first."),
        ) from error
    except actions.HeldError as error:
        raise FaultError(
            "watch_held",
            Exit.CONFLICT,
            what=_("%(name)s has the watch.") % {"name": error.held.name},
            do=_("Have it handed over: parley desk hand-over. If that cannot be: --relieve."),
        ) from error
    except actions.NotHeldError as error:
        raise FaultError(
            "watch_not_held",
            Exit.CONFLICT,
            what=_("This officer does not have the watch."),
            do=_("Look at: parley desk status."),
        ) from error
    except (actions.SoundError, actions.UntestedError, actions.WrongAnswersError) as error:
        raise _not_ready(error) from error


def question_word(question: Question) -> str:
    """Return a question as it is asked."""
    return {
        Question.OPEN_CALL: _("Which call is open?"),
        Question.DUE_FIRST: _("What falls due first?"),
        Question.DEGRADED: _("Which path is degraded?"),
    }[question]


def _not_this_person(error: Exception) -> FaultError:
    code, said, do = {
        WrongSecretError: (
            "wrong_secret",
            _("A name and its secret do not belong together."),
            _("Check both persons' names and secrets."),
        ),
        WaitError: (
            "wait",
            _("There were too many wrong secrets for one of the names."),
            _("Wait an hour at most, then try again."),
        ),
        actions.MayNotWatchError: (
            "viewer",
            _("A viewer takes no calls, and so no watch."),
            _("Ask an officer of this node."),
        ),
        actions.SamePersonError: (
            "same_person",
            _("Nobody hands the watch over to himself or herself."),
            _("Name the officer who comes with --to."),
        ),
    }[type(error)]
    return FaultError(code, Exit.REFUSED, what=said, do=do, safe=_("The watch is as it was."))


def _not_ready(error: Exception) -> FaultError:
    kept = _("The watch is as it was.")
    match error:
        case actions.WrongAnswersError():
            asked = " ".join(question_word(each) for each in error.questions)
            return FaultError(
                "wrong_answers",
                Exit.NEEDS_A_PERSON,
                what=_("Not as the record says: %(questions)s") % {"questions": asked},
                safe=kept,
                do=_("Look at: parley desk status, parley call list, parley link status; then answer again."),
            )
        case actions.UntestedError():
            return FaultError(
                "phone_untested",
                Exit.NEEDS_A_PERSON,
                what=_("No phone of this officer rang within a day."),
                safe=kept,
                do=_("Prove one: parley pager prove WAY."),
            )
        case _:
            return FaultError(
                "sound_not_heard",
                Exit.NEEDS_A_PERSON,
                what=_("The bell of this terminal just rang."),
                safe=kept,
                do=_("If you heard it, type the command again with --heard."),
            )
