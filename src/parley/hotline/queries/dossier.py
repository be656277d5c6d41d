"""One call, folded and read when somebody looks at it: what was said, what was read back, who is rung."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.hotline.forms.comparing import nearness
from parley.hotline.forms.five import FiveFields, five_of, in_order
from parley.hotline.forms.texts import Salted, read_body
from parley.hotline.policy import Stand
from parley.hotline.queries.listing import UnknownCallError, find_call
from parley.hotline.queries.pages import (
    Dossier,
    InquirySummary,
    LadderRow,
    ReadingRow,
    StatementRow,
)
from parley.inquiries.queries import UnknownInquiryError, show_inquiry
from parley.ledger.readers import OpenLink, link_called, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.links.policy import whose
from parley.links.queries.signatures import signers_of
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.clauses import Step
from parley.protocol.hotline import ladder
from parley.protocol.hotline.apply import Call, Reading, Spoken
from parley.protocol.hotline.bell import Bell
from parley.protocol.hotline.bodies import (
    OPENINGS,
    Fields,
    Message,
    Minuted,
    Opening,
    ReadBack,
    Said,
    read_said,
)
from parley.protocol.hotline.ladder import Ringing
from parley.protocol.hotline.mark import UnreadableError, mark, mark_line
from parley.protocol.places import addressed_place
from parley.work.home import Home

LAST_EVENTS: Final = 5
MAX_WITHOUT_EFFECT: Final = 50
"""Of what a side says without any effect so many are shown, the newest: of that there is no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallText:
    """A text or a minute that can be read back: what its act says, and what its body does."""

    statement: bytes
    place: str
    said: Said
    body: Salted

    @property
    def fields(self) -> Fields | None:
        """Return the five fields, if it is a text that has them."""
        return self.said.fields if isinstance(self.said, Opening | Message) else None


def call_page(home: Home, link: str, place: str, *, now: int) -> Dossier:
    """Return everything that the page of the call at `place` (``A-hot-3``) of `link` shows.

    Raises:
        UnknownCallError: there is no such link or statement, it opens no call, or its row is not written yet.
    """
    opened, reader, where = link_called(home, link), reader_of(home), addressed_place(place)
    thread = None if reader is None or where is None else reader.find(link, where.text)
    if opened is None or reader is None or thread is None:
        raise UnknownCallError(f"expected a call at {place!r} of {link}, found none")
    return dossier_of(reader, opened, thread, now=now)


def dossier_of(reader: Reader, link: OpenLink, thread: bytes, *, now: int) -> Dossier:
    """Return everything about the call that `thread` opened, read through `reader`.

    Raises:
        UnknownCallError: it opens no call, or its row is not written yet.
    """
    name = link.row.link
    row = find_call(name, id_text(thread))
    call = reader.call(name, thread)
    rows = reader.rows(name, thread=thread, void=MAX_WITHOUT_EFFECT)
    statements = tuple(_statements(reader, link, rows, call=call))
    by_id = {each.statement: each for each in statements}
    opening = by_id[id_text(thread)]
    ladders = (
        {}
        if call is None
        else {whose(node, me=link.row.me): _ladder(call, node, now=now) for node in call.bells}
    )
    return Dossier(
        link=link,
        row=row,
        call=call,
        opening=opening,
        text=opening if call is None else by_id[id_text(call.text)],
        statements=statements,
        unshown=reader.count(name, thread) - len(rows),
        ladders=ladders,
        inquiry=_inquiry(name, row.inquiry),
        is_stopped=call is not None and call.is_stopped,
        now=now,
    )


def text_at(reader: Reader, link: str, statement: bytes) -> CallText | None:
    """Return the text or the minute that this statement is; None if there is nothing in it to read back."""
    row = reader.row(link, statement)
    said = None if row is None else _said(row)
    if row is None or not isinstance(said, Opening | Message | Minuted):
        return None
    body = read_body(reader.body(link, statement))
    return CallText(statement=statement, place=row.place, said=said, body=body)


def _inquiry(link: str, inquiry: str) -> InquirySummary | None:
    if not inquiry:
        return None
    try:
        found = show_inquiry(link, inquiry)
    except UnknownInquiryError:
        return None
    return InquirySummary(inquiry=found.inquiry, last=found.events[-LAST_EVENTS:][::-1])


# ---- Statements


def _statements(
    reader: Reader, link: OpenLink, rows: Sequence[EntryRow], *, call: Call | None
) -> Iterator[StatementRow]:
    bodies = {row.statement: reader.body(link.row.link, row.statement) for row in rows}
    places = {row.statement: row.place for row in rows}
    found = _Found(
        link=link,
        places=places,
        signers={row.statement: signers_of(reader, link.row, row) for row in rows},
        texts={row.statement: (_said(row), read_body(bodies[row.statement])) for row in rows},
        messages={} if call is None else {each.id: each for each in call.messages},
        readings={} if call is None else {each.id: each for each in call.readings},
        minutes={} if call is None else dict(call.minutes),
    )
    status = reader.status(reader.lane_of(link.row.link, rows[0].statement))
    signed = 0 if status is None else status.my_receipted
    for row in rows:
        receipted = row.writer == link.row.peer or row.index < signed
        yield _statement(row, found, has_words=bodies[row.statement] is not None, receipted=receipted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of a call while its statements are told."""

    link: OpenLink
    places: Mapping[bytes, str]
    signers: Mapping[bytes, tuple[int, ...]]
    texts: Mapping[bytes, tuple[Said | None, Salted]]
    messages: Mapping[bytes, Spoken]
    readings: Mapping[bytes, Reading]
    minutes: Mapping[bytes, bool]


def _statement(row: EntryRow, found: _Found, *, has_words: bool, receipted: bool) -> StatementRow:
    act = row.act
    said, body = found.texts[row.statement]
    message = found.messages.get(row.statement)
    return StatementRow(
        place=row.place,
        statement=id_text(row.statement),
        whose=whose(row.writer, me=found.link.row.me),
        kind=row.kind or "",
        verdict=row.verdict.text,
        said=dict(act.d) if act else {},
        role=act.by.role if act else "",
        officer=act.by.n if act else 0,
        signers=found.signers[row.statement],
        ref=(act.ref if act else None) or "",
        answers=found.places.get(act.re, "") if act and act.re else "",
        effective=row.effective,
        received_at=row.received_at,
        is_at_their_node=receipted,
        text=body.text,
        fields=_five(said, body),
        is_marked_truly=_is_marked_truly(said, body),
        has_words=has_words,
        number=None if message is None else message.number,
        sort=said.sort.value if isinstance(said, Message) else "",
        crossed=message is not None and message.crossed,
        promised=None if message is None else message.promised,
        kept=None if message is None else message.kept,
        reading=_reading(row, found),
        lines=body.lines if isinstance(said, Minuted) else (),
        present=body.present if isinstance(said, Minuted) else (),
        holds=found.minutes.get(row.statement),
    )


def _said(row: EntryRow) -> Said | None:
    if row.act is None or not (row.kind or "").startswith("call."):
        return None
    try:
        return read_said(row.act.k, row.act.d)
    except BreachError:
        return None


def _five(said: Said | None, body: Salted) -> FiveFields | None:
    fields = said.fields if isinstance(said, Opening | Message) else None
    return None if fields is None else five_of(fields, named=body.object)


def _is_marked_truly(said: Said | None, body: Salted) -> bool | None:
    """Return whether the words of a body give the marks of its act (Spec §12.4.4)."""
    if body.salt is None:
        return None
    try:
        if isinstance(said, Minuted):
            return tuple(mark_line(line, salt=body.salt) for line in body.lines) == said.lines
        fields = said.fields if isinstance(said, Opening | Message) else None
        if fields is None or fields.object.mark is None:
            return None
        return mark(fields.object.type, body.object or "", salt=body.salt) == fields.object.mark
    except UnreadableError:
        return False


def _reading(row: EntryRow, found: _Found) -> ReadingRow | None:
    said, body = found.texts[row.statement]
    reading = found.readings.get(row.statement)
    if not isinstance(said, ReadBack) or reading is None:
        return None
    read = None if said.fields is None else five_of(said.fields, named=body.object)
    misses = in_order(reading.misses)
    of, of_body = found.texts[reading.of]
    fields = of.fields if isinstance(of, Opening | Message) else None
    near = {}
    if read is not None and fields is not None:
        near = dict(nearness(fields, named=of_body.object, read=read, misses=misses))
    return ReadingRow(of=found.places[reading.of], misses=misses, fields=read, lines=body.lines, near=near)


# ---- Ladders


def _ladder(call: Call, node: str, *, now: int) -> tuple[LadderRow, ...]:
    """Return the full ladder of `node`, from below, as it stands at `now`."""
    ringing = {each.rung: each for each in ladder.ringing(call, node, now)}
    return tuple(
        _rung(call, call.bells[node], step, rung=ringing.get(step.rung), now=now)
        for step in call.bells[node].clauses.ladder
    )


def _rung(call: Call, bell: Bell, step: Step, *, rung: Ringing | None, now: int) -> LadderRow:
    seconds = step.after.get(bell.urgency)
    waiting = _waiting(call, bell, step, now=now)
    took = [each.at for each in call.takings if each.node == bell.node and each.rung is step.rung]
    stand, at = (Stand.QUIET, None) if waiting is None else (Stand.WAITING, waiting)
    if rung is not None:
        stand, at = Stand.RINGING, rung.since
    elif took:
        stand, at = Stand.TAKEN, took[-1]
    return LadderRow(
        rung=step.rung.value,
        level=step.level.value,
        minutes=None if seconds is None else seconds // 60,
        stand=stand,
        at=at,
        cause="" if rung is None else rung.cause.value,
        strokes=0 if rung is None else rung.strokes,
        again_at=waiting if stand is Stand.TAKEN else None,
    )


def _waiting(call: Call, bell: Bell, step: Step, *, now: int) -> int | None:
    """Return when a rung is to be rung that does not ring yet; None if as things stand it is not."""
    seconds = step.after.get(bell.urgency)
    instants = [since for rung, since in bell.pressed if rung is step.rung]
    instants += [] if seconds is None else [alarm.since + seconds for alarm in bell.alarms]
    return None if call.is_stopped else min((at for at in instants if at > now), default=None)


def is_opening(row: EntryRow) -> bool:
    """Return whether this statement opens a call."""
    return row.kind in OPENINGS and row.thread == row.statement
