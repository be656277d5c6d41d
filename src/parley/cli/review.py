"""parley review: a period in figures, as both nodes compute them, and the digest that tells if they do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import chosen_link, reading
from parley.cli.output import FaultError, Rows, result
from parley.cli.persons import require_home
from parley.cli.saying import understood
from parley.inquiries.forms.typed import read_time
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.reviewing import NotHeldError, figures_of, newest_cut
from parley.protocol.breach import BreachError
from parley.protocol.cuts import CutError
from parley.protocol.inquiries.codes import Clock
from parley.protocol.places import heard_place
from parley.protocol.review.account import account, digest
from parley.protocol.review.bodies import CutProposed, read_said
from parley.protocol.review.figures import Figures
from parley.protocol.review.numbers import SMALL, survival
from parley.protocol.review.tally import By, Part, Timing
from parley.protocol.strictjson import JsonValue
from parley.review.queries import ReviewRow, UnknownReviewError, figures_kept, find_review
from parley.ui import times, words
from parley.work import clock

Name = Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))]
Since = Annotated[
    str, typer.Option("--since", metavar="TIME", help=_("From when on, such as 2026-06-01T00:00Z."))
]
OwnSince = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help=_("From when on, such as 2026-06-01T00:00Z."))
]
Review = Annotated[
    str | None,
    typer.Option("--review", metavar="PLACE", help=_("The period and cut of this review, such as A-112.")),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help=_("Until when; now, if nothing is said."))
]
Cut = Annotated[
    list[str] | None,
    typer.Option(
        "--cut",
        metavar="LANE:A/B",
        help=_("How many entries of both logs are looked at, such as main:812/640; else all that both hold."),
    ),
]
_CUT: Final = re.compile(r"([a-z]{1,8}):([0-9]{1,15})/([0-9]{1,15})")

review = typer.Typer(
    help=_("Review a period: figures that both nodes compute alike."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@review.command(
    help=_("Show a period in figures, and their digest; with the same cut it is equal on both nodes.")
)
def show(
    name: Name, *, since: OwnSince = None, until: Until = None, cut: Cut = None, of: Review = None
) -> int:
    require_home()
    with reading() as reader, understood():
        link = chosen_link(reader, name)
        if of is not None:
            agreed = found_review(reader, link, of).cut
        else:
            agreed = chosen_cut(reader, link, since=since or "", until=until, cut=cut)
        with held():
            found = computed(reader, link.name, agreed)
    letters = {link.me: link.my_letter, link.peer: link.their_letter}
    result(
        {"link": link.name, "digest": digest(found), "review": account(found)},
        Rows(titles=_titles(), rows=tuple(_rows(found, letters))),
        *_outcomes(found, letters),
        *_calls(found, letters),
        _("Looked at: %(cut)s") % {"cut": ", ".join(_cut_words(agreed))},
        _("Digest, equal on both nodes for the same cut: %(digest)s") % {"digest": digest(found)},
    )
    return Exit.DONE


def found_review(reader: Reader, link: LinkRow, spoken: str) -> ReviewRow:
    """Return the review at a place as people say it.

    Raises:
        FaultError: there is none.
    """
    heard = heard_place(spoken.strip())
    try:
        return find_review(reader, link, (heard.text if heard else spoken).replace(" ", "-"))
    except UnknownReviewError as error:
        raise FaultError(
            "unknown_review",
            Exit.NOT_FOUND,
            what=_("No review is called “%(name)s”.") % {"name": spoken},
            do=_("Look at: parley review list."),
        ) from error


def computed(reader: Reader, link: str, cut: CutProposed) -> Figures:
    """Return the figures at `cut`, with what is kept of inquiries where this node has its lists.

    Raises:
        NotHeldError, CutError: no review is held there.
    """
    has_lists = settings.HOME.view.exists()
    return figures_kept(reader, link, cut) if has_lists else figures_of(reader, link, cut)


def chosen_cut(
    reader: Reader, link: LinkRow, *, since: str, until: str | None, cut: list[str] | None
) -> CutProposed:
    """Return the period and the cut that were typed, or the largest cut that both nodes hold.

    Raises:
        FaultError: the link is not open, or the period or the cut is none.
    """
    if reader.terms(link.name) is None:
        raise FaultError(
            "no_review",
            Exit.NOT_FOUND,
            what=_("The link %(link)s is not open: there is nothing to review.") % {"link": link.name},
            do=_("Look at: parley link status."),
        )
    now = clock.now()
    first, last = read_time(since, now=now), now if until is None else read_time(until, now=now)
    try:
        if not cut:
            return newest_cut(reader, link.name, since=first, until=last)
        said = read_said("review.cut_proposed", {"since": first, "until": last, "cut": [*_sizes(cut)]})
    except (BreachError, ValueError) as error:
        raise _no_cut() from error
    assert isinstance(said, CutProposed), "read as one"
    return said


def _sizes(cut: list[str]) -> Iterator[JsonValue]:
    for each in cut:
        found = _CUT.fullmatch(each.strip())
        if found is None:
            raise _no_cut()
        yield {"lane": found[1], "sizes": [int(found[2]), int(found[3])]}


def _no_cut() -> FaultError:
    return FaultError(
        "bad_cut",
        Exit.NEEDS_A_PERSON,
        what=_("That is no period, or no cut."),
        do=_(
            "A period ends after it begins; a cut is main:812/640, then hot and bulk, if they are looked at."
        ),
    )


@contextmanager
def held() -> Iterator[None]:
    """Turn a cut that cannot be reviewed into sentences.

    Raises:
        FaultError: more is looked at than is held here, or less than one side had seen.
    """
    try:
        yield
    except NotHeldError as error:
        raise FaultError(
            "cut_not_held",
            Exit.NOT_FOUND,
            what=_("The cut takes in more of lane %(lane)s than is held here.") % {"lane": error.lane},
            do=_("Wait until both nodes hold it, or look at less: without --cut all that both hold."),
        ) from error
    except CutError as error:
        raise FaultError(
            "cut_not_closed",
            Exit.NEEDS_A_PERSON,
            what=_("The cut of lane %(lane)s leaves out what one side had seen by then.")
            % {"lane": error.lane},
            do=_("Take more of that log, or less of the other one."),
        ) from error


# ---- As text


def _cut_words(cut: CutProposed) -> Iterator[str]:
    for each in cut.cut:
        yield f"{each.lane}:{each.sizes[0]}/{each.sizes[1]}"


def _titles() -> tuple[str, ...]:
    return (
        _("Asked side"),
        _("Clock"),
        _("Counted"),
        _("In time"),
        _("Late"),
        _("Open, overdue"),
        _("Open, in time"),
        _("Share in time"),
        _("Half over after"),
        _("Nine of ten within"),
    )


def _wholes(figures: Figures) -> Iterator[tuple[str, Part]]:
    for (asked, by, _of), part in figures.parts.items():
        if by is By.ALL:
            yield asked, part


def _rows(figures: Figures, letters: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for asked, part in _wholes(figures):
        for each in Clock:
            if each in part.timings:
                yield (letters[asked], words.label(each.value, words.CLOCKS), *_timing(part.timings[each]))


def _timing(timing: Timing) -> tuple[str, ...]:
    def count(*wanted: str) -> str:
        return str(sum(len(timing.places.get(word, ())) for word in wanted))

    # Of a few no share is told: they are looked at one by one (Spec §18.5).
    due = sum(len(timing.places.get(word, ())) for word in ("met", "missed", "overdue"))
    share = "–" if due < SMALL else f"{100 * len(timing.places.get('met', ())) // due}%"
    found = None if len(timing.durations) < SMALL else survival(timing.durations)
    half, most = (None, None) if found is None else (found.median, found.p90)
    return (
        str(len(timing.durations)),
        count("met"),
        count("missed"),
        count("overdue"),
        count("running", "paused"),
        share,
        *("–" if each is None else times.span(each) for each in (half, most)),
    )


def _outcomes(figures: Figures, letters: dict[str, str]) -> Iterator[str]:
    for asked, part in _wholes(figures):
        told = ", ".join(
            f"{words.label(state, words.STATES)} {len(places)}"
            for state, places in sorted(part.states.items())
        )
        yield _("Asked of %(side)s: inquiries %(inquiries)d, items %(items)d; %(states)s") % {
            "side": letters[asked],
            "inquiries": len(part.inquiries),
            "items": len(part.items),
            "states": told,
        }
        if part.marks.get("disputed"):
            yield _("Disputed: %(places)s") % {"places": ", ".join(part.marks["disputed"])}


def _calls(figures: Figures, letters: dict[str, str]) -> Iterator[str]:
    for (caller, urgency), part in figures.calls.parts.items():
        if not urgency:
            yield _("Calls by %(side)s: %(calls)d, taken by a person %(taken)d") % {
                "side": letters[caller],
                "calls": len(part.calls),
                "taken": len(part.marks.get("taken", ())),
            }
