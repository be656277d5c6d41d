"""The round in which a commitment was promised, and the one under which it stands now.

A commitment has an id that outlives its forum: carried over, it goes on under another round. Pages, lists and
the command line say both. An id that names no round here is shown as it is, short (Spec §17.1.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.dialogue.queries import CommitmentRow, RoundRow, rounds_named
from parley.protocol.act import read_id, short_id
from parley.ui import words
from parley.ui.rooms import href_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A round that a commitment names: in words (``round 1 (A 31)``), and its page, "" if it is not here."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """Where a commitment was promised, and where it stands; None: under no round."""

    promised: Stage | None
    now: Stage | None

    @property
    def is_another(self) -> bool:
        """Return whether it stands under another round than that in which it was promised."""
        return self.promised != self.now

    @property
    def text(self) -> str:
        """Return both in words, as a terminal shows them."""
        if not (self.promised or self.now):
            return _("under no round")
        said = [_said(_("promised in"), self.promised) or _("promised under no round")]
        if self.is_another:
            said.append(_said(_("now under"), self.now) or _("now under no round"))
        return words.clauses(said)


def forums_of(rows: Sequence[CommitmentRow]) -> dict[str, Forum]:
    """Return the forums of these commitments, by their own ids."""
    found = rounds_named(rows)
    return {
        row.statement: Forum(
            promised=_stage(row.link, row.first_round, found), now=_stage(row.link, row.round, found)
        )
        for row in rows
    }


def forum_of(row: CommitmentRow) -> Forum:
    """Return the forum of one commitment."""
    return forums_of([row])[row.statement]


def _stage(link: str, statement: str, found: Mapping[tuple[str, str], RoundRow]) -> Stage | None:
    if not statement:
        return None
    row = found.get((link, statement))
    if row is None:
        return Stage(text=_("%(name)s, no round here") % {"name": short_id(read_id(statement))}, href="")
    told = _("round %(number)d (%(place)s)") % {"number": row.number, "place": row.place}
    return Stage(text=told, href=href_of("round", link, row.place))


def _said(what: str, stage: Stage | None) -> str:
    return "" if stage is None else f"{what} {stage.text}"
