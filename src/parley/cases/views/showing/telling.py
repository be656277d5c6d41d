"""A case in the reader's language, on pages, on paper and in a terminal: how far it is, and what waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.cases.forms.texts import Both
from parley.cases.queries import CaseRow, Dossier, Wait
from parley.inquiries.forms.telling import Instant, code_text, side_word
from parley.links.policy import Whose
from parley.links.queries.timeline import Told
from parley.protocol.act import read_id, short_id
from parley.protocol.cases.apply import Link
from parley.protocol.cases.bodies import Place, Unlinked
from parley.ui import casewords, times, words
from parley.ui.words import Labels


def in_language(both: Both) -> str:
    """Return a text in the reader's language, in the other one where it has none."""
    one, two = (both.zh, both.en) if words.is_chinese() else (both.en, both.zh)
    return one or two


def state_text(row: CaseRow) -> str:
    """Return how far a case is, and how each side closed it."""
    if not row.state:
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    endings = [
        words.said_of(side_word(each), words.label(row.endings[each], casewords.ENDINGS))
        for each in Whose
        if each in row.endings
    ]
    return words.clauses([words.label(row.state, casewords.STATES), *endings])


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVersion:
    """Of which version of a finding a statement speaks: its name, such as ``A F1 v2``, and its place."""

    name: str
    place: str


def version_of(dossier: Dossier, told: Told) -> OfVersion | None:
    """Return the version that a statement of the timeline gives or answers; None where it names none."""
    place = told.answers if told.kind == "finding.answered" else told.place
    for finding in dossier.findings:
        for number, version in enumerate(finding.versions, start=1):
            if version.place == place:
                return OfVersion(name=f"{finding.label} v{number}", place=place)
    return None


CODES: Final[Mapping[str, tuple[str, Labels]]] = {
    "case.declined": ("reason", casewords.DECLININGS),
    "case.closed": ("ending", casewords.ENDINGS),
    "case.noted": ("sort", casewords.SORTS),
    "case.linked": ("to", casewords.LINKED),
    "case.unlinked": ("reason", casewords.UNLINKINGS),
    "case.task_set": ("owner", casewords.OWNERS),
    "case.task_done": ("result", casewords.RESULTS),
    "finding.answered": ("position", casewords.POSITIONS),
}
"""By the kind of a statement: the field of its act that says a code."""


def said_text(told: Told, *, instant: Instant = times.zulu) -> str:
    """Return what a statement of the timeline says in codes and times; "" where its kind says all."""
    field, labels = CODES.get(told.kind, ("", {}))
    limits = (("start", _("from %(at)s")), ("due", _("until %(at)s")))
    instants = [
        text % {"at": instant(at)} for name, text in limits if isinstance(at := told.d.get(name), int)
    ]
    return words.clauses(filter(None, [code_text(told.d.get(field), labels), *instants]))


def evidence_name(target: str, place: Place) -> str:
    """Return where something stands in the record: ``B 54``, ``B 54/1`` its first file, else a short id.

    `target` is "" where nothing of that name is on this link.
    """
    name = target or short_id(read_id(place.statement))
    return f"{name}/{place.part}" if place.part else name


def undone_text(link: Link) -> str:
    """Return why a link does not hold any more; "" while it holds."""
    undone = link.undone
    if undone is None or not isinstance(undone.said, Unlinked):
        return ""
    return words.label(undone.said.reason.value, casewords.UNLINKINGS)


def wait_text(wait: Wait, *, now: int) -> str:
    """Return what waits, and until when; a late one with the word."""
    told = words.label(wait.what.value, casewords.OWINGS)
    if wait.due is not None:
        told += words.aside(_("until %(at)s") % {"at": words.instant(wait.due)})
    return f"{told} · {_('overdue')}" if wait.is_late(now) else told


def owed_lines(row: CaseRow, *, now: int) -> Iterator[str]:
    """Yield what waits for whom."""
    for wait in row.owed:
        yield words.said_of(side_word(wait.whose), wait_text(wait, now=now))
