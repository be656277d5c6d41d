"""A case in the reader's language, on pages, on paper and in a terminal: how far it is, and what waits."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cases.forms.texts import Both
from parley.cases.policy import Whose
from parley.cases.queries import CaseRow, Wait
from parley.ui import casewords, words


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


def side_word(side: Whose) -> str:
    """Return whose something is."""
    return _("ours") if side is Whose.US else _("theirs")


def wait_text(wait: Wait, *, now: int) -> str:
    """Return what waits, and until when; a late one with the word."""
    told = words.label(wait.what.value, casewords.OWINGS)
    if wait.due is not None:
        told += words.aside(_("until %(at)s") % {"at": words.instant(wait.due)})
    return f"{told} · {_('late')}" if wait.is_late(now) else told


def owed_lines(row: CaseRow, *, now: int) -> Iterator[str]:
    """Yield what waits for whom."""
    for wait in row.owed:
        yield words.said_of(side_word(wait.whose), wait_text(wait, now=now))
