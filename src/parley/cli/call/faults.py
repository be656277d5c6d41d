"""What may go wrong when something is said in a call, in sentences: what happened, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.cli.saying import understood
from parley.hotline.forms.comparing import NoSaltError
from parley.hotline.forms.texts import MinuteError, TooLongError
from parley.protocol.hotline.mark import UnreadableError


@contextmanager
def heard() -> Iterator[None]:
    """Turn what may go wrong in a call into sentences, and all else as every command does.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood(_advice()):
        try:
            yield
        except UnreadableError as error:
            raise _unreadable() from error
        except TooLongError as error:
            raise _too_long(error) from error
        except MinuteError as error:
            raise FaultError(
                "minute_lines",
                Exit.NEEDS_A_PERSON,
                what=_("A minute has 1 to 5 lines, none of them twice; these are %(found)d.")
                % {"found": error.found},
                do=_("Put down what was agreed, and no more."),
            ) from error
        except NoSaltError as error:
            raise FaultError(
                "words_gone",
                Exit.NOT_FOUND,
                what=_("The words of this text are not here any more, so nothing can be compared with them."),
                do=_("Ask the other side for a clarification: parley call say --sort question."),
            ) from error


def _unreadable() -> FaultError:
    return FaultError(
        "object_not_read",
        Exit.NEEDS_A_PERSON,
        what=_("This cannot be an object of that kind, or a line of a minute."),
        do=_("Write it as KIND:VALUE, such as ip:203.0.113.7 or domain:example.org."),
    )


def _too_long(error: TooLongError) -> FaultError:
    return FaultError(
        "too_long",
        Exit.NEEDS_A_PERSON,
        what=_("The text is too long to be read aloud: its length is %(found)d of at most %(most)d.")
        % {"found": error.found, "most": error.most},
        do=_("A word counts two, a Chinese character one. Say the rest in a second message."),
    )


def _advice() -> dict[str, str]:
    return {
        "not-writer": _("Only the other side of this call can say this."),
        "wrong-state": _("See how far the call is, and who has to speak: parley call show."),
        "no-target": _("Name the call, or the statement that is meant; and a rung of the agreed ladder."),
        "threshold": _("One person alone rings no principal: parley call open-principal."),
        "schema": _("See what is agreed of the hotline: parley link status."),
        "suspended": _("The hotline is suspended: parley link status."),
    }
