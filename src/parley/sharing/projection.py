"""The record to rows: what became of one offer, written into `view.db`. Sole writer of these tables.

An offer is computed whole from its fold and its words, and rows that are the same are not written again; so
the same record gives the same rows, in whatever steps it was read.
"""

from collections.abc import Sequence

from django.db import transaction

from parley.inquiries.policy import order_of
from parley.ledger.casebook import share_at
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.links.actions.rows import DATABASE, replace_rows, told
from parley.links.policy import whose
from parley.protocol.act import id_text
from parley.protocol.inquiries.apply import Folded
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing import apply
from parley.protocol.sharing.bodies import OPENING, Grade, Offered, read_said
from parley.sharing.forms.texts import read_words
from parley.sharing.models import Mention, Share
from parley.sharing.policy import owed


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
) -> None:
    """Write the rows of the offer that `thread` made, as the record has it now; none if it made none."""
    if folded is not None:
        return
    first = reader.row(link.name, thread)
    if first is None or first.act is None or first.kind != OPENING or first.thread != thread:
        return
    offer = read_said(first.act.k, first.act.d)
    assert isinstance(offer, Offered)
    share = share_at(reader, link.name, thread)
    row = _row(reader, link, first, offer=offer)
    if share is not None:
        row = _with_state(reader, row, share, link=link)
    mentions = [
        Mention(key=f"{row.key}/{each}", share_id=row.key, link=row.link, statement=each)
        for each in (offer.about if share is not None else ())
    ]
    with transaction.atomic(using=DATABASE):
        replace_rows(Share, [row], key=row.key, column="key")
        replace_rows(Mention, mentions, key=row.key, column="share_id")


def empty() -> None:
    """Delete every row."""
    for model in (Mention, Share):
        told(model).all().delete()


def _row(reader: Reader, link: LinkRow, first: EntryRow, *, offer: Offered) -> Share:
    assert first.act is not None
    words = read_words(reader.body(link.name, first.statement))
    return Share(
        key=f"{link.name}/{id_text(first.statement)}",
        link=link.name,
        share=id_text(first.statement),
        is_ours=first.writer == link.me,
        letter=first.mark,
        index=first.index,
        order=order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane),
        ref=first.act.ref or "",
        verdict=first.verdict.text,
        what=offer.what.value,
        counts=[[each.of.value, each.n] for each in offer.counts],
        tlp=offer.tlp.value,
        pap=offer.pap.value,
        expects=offer.expects.value,
        conditions=_ordered(offer.conditions),
        until=offer.until,
        grade=_grade(offer.grade),
        title=words.title.text if words.title else "",
        title_language=words.title.language[:16] if words.title else "",
        files=len(offer.content),
        size=sum(each.size for each in offer.content),
        is_open=False,
        offered_at=first.effective,
        last_word_at=first.effective,
        last_word_by=whose(first.writer, me=link.me).value,
    )


def _with_state(reader: Reader, row: Share, share: apply.Share, *, link: LinkRow) -> Share:
    row.state = share.state.value
    row.conditions = _ordered(share.conditions)
    row.owed = [[whose(each.node, me=link.me).value, each.what.value] for each in owed(share)]
    row.is_open = bool(row.owed)
    row.delivered_at = None if share.delivered is None else share.delivered.effective
    row.crossed = share.crossed
    row.evaluation = _grade(share.evaluation)
    row.result = "" if share.result is None else share.result.result.value
    if share.cleaned is not None:
        names = ("informed", "cleaned", "patched", "not_found")
        row.cleaned = {name: getattr(share.cleaned, name) for name in names}
    rows = reader.rows(link.name, thread=share.id, void=0)
    valid = [each for each in rows if each.verdict.is_valid]
    last = max(valid, key=lambda each: (each.effective, each.letter, each.index))
    row.last_word_at, row.last_word_by = last.effective, whose(last.writer, me=link.me).value
    return row


def _grade(grade: Grade | None) -> str:
    return "" if grade is None else f"{grade.source.value}{grade.information}"


def _ordered(conditions: Sequence[Condition] | frozenset[Condition]) -> list[str]:
    return [each.value for each in Condition if each in conditions]
