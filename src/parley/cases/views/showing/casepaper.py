"""One joint case on paper, for a meeting: what it is, what each side holds, what is done when, what was said.

Every version of a finding stands on it with its evidence, what else was considered, who dissents and what the
other side said of that very version. The start of a task stands there on the clocks of both sides. Our notes
are not on it, nor whose page it was printed from (`inquiries/views/showing/thread.py`). Source: screens §12.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cases.forms.texts import Both
from parley.cases.policy import letters_of, owed
from parley.cases.queries import Dossier, FindingShown, LinkShown, TaskShown, VersionShown
from parley.cases.views.showing.telling import (
    evidence_name,
    in_language,
    said_text,
    undone_text,
    version_of,
)
from parley.cases.views.showing.versions import beside
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import effect_text, kind_text
from parley.inquiries.views.showing.proving import State, channel_of, proof
from parley.inquiries.views.showing.thread import Thread, all_said, paper_in, thread_of
from parley.ledger.reading import Reader
from parley.links.queries.timeline import Told
from parley.protocol.act import read_id, short_id
from parley.protocol.cases.account import digest
from parley.protocol.cases.apply import Case
from parley.protocol.cases.bodies import Closed, Noted, TaskSet
from parley.protocol.cases.codes import Sort
from parley.ui import casewords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paper, Paragraph, Table, Words
from parley.ui.pieces import visible


def paper_of(reader: Reader, dossier: Dossier) -> Paper:
    """Return the paper of a case, in the language in force."""
    place = dossier.row.place
    thread = thread_of(reader, dossier.link, place, timeline=dossier.timeline)
    case = dossier.case
    state = None if case is None else State(digest=digest(case).hex(), paragraph="15.7")
    name = _("Joint case %(place)s") % {"place": place}
    return paper_in(
        thread,
        title=" · ".join(filter(None, (name, in_language(dossier.row.title)))),
        blocks=(
            *_head(thread, dossier),
            *_leads(thread, dossier),
            *(block for each in dossier.findings for block in _finding(dossier, each)),
            *_tasks(thread, dossier),
            *_links(thread, dossier),
            *all_said(
                thread, codes=lambda told: _codes(dossier, told), texts=lambda told: _texts(dossier, told)
            ),
            *proof(channel_of(dossier.link, place), thread.proven, state=state),
        ),
    )


def _head(thread: Thread, dossier: Dossier) -> Iterator[Block]:
    row, case = dossier.row, dossier.case
    by = dossier.link.me if row.is_ours else dossier.link.peer
    rows = [
        *_both(row.title),
        (_("Proposed"), f"{thread.side(by)} · {times.stamp(row.proposed_at)}"),
        *((thread.side(node), node) for node in sorted((dossier.link.me, dossier.link.peer))),
        (_("Registry number"), visible(row.ref)),
        (_("Arose from"), words.listed(_origins(dossier))),
    ]
    rows += [(_("State"), effect_text(row.verdict))] if case is None else [*_stand(thread, case)]
    yield Facts(rows=tuple((name, value) for name, value in rows if value))


def _both(both: Both) -> tuple[tuple[str, str], ...]:
    return ("English", both.en), ("中文", both.zh)


def _origins(dossier: Dossier) -> Iterator[str]:
    for statement, place, thread in dossier.origins:
        kind = words.aside(kind_text(thread.kind)) if thread.kind else ""
        yield f"{place or short_id(read_id(statement))}{kind}"


def _stand(thread: Thread, case: Case) -> Iterator[tuple[str, str]]:
    yield _("State"), words.label(case.state.value, casewords.STATES)
    yield _("Joined"), "" if case.joined is None else times.stamp(case.joined.effective)
    for node, fact in sorted(case.endings.items()):
        if isinstance(fact.said, Closed):
            ending = words.label(fact.said.ending.value, casewords.ENDINGS)
            yield _("How it closed"), words.said_of(thread.side(node), ending)
    for each in owed(case):
        told = words.label(each.what.value, casewords.OWINGS)
        until = "" if each.due is None else " · " + _("until %(at)s") % {"at": thread.on_both(each.due)}
        yield _("Next move"), words.said_of(thread.side(each.node), told) + until


def _leads(thread: Thread, dossier: Dossier) -> Iterator[Block]:
    notes = () if dossier.case is None else dossier.case.notes
    leads = [each for each in notes if isinstance(each.said, Noted) and each.said.sort is Sort.LEAD]
    if not leads:
        return
    yield Heading(text=_("Leads"))
    for each in leads:
        told = dossier.timeline.at(each.id)
        place, text = ("", None) if told is None else (told.place, dossier.words[told.statement].text)
        by = (place, thread.side(each.writer), times.stamp(each.effective))
        yield Paragraph(text=" · ".join(by), is_quiet=True)
        if text is not None:
            yield Words(text=text.text, lang=text.language)


# ---- Findings


def _finding(dossier: Dossier, shown: FindingShown) -> Iterator[Block]:
    speech = words.label(shown.finding.speech.value, casewords.SPEECHES)
    yield Heading(text=_("Finding %(label)s") % {"label": shown.label})
    yield Paragraph(text=words.said_of(_("may be said in public by"), speech))
    assert dossier.case is not None, "it has a finding"
    letters = letters_of(dossier.case)
    other = next(letter.value for node, letter in letters.items() if node != shown.finding.author)
    for number, each in enumerate(shown.versions, start=1):
        replaced = "" if each is shown.current else _("(replaced)")
        told = (f"{shown.label} v{number}", each.place, times.stamp(each.version.fact.effective), replaced)
        yield Heading(text=" · ".join(filter(None, told)), level=3)
        yield _in_both(each)
        yield Facts(rows=tuple((name, value) for name, value in _version(each, other) if value))


def _in_both(shown: VersionShown) -> Table:
    rows = [(_("Statement"), shown.words.statement), (_("What changed"), shown.words.changed)]
    return Table(
        head=("", "English", "中文"),
        widths=(3, 7, 7),
        langs=("", "en", "zh"),
        rows=tuple((name, both.en or "–", both.zh or "–") for name, both in rows if both != Both()),
    )


def _version(shown: VersionShown, other: str) -> Iterator[tuple[str, str]]:
    version, said = shown.version, shown.version.said
    step = "–" if said.responsibility is None else said.responsibility.value
    yield _("Responsibility"), words.label(step, casewords.RESPONSIBILITIES)
    yield _("Likelihood"), words.label(said.likelihood.value, casewords.LIKELIHOODS)
    yield _("Confidence"), words.label(said.confidence.value, casewords.CONFIDENCES)
    yield _("Who stands behind it"), words.label(version.standing.value, casewords.STANDINGS)
    yield from ((name[:1].upper() + name[1:], value) for name, value in beside(shown))
    yield _("Position of side %(letter)s") % {"letter": other}, _position(shown)


def _position(shown: VersionShown) -> str:
    answer, text = shown.version.answer, shown.answer_words.text
    if answer is None:
        return _("none yet")
    position = words.label(answer.said.position.value, casewords.POSITIONS)
    crossed = _("crossed") if answer.crossed else ""
    told = (position, shown.answer_place, crossed, "" if text is None else text.text)
    return " · ".join(filter(None, told))


# ---- Tasks, evidence and links


def _tasks(thread: Thread, dossier: Dossier) -> Iterator[Block]:
    if dossier.tasks:
        yield Heading(text=_("Tasks"))
    for each in dossier.tasks:
        yield Heading(text=" · ".join(filter(None, (each.place, in_language(each.title)))), level=3)
        yield Facts(rows=tuple((name, value) for name, value in _task(thread, each) if value))


def _task(thread: Thread, shown: TaskShown) -> Iterator[tuple[str, str]]:
    said, task = shown.version.said, shown.task
    assert isinstance(said, TaskSet)
    yield from _both(shown.title)
    yield _("Whose"), words.label(said.owner.value, casewords.OWNERS)
    start = _("Start") if task.joint_start is None else _("Joint start")
    yield start, thread.on_both(said.start) if said.start is not None else ""
    yield _("Until"), thread.on_both(said.due) if said.due is not None else ""
    yield _("State"), words.label(task.state.value, casewords.TASKS)
    for node, result in sorted(task.results.items()):
        yield _("Result"), words.said_of(thread.side(node), words.label(result.value, casewords.RESULTS))


def _links(thread: Thread, dossier: Dossier) -> Iterator[Block]:
    if not dossier.links:
        return
    yield Heading(text=_("Evidence and links"))
    yield Table(
        head=(_("Exhibit"), _("Linked to"), _("Place"), _("File"), _("By"), _("Holds")),
        widths=(2, 3, 3, 4, 2, 4),
        rows=tuple(_link(thread, each) for each in dossier.links),
    )


def _link(thread: Thread, shown: LinkShown) -> tuple[str, ...]:
    undone = undone_text(shown.link)
    return (
        shown.label,
        words.label(shown.link.said.to.value, casewords.LINKED),
        evidence_name(shown.target, shown.link.said.place),
        visible(shown.file),
        thread.side(shown.link.fact.writer),
        _("withdrawn: %(why)s") % {"why": undone} if undone else _("holds"),
    )


# ---- What was said


def _codes(dossier: Dossier, told: Told) -> str:
    version = version_of(dossier, told)
    linked = next((each for each in dossier.links if each.place == told.place), None)
    found = dossier.words[told.statement]
    parts = (
        "" if version is None else version.name,
        said_text(told, instant=times.stamp),
        "" if linked is None else evidence_name(linked.target, linked.link.said.place),
        in_language(found.title),
    )
    return " · ".join(filter(None, parts))


def _texts(dossier: Dossier, told: Told) -> Iterator[Text]:
    text = dossier.words[told.statement].text
    if text is not None:
        yield text
