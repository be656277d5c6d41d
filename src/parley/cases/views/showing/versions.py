"""What stands beside one version of a finding, in a terminal and on paper, each under its name."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cases.queries import EvidenceShown, VersionShown
from parley.cases.views.showing.contents import alternatives_of, answer_hand, unequal_of
from parley.cases.views.showing.telling import evidence_name, undone_text
from parley.inquiries.forms.telling import hand_text
from parley.ui import casewords, words


def beside(shown: VersionShown) -> Iterator[tuple[str, str]]:
    """Yield on what a version rests, what else it saw, why it was revised, and who said it; some are ""."""
    by = shown.version.fact.by
    yield _("said by"), hand_text(by.role, by.n, shown.signers)
    yield _("its two languages name different figures"), unequal_of(shown)
    yield _("rests on"), words.listed(map(_evidence, shown.evidence))
    yield from ((_("considered"), each) for each in alternatives_of(shown))
    dissent = shown.words.dissent
    if shown.version.said.dissent:
        yield _("dissent of the author's own side"), "–" if dissent is None else dissent.text
    yield (
        _("why it was revised"),
        words.labelled((each.value for each in shown.version.reasons), casewords.REASONS),
    )
    yield _("added"), words.listed(map(_evidence, shown.added))
    yield _("taken away"), words.listed(map(_evidence, shown.withdrawn))
    yield _("answered by"), answer_hand(shown)


def _evidence(shown: EvidenceShown) -> str:
    undone = "" if shown.exhibit is None else undone_text(shown.exhibit)
    told = " ".join(filter(None, (shown.label, evidence_name(shown.target, shown.place), shown.file)))
    return told + (words.aside(_("withdrawn: %(why)s") % {"why": undone}) if undone else "")
