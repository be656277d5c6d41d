"""An offer as lists show it, and how it is read out of the table."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.links.policy import Whose
from parley.sharing.models import Share
from parley.sharing.policy import Owing

LAPSES: frozenset[str] = frozenset({"offered", "countered"})
"""In these states an offer lapses when its time has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a side is waited for."""

    whose: Whose
    what: Owing


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """An offer as lists show it. Instants are unix seconds by the clock of the side that spoke."""

    link: str
    share: str
    """The id of the offer, 43 characters of base64url."""
    place: str
    """Such as ``A 3``."""
    is_ours: bool
    ref: str
    verdict: str
    what: str
    counts: tuple[tuple[str, int], ...]
    tlp: str
    pap: str
    expects: str
    conditions: tuple[str, ...]
    until: int | None
    grade: str
    title: str
    title_language: str
    files: int
    size: int
    state: str
    is_open: bool
    owed: tuple[Wait, ...]
    offered_at: int
    delivered_at: int | None
    crossed: bool
    evaluation: str
    result: str
    cleaned: Mapping[str, int]
    last_word_at: int
    last_word_by: Whose

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-3``."""
        return self.place.replace(" ", "-")

    @property
    def owing(self) -> tuple[Whose, ...]:
        """Return which sides are waited for, ours first."""
        return tuple(each for each in Whose if any(wait.whose is each for wait in self.owed))

    @property
    def is_my_move(self) -> bool:
        """Return whether our side is waited for."""
        return Whose.US in self.owing

    def is_expired(self, now: int) -> bool:
        """Return whether it has lapsed at `now`: a view, and never a fact."""
        return self.state in LAPSES and self.until is not None and now >= self.until


def share_of(row: Share) -> ShareRow:
    """Return the offer of a row of the table."""
    return ShareRow(
        link=row.link,
        share=row.share,
        place=f"{row.letter} {row.index}",
        is_ours=row.is_ours,
        ref=row.ref,
        verdict=row.verdict,
        what=row.what,
        counts=tuple((thing, n) for thing, n in row.counts),
        tlp=row.tlp,
        pap=row.pap,
        expects=row.expects,
        conditions=tuple(row.conditions),
        until=row.until,
        grade=row.grade,
        title=row.title,
        title_language=row.title_language,
        files=row.files,
        size=row.size,
        state=row.state,
        is_open=row.is_open,
        owed=tuple(Wait(whose=Whose(whose), what=Owing(what)) for whose, what in row.owed),
        offered_at=row.offered_at,
        delivered_at=row.delivered_at,
        crossed=row.crossed,
        evaluation=row.evaluation,
        result=row.result,
        cleaned=dict(row.cleaned),
        last_word_at=row.last_word_at,
        last_word_by=Whose(row.last_word_by),
    )
