"""The record to rows: what became of one joint case, written into `view.db`. Sole writer of these tables.

A case is computed whole from its fold and its texts, and rows that are the same are not written again; so
the same record gives the same rows, in whatever steps it was read.
"""

from collections.abc import Iterable

from django.db import transaction

from parley.cases.forms.texts import read_words
from parley.cases.models import Case, Finding, Mention
from parley.cases.policy import owed
from parley.inquiries.policy import order_of
from parley.ledger.casebook import case_at
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.links.actions.rows import DATABASE, replace_rows, told
from parley.links.policy import whose
from parley.protocol.act import id_text
from parley.protocol.cases import apply
from parley.protocol.cases.bodies import OPENING, Closed, Noted, Proposed, read_said
from parley.protocol.cases.codes import Linked, Sort, State, TaskState
from parley.protocol.inquiries.apply import Folded


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
) -> None:
    """Write the rows of the case that `thread` opened, as the record has it now; none if it is no case."""
    if folded is not None:
        return
    first = reader.row(link.name, thread)
    if first is None or first.act is None or first.kind != OPENING or first.thread != thread:
        return
    case = case_at(reader, link.name, thread)
    row = _case_row(reader, link, first, case=case)
    findings = [] if case is None else [_finding_row(reader, row, each, me=link.me) for each in case.findings]
    mentions = [] if case is None else list(_mention_rows(row, case))
    with transaction.atomic(using=DATABASE):
        replace_rows(Case, [row], key=row.key, column="key")
        replace_rows(Finding, findings, key=row.key, column="case_id")
        replace_rows(Mention, mentions, key=row.key, column="case_id")


def empty() -> None:
    """Delete every row."""
    for model in (Mention, Finding, Case):
        told(model).all().delete()


def _case_row(reader: Reader, link: LinkRow, first: EntryRow, *, case: apply.Case | None) -> Case:
    assert first.act is not None
    said = read_said(first.act.k, first.act.d)
    assert isinstance(said, Proposed)
    words = read_words(reader.body(link.name, first.statement))
    row = Case(
        key=f"{link.name}/{id_text(first.statement)}",
        link=link.name,
        case=id_text(first.statement),
        is_ours=first.writer == link.me,
        letter=first.mark,
        index=first.index,
        order=order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane),
        ref=first.act.ref or "",
        verdict=first.verdict.text,
        items=list(said.items),
        title_en=words.title.en,
        title_zh=words.title.zh,
        text=words.text.text if words.text else "",
        text_language=words.text.language[:16] if words.text else "",
        is_open=False,
        proposed_at=first.effective,
        last_word_at=first.effective,
        last_word_by=whose(first.writer, me=link.me).value,
    )
    return row if case is None else _with_state(reader, row, case, link=link)


def _with_state(reader: Reader, row: Case, case: apply.Case, *, link: LinkRow) -> Case:
    row.state = case.state.value
    row.is_open = case.state in {State.PROPOSED, State.OPEN, State.HALF_CLOSED}
    row.joined_at = None if case.joined is None else case.joined.effective
    waits = list(owed(case))
    row.owed = [
        [whose(each.node, me=link.me).value, each.what.value, id_text(each.of), each.due] for each in waits
    ]
    row.due_at = min((each.due for each in waits if each.due is not None), default=None)
    row.starts = [
        [id_text(each.id), each.joint_start]
        for each in case.tasks
        if row.is_open and each.state is TaskState.AGREED and each.joint_start is not None
    ]
    sorts = [each.said.sort for each in case.notes if isinstance(each.said, Noted)]
    row.notes, row.leads = sorts.count(Sort.NOTE), sorts.count(Sort.LEAD)
    row.evidence = sum(each.said.to is Linked.EVIDENCE and each.undone is None for each in case.links)
    row.tasks = len(case.tasks)
    row.tasks_done = sum(each.state is TaskState.DONE for each in case.tasks)
    row.findings = len(case.findings)
    row.endings = {
        whose(node, me=link.me).value: fact.said.ending.value
        for node, fact in case.endings.items()
        if isinstance(fact.said, Closed)
    }
    last = max(_valid(reader, link, case), key=lambda each: (each.effective, each.letter, each.index))
    row.last_word_at, row.last_word_by = last.effective, whose(last.writer, me=link.me).value
    return row


def _valid(reader: Reader, link: LinkRow, case: apply.Case) -> Iterable[EntryRow]:
    return (row for row in reader.rows(link.name, thread=case.id, void=0) if row.verdict.is_valid)


def _finding_row(reader: Reader, row: Case, finding: apply.Finding, *, me: str) -> Finding:
    version = finding.current
    words = read_words(reader.body(row.link, version.fact.id))
    said = version.said
    return Finding(
        key=f"{row.link}/{id_text(finding.id)}",
        case_id=row.key,
        is_ours=finding.author == me,
        number=finding.number,
        versions=len(finding.versions),
        current=id_text(version.fact.id),
        statement_en=words.statement.en,
        statement_zh=words.statement.zh,
        responsibility="" if said.responsibility is None else said.responsibility.value,
        likelihood=said.likelihood.value,
        confidence=said.confidence.value,
        standing=version.standing.value,
        speech=finding.speech.value,
        given_at=finding.versions[0].fact.effective,
        current_at=version.fact.effective,
    )


def _mention_rows(row: Case, case: apply.Case) -> Iterable[Mention]:
    linked = [each.said.place.statement for each in case.links if each.undone is None]
    for statement in dict.fromkeys((*case.said.origins, *linked)):
        yield Mention(key=f"{row.key}/{statement}", case_id=row.key, link=row.link, statement=statement)
