"""What could stand on the agenda of a round: what is open on its link, and is no item of it yet.

    commitment   proposed, in force, or late           concern   raised or answered, and not settled
    hotline      calls since the round before it, or ever

Nothing is put on the agenda by this: an officer offers an item, and it is one once the other side agrees.
Reviews and joint cases have rooms of their own, which stand beside this one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.dialogue.queries.dossier import RoundDossier
from parley.dialogue.queries.listing import UnknownThreadError, find_round, list_due
from parley.hotline.queries import CallRow, list_calls
from parley.protocol.dialogue.bodies import ItemProposed, Source

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What an item could be about: the place of what it names, and its words, "" where there are none."""

    source: Source
    place: str
    en: str = ""
    zh: str = ""
    is_late: bool = False


def suggestions(dossier: RoundDossier) -> tuple[Suggestion, ...]:
    """Return what is open on the link of a round and no item of its agenda, what is late first."""
    found = [*_commitments(dossier), *_calls(dossier)]
    return tuple(sorted(found, key=lambda each: not each.is_late)[:MOST])


def _named(dossier: RoundDossier) -> set[tuple[Source, str]]:
    if dossier.round is None:
        return set()
    said = (made.fact.said for made in dossier.round.offers.of(ItemProposed))
    return {(each.source, each.of or "") for each in said if isinstance(each, ItemProposed)}


def _commitments(dossier: RoundDossier) -> Iterator[Suggestion]:
    named = _named(dossier)
    for row in list_due(link=dossier.row.link):
        is_late = row.is_overdue(dossier.now)
        if (Source.COMMITMENT, row.statement) not in named:
            yield Suggestion(
                source=Source.COMMITMENT, place=row.place, en=row.text_en, zh=row.text_zh, is_late=is_late
            )
        if (Source.CONCERN, row.statement) not in named and {"raised", "answered"} & set(row.concerns):
            yield Suggestion(source=Source.CONCERN, place=row.place, en=row.text_en, zh=row.text_zh)


def _calls(dossier: RoundDossier) -> Iterator[Suggestion]:
    named, since = _named(dossier), _before(dossier)
    calls: tuple[CallRow, ...] = list_calls(now=dossier.now, link=dossier.row.link, limit=MOST).rows
    for call in calls:
        if call.opened_at >= since and call.nature == "real" and (Source.HOTLINE, call.call) not in named:
            yield Suggestion(source=Source.HOTLINE, place=call.place)


def _before(dossier: RoundDossier) -> int:
    """Return when the round before this one began, 0 if it names none that is here."""
    if not dossier.row.after:
        return 0
    try:
        return find_round(dossier.row.link, dossier.row.after).begins
    except UnknownThreadError:
        return 0
