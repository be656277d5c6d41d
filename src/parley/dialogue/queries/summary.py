"""One page for principals: how it stands with one other side, in seven lines, and five before a talk.

Nothing here is said or signed, and nothing is added to the record: it is read from all rooms at one moment,
and each line leads to the page that shows the rest. Source: screens §3.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from parley.cases.queries import CaseRow, count_cases, list_cases
from parley.dialogue.queries.listing import Wanted, count_commitments, list_commitments, list_due, list_rounds
from parley.dialogue.queries.rows import CommitmentRow, RoundRow
from parley.hotline.queries import CallRow, list_calls, list_open
from parley.inquiries.queries import Filter, InquiryRow, count_inquiries, next_owed
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink
from parley.ledger.reading import Reader
from parley.links.policy import Whose
from parley.links.queries import Suspension, in_force
from parley.protocol.hotline.codes import Nature
from parley.work.home import Home

URGENT = ("U0", "U1")
MOST = 50
EXERCISE = "ex-"
"""How the name of a world begins in which everything is an exercise."""


class Date(StrEnum):
    """What the next date is that of."""

    ROUND = "round"
    NEXT_ROUND = "next_round"
    RELEASE = "release"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """So many of ours, and so many of theirs."""

    us: int
    them: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next date, and the place of the round or commitment whose it is."""

    what: Date
    at: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The seven lines. Counts are of whole inquiries, calls and commitments. `heard_at`: their node, last."""

    link: OpenLink
    heard_at: int | None
    stopped: tuple[Suspension, ...]
    urgent: Sides
    """Open inquiries of the two highest urgencies, by who asked."""
    calls: tuple[CallRow, ...]
    """Calls that are meant and not over, at most fifty."""
    overdue: Sides
    """Inquiries that are late, by who owes the next step."""
    meeting: RoundRow | None
    late: Sides
    """Commitments that are late, by who owes them; one of both counts on both sides."""
    is_exercise: bool
    """Whether this whole node is that of an exercise."""
    tests: tuple[CallRow, ...]
    """Calls that are tests, or about the line, and not over."""
    next: Next | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Five things to know before a talk, None where there is nothing: the newest of each of these."""

    we_owe: InquiryRow | None
    """The inquiry whose next word is ours, and whose time comes first; at their node it is `they_owe`."""
    they_owe: InquiryRow | None
    late: CommitmentRow | None
    concern: CommitmentRow | None
    case: CaseRow | None
    call: CallRow | None
    joined: int
    """So many joint cases go on."""
    proposed: int
    """So many more were proposed, and are joint only once the other side joins them."""


def summary_of(home: Home, reader: Reader, link: OpenLink, *, now: int) -> Summary:
    """Return how it stands on `link` at `now`."""
    name = link.row.link
    statuses = [reader.status(lane) for lane in reader.lane_names(name)]
    heard = [each.last_heard_at for each in statuses if each is not None and each.last_heard_at is not None]
    going = list_open(now=now, link=name, limit=MOST)
    return Summary(
        link=link,
        heard_at=max(heard, default=None),
        stopped=in_force(reader, link.row) if link.was_stopped else (),
        urgent=_urgent(name, now=now),
        calls=tuple(each for each in going if each.nature == Nature.REAL.value),
        overdue=Sides(us=_overdue(name, is_ours=False, now=now), them=_overdue(name, is_ours=True, now=now)),
        meeting=_meeting(name),
        late=_late(name, now=now),
        is_exercise=read_config(home).world.startswith(EXERCISE),
        tests=tuple(each for each in going if each.nature != Nature.REAL.value),
        next=min(_dates(name, now=now), key=lambda each: each.at, default=None),
    )


def talk_of(link: OpenLink, *, now: int) -> Talk:
    """Return what to know of `link` before somebody speaks with the other side."""
    name = link.row.link
    due = list_due(link=name)
    calls = list_calls(now=now, link=name, limit=MOST).rows
    return Talk(
        we_owe=next_owed(name, by_us=True),
        they_owe=next_owed(name, by_us=False),
        late=next((each for each in due if each.is_overdue(now)), None),
        concern=next((each for each in due if {"raised", "answered"} & set(each.concerns)), None),
        case=_case(name, is_joined=True) or _case(name, is_joined=False),
        call=next((each for each in calls if each.nature == Nature.REAL.value), None),
        joined=count_cases(link=name, is_open=True, is_joined=True),
        proposed=count_cases(link=name, is_open=True, is_joined=False),
    )


def _urgent(link: str, *, now: int) -> Sides:
    us, them = (
        sum(
            count_inquiries(Filter(link=link, is_ours=is_ours, is_open=True, urgency=each), now=now)
            for each in URGENT
        )
        for is_ours in (True, False)
    )
    return Sides(us=us, them=them)


def _overdue(link: str, *, is_ours: bool, now: int) -> int:
    return count_inquiries(Filter(link=link, is_ours=is_ours, is_open=True, overdue=True), now=now)


def _case(link: str, *, is_joined: bool) -> CaseRow | None:
    rows = list_cases(link=link, is_open=True, is_joined=is_joined, limit=1).rows
    return next(iter(rows), None)


def _meeting(link: str) -> RoundRow | None:
    """Return the newest round that both want and that goes on, or else the newest; None if there is none.

    A proposal comes after these: of proposals a side may make many, and none is a round by itself.
    """
    for states in (("agreed",), ("proposed",), ()):
        rows = list_rounds(link=link, states=states, limit=1).rows
        if rows:
            return rows[0]
    return None


def _late(link: str, *, now: int) -> Sides:
    wanted = Wanted(link=link, is_overdue=True)
    if not count_commitments(wanted, now=now):
        return Sides(us=0, them=0)
    rows = list_commitments(wanted, now=now, limit=1_000).rows
    us, them = (sum(side in each.owners for each in rows) for side in Whose)
    return Sides(us=us, them=them)


def _dates(link: str, *, now: int) -> Iterator[Next]:
    """Yield what both sides agreed to do at some time from `now` on; a proposal is no date."""
    for row in list_rounds(link=link, states=("agreed", "closed"), limit=MOST).rows:
        if row.is_open and row.begins >= now:
            yield Next(what=Date.ROUND, at=row.begins, place=row.place_path)
        if row.next_begins is not None and row.next_begins >= now:
            yield Next(what=Date.NEXT_ROUND, at=row.next_begins, place=row.place_path)
        if row.release is not None and row.release >= now:
            yield Next(what=Date.RELEASE, at=row.release, place=row.place_path)
    for each in list_due(link=link):
        if each.state == "in_force" and each.due is not None and each.due >= now:
            yield Next(what=Date.COMMITMENT, at=each.due, place=each.place_path)
            return
