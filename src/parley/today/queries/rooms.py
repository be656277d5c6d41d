"""What waits in the rooms beside inquiries and calls: for whom, for what, and until when.

    guideline    to sign, or to answer · comes into force    sharing   what either side owes of an offer
    review       to agree to a cut, to sign figures          case      to join, to answer, a task to do
    commitment   to answer, to judge, to do by its day       round     to answer, to freeze, to release at T

The desk stands above these rooms and reads what their lists show: one statement each, and nothing is folded.
What a side of this room owes may be late by now: a view, and never a fact.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from parley.cases.queries import CaseRow, list_cases
from parley.dialogue.policy import Duty
from parley.dialogue.queries import CommitmentRow, RoundRow, list_due, list_rounds
from parley.ledger.reading import EntryRow, Reader
from parley.links.policy import Whose
from parley.links.queries import Standing
from parley.protocol.act import id_text
from parley.sharing.queries import ShareRow, list_shares
from parley.sharing.queries.rows import LAPSES
from parley.ui import rooms as places
from parley.ui import waitwords, words

DAY_SECONDS: Final = 86_400
MOST: Final = 100
"""So many open ones of a room are looked through; the lists have all."""


class Mover(StrEnum):
    """Whose move it is."""

    US = "us"
    THEM = "them"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is dealt with in a room. `id` is the statement that began it; a title may be "" in a language."""

    room: str
    link: str
    id: str
    place: str
    en: str = ""
    zh: str = ""

    @property
    def title(self) -> str:
        """Return its title in the reader's language, else in the other one."""
        return (self.zh or self.en) if words.is_chinese() else (self.en or self.zh)

    @property
    def room_word(self) -> str:
        """Return what it is, in the reader's language."""
        return words.label(self.room, places.ROOMS)

    @property
    def href(self) -> str:
        """Return the address of its page."""
        return places.href_of(self.room, self.link, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One thing that is waited for in a matter, `since` then, `due_at` if it must be done until then.

    `side` is the other side's name. `is_pressing`: it wants a person even while no time is set for it.
    """

    matter: Matter
    side: str
    mover: Mover
    what: str
    since: int
    due_at: int | None = None
    is_pressing: bool = True

    @property
    def is_ours(self) -> bool:
        """Return whether somebody of ours has to move."""
        return self.mover is not Mover.THEM

    @property
    def clock(self) -> str:
        """Return in which lane of a drawing it stands: that of its room."""
        return self.matter.room

    @property
    def word(self) -> str:
        """Return what is waited for, in the reader's language."""
        return words.label(self.what, waitwords.WAITS[self.matter.room])


def waits_of_rooms(links: Mapping[str, Standing], matters: "Matters", *, now: int) -> tuple[Wait, ...]:
    """Return all that is waited for in these rooms on these links, by either side."""
    sides = {name: link.side for name, link in links.items()}
    starts = _starts(matters, sides, now=now)
    return (*_offers(matters, sides), *_cases(matters, sides), *starts, *_dialogue(matters, sides))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """The open matters of the rooms, as their lists have them."""

    shares: Sequence[ShareRow]
    cases: Sequence[CaseRow]
    commitments: Sequence[CommitmentRow]
    rounds: Sequence[RoundRow]
    has_more: bool
    """Whether a room has more open ones than were looked through."""

    def by_id(self) -> Mapping[tuple[str, str], Matter]:
        """Return each matter by its link and the statement that began it."""
        found = (
            *map(_of_share, self.shares),
            *map(_of_case, self.cases),
            *map(_of_commitment, self.commitments),
            *map(_of_round, self.rounds),
        )
        return {(each.link, each.id): each for each in found}


def open_matters() -> Matters:
    """Return what is open in the rooms: one statement for each."""
    shares, cases = list_shares(is_open=True, limit=MOST), list_cases(is_open=True, limit=MOST)
    commitments, rounds = list_due(limit=MOST + 1), list_rounds()
    return Matters(
        shares=shares.rows,
        cases=cases.rows,
        commitments=commitments[:MOST],
        rounds=rounds.rows,
        has_more=any((shares.after, cases.after, commitments[MOST:], rounds.after)),
    )


def needed(waits: Iterable[Wait], *, now: int) -> list[Wait]:
    """Return what needs a person of ours, the worst first: what is late, what is due next, what is oldest."""
    found = [each for each in waits if each.is_ours and (each.is_pressing or _is_late(each, now=now))]
    return sorted(found, key=lambda each: (*_rank(each, now=now), each.matter.link, each.matter.place))


def falling_due(waits: Iterable[Wait], *, now: int, days: int) -> list[Wait]:
    """Return what is due within `days`, ours and theirs; what is overdue with us stands above."""
    until = now + days * DAY_SECONDS
    return [
        each
        for each in waits
        if each.due_at is not None and each.due_at <= until and not (each.is_ours and each.due_at < now)
    ]


def _is_late(wait: Wait, *, now: int) -> bool:
    return wait.due_at is not None and wait.due_at < now


def _rank(wait: Wait, *, now: int) -> tuple[int, int]:
    if wait.due_at is None:
        return 2, wait.since
    return (0 if wait.due_at < now else 1), wait.due_at


def _of_share(row: ShareRow) -> Matter:
    return Matter(room="sharing", link=row.link, id=row.share, place=row.place, en=row.title, zh=row.title)


def _offers(matters: Matters, sides: Mapping[str, str]) -> Iterator[Wait]:
    for row in matters.shares:
        for wait in row.owed if row.link in sides else ():
            yield Wait(
                matter=_of_share(row),
                side=sides[row.link],
                mover=Mover(wait.whose.value),
                what=wait.what.value,
                since=row.last_word_at,
                due_at=row.until if row.state in LAPSES else None,
            )


def _of_case(row: CaseRow) -> Matter:
    return Matter(room="case", link=row.link, id=row.case, place=row.place, en=row.title.en, zh=row.title.zh)


def _cases(matters: Matters, sides: Mapping[str, str]) -> Iterator[Wait]:
    for row in matters.cases:
        for wait in row.owed if row.link in sides else ():
            yield Wait(
                matter=_of_case(row),
                side=sides[row.link],
                mover=Mover(wait.whose.value),
                what=wait.what.value,
                since=row.last_word_at,
                due_at=wait.due,
                # A task with a day stands among what falls due until then.
                is_pressing=wait.due is None,
            )


def _starts(matters: Matters, sides: Mapping[str, str], *, now: int) -> Iterator[Wait]:
    """Yield the joint starts that are to come. One that is over is late for nobody: the task itself is."""
    for row in matters.cases:
        for at in row.starts if row.link in sides else ():
            if at >= now:
                yield Wait(
                    matter=_of_case(row),
                    side=sides[row.link],
                    mover=Mover.BOTH,
                    what="start",
                    since=row.last_word_at,
                    due_at=at,
                    is_pressing=False,
                )


def _of_commitment(row: CommitmentRow) -> Matter:
    return Matter(
        room="commitment", link=row.link, id=row.statement, place=row.place, en=row.text_en, zh=row.text_zh
    )


def _of_round(row: RoundRow) -> Matter:
    named = ((f"no. {row.number}", row.place_en), (f"第 {row.number} 轮", row.place_zh))
    en, zh = (" · ".join(filter(None, each)) for each in named)
    return Matter(room="round", link=row.link, id=row.statement, place=row.place, en=en, zh=zh)


def _dialogue(matters: Matters, sides: Mapping[str, str]) -> Iterator[Wait]:
    for row in matters.commitments:
        yield from _duties(_of_commitment(row), row, sides=sides, dates={Duty.PERFORM: row.due})
    for meeting in matters.rounds:
        matter = _of_round(meeting)
        yield from _duties(matter, meeting, sides=sides, dates={Duty.RELEASE: meeting.release})
        if meeting.state == "agreed" and meeting.link in sides:
            yield Wait(
                matter=matter,
                side=sides[meeting.link],
                mover=Mover.BOTH,
                what="begins",
                since=meeting.last_word_at,
                due_at=meeting.begins,
                is_pressing=False,
            )


def _duties(
    matter: Matter,
    row: CommitmentRow | RoundRow,
    *,
    sides: Mapping[str, str],
    dates: Mapping[Duty, int | None],
) -> Iterator[Wait]:
    for whose in Whose if row.link in sides else ():
        for duty in row.owed.get(whose, {}):
            yield Wait(
                matter=matter,
                side=sides[row.link],
                mover=Mover(whose.value),
                what=duty.value,
                since=row.last_word_at,
                due_at=dates.get(duty),
                is_pressing=duty not in dates,
            )


# ---- Which matter a statement is about


def matter_of(
    reader: Reader, link: str, row: EntryRow, *, known: Mapping[tuple[str, str], Matter]
) -> Matter | None:
    """Return what a statement is about; None if that is no matter of these rooms, or is not here.

    What is not among the `known` has no title: nothing is looked up but its place.
    """
    room = places.room_of(row.kind)
    begun = row.thread
    if row.act is not None and room in {"guideline", "review"}:
        begun = row.statement if row.kind in places.BEGINNINGS else row.act.re
    if not room or begun is None:
        return None
    if (found := known.get((link, id_text(begun)))) is not None:
        return found
    first = reader.row(link, begun)
    if first is None or places.room_of(first.kind) != room:
        return None
    return Matter(room=room, link=link, id=id_text(begun), place=first.place)
