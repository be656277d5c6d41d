"""The record to rows: what became of one inquiry, written into `view.db`. Sole writer of these tables.

A thread is computed whole from its fold, its statements and its letter, and only rows that
differ are written; so the same record gives the same rows, in whatever steps it was read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from parley.inquiries.forms.letter import Letter, Site, Subject, host_of, read_letter
from parley.inquiries.forms.typed import spoken_items
from parley.inquiries.models import Batch, Event, Inquiry, Item, Timer
from parley.inquiries.policy import Move, move_of, next_due, order_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.inquiries import apply, bodies, clocks
from parley.protocol.inquiries.bodies import Finding
from parley.protocol.inquiries.codes import FINAL, State
from parley.protocol.officetime import run_limit
from parley.protocol.terms import Terms

DATABASE: Final = "view"
CHUNK: Final = 500
_Row = TypeVar("_Row", bound=models.Model)


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: apply.Folded | None
) -> None:
    """Write the rows of the inquiry that `thread` opened, as `folded` and the record have it now.

    `folded` is None if the opening statement is without effect: then it is shown, with no items.
    """
    first = reader.row(link.name, thread)
    key = key_of(link.name, thread)
    rows: Sequence[EntryRow] = ()
    if first is None or first.act is None or first.kind != "inquiry.sent":
        letter, inquiry = Letter(), []
    else:
        rows = reader.rows(link.name, thread=thread)
        letter = read_letter(reader.body(link.name, thread))
        inquiry = [
            _inquiry_row(link, first, rows, letter=letter, folded=folded, terms=reader.terms(link.name))
        ]
    state = folded.inquiry if folded else None
    with transaction.atomic(using=DATABASE):
        before = _replace(Inquiry, key, inquiry, field="key")
        _count_in_batch(next(iter(before), None), next(iter(inquiry), None))
        _replace(Item, key, _item_rows(key, state, letter))
        _replace(Timer, key, _timer_rows(key, state))
        _replace(Event, key, _event_rows(link, key, rows, folded=folded))


def empty() -> None:
    """Delete every row."""
    with transaction.atomic(using=DATABASE):
        for model in (Event, Timer, Item, Batch, Inquiry):
            model.objects.all().delete()


def key_of(link: str, thread: bytes) -> str:
    """Return the key of the inquiry that `thread` opened on `link`."""
    return f"{link}/{id_text(thread)}"


def _replace(
    model: type[_Row], thread: str, rows: Iterable[_Row], *, field: str = "thread"
) -> Sequence[_Row]:
    """Make `rows` all that `model` holds of `thread`, and return what it held; equal rows are not touched."""
    names = [column.attname for column in model._meta.concrete_fields]
    objects: models.QuerySet[_Row] = models.QuerySet(model=model, using=DATABASE)
    held = list(objects.filter(**{field: thread}))
    before = {row.pk: _columns(row, names) for row in held}
    wanted = {row.pk: row for row in rows}
    changed = [row for pk, row in wanted.items() if before.get(pk) != _columns(row, names)]
    gone = [pk for pk in before if pk not in wanted] + [row.pk for row in changed if row.pk in before]
    for start in range(0, len(gone), CHUNK):
        objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    objects.bulk_create(changed, batch_size=CHUNK)
    return held


def _count_in_batch(before: Inquiry | None, after: Inquiry | None) -> None:
    """Add to its batch what changed in one inquiry. The batch of an inquiry is signed and never another."""
    row = after or before
    if row is None or not row.batch_ref:
        return
    was, now = _counts(before), _counts(after)
    changes = {name: now[name] - was[name] for name in now if now[name] != was[name]}
    if not changes:
        return
    batches: models.QuerySet[Batch] = models.QuerySet(model=Batch, using=DATABASE)
    # One batch may go by several lanes; it is its sender's all the same.
    key = f"{row.link}/{row.letter[0]}/{row.batch_ref}"
    new = Batch(key=key, link=row.link, is_ours=row.is_ours, ref=row.batch_ref)
    batches.bulk_create([new], ignore_conflicts=True)
    batches.filter(pk=key).update(
        announced=Greatest(F("announced"), Value(row.batch_count)),
        order=Greatest(F("order"), Value(row.order)),
        **{name: F(name) + change for name, change in changes.items()},
    )


def _counts(row: Inquiry | None) -> Mapping[str, int]:
    states = row.states if row else {}
    return {
        "inquiries": int(row is not None),
        "items": sum(states.values()),
        **{state.value: states.get(state.value, 0) for state in sorted(FINAL, key=lambda each: each.value)},
    }


def _columns(row: models.Model, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names)


def _inquiry_row(
    link: LinkRow,
    first: EntryRow,
    rows: Sequence[EntryRow],
    *,
    letter: Letter,
    folded: apply.Folded | None,
    terms: Terms | None,
) -> Inquiry:
    assert first.act is not None
    said = bodies.read_said("inquiry.sent", first.act.d)
    assert isinstance(said, bodies.Sent)
    theirs = [row for row in rows if row.letter != first.letter and row.verdict.is_valid and row.act]
    refs = [row.act.ref for row in theirs if row.act and row.act.ref]
    row = Inquiry(
        key=key_of(link.name, first.statement),
        link=link.name,
        inquiry=id_text(first.statement),
        is_ours=first.letter == link.my_letter,
        letter=first.mark,
        index=first.index,
        order=order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane),
        ref=first.act.ref or "",
        their_ref=refs[-1] if refs else "",
        batch_ref=said.batch.ref if said.batch else "",
        batch_count=said.batch.count if said.batch else 0,
        item=said.item,
        urgency=said.urgency,
        title=letter.title.text if letter.title else "",
        title_language=letter.title.language if letter.title else "",
        authority=letter.authority.text if letter.authority else "",
        verdict=first.verdict.text,
        count=said.count,
        move=Move.NOBODY,
        sent_at=first.effective,
        received_at=first.received_at,
    )
    return row if folded is None else _with_state(row, folded.inquiry, terms)


def _with_state(row: Inquiry, inquiry: apply.Inquiry, terms: Terms | None) -> Inquiry:
    states = Counter(item.state for item in inquiry.items)
    # In the order of the table of states, so that equal states are equal bytes.
    row.states = {state.value: states[state] for state in State if states[state]}
    row.is_open = not inquiry.is_settled
    row.is_closed = inquiry.closed_at is not None
    row.move = move_of(inquiry)
    row.is_my_move = row.move in ({Move.BOTH, Move.ASKER} if row.is_ours else {Move.BOTH, Move.ASKED})
    row.crossed = sum(item.crossed for item in inquiry.items)
    row.disputed = len(inquiry.disputed)
    row.acknowledged_at = inquiry.acknowledged_at
    row.last_answer_at = inquiry.last_answer_at
    row.closed_at = inquiry.closed_at
    row.due_at = next_due([*inquiry.timers, *(timer for item in inquiry.items for timer in item.timers)])
    if terms is not None and inquiry.is_settled and inquiry.last_answer_at is not None:
        calendar = terms.calendars[inquiry.asked]
        lapse = run_limit(terms.lapse, calendar, start=inquiry.last_answer_at, pauses=(), waits=False)
        row.lapses_at = lapse.due_at
    if inquiry.rated is not None:
        scores = ("timely", "complete", "usable", "understandable")
        row.rated = {name: getattr(inquiry.rated, name) for name in scores}
    row.outcome = inquiry.outcome.outcome.value if inquiry.outcome else ""
    return row


def _item_rows(key: str, inquiry: apply.Inquiry | None, letter: Letter) -> list[Item]:
    rows = []
    for item in inquiry.items if inquiry else ():
        row = Item(
            key=f"{key}/{item.n}",
            thread=key,
            n=item.n,
            type=item.type.value,
            state=item.state.value,
            wants=sorted(want.value for want in item.wants),
            findings=[_finding(statement, finding) for statement, finding in item.findings],
            grounds=[ground.value for ground in item.grounds],
            is_crossed=item.crossed,
            due_at=next_due(item.timers),
        )
        # The letter is the sender's word: it may hold fewer items than the act, or more.
        if item.n < len(letter.items):
            _describe(row, letter.items[item.n])
        rows.append(row)
    return rows


def _describe(row: Item, item: Site | Subject) -> None:
    row.observed_at = item.observed_at
    if isinstance(item, Subject):
        row.subject_kind, row.subject = (item.kind or "")[:32], item.value or ""
        return
    row.url, row.host = item.url or "", host_of(item.url or "")
    row.brand = item.brand.text if item.brand else ""
    row.site_state = item.state[:32]


def _finding(statement: bytes, finding: Finding) -> Mapping[str, object]:
    return {
        "code": finding.code.value,
        "at": finding.at,
        "until": finding.until,
        "measure": finding.measure.value if finding.measure else None,
        "of": {"inquiry": finding.of.inquiry, "n": finding.of.n} if finding.of else None,
        "statement": id_text(statement),
    }


def _timer_rows(key: str, inquiry: apply.Inquiry | None) -> list[Timer]:
    if inquiry is None:
        return []
    alike: dict[clocks.Timer, list[int]] = {}
    for item in inquiry.items:
        for timer in item.timers:
            alike.setdefault(timer, []).append(item.n)
    timers = [(timer, "") for timer in inquiry.timers]
    timers += [(timer, spoken_items(numbers)) for timer, numbers in alike.items()]
    return [_timer_row(key, place, timer, items=items) for place, (timer, items) in enumerate(timers)]


def _timer_row(key: str, place: int, timer: clocks.Timer, *, items: str) -> Timer:
    return Timer(
        key=f"{key}/{place}",
        thread=key,
        place=place,
        items=items,
        clock=timer.clock.value,
        limit=timer.limit,
        phase=timer.phase.value,
        started_at=timer.started_at,
        due_at=timer.due_at,
        paused_since=timer.paused_since,
        left=timer.left,
        stopped_at=timer.stopped_at,
        stopped_by=id_text(timer.stopped_by) if timer.stopped_by else "",
        is_extended=timer.extended,
        pauses=[list(pause) for pause in timer.pauses],
    )


def _event_rows(
    link: LinkRow, key: str, rows: Sequence[EntryRow], *, folded: apply.Folded | None
) -> Iterable[Event]:
    """Return the statements in the order in which they were judged: each after what it had seen."""
    order = {statement: place for place, (statement, _) in enumerate(folded.verdicts if folded else ())}
    last = len(order)
    placed = sorted(rows, key=lambda row: (order.get(row.statement, last), row.index, row.letter))
    return (_event_row(link, key, place, row=row) for place, row in enumerate(placed))


def _event_row(link: LinkRow, key: str, place: int, *, row: EntryRow) -> Event:
    act = row.act
    return Event(
        key=f"{link.name}/{row.mark}/{row.index}",
        thread=key,
        place=place,
        letter=row.mark,
        index=row.index,
        statement=id_text(row.statement),
        kind=row.kind or "",
        verdict=row.verdict.text,
        effective=row.effective,
        received_at=row.received_at,
        role=act.by.role if act else "",
        officer=act.by.n if act else 0,
        ref=(act.ref if act else None) or "",
        answers=id_text(act.re) if act and act.re else "",
        # What was asked is in the rows of the items; what was said about them is told here.
        said=dict(act.d) if act and row.kind != "inquiry.sent" else {},
    )
