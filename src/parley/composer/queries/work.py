"""A draft of inquiries with everything that is computed from it: read once for a page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from parley.composer.forms.asking import ask_of, cover_of
from parley.composer.forms.dispatches import Begun, Dispatch, begun_of, dispatches_of, sent_rows
from parley.composer.forms.items import rows_of
from parley.composer.forms.letters import Ask, Cover, own_name
from parley.composer.forms.lines import Line, choices_of, judge_lines, read_lines
from parley.composer.queries.earlier import asked_before, key_of
from parley.composer.queries.filed import filed_in
from parley.drafts.queries import Conflict, DraftRow, show_draft
from parley.gates.table.translate import Choices, Result, Row
from parley.inquiries.forms import compose
from parley.inquiries.queries import EarlierItem
from parley.inquiries.views.showing.enclosed import FormFile
from parley.ledger.home import own_calendar, read_config
from parley.ledger.readers import OpenLink
from parley.protocol.officetime import Calendar, read_calendar

PURPOSE = "inquiries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A draft on its link. `rows` and `earlier` are of the lines that are in and not sent yet.

    `ready` are those rows that can be sent, as items.
    """

    draft: DraftRow
    link: OpenLink
    values: Mapping[str, str]
    conflicts: tuple[Conflict, ...]
    lines: tuple[Line, ...]
    choices: Choices
    rows: Mapping[int, Row]
    earlier: Mapping[int, EarlierItem]
    ready: tuple[compose.Row, ...]
    begun: Begun | None
    dispatches: tuple[Dispatch, ...]
    sent: Mapping[int, Dispatch]
    own_name: str
    now: int
    files: tuple[FormFile, ...] = ()

    @property
    def needs(self) -> tuple[int, ...]:
        """Return the numbers of the rows that need a person, rising."""
        judged = {number for number, row in self.rows.items() if row.result is Result.NEEDS}
        asked = {number for number in self.earlier if self.rows[number].result is Result.OK}
        return tuple(sorted(judged | asked))

    @property
    def refused(self) -> Mapping[int, Dispatch]:
        """Return, by row, the inquiry that was refused; rows that were sent after all are not there."""
        found = {row: each for each in self.dispatches if each.refused for row in each.rows}
        return {row: each for row, each in found.items() if row not in self.sent}

    @property
    def ask(self) -> Ask:
        return ask_of(self.values, self.ready)

    @property
    def cover(self) -> Cover:
        return cover_of(self.values, own_name=self.own_name)

    @property
    def is_unfinished(self) -> bool:
        """Return whether a sending was begun and what became of it is not known."""
        return self.begun is not None and not self.begun.is_done


def work_on(link: OpenLink, number: int, *, now: int) -> Work:
    """Return draft `number` as it stands.

    Raises:
        UnknownDraftError: there is none.
    """
    shown = show_draft(number)
    return _work(link, shown.draft, shown.values, conflicts=shown.conflicts, now=now)


def with_typed(work: Work, typed: Mapping[str, str]) -> Work:
    """Return the work as it would stand with what was `typed` and is not saved."""
    values = {**work.values, **typed}
    return _work(work.link, work.draft, values, conflicts=work.conflicts, now=work.now)


def calendar_of(link: OpenLink, node: str) -> Calendar:
    """Return the calendar of a side: that of the terms, before there are any our own."""
    if link.terms is not None:
        return link.terms.calendars[node]
    return read_calendar(dict(own_calendar(settings.HOME)))


def zone_text(minutes: int) -> str:
    """Return an offset as the door for tables reads it, such as ``+08:00``."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def choices_on(link: OpenLink, values: Mapping[str, str], lines: tuple[Line, ...], *, now: int) -> Choices:
    """Return what was chosen; where a zone is only proposed, it is that of our own clocks."""
    offset = calendar_of(link, link.row.me).offset(now)
    return choices_of(values, lines, zone_hint=zone_text(offset), now=now)


def _work(
    link: OpenLink,
    draft: DraftRow,
    values: Mapping[str, str],
    *,
    conflicts: tuple[Conflict, ...],
    now: int,
) -> Work:
    dispatches = dispatches_of(values)
    sent = sent_rows(dispatches)
    lines = read_lines(values)
    choices = choices_on(link, values, lines, now=now)
    rows = judge_lines((line for line in lines if not line.is_out and line.number not in sent), choices)
    again = {line.number for line in lines if "again" in line.marks}
    keys = {
        number: key
        for number, row in rows.items()
        if number not in again and row.result is not Result.DROPPED and (key := key_of(row))
    }
    earlier = asked_before(link.row.name, keys)
    return Work(
        draft=draft,
        link=link,
        values=values,
        conflicts=conflicts,
        lines=lines,
        choices=choices,
        rows=rows,
        earlier=earlier,
        ready=tuple(row for row in rows_of(rows.values()) if row.number not in earlier),
        begun=begun_of(values),
        dispatches=dispatches,
        sent=sent,
        own_name=own_name(read_config(settings.HOME)),
        now=now,
        files=filed_in(values, link=link.row.name),
    )
