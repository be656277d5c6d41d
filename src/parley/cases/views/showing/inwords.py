"""The findings of a case in words, as the Status Report has them beside it: both languages, each version.

Of the current version also what changed and why, what else was considered, who of the author's side dissents,
and what the other side said of it. Nobody compares these by the digest: either side can erase words.
"""

from collections.abc import Iterator
from itertools import zip_longest

from django.utils.translation import gettext as _

from parley.cases.forms.texts import Both, Words
from parley.cases.policy import letters_of
from parley.cases.queries import StatusReport
from parley.inquiries.forms.letter import Text
from parley.protocol.act import id_text
from parley.protocol.cases.apply import Case, Finding, Version
from parley.protocol.cases.bodies import Alternative
from parley.ui import casewords, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paragraph, Table


def in_words(report: StatusReport, case: Case) -> Iterator[Block]:
    """Yield what stands beside the report on the findings of `case`; nothing where it has none."""
    if not case.findings:
        return
    yield Paragraph(
        text=_("In words. What follows stands beside the report; the words are no part of its digest."),
        is_quiet=True,
    )
    for finding in case.findings:
        yield from _finding(report, case, finding)


def label_of(case: Case, finding: Finding, *, version: Version) -> str:
    """Return how a version is called: ``A F1 v2``, with a word if another one replaced it."""
    number = finding.versions.index(version) + 1
    name = f"{letters_of(case)[finding.author].value} F{finding.number} v{number}"
    return name if version is finding.current else f"{name} " + _("(replaced)")


def _finding(report: StatusReport, case: Case, finding: Finding) -> Iterator[Block]:
    current = finding.current
    changed = _said(report, current.fact.id).changed
    place = report.places[id_text(current.fact.id)]
    yield Heading(text=f"{label_of(case, finding, version=current)} · {place}", level=3)
    rows = [
        (label_of(case, finding, version=each), _said(report, each.fact.id).statement)
        for each in finding.versions
    ]
    if changed != Both():
        rows.append((_("What changed"), changed))
    yield Table(
        head=("", "English", "中文"),
        widths=(3, 7, 7),
        langs=("", "en", "zh"),
        rows=tuple((name, both.en or "–", both.zh or "–") for name, both in rows),
    )
    yield Facts(rows=tuple(_about(report, case, finding)))


def _about(report: StatusReport, case: Case, finding: Finding) -> Iterator[tuple[str, str]]:
    version = finding.current
    said = _said(report, version.fact.id)
    yield _("Likelihood"), words.label(version.said.likelihood.value, casewords.LIKELIHOODS)
    yield _("Confidence"), words.label(version.said.confidence.value, casewords.CONFIDENCES)
    if version.reasons:
        reasons = (words.label(each.value, casewords.REASONS) for each in version.reasons)
        yield _("Why it changed"), words.clauses(reasons)
    # Nobody checked that a body of theirs has as many words as its act has alternatives.
    for other, text in zip_longest(
        version.said.alternatives, said.alternatives[: len(version.said.alternatives)]
    ):
        yield _("Considered"), _considered(other, text)
    if version.said.dissent:
        yield _("Dissent of the author's own side"), _text(said.dissent)
    side = next(letter.value for node, letter in letters_of(case).items() if node != finding.author)
    yield _("Position of side %(letter)s") % {"letter": side}, _position(report, version)


def _considered(other: Alternative, text: Text | None) -> str:
    parts = (
        words.label(other.responsibility.value, casewords.RESPONSIBILITIES),
        words.label(other.likelihood.value, casewords.LIKELIHOODS),
        _text(text),
    )
    return " · ".join(parts)


def _position(report: StatusReport, version: Version) -> str:
    answer = version.answer
    if answer is None:
        return _("none yet")
    told = _said(report, answer.fact.id).text
    parts = [
        words.label(answer.said.position.value, casewords.POSITIONS),
        report.places[id_text(answer.fact.id)],
        *([_("crossed")] if answer.crossed else []),
        *([told.text] if told is not None else []),
    ]
    return " · ".join(parts)


def _said(report: StatusReport, statement: bytes) -> Words:
    return report.words[id_text(statement)]


def _text(text: Text | None) -> str:
    return "–" if text is None else text.text
