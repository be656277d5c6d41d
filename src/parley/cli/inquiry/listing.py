"""parley inquiry list: which inquiries there are, how their items stand, whose move it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.inquiry.noun import inquiry
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link
from parley.cli.options import spread
from parley.cli.output import JsonValue, Rows, result
from parley.inquiries.policy import Move
from parley.inquiries.queries import PAGE, Filter, InquiryRow, count_inquiries, list_inquiries
from parley.protocol.act import read_id, short_id
from parley.protocol.inquiries.codes import State
from parley.ui import words
from parley.work import clock


class Direction(Enum):
    """Who asked."""

    OURS = "ours"
    THEIRS = "theirs"


class Standing(Enum):
    """Where inquiries stand. Settled: no item is open, and nobody closed it."""

    OPEN = "open"
    SETTLED = "settled"
    CLOSED = "closed"


_STANDINGS: Final[Mapping[Standing | None, tuple[bool | None, bool | None]]] = {
    Standing.OPEN: (True, None),
    Standing.SETTLED: (False, False),
    Standing.CLOSED: (None, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which inquiries are listed."""

    link: Link = None
    direction: Annotated[
        Direction | None, typer.Option("--direction", help=_("Those that we sent, or that they did."))
    ] = None
    standing: Annotated[
        Standing | None, typer.Option("--standing", help=_("Open, settled (nobody owes an item), or closed."))
    ] = None
    state: Annotated[State | None, typer.Option("--state", help=_("Those with an item in this state."))] = (
        None
    )
    mine: Annotated[bool, typer.Option("--mine", help=_("Those in which the next move is ours."))] = False
    overdue: Annotated[
        bool, typer.Option("--overdue", help=_("Those with a clock past its time, by the clock here."))
    ] = False
    batch: Annotated[str | None, typer.Option("--batch", metavar="NUMBER", help=_("Those of one batch."))] = (
        None
    )
    urgency: Annotated[
        str | None, typer.Option("--urgency", metavar="U0|U1|U2|U3", help=_("Those of one urgency."))
    ] = None

    def filter(self) -> Filter:
        """Return the filter that these options describe."""
        is_open, is_closed = _STANDINGS.get(self.standing, (None, None))
        return Filter(
            link=self.link,
            is_ours=None if self.direction is None else self.direction is Direction.OURS,
            is_open=is_open,
            is_closed=is_closed,
            my_move=self.mine,
            overdue=self.overdue,
            batch=self.batch,
            urgency=self.urgency,
            state=self.state.value if self.state else None,
        )


@inquiry.command("list", help=_("Show inquiries, newest first."))
@spread
def list_all(
    wanted: Wanted,
    *,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    now = clock.now()
    bring_rows_up_to_date(wanted.link)
    found = wanted.filter()
    with placed(after):
        page = list_inquiries(found, now=now, after=after, limit=limit)
    total = count_inquiries(found, now=now)
    result(
        {"inquiries": [inquiry_json(row, now=now) for row in page.rows], "total": total, "after": page.after},
        Rows(titles=_titles(), rows=tuple(_as_text(row, now=now) for row in page.rows)),
        _total_line(total, sum(row.count for row in page.rows), len(page.rows)),
    )
    advise_more(page.after)
    return Exit.DONE


def _titles() -> tuple[str, ...]:
    return (
        _("Place"),
        _("Id"),
        _("Number"),
        _("Urgency"),
        _("What"),
        _("Items"),
        _("Next move"),
        _("Due"),
        _("Sent"),
    )


def _as_text(row: InquiryRow, *, now: int) -> tuple[str, ...]:
    due = words.instant(row.due_at)
    return (
        row.place,
        short_id(read_id(row.inquiry)),
        row.ref,
        words.urgency(row.urgency),
        row.title,
        standing_text(row, now=now),
        move_text(row),
        _("%(due)s overdue") % {"due": due} if row.is_overdue(now) else due,
        words.instant(row.sent_at),
    )


def standing_text(row: InquiryRow, *, now: int) -> str:
    """Return how the items stand, and whether the whole is closed."""
    if row.verdict != "valid":
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    states = words.listed(
        _("%(count)d %(state)s") % {"count": count, "state": words.label(state, words.STATES)}
        for state, count in row.states.items()
    )
    marks = [
        *([_("closed")] if row.is_closed else []),
        *([_("closed by lapse of time")] if row.is_lapsed(now) else []),
        *([_("%(count)d crossed") % {"count": row.crossed}] if row.crossed else []),
        *([_("disputed")] if row.disputed else []),
    ]
    return words.clauses([states, *marks])


def move_text(row: InquiryRow) -> str:
    """Return whose move it is."""
    if row.move is Move.BOTH:
        return _("both")
    if row.move is Move.NOBODY:
        return _("nobody")
    return _("ours") if row.is_my_move else _("theirs")


def _total_line(total: int, items: int, shown: int) -> str:
    inquiries = ngettext("%(count)d inquiry", "%(count)d inquiries", total) % {"count": total}
    in_these = ngettext("%(count)d item", "%(count)d items", items) % {"count": items}
    if shown == total:
        return _("%(inquiries)s with %(items)s.") % {"inquiries": inquiries, "items": in_these}
    return _("%(inquiries)s; the %(shown)d shown have %(items)s.") % {
        "inquiries": inquiries,
        "shown": shown,
        "items": in_these,
    }


def inquiry_json(row: InquiryRow, *, now: int) -> dict[str, JsonValue]:
    """Return an inquiry for `--json`: its columns, and the views at `now`."""
    return {
        **asdict(row),
        "statement": row.inquiry,
        "index": int(row.place.rpartition(" ")[2]),
        "short_id": short_id(read_id(row.inquiry)),
        "move": row.move.value,
        "is_my_move": row.is_my_move,
        "is_overdue": row.is_overdue(now),
        "is_lapsed": row.is_lapsed(now),
    }
