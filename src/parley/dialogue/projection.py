"""The record to rows: what became of a commitment or a round, written into `view.db`. Sole writer of both.

A thread is computed whole from its fold and its texts, and a row that is the same is not written again; so
the same record gives the same rows, in whatever steps it was read.
"""

from collections import Counter
from typing import Any, Final

from django.db import models, transaction

from parley.dialogue.forms.texts import Told, read_told
from parley.dialogue.models import Commitment, Round, Thread
from parley.dialogue.policy import owed_in
from parley.inquiries.policy import order_of
from parley.ledger.dialogues import thread_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.links.policy import whose
from parley.protocol.act import id_text
from parley.protocol.dialogue import bodies, meeting
from parley.protocol.dialogue import commitment as promises
from parley.protocol.dialogue.bodies import CommitmentProposed, RoundProposed, read_said
from parley.protocol.inquiries.apply import Folded

DATABASE: Final = "view"
_OPEN: Final = frozenset({promises.State.PROPOSED, promises.State.IN_FORCE})
_MEETS: Final = frozenset({meeting.State.PROPOSED, meeting.State.AGREED})


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
) -> None:
    """Write the row of what `thread` opened, as the record has it now; none if that is of another room."""
    if folded is not None:
        return
    first = reader.row(link.name, thread)
    is_opening = first is not None and first.kind in bodies.OPENINGS and first.thread == thread
    row = _row(reader, link, first) if first is not None and first.act is not None and is_opening else None
    key = f"{link.name}/{id_text(thread)}"
    with transaction.atomic(using=DATABASE):
        for table in (Commitment, Round):
            _replace(table, key, [row] if isinstance(row, table) else [])


def empty() -> None:
    """Delete every row."""
    for table in (Commitment, Round):
        _objects(table).all().delete()


def _objects(table: type[Thread]) -> "models.QuerySet[Any]":
    return models.QuerySet(model=table, using=DATABASE)


def _replace(table: type[Thread], key: str, rows: list[Any]) -> None:
    names = [column.attname for column in table._meta.concrete_fields]
    before, after = (
        [tuple(getattr(row, name) for name in names) for row in some]
        for some in (_objects(table).filter(pk=key), rows)
    )
    if before == after:
        return
    _objects(table).filter(pk=key).delete()
    _objects(table).bulk_create(rows)


def _row(reader: Reader, link: LinkRow, first: EntryRow) -> Commitment | Round:
    assert first.act is not None
    said = read_said(first.act.k, first.act.d)
    thread = thread_of(reader, link.name, first.statement)
    if isinstance(said, CommitmentProposed):
        found = thread if isinstance(thread, promises.Commitment) else None
        return _commitment(reader, link, first, said=said, thread=found)
    assert isinstance(said, RoundProposed)
    return _round(
        reader, link, first, said=said, thread=thread if isinstance(thread, meeting.Round) else None
    )


def _begun(
    link: LinkRow, first: EntryRow, thread: promises.Commitment | meeting.Round | None
) -> dict[str, Any]:
    assert first.act is not None
    last = None if thread is None else max(thread.seen.values(), key=lambda fact: (fact.effective, fact.id))
    return {
        "key": f"{link.name}/{id_text(first.statement)}",
        "link": link.name,
        "statement": id_text(first.statement),
        "is_ours": first.letter == link.my_letter,
        "letter": first.mark,
        "index": first.index,
        "order": order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane),
        "ref": first.act.ref or "",
        "verdict": first.verdict.text,
        "proposed_at": first.effective,
        "received_at": first.received_at,
        "owed": {} if thread is None else owed_in(thread, me=link.me),
        "last_word_at": first.effective if last is None else last.effective,
        "last_word_by": whose(first.writer if last is None else last.writer, me=link.me).value,
    }


def _told(reader: Reader, link: LinkRow, statement: bytes, *, named: str) -> Told:
    return read_told(reader.body(link.name, statement), named=named)


def _commitment(
    reader: Reader,
    link: LinkRow,
    first: EntryRow,
    *,
    said: CommitmentProposed,
    thread: promises.Commitment | None,
) -> Commitment:
    told = _told(reader, link, first.statement, named=said.text)
    text, measure = told.text(), told.text(1)
    row = Commitment(
        **_begun(link, first, thread),
        text_en=text.en if text else "",
        text_zh=text.zh if text else "",
        measure_en=measure.en if measure else "",
        measure_zh=measure.zh if measure else "",
        is_true=told.is_true,
        owners=_owners(said, link),
        state=promises.State.PROPOSED.value,
        is_open=False,
        due=said.due,
        first_due=said.due,
        round=said.round or "",
        first_round=said.round or "",
    )
    return row if thread is None else _with_commitment(row, thread, link)


def _owners(said: CommitmentProposed, link: LinkRow) -> list[str]:
    return [whose(link.me if letter == link.my_letter else link.peer, me=link.me) for letter in said.owners]


def _with_commitment(row: Commitment, thread: promises.Commitment, link: LinkRow) -> Commitment:
    row.state = thread.state.value
    row.is_open = thread.state in _OPEN
    row.due, row.round = thread.standing.due, thread.standing.round or ""
    row.reports = {
        whose(node, me=link.me).value: {
            "standing": report.said.standing.value,
            "word": report.word.value,
            "at": report.fact.effective,
        }
        for node, report in sorted(thread.reports.items())
    }
    row.concerns = dict(sorted(Counter(each.state.value for each in thread.concerns.values()).items()))
    return row


def _round(
    reader: Reader, link: LinkRow, first: EntryRow, *, said: RoundProposed, thread: meeting.Round | None
) -> Round:
    plan, at = (said, first.statement) if thread is None else (thread.plan, _said_in(thread))
    told = _told(reader, link, at, named=plan.text)
    place = told.text()
    row = Round(
        **_begun(link, first, thread),
        number=said.number,
        after=said.after or "",
        host=_host(plan, link),
        begins=plan.begins,
        ends=plan.ends,
        place_en=place.en if place else "",
        place_zh=place.zh if place else "",
        is_true=told.is_true,
        state=meeting.State.PROPOSED.value,
        is_open=False,
        outcome="drafted",
    )
    return row if thread is None else _with_round(row, thread, link)


def _said_in(thread: meeting.Round) -> bytes:
    """Return the statement in whose body the place of the plan stands that holds."""
    return next(each.id for each in thread.seen.values() if each.said is thread.plan)


def _host(plan: bodies.Plan, link: LinkRow) -> str:
    return whose(link.me if plan.host == link.my_letter else link.peer, me=link.me).value


def _with_round(row: Round, thread: meeting.Round, link: LinkRow) -> Round:
    row.state = thread.state.value
    row.is_open = thread.state in _MEETS
    row.items = len(thread.offers.agreed(bodies.ItemProposed))
    if thread.next is not None:
        row.next_host, row.next_begins = _host(thread.next, link), thread.next.begins
    row.outcome = thread.outcome.state.value
    row.clauses = len(thread.outcome.clauses)
    frozen = thread.outcome.agreed
    if frozen is not None:
        row.release, row.digest = frozen.release, frozen.digest
    return row
