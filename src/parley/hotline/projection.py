"""The record to rows: what became of one call, written into `view.db`. Sole writer of this table.

A call is computed whole from its fold, its statements and its texts, and a row that is the same is not
written again; so the same record gives the same rows, in whatever steps it was read.
"""

from typing import Any, Final

from django.db import models, transaction

from parley.hotline.forms.texts import Salted, read_body
from parley.hotline.models import Call
from parley.inquiries.policy import order_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.links.policy import Whose, whose
from parley.protocol.act import id_text
from parley.protocol.calls import lapses_at
from parley.protocol.hotline import apply, ladder
from parley.protocol.hotline.bodies import OPENINGS, Closed, Fields, Opening, read_said
from parley.protocol.hotline.codes import State
from parley.protocol.inquiries.apply import Folded
from parley.protocol.linetests.trials import trials_of_call

DATABASE: Final = "view"


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
) -> None:
    """Write the row of the call that `thread` opened, as the record has it now; none if it opened no call."""
    if folded is not None:
        return
    first = reader.row(link.name, thread)
    rows = []
    if first is not None and first.act is not None and first.kind in OPENINGS and first.thread == thread:
        rows = [_row(reader, link, first, call=reader.call(link.name, thread))]
        if (unheard := reader.unheard_call(link.name, thread)) is not None:
            # Their node says that it could not open it: it must not look as if it were over.
            rows[0].is_open, rows[0].ends_at = True, lapses_at(unheard)
    key = f"{link.name}/{id_text(thread)}"
    with transaction.atomic(using=DATABASE):
        _replace(key, rows)


def empty() -> None:
    """Delete every row."""
    _objects().all().delete()


def _objects() -> "models.QuerySet[Call]":
    return models.QuerySet(model=Call, using=DATABASE)


def _replace(key: str, rows: list[Call]) -> None:
    names = [column.attname for column in Call._meta.concrete_fields]
    before, after = (
        [tuple(getattr(row, name) for name in names) for row in some]
        for some in (_objects().filter(pk=key), rows)
    )
    if before == after:
        return
    _objects().filter(pk=key).delete()
    _objects().bulk_create(rows)


def _row(reader: Reader, link: LinkRow, first: EntryRow, *, call: apply.Call | None) -> Call:
    assert first.act is not None
    said = read_said(first.act.k, first.act.d)
    assert isinstance(said, Opening)
    text = read_body(reader.body(link.name, first.statement))
    named = (
        text if call is None or call.text == first.statement else read_body(reader.body(link.name, call.text))
    )
    row = Call(
        key=f"{link.name}/{id_text(first.statement)}",
        link=link.name,
        call=id_text(first.statement),
        is_ours=first.letter == link.my_letter,
        letter=first.mark,
        index=first.index,
        order=order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane),
        ref=first.act.ref or "",
        verdict=first.verdict.text,
        nature=said.nature.value,
        urgency=said.urgency,
        level=said.level.value,
        scope=said.scope or "",
        inquiry=said.inquiry or "",
        text=text.text.text if text.text else "",
        text_language=text.text.language if text.text else "",
        authority=text.authority.text if text.authority else "",
        state=State.OPENED.value,
        is_open=call is not None,
        opened_at=first.effective,
        received_at=first.received_at,
        last_word_at=first.effective,
        last_word_by=whose(first.writer, me=link.me).value,
    )
    _put_fields(row, said.fields if call is None else call.fields, named)
    return row if call is None else _with_state(row, call, link)


def _put_fields(row: Call, fields: Fields, body: Salted) -> None:
    row.what, row.subject, row.where = fields.what.value, fields.object.type.value, fields.where.value
    row.object = body.object or ""
    row.since, row.by = fields.when.since, fields.when.by
    row.asks = [each.value for each in fields.ask]


def _with_state(row: Call, call: apply.Call, link: LinkRow) -> Call:
    row.state = call.state.value
    row.is_open = call.state is not State.CLOSED
    row.tried = [trial.test.value for trial in trials_of_call(call)]
    taken = next((each for each in call.takings if each.node == call.called), None)
    if taken is not None:
        row.taken_at, row.taken_rung = taken.at, taken.rung.value
    row.reached = "" if call.reached is None else call.reached.value
    readings = [each for each in call.readings if each.of == call.text]
    row.read_back_at = next((each.at for each in readings if not each.misses), None)
    row.tries = sum(bool(each.misses) for each in readings)
    row.needs_voice = call.needs_voice
    row.owed = _owed(call, link)
    row.promised = _promised(call, link)
    row.stands = [each.value for each in Whose if each in {whose(node, me=link.me) for node in call.stands}]
    row.endings = {
        whose(node, me=link.me).value: _ending(fact.said, fact.effective)
        for node, fact in sorted(call.endings.items())
    }
    row.ends_at = ladder.ends_at(call)
    row.messages, row.crossed = len(call.messages), sum(each.crossed for each in call.messages)
    for message in call.messages:
        if message.at >= row.last_word_at:
            row.last_word_at, row.last_word_by = message.at, whose(message.node, me=link.me).value
    return row


def _owed(call: apply.Call, link: LinkRow) -> dict[str, list[Any]]:
    """Return what each side owes and since when, as our own bell has it."""
    return {
        whose(alarm.debtor, me=link.me).value: [alarm.cause.value, alarm.since]
        for alarm in call.bells[link.me].alarms
    }


def _promised(call: apply.Call, link: LinkRow) -> dict[str, int]:
    open_promises = [each for each in call.messages if each.promised is not None and each.kept is None]
    return {whose(each.node, me=link.me).value: each.promised or 0 for each in open_promises}


def _ending(said: object, at: int) -> dict[str, Any]:
    assert isinstance(said, Closed)
    cause = "" if said.cause is None else said.cause.value
    return {"ending": said.ending.value, "at": said.at, "cause": cause, "said_at": at}
