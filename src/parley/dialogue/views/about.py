"""The commitments beside the figures of a review, as its page shows them: a piece of a page (`ui/slots.py`).

    in force · overdue · carried over   as this node holds them now, of those proposed before the period ended
    done · dropped                      in the period: reported then and confirmed, or the last word was then

Nothing of it is in the digest that both sides sign: what is promised goes on between two reviews.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parley.dialogue.queries import CommitmentRow, Wanted, list_commitments, list_due
from parley.dialogue.views.showing import owners_of
from parley.ledger.readers import link_called, reader_of, side_name
from parley.protocol.act import read_id
from parley.protocol.review.bodies import CutProposed, read_said
from parley.ui import dialoguewords, words

LOOKED_AT: Final = 500
"""So many that go on, the first due, and so many that are over, the newest, are looked through."""
SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number, in words, and the first of the commitments that it counts, each with its owners."""

    text: str
    count: int
    lines: Sequence[tuple[CommitmentRow, str]]

    @property
    def more(self) -> int:
        """Return how many are counted and not listed."""
        return self.count - len(self.lines)


def commitments_of_review(request: HttpRequest, link: str, thread: str) -> SafeString:
    """Return the commitments of the period that the review `thread` looks at; empty if there are none."""
    now: int = request.now  # type: ignore[attr-defined]  # agencies/middleware.py puts it there
    found, cut = link_called(settings.HOME, link), _cut(link, thread)
    if found is None or cut is None:
        return SafeString("")
    opened = list_due(link=link, limit=LOOKED_AT + 1)
    over = list_commitments(Wanted(link=link, is_open=False), now=now, limit=LOOKED_AT)
    if not opened and not over.rows:
        return SafeString("")
    rows = [each for each in (*opened[:LOOKED_AT], *over.rows) if each.proposed_at < cut.until]
    page = {
        "counts": _counts(rows, cut, now=now, side=side_name(found.row)),
        "has_more": len(opened) > LOOKED_AT or over.after is not None,
        "looked_at": LOOKED_AT,
        "link_name": link,
        "now": now,
    }
    return render_to_string("dialogue/_about_review.html", page, request)


def _cut(link: str, thread: str) -> CutProposed | None:
    reader = reader_of(settings.HOME)
    row = None if reader is None else reader.row(link, read_id(thread))
    said = None if row is None or row.act is None else read_said(row.act.k, row.act.d)
    return said if isinstance(said, CutProposed) else None


def _counts(rows: Sequence[CommitmentRow], cut: CutProposed, *, now: int, side: str) -> list[Count]:
    """Return what is counted of `rows`, in the order in which it is read."""
    in_force = [each for each in rows if each.state == "in_force"]
    told = (
        (words.label("in_force", dialoguewords.COMMITMENT_STATES), in_force),
        (_("overdue"), [each for each in in_force if each.is_overdue(now)]),
        (_("carried over"), [each for each in in_force if each.is_carried]),
        (_("done in the period"), [each for each in rows if _is_in(cut, _done_at(each))]),
        (
            _("dropped by both in the period"),
            [each for each in rows if each.state == "dropped" and _is_in(cut, each.last_word_at)],
        ),
    )
    return [
        Count(
            text=text,
            count=len(found),
            lines=[(each, owners_of(each, side=side)) for each in found[:SHOWN]],
        )
        for text, found in told
    ]


def _is_in(cut: CutProposed, at: int | None) -> bool:
    return at is not None and cut.since <= at < cut.until


def _done_at(row: CommitmentRow) -> int | None:
    """Return when the last of its owners reported what both now hold done; None while they do not."""
    if row.state != "fulfilled":
        return None
    return max((each.at for each in row.reports.values()), default=None)
