"""parley inquiry import: a table or pasted text becomes inquiries, row by row, and nothing in silence.

Nothing is opened, resolved or fetched. A row that needs a person stops the sending of all,
so that what goes out together is what the officer saw together.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.inquiry import sheets
from parley.cli.inquiry.composing import Asking, Cover, compose_all, open_terms
from parley.cli.inquiry.noun import inquiry
from parley.cli.inquiry.sending import dispatch
from parley.cli.looking import Link, bring_up_to_date, chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.saying import Voice, understood
from parley.composer.forms.items import rows_of
from parley.composer.queries.earlier import asked_before, key_of
from parley.gates.table.translate import (
    Choices,
    Question,
    Result,
    Sheet,
    SheetError,
    read_file,
)
from parley.inquiries.forms import compose, typed
from parley.inquiries.queries import EarlierItem
from parley.protocol.inquiries.codes import Type
from parley.work import clock

Numbers = Annotated[
    list[str] | None,
    typer.Option(metavar="ROWS", help=_("Numbers of rows, such as 5 or 3,7-9. May be repeated.")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is read, and what the officer says about single rows of it."""

    file: Annotated[str, typer.Argument(metavar="FILE", help=_("CSV or text; a dash reads standard input."))]
    link: Link = None
    item_type: Annotated[
        Type, typer.Option("--type", help=_("What the rows are: phishing_site or information."))
    ] = Type.PHISHING_SITE
    zone: Annotated[
        str | None, typer.Option(metavar="+08:00", help=_("The zone of times that state none."))
    ] = None
    observed_at: Annotated[
        str | None, typer.Option(metavar="TIME", help=_("When it was seen, for rows that do not say."))
    ] = None
    brand: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("As whom the sites pose, for rows that do not say."))
    ] = None
    question: Annotated[
        list[Question] | None, typer.Option(help=_("What is asked, for rows that do not say."))
    ] = None
    mask: Numbers = None
    keep: Numbers = None
    leave_out: Numbers = None
    again: Numbers = None
    own_site: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help=_("A host that nobody poses as. May be repeated.")),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A sheet with what the officer and the record say about its rows."""

    sheet: Sheet
    ready: tuple[compose.Row, ...]
    earlier: dict[int, EarlierItem]
    left_out: frozenset[int]

    @property
    def needs(self) -> frozenset[int]:
        """Return the rows that need a person."""
        judged = {row.number for row in self.sheet.having(Result.NEEDS)} - self.left_out
        return frozenset(judged | self.earlier.keys())

    def lines(self) -> tuple[str, ...]:
        """Return what is to be said about rows and lines."""
        told = [
            sheets.row_line(row, remark)
            for row in self.sheet.rows
            if row.number not in self.left_out
            for remark in row.remarks
        ]
        told += [sheets.earlier_line(number, item) for number, item in sorted(self.earlier.items())]
        return (*told, *sheets.other_lines(self.sheet))

    def as_json(self) -> list[JsonValue]:
        """Return all rows for `--json`."""
        return [
            sheets.row_json(row, earlier=self.earlier.get(row.number), left_out=row.number in self.left_out)
            for row in self.sheet.rows
        ]


@inquiry.command("import", help=_("Send inquiries about what a table or a pasted text lists."))
@spread
def import_(source: Source, *, asking: Asking, cover: Cover, voice: Voice) -> int:
    now = clock.now()
    with reading() as reader, understood():
        link = chosen_link(reader, source.link)
        terms = open_terms(reader, link, item=asking.item)
        sheet = _read(source, now=now)
        advise(sheets.reading_line(source.file, sheet))
        bring_up_to_date(reader)
        # The same key again is a repetition: what its own batch asked is not asked before.
        repeated = asking.batch if voice.is_repeated else None
        looked = _look(sheet, source, link=link.name, repeated=repeated)
        if looked.needs:
            return _needs_you(looked)
        sendings = compose_all(looked.ready, asking, cover, terms=terms)
        return dispatch(
            reader,
            link,
            sendings,
            voice=voice,
            rows=looked.as_json(),
            lines=looked.lines(),
            lane=None if asking.lane is None else asking.lane.value,
        )


def _read(source: Source, *, now: int) -> Sheet:
    choices = Choices(
        item_type=source.item_type,
        zone=source.zone,
        observed_at=source.observed_at,
        target_brand=source.brand,
        questions=tuple(source.question or ()),
        masked=_numbers(source.mask),
        kept=_numbers(source.keep),
        own_sites=frozenset(source.own_site or ()),
        now=now,
    )
    try:
        raw = sys.stdin.buffer.read() if source.file == "-" else Path(source.file).read_bytes()
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": source.file},
            do=_("Name a file that is there, or - for standard input."),
        ) from error
    try:
        return read_file(raw, choices)
    except SheetError as error:
        raise sheets.sheet_fault(error) from error


def _numbers(texts: Iterable[str] | None) -> frozenset[int]:
    read = (typed.read_items(text) for text in texts or ())
    return frozenset(n for items in read if isinstance(items, list) for n in items if isinstance(n, int))


def _look(sheet: Sheet, source: Source, *, link: str, repeated: str | None) -> Looked:
    left_out = _numbers(source.leave_out)
    ready = tuple(row for row in rows_of(sheet.rows) if row.number not in left_out)
    numbers = {row.number for row in ready}
    keys = {row.number: key for row in sheet.rows if row.number in numbers and (key := key_of(row))}
    earlier = asked_before(link, keys, but=repeated)
    again = _numbers(source.again)
    return Looked(
        sheet=sheet,
        ready=ready,
        earlier={number: item for number, item in earlier.items() if number not in again},
        left_out=left_out,
    )


def _needs_you(looked: Looked) -> int:
    count = len(looked.needs)
    result(
        {"rows": looked.as_json(), "inquiries": [], "needs": count},
        *looked.lines(),
        _("Rows that need you: %(count)d. Nothing was sent. Nothing was fetched.") % {"count": count},
        exit_code=Exit.NEEDS_A_PERSON,
    )
    advise(
        _("Mend the file, or leave rows out: --leave-out %(rows)s")
        % {"rows": typed.spoken_items(looked.needs)}
    )
    return Exit.NEEDS_A_PERSON
