"""What could stand on the agenda of a round: what is open on its link, and is no item of it yet.

    commitment   proposed, in force, or late           concern   raised or answered, and not settled
    review       proposed since the round before it    case      proposed or open
    hotline      calls since the round before it, each, and how many they were

Nothing is put on the agenda by this: an officer offers an item, and it is one once the other side agrees.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parley.cases.queries import CaseRow, list_cases
from parley.dialogue.queries.dossier import RoundDossier
from parley.dialogue.queries.listing import UnknownThreadError, find_round, list_due
from parley.hotline.queries import CallPage, list_calls
from parley.ledger.reading import Reader
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import ItemProposed, Source
from parley.review.policy import Move
from parley.review.queries import ReviewRow, all_reviews
from parley.ui.times import moment_of

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What an item could be about, and its words in both languages, "" where there are none.

    `place` is that of what it names, "" where it names nothing by itself.
    """

    source: Source
    place: str
    en: str = ""
    zh: str = ""
    is_late: bool = False
    of: str = ""
    """The id of what it names, 43 characters."""


def suggestions(dossier: RoundDossier, *, reader: Reader) -> tuple[Suggestion, ...]:
    """Return what is open on the link of a round and no item of its agenda, what is late first."""
    since = round_before(dossier)
    found = (
        *_commitments(dossier),
        *_reviews(dossier, reader, since=since),
        *_cases(dossier),
        *_calls(dossier, since=since),
    )
    named = _named(dossier)
    new = (each for each in found if (each.source, each.of) not in named)
    return tuple(sorted(new, key=lambda each: not each.is_late)[:MOST])


def _named(dossier: RoundDossier) -> set[tuple[Source, str]]:
    if dossier.round is None:
        return set()
    said = (made.fact.said for made in dossier.round.offers.of(ItemProposed))
    return {(each.source, each.of or "") for each in said if isinstance(each, ItemProposed)}


def _commitments(dossier: RoundDossier) -> Iterator[Suggestion]:
    for row in list_due(link=dossier.row.link):
        found = Suggestion(
            source=Source.COMMITMENT, place=row.place, of=row.statement, en=row.text_en, zh=row.text_zh
        )
        yield replace(found, is_late=row.is_overdue(dossier.now))
        if {"raised", "answered"} & set(row.concerns):
            yield replace(found, source=Source.CONCERN)


def _reviews(dossier: RoundDossier, reader: Reader, *, since: int) -> Iterator[Suggestion]:
    rows: tuple[ReviewRow, ...] = all_reviews(reader, dossier.link.row)[:MOST]
    for row in rows:
        if row.said_at >= since or row.move is not Move.NOBODY:
            first, last = _day(row.cut.since), _day(row.cut.until - 1)
            yield Suggestion(
                source=Source.REVIEW,
                place=row.place,
                of=id_text(row.statement),
                en=f"The review of {first} to {last}.",
                zh=f"{first}至{last}的统计回顾。",
            )


def _cases(dossier: RoundDossier) -> Iterator[Suggestion]:
    rows: tuple[CaseRow, ...] = list_cases(link=dossier.row.link, is_open=True, limit=MOST).rows
    for row in rows:
        yield Suggestion(
            source=Source.CASE,
            place=row.place,
            of=row.case,
            en=row.title.en,
            zh=row.title.zh,
            is_late=any(wait.is_late(dossier.now) for wait in row.owed),
        )


def _calls(dossier: RoundDossier, *, since: int) -> Iterator[Suggestion]:
    found: CallPage = list_calls(now=dossier.now, link=dossier.row.link, limit=MOST)
    calls = [call for call in found.rows if call.opened_at >= since and call.nature == "real"]
    if 1 < len(calls) < MOST:
        yield Suggestion(
            source=Source.HOTLINE,
            place="",
            en=f"The use of the hotline: {len(calls)} calls.",
            zh=f"热线使用情况：通话{len(calls)}次。",
        )
    for call in calls:
        day = _day(call.opened_at)
        yield Suggestion(
            source=Source.HOTLINE,
            place=call.place,
            of=call.call,
            en=f"The call of {day}.",
            zh=f"{day}的热线通话。",
        )


def _day(seconds: int) -> str:
    """Return a day as both languages write it; what no calendar has stays a number."""
    moment = moment_of(seconds)
    return str(seconds) if moment is None else moment.strftime("%Y-%m-%d")


def round_before(dossier: RoundDossier) -> int:
    """Return when the round before this one began, 0 if it names none that is here."""
    if not dossier.row.after:
        return 0
    try:
        return find_round(dossier.row.link, dossier.row.after).begins
    except UnknownThreadError:
        return 0
