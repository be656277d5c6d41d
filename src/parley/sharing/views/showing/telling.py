"""An offer in the reader's language, on pages and in a terminal: how far it is, and what waits."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.sharing.policy import Whose
from parley.sharing.queries import ShareRow
from parley.ui import sharewords, words


def side_word(side: Whose) -> str:
    """Return whose something is."""
    return _("ours") if side is Whose.US else _("theirs")


def state_text(row: ShareRow, *, now: int) -> str:
    """Return how far an offer is, and whether it has lapsed by now or was crossed."""
    if not row.state:
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    marks = [words.label(row.state, sharewords.STATES)]
    marks += [_("has lapsed")] if row.is_expired(now) else []
    marks += [_("crossed")] if row.crossed else []
    return words.clauses(marks)


def counts_text(row: ShareRow) -> str:
    """Return how much of what is offered."""
    return words.listed(f"{n} {words.label(thing, sharewords.THINGS)}" for thing, n in row.counts)


def owed_lines(row: ShareRow) -> Iterator[str]:
    """Yield what waits for whom."""
    for wait in row.owed:
        yield words.said_of(side_word(wait.whose), words.label(wait.what.value, sharewords.OWINGS))
