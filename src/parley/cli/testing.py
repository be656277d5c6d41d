"""parley link tests, fault: how the line was tried, what came of it, and why a test went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, Rows, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell, understood
from parley.cli.thread import Words
from parley.hotline.queries.testing import LineTests, Row, TicketRow, line_tests
from parley.inquiries.forms.letter import text_of, write_text
from parley.inquiries.forms.typed import read_code, read_time
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.telling import Explained, declare_fault
from parley.links.policy import Whose
from parley.protocol.hotline.codes import Cause
from parley.protocol.linetests.account import account
from parley.protocol.linetests.figures import Figure
from parley.protocol.linetests.tickets import Clue
from parley.ui import callwords, testwords, times, words
from parley.work import clock

SHOWN = 8
"""So many periods of each test are printed, the newest; --json has them all."""

Letters = Mapping[Whose, str]
Name = Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))]


def show_tests(name: Name) -> int:
    require_home()
    with reading() as reader:
        link = chosen_link(reader, name)
        found = agreed_tests(reader, link)
    letters = letters_of(link)
    is_open = any(row.ticket.is_open for row in found.tickets)
    code = Exit.ATTENTION if is_open else Exit.DONE
    result(
        {
            "link": link.name,
            "digest": found.digest.hex(),
            "tests": account(found.before),
            "now": account(found.known),
        },
        Rows(titles=_titles(), rows=tuple(_period(row, letters) for row in _newest(found))),
        *(line for row in found.tickets for line in _ticket(row, letters)),
        *(_figure(each) for each in found.known.figures),
        _("Digest of the tests up to %(at)s, equal on both nodes: %(digest)s")
        % {"at": words.instant(found.before.cut), "digest": found.digest.hex()},
        exit_code=code,
    )
    return code


@spread
def declare(
    name: Name,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help=_("Which one, such as human-2931."))],
    *,
    voice: Voice,
    cause: Annotated[
        str,
        typer.Option("--cause", metavar="CODE", help=_("Why the test went wrong, as a code.")),
    ],
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help=_("Since when that was the case."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help=_("Until when it was the case."))
    ] = None,
    text: Words = None,
) -> int:
    home = require_home()
    with reading() as reader, understood():
        link = chosen_link(reader, name)
        period = _named(agreed_tests(reader, link), ticket).ticket.period
        now = clock.now()
        explained = Explained(
            test=period.test,
            period=period.number,
            cause=read_code(cause, Cause),
            since=None if since is None else read_time(since, now=now),
            until=None if until is None else read_time(until, now=now),
            text=None if text is None else write_text(text_of(text)),
        )
        said = declare_fault(link.name, explained, by=voice.hand(home))
        return tell(reader, link, said, wait=voice.wait)


def agreed_tests(reader: Reader, link: LinkRow) -> LineTests:
    """Return what is known of the tests of a link.

    Raises:
        FaultError: none are agreed.
    """
    found = line_tests(reader, link.name, me=link.me, now=clock.now())
    if found is None:
        raise FaultError(
            "no_tests",
            Exit.NOT_FOUND,
            what=_("No line tests are agreed on %(link)s.") % {"link": link.name},
            do=_("The link must be open, on terms with a hotline: parley link status."),
        )
    return found


def letters_of(link: LinkRow) -> Letters:
    """Return how the two sides are called."""
    return {Whose.US: link.my_letter, Whose.THEM: link.their_letter}


def _named(found: LineTests, name: str) -> TicketRow:
    for row in found.tickets:
        if row.ticket.name == name:
            return row
    open_ones = [row.ticket.name for row in found.tickets if row.ticket.is_open]
    raise FaultError(
        "unknown_ticket",
        Exit.NOT_FOUND,
        what=_("No test that failed is called “%(name)s”.") % {"name": name},
        do=_("There are: %(names)s.") % {"names": ", ".join(open_ones) or "–"},
    )


# ---- As text


def _titles() -> tuple[str, ...]:
    return (_("Test"), _("Period"), _("Begins"), _("Turn"), _("Result"), _("Answered after"))


def _newest(found: LineTests) -> Sequence[Row]:
    return [row for rows in found.rows.values() for row in rows[-SHOWN:]]


def _period(row: Row, letters: Letters) -> tuple[str, ...]:
    period, trial = row.period, row.period.trial
    took = None if trial is None or trial.answered is None else trial.answered - trial.began
    return (
        words.label(period.test.value, testwords.TESTS),
        str(period.number),
        words.instant(period.begins),
        letters[row.turn],
        words.label(period.result.value, testwords.RESULTS),
        "–" if took is None else times.span(took),
    )


def _ticket(row: TicketRow, letters: Letters) -> Iterator[str]:
    ticket = row.ticket
    yield _("Ticket %(name)s: %(result)s, concerns %(side)s; %(state)s") % {
        "name": ticket.name,
        "result": words.label(ticket.period.result.value, testwords.RESULTS),
        "side": letters[row.concerned],
        "state": _("open") if ticket.is_open else _("settled"),
    }
    for side, cause, at in row.causes:
        yield _("  %(side)s declared: %(cause)s (%(at)s)") % {
            "side": letters[side],
            "cause": words.label(cause, callwords.CAUSES),
            "at": words.instant(at),
        }
    if ticket.is_open:
        yield _("  For a fault of the line: %(clues)s") % {"clues": _clues(ticket.line)}
        yield _("  For a matter of people: %(clues)s") % {"clues": _clues(ticket.people)}


def _clues(clues: Sequence[Clue]) -> str:
    if not clues:
        return _("nothing in the record")
    return words.labelled((clue.value for clue in clues), testwords.CLUES)


def _figure(figure: Figure) -> str:
    return _("%(test)s: %(ok)d of %(total)d in time; answered after %(answered)s (median)") % {
        "test": words.label(figure.test.value, testwords.TESTS),
        "ok": figure.ok,
        "total": figure.total,
        "answered": "–" if figure.answered is None else times.span(figure.answered),
    }
