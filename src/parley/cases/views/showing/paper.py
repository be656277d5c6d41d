"""The Status Report on paper: every joint case at a cut, its findings and tasks, and the digest.

Nothing on it is of one side alone: no names of our people, no clock of the reader. So two nodes that hold the
same record, and the same words of it, print the same bytes in the same language. A copy for reading: what
both sides compare is the digest (Spec §15.8). What was said in words stands below the codes of each case, in
both languages, under a line that says that it is beside the report. Likelihood and confidence stand in two
columns. Source: screens §12.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cases.queries import StatusReport
from parley.cases.views.showing.inwords import in_words, label_of
from parley.cases.views.showing.telling import in_language
from parley.protocol.act import id_text
from parley.protocol.cases.apply import Case, Finding, Version
from parley.protocol.cases.bodies import TaskSet
from parley.ui import casewords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paper, Paragraph, Table, dated


def paper_of(report: StatusReport) -> Paper:
    """Return the paper of a Status Report, in the language in force."""
    world = report.link.world
    heard = [] if world == "live" else [_("WORLD: %(world)s, not the real thing") % {"world": world}]
    digest = report.digest
    instants = [at for case in report.cases for at in _instants(case)]
    return Paper(
        title=_("Status Report on joint cases"),
        lang="zh" if words.is_chinese() else "en",
        running=" · ".join([*heard, _cut(report)]),
        foot=_("Digest of the report: %(digest)s") % {"digest": f"{digest[:8]} … {digest[-8:]}"},
        at=dated(*instants),
        blocks=(*_head(report), *(block for case in report.cases for block in _case(report, case))),
    )


def _cut(report: StatusReport) -> str:
    return " · ".join(f"{node} {report.cut[node]}" for node in sorted(report.cut))


def _instants(case: Case) -> Iterator[int]:
    yield case.proposed.effective
    yield from (fact.effective for fact in case.endings.values())
    yield from (version.fact.effective for finding in case.findings for version in finding.versions)


def _head(report: StatusReport) -> Iterator[Block]:
    yield Facts(
        rows=(
            (_("Channel of the record"), report.link.channel),
            (_("Entries of each log that were looked at"), _cut(report)),
            (_("Joint cases"), str(len(report.cases))),
            (_("Digest of the report"), report.digest),
        )
    )
    yield Paragraph(
        text=_(
            "Both nodes write the same report for the same entries. Titles and statements stand beside it: "
            "they are no part of what the digest covers. All times are UTC."
        ),
        is_quiet=True,
    )


def _case(report: StatusReport, case: Case) -> Iterator[Block]:
    name = id_text(case.id)
    yield Heading(text=f"{report.places[name]} · {in_language(report.titles[name])}")
    yield Facts(
        rows=(
            (_("State"), words.label(case.state.value, casewords.STATES)),
            (_("Proposed"), f"{case.proposer} · {times.stamp(case.proposed.effective)}"),
            (_("Joined"), "–" if case.joined is None else times.stamp(case.joined.effective)),
            (
                _("Evidence"),
                str(sum(each.undone is None and _is_evidence(each.said.to) for each in case.links)),
            ),
        )
    )
    if case.findings:
        yield _findings(case)
    if case.tasks:
        yield Table(
            head=(_("Task"), _("Whose"), _("Start"), _("State")),
            widths=(5, 3, 3, 3),
            rows=tuple(_tasks(report, case)),
        )
    yield from in_words(report, case)


def _is_evidence(to: object) -> bool:
    return getattr(to, "value", "") == "evidence"


def _findings(case: Case) -> Table:
    return Table(
        head=(
            _("Finding"),
            _("Responsibility"),
            _("Likelihood"),
            _("Confidence"),
            _("Who stands behind it"),
        ),
        widths=(3, 4, 3, 2, 4),
        rows=tuple(
            _version(case, finding, version=version)
            for finding in case.findings
            for version in finding.versions
        ),
    )


def _version(case: Case, finding: Finding, *, version: Version) -> tuple[str, ...]:
    step = "–" if version.said.responsibility is None else version.said.responsibility.value
    return (
        label_of(case, finding, version=version),
        words.label(step, casewords.RESPONSIBILITIES),
        words.label(version.said.likelihood.value, casewords.LIKELIHOODS),
        words.label(version.said.confidence.value, casewords.CONFIDENCES),
        words.label(version.standing.value, casewords.STANDINGS),
    )


def _tasks(report: StatusReport, case: Case) -> Iterator[tuple[str, ...]]:
    for task in case.tasks:
        fact = task.agreed or task.versions[-1]
        assert isinstance(fact.said, TaskSet)
        yield (
            in_language(report.titles[id_text(fact.id)]),
            words.label(fact.said.owner.value, casewords.OWNERS),
            "–" if fact.said.start is None else times.stamp(fact.said.start),
            words.label(task.state.value, casewords.TASKS),
        )
