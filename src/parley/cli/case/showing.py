"""parley case show: what waits, findings with every version, tasks, evidence, and what both sides said."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases.forms.texts import Both
from parley.cases.queries import (
    Dossier,
    EvidenceShown,
    FindingShown,
    LinkShown,
    TaskShown,
    VersionShown,
    dossier_of,
)
from parley.cases.views.showing.telling import (
    in_language,
    owed_lines,
    said_text,
    state_text,
    undone_text,
    version_of,
)
from parley.cases.views.showing.versions import beside
from parley.cli.case.about import find_case
from parley.cli.case.listing import case_json
from parley.cli.case.noun import verb
from parley.cli.exits import Exit
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.cli.output import JsonValue, Rows, result
from parley.cli.timeline import told_json, told_rows
from parley.inquiries.forms.telling import side_word
from parley.ledger.readers import side_name
from parley.links.policy import Whose, whose
from parley.links.queries.timeline import Told
from parley.protocol.act import id_text, read_id, short_id
from parley.protocol.cases.account import account, digest
from parley.protocol.cases.apply import Link as Linking
from parley.protocol.cases.bodies import TaskSet, Unlinked
from parley.ui import casewords, words
from parley.work import clock


@verb(_("Show one joint case: what waits, findings, tasks, evidence, and what was said."), name="show")
def show(
    name: Annotated[
        str, typer.Argument(metavar="CASE", help=_("Its place (A-3), its id, or the registry number."))
    ],
    *,
    link: Link = None,
) -> int:
    with reading() as reader:
        row, thread, _named, _case = find_case(reader, name, link=link)
        bring_up_to_date(reader)
        dossier = dossier_of(reader, row, thread, now=clock.now())
    result(
        _as_json(dossier),
        *_head(dossier),
        *(line for each in dossier.findings for line in _finding(each)),
        *_tasks(dossier),
        *_links(dossier),
        "",
        told_rows(dossier.timeline.statements, in_words=partial(_words, dossier)),
    )
    return Exit.DONE


def _head(dossier: Dossier) -> Iterator[str]:
    row = dossier.row
    direction = _("ours, to %(side)s") if row.is_ours else _("theirs, from %(side)s")
    yield " · ".join((row.place, short_id(read_id(row.case)), direction % {"side": side_name(dossier.link)}))
    yield from (text for text in (row.title.en, row.title.zh) if text)
    yield words.said_of(_("State"), state_text(row))
    yield from owed_lines(row, now=dossier.now)
    if dossier.origins:
        told = words.listed(place or short_id(read_id(each)) for each, place, _thread in dossier.origins)
        yield words.said_of(_("Arose from"), told)


def _finding(shown: FindingShown) -> Iterator[str | Rows]:
    yield ""
    speech = words.label(shown.finding.speech.value, casewords.SPEECHES)
    yield words.said_of(f"{shown.label} · {_('may be said in public by')}", speech)
    titles = (
        _("Version"),
        _("Statement"),
        _("Responsibility"),
        _("Likelihood"),
        _("Confidence"),
        _("Who stands behind it"),
    )
    rows = tuple(
        _version(each, number=number, is_current=each is shown.current)
        for number, each in enumerate(shown.versions, start=1)
    )
    yield Rows(titles=titles, rows=rows)
    for each in shown.versions:
        yield from (words.said_of(f"{each.place}, {about}", said) for about, said in beside(each) if said)
        if changed := in_language(each.words.changed):
            yield words.said_of(f"{each.place}, {_('what changed')}", changed)


def _version(shown: VersionShown, *, number: int, is_current: bool) -> tuple[str, ...]:
    said = shown.version.said
    name = f"v{number} {shown.place}"
    step = "–" if said.responsibility is None else said.responsibility.value
    return (
        name if is_current else f"{name} {_('(replaced)')}",
        in_language(shown.words.statement),
        words.label(step, casewords.RESPONSIBILITIES),
        words.label(said.likelihood.value, casewords.LIKELIHOODS),
        words.label(said.confidence.value, casewords.CONFIDENCES),
        words.label(shown.version.standing.value, casewords.STANDINGS),
    )


def _tasks(dossier: Dossier) -> Iterator[str | Rows]:
    if dossier.tasks:
        yield ""
        titles = (_("Task"), _("Title"), _("Whose"), _("Start"), _("Until"), _("State"))
        yield Rows(titles=titles, rows=tuple(_task(each) for each in dossier.tasks))


def _task(shown: TaskShown) -> tuple[str, ...]:
    said = shown.version.said
    assert isinstance(said, TaskSet)
    return (
        shown.place,
        in_language(shown.title),
        words.label(said.owner.value, casewords.OWNERS),
        words.instant(said.start),
        words.instant(said.due),
        words.label(shown.task.state.value, casewords.TASKS),
    )


def _links(dossier: Dossier) -> Iterator[str | Rows]:
    if dossier.links:
        yield ""
        titles = (_("Exhibit"), _("Linked to"), _("Place"), _("File"), _("By"), _("Holds"))
        yield Rows(titles=titles, rows=tuple(_link(each) for each in dossier.links))


def _link(shown: LinkShown) -> tuple[str, ...]:
    undone = undone_text(shown.link)
    return (
        shown.label,
        words.label(shown.link.said.to.value, casewords.LINKED),
        shown.target,
        shown.file,
        side_word(Whose.US if shown.is_ours else Whose.THEM),
        _("withdrawn: %(why)s") % {"why": undone} if undone else _("holds"),
    )


def _words(dossier: Dossier, told: Told) -> str:
    found, version = dossier.words[told.statement], version_of(dossier, told)
    said = in_language(found.title if found.title != Both() else found.statement)
    if found.text is not None:
        said = found.text.text
    return " · ".join(
        filter(None, ("" if version is None else version.name, said_text(told, instant=words.instant), said))
    )


def _as_json(dossier: Dossier) -> dict[str, JsonValue]:
    case = dossier.case
    return {
        "case": case_json(dossier.row, now=dossier.now),
        "account": {} if case is None else account(case),
        "digest": "" if case is None else digest(case).hex(),
        "findings": [_finding_json(each) for each in dossier.findings],
        "tasks": [
            {"place": each.place, "state": each.task.state.value, "title": _both_json(each.title)}
            for each in dossier.tasks
        ],
        "links": [
            {
                "label": each.label,
                "place": each.place,
                "to": each.link.said.to.value,
                "target": each.target,
                "file": each.file,
                "undone": _reason(each.link),
            }
            for each in dossier.links
        ],
        "timeline": [told_json(each, text=_words(dossier, each)) for each in dossier.timeline.statements],
    }


def _reason(link: Linking) -> str:
    undone = link.undone
    return undone.said.reason.value if undone is not None and isinstance(undone.said, Unlinked) else ""


def _evidence_json(shown: EvidenceShown) -> dict[str, JsonValue]:
    place = shown.place
    return {"statement": place.statement, "part": place.part, "place": shown.target, "label": shown.label}


def _finding_json(shown: FindingShown) -> dict[str, JsonValue]:
    return {
        "label": shown.label,
        "author": whose(shown.finding.author, me=shown.finding.author if shown.is_ours else "").value,
        "speech": shown.finding.speech.value,
        "versions": [
            {
                "place": each.place,
                "statement": id_text(each.version.fact.id),
                "text": _both_json(each.words.statement),
                "changed": _both_json(each.words.changed),
                "standing": each.version.standing.value,
                "likelihood": each.version.said.likelihood.value,
                "confidence": each.version.said.confidence.value,
                "evidence": [_evidence_json(one) for one in each.evidence],
                "answer": each.answer_place,
                "officer": each.version.fact.by.n,
                "signers": [*each.signers],
                "answer_signers": [*each.answer_signers],
            }
            for each in shown.versions
        ],
    }


def _both_json(both: Both) -> dict[str, JsonValue]:
    return {"en": both.en, "zh": both.zh}
