"""All that a page shows of an inquiry, to whoever looks: our own officers, or the other side."""

from dataclasses import dataclass, replace

from parley.inquiries.forms.letter import Letter
from parley.inquiries.forms.telling import verdict_text
from parley.inquiries.queries import InquiryRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.clocks import Card, Clockmaker
from parley.inquiries.views.showing.eyes import Eyes
from parley.inquiries.views.showing.items import Choice, Progress, Table, progress_of, table
from parley.inquiries.views.showing.timeline import Line, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the templates under `inquiries/` show. `without_effect` is "" for a valid inquiry."""

    found: Found
    eyes: Eyes
    inquiry: InquiryRow
    without_effect: str
    is_lapsed: bool
    letter: Letter
    progress: Progress
    choice: Choice
    table: Table
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    now: int


def contents(
    found: Found, eyes: Eyes, choice: Choice, *, now: int, hidden: frozenset[str] = frozenset()
) -> Contents:
    """Return what the inquiry looks like through `eyes` at `now`, less the statements at `hidden` places."""
    dossier = found.dossier
    assert dossier is not None
    inquiry = replace(dossier.inquiry, is_ours=eyes.is_own(found.place[0]))
    events = tuple(event for event in dossier.events if event.place not in hidden)
    return Contents(
        found=found,
        eyes=eyes,
        inquiry=inquiry,
        without_effect=_without_effect(found),
        is_lapsed=inquiry.is_lapsed(now),
        letter=found.letter,
        progress=progress_of(dossier.items),
        choice=choice,
        table=table(dossier.items, found.letter, events, choice=choice, now=now),
        cards=Clockmaker(found, eyes, events=events, now=now).cards(dossier.timers),
        lines=timeline(found, events, eyes),
        now=now,
    )


def _without_effect(found: Found) -> str:
    first = next((row for row in found.entries if row.statement == found.thread), None)
    return "" if first is None else verdict_text(first.verdict)
