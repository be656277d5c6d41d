"""The desk: what needs a person of ours now, what falls due, what is new, what is about to leave.

NOW      worst first: two histories · overdue · a link in trouble · by due time · replies we owe; then, by
         themselves, what waits for us in the other rooms (`rooms.py`, `texts.py`)
DUE      clocks that run in the next fourteen days, ours and theirs apart
NEW      the other sides' newest statements; a mark on those that came since somebody looked
LEAVING  drafts, answers that are not said yet, and statements that are saved here and not at their node yet
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from parley.drafts.queries import DraftRow, list_begun
from parley.inquiries.forms.saying.keeping import PURPOSE
from parley.inquiries.forms.saying.verbs import VERBS
from parley.inquiries.forms.saying.wording import verb_name
from parley.inquiries.forms.typed import read_items
from parley.inquiries.queries import (
    Dues,
    Filter,
    InquiryRow,
    Needs,
    dues,
    inquiries_by_id,
    list_inquiries,
    needing_us,
)
from parley.ledger.readers import OpenLink, links_of, reader_of
from parley.links.policy import Same
from parley.links.queries import Standing, standings
from parley.links.queries.deciding import Decision, decisions_in
from parley.links.queries.erasing import order_pages, unanswered_orders
from parley.today.queries.begun import Begun, begun_in
from parley.today.queries.line import Timeline, timeline
from parley.today.queries.news import READ_NEW, Newest, is_fresh, newest_in, news_in
from parley.today.queries.rooms import (
    Matters,
    Wait,
    falling_due,
    needed,
    open_matters,
    waits_of_rooms,
)
from parley.today.queries.signing import ToSign, to_sign
from parley.today.queries.texts import waits_of_texts
from parley.work.home import Home

INQUIRIES: Final = "inquiries"
"""The purpose of drafts that become inquiries."""
TOGETHER: Final = "links"
"""How the purposes of drafts begin that one officer signed or decided, and another has yet to."""
SHOWN_NOW: Final = 7
SHOWN_DUE: Final = 12
SHOWN_NEW: Final = 12
DAYS: Final = 14
DAY_SECONDS: Final = 86_400
DAY_TICKS: Final = tuple((day * DAY_SECONDS, str(day)) for day in range(0, DAYS + 1, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that needs a person of ours: about an inquiry, or about a link.

    `kind`: ``link``, ``acknowledge``, ``overdue``, ``status``, ``returned``, ``conditions`` or ``time``.
    """

    kind: str
    row: InquiryRow | None = None
    standing: Standing | None = None
    clock: str = ""
    due_at: int | None = None
    items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A clock that falls due: whose, which, for how many items of which inquiry, by whose calendar."""

    row: InquiryRow
    clock: str
    due_at: int
    is_ours: bool
    items: int
    side: str
    """The other side's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """Something about an inquiry that was begun and is not said yet. `row` is None until its row is told."""

    draft: DraftRow
    verb: str
    name: str
    row: InquiryRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A decision that waits for another officer, and the page on which it is decided."""

    decision: Decision
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswer:
    """A request of the other side to destroy content, at `place`."""

    link: str
    side: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything on the desk."""

    now: tuple[Need, ...]
    more: int
    """How many there are beside those in `now`."""
    oldest_at: int | None
    waits: tuple[Wait, ...]
    """What waits for a person of ours in the other rooms."""
    waits_more: int
    has_more_waits: bool
    """Whether there may be more of them than were looked through."""
    due: tuple[Due | Wait, ...]
    due_more: int
    has_later: bool
    line: Timeline
    new: tuple[Newest, ...]
    new_count: int
    new_more: int
    """How many that came since somebody looked are not in `new`."""
    has_more_new: bool
    """Whether there may be more of them than were looked through."""
    drafts: tuple[DraftRow, ...]
    unsaid: tuple[Unsaid, ...]
    begun: tuple[Begun, ...]
    """What was begun in the other rooms and is not said yet."""
    leaving: tuple[Standing, ...]
    standings: tuple[Standing, ...]
    untouched: tuple[Standing, ...]
    """The open links on which nobody has asked anything yet."""
    to_sign: tuple[ToSign, ...]
    """What was prepared and waits for another officer's signature."""
    to_decide: tuple[ToDecide, ...]
    """What one officer decided and another has yet to."""
    to_answer: tuple[ToAnswer, ...]
    """What the other side asks to be destroyed, and we have not answered."""

    @property
    def count(self) -> int:
        """Return how many things that need somebody are shown."""
        return len(self.now) + len(self.waits)


def desk(home: Home, *, now: int, since: int) -> Desk:
    """Return the desk at `now`; what came after `since` is new."""
    links = {each.name: each for each in standings(home, now=now)}
    ours, theirs = dues(until=now + DAYS * DAY_SECONDS)
    needs, count, oldest = needs_in(needing_us(now=now, limit=SHOWN_NOW), ours, links.values(), now=now)
    matters = open_matters()
    waits = waiting_in(home, links, matters, now=now)
    pressing = needed(waits, now=now)
    due = _by_time(due_in(ours, theirs, links, now=now), falling_due(waits, now=now, days=DAYS))
    newest = newest_in(home, links_of(home))
    fresh = [each for each in newest if is_fresh(each[1], since=since)]
    new = news_in(home, newest[:SHOWN_NEW], links, since=since, known=matters.by_id())
    # One look at the drafts of each link: what waits for another officer, of either sort, and what was begun.
    drafts = {link: list_begun(link, purposes="") for link in links}
    waiting = {
        link: [each for each in some if each.purpose.startswith(TOGETHER)] for link, some in drafts.items()
    }
    return Desk(
        now=needs,
        more=max(0, count - len(needs)),
        oldest_at=oldest,
        waits=tuple(pressing[:SHOWN_NOW]),
        waits_more=max(0, len(pressing) - SHOWN_NOW),
        has_more_waits=matters.has_more,
        due=tuple(due[:SHOWN_DUE]),
        due_more=max(0, len(due) - SHOWN_DUE),
        has_later=ours.has_more or theirs.has_more,
        line=timeline(marks_of(due), now=now, ticks=DAY_TICKS),
        new=new,
        new_count=len(fresh),
        new_more=len(fresh) - sum(each.is_new for each in new),
        has_more_new=len(fresh) >= READ_NEW,
        drafts=tuple(each for some in drafts.values() for each in some if each.purpose == INQUIRIES),
        unsaid=_unsaid(each for some in drafts.values() for each in some),
        begun=_begun(home, drafts.values(), matters),
        leaving=tuple(each for each in links.values() if each.at.waiting),
        standings=tuple(links.values()),
        untouched=() if needs or due or pressing else tuple(filter(_is_untouched, links.values())),
        to_sign=tuple(to_sign(home, links, waiting)),
        to_decide=tuple(_to_decide(home, links, waiting, now=now)),
        to_answer=tuple(_to_answer(home, links.values())),
    )


def _to_decide(
    home: Home, links: Mapping[str, Standing], waiting: Mapping[str, Sequence[DraftRow]], *, now: int
) -> Iterable[ToDecide]:
    for standing in links.values():
        place = {"link": standing.name}
        for loss in standing.losses:
            address = f"{reverse('links:recover', kwargs=place)}?lane={loss.lane}"
            yield from (ToDecide(decision=each, href=address) for each in loss.waits)
        waits = {each.decided.about: each for each in decisions_in(waiting[standing.name], now=now)}
        for order in order_pages(home, _open(standing)) if waits else ():
            if order.id in waits:
                href = reverse("links:erasure", kwargs={**place, "place": order.slug})
                yield ToDecide(decision=waits[order.id], href=href)


def _to_answer(home: Home, links: Iterable[Standing]) -> Iterable[ToAnswer]:
    reader = reader_of(home)
    for standing in links:
        assert reader is not None, "there is a link"
        for place in unanswered_orders(reader, _open(standing)):
            yield ToAnswer(link=standing.name, side=standing.side, place=place)


def _open(standing: Standing) -> OpenLink:
    return OpenLink(row=standing.row, terms=standing.terms)


def _is_untouched(link: Standing) -> bool:
    return link.row.is_active and not list_inquiries(Filter(link=link.name), now=0, limit=1).rows


# ---- NOW


def needs_in(
    found: Needs, ours: Dues, links: Iterable[Standing], *, now: int
) -> tuple[tuple[Need, ...], int, int | None]:
    """Return the worst of what needs a person of ours, how much there is, and when the oldest was sent."""
    trouble = [Need(kind="link", standing=each) for each in links if each.is_in_trouble]
    asked = [
        Need(kind="status", row=each.inquiry, clock="status", due_at=each.due_at, items=each.inquiry.count)
        for each in ours.rows
        if each.timer.clock == "status" and not _is_among(each.inquiry, now=now)
    ]
    first = {(each.inquiry.link, each.inquiry.inquiry): each.timer.clock for each in reversed(ours.rows)}
    said = [_need(row, first, now=now) for row in found.rows]
    every = sorted([*trouble, *asked, *said], key=lambda need: _rank(need, now=now))
    return tuple(every[:SHOWN_NOW]), found.count + len(trouble) + len(asked), found.oldest_at


def _is_among(row: InquiryRow, *, now: int) -> bool:
    """Return whether an inquiry of theirs needs us already for another reason."""
    return row.acknowledged_at is None or row.is_overdue(now)


def _need(row: InquiryRow, clocks: Mapping[tuple[str, str], str], *, now: int) -> Need:
    if row.is_ours:
        returned, conditioned = row.states.get("returned", 0), row.states.get("conditioned", 0)
        if returned:
            return Need(kind="returned", row=row, items=returned)
        if conditioned:
            return Need(kind="conditions", row=row, items=conditioned)
        return Need(kind="time", row=row, items=row.count)
    clock = clocks.get((row.link, row.inquiry), "")
    if row.acknowledged_at is None:
        return Need(kind="acknowledge", row=row, clock=clock, due_at=row.due_at, items=row.count)
    kind = "status" if clock == "status" and not row.is_overdue(now) else "overdue"
    return Need(kind=kind, row=row, clock=clock, due_at=row.due_at, items=row.count)


def _rank(need: Need, *, now: int) -> tuple[int, int]:
    if need.standing is not None:
        return (0, 0) if need.standing.same is Same.FORKED else (2, 0)
    if need.due_at is not None:
        return (1 if need.due_at < now else 3, need.due_at)
    return 4, need.row.sent_at if need.row else 0


# ---- DUE


def due_in(ours: Dues, theirs: Dues, links: Mapping[str, Standing], *, now: int) -> list[Due]:
    """Return the clocks of both sides that run, the first due first."""
    # What is overdue with us needs somebody now and stands there; theirs stands here, on top.
    found = [
        Due(
            row=each.inquiry,
            clock=each.timer.clock,
            due_at=each.due_at,
            is_ours=is_ours,
            items=_count(each.timer.items, each.inquiry.count),
            side=links[each.inquiry.link].side if each.inquiry.link in links else each.inquiry.link,
        )
        for is_ours, some in ((True, ours), (False, theirs))
        for each in some.rows
        if not is_ours or each.due_at >= now
    ]
    return sorted(found, key=lambda each: (each.due_at, not each.is_ours))


def _by_time(clocks: Iterable[Due], waits: Iterable[Wait]) -> list[Due | Wait]:
    found: list[Due | Wait] = [*clocks, *waits]
    return sorted(found, key=lambda each: (each.due_at or 0, not each.is_ours))


def marks_of(due: Iterable[Due | Wait]) -> Iterable[tuple[str, int, bool]]:
    """Return what a drawing shows of each: its clock, when, whose."""
    return ((each.clock, each.due_at, each.is_ours) for each in due if each.due_at is not None)


def _count(items: str, count: int) -> int:
    """Return how many items ``0-2,7`` names; an empty text means all `count`."""
    named = read_items(items) if items else None
    return len(named) if isinstance(named, list) else count


# ---- The other rooms


def waiting_in(home: Home, links: Mapping[str, Standing], matters: Matters, *, now: int) -> tuple[Wait, ...]:
    """Return what is waited for in the rooms beside inquiries and calls, by either side."""
    reader = reader_of(home)
    if reader is None:
        return ()
    texts = (each for link in links.values() for each in waits_of_texts(reader, link, now=now))
    return (*texts, *waits_of_rooms(links, matters, now=now))


# ---- LEAVING


def _begun(home: Home, drafts: Iterable[Iterable[DraftRow]], matters: Matters) -> tuple[Begun, ...]:
    reader = reader_of(home)
    if reader is None:
        return ()
    every = (each for some in drafts for each in some)
    return tuple(begun_in(reader, every, known=matters.by_id()))


def _unsaid(drafts: Iterable[DraftRow]) -> tuple[Unsaid, ...]:
    found = [each for each in drafts if each.purpose.startswith(PURPOSE)]
    rows = inquiries_by_id((each.link, each.about) for each in found)
    verbs = {each.number: each.purpose.removeprefix(PURPOSE) for each in found}
    return tuple(
        Unsaid(
            draft=each,
            verb=verbs[each.number],
            name=verb_name(verbs[each.number]),
            row=rows.get((each.link, each.about)),
        )
        for each in found
        if verbs[each.number] in VERBS
    )
