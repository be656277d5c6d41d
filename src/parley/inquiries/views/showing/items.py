"""The items of an inquiry as a table: what each is about, where it stands, what was found and corrected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import Letter, Site, Subject, Text
from parley.inquiries.forms.telling import finding_text, ground_text, said_text
from parley.inquiries.queries import EventRow, ItemRow
from parley.protocol.inquiries.codes import FINAL, State
from parley.ui import words

PAGE: Final = 200
"""So many items stand on one page: an inquiry may have five thousand."""
SILENT: Final = "unknown"
"""The state of a site of which nothing is said."""
_KINDS: Final = 6
_CLOSED: Final = frozenset(state.value for state in FINAL)
_DONE: Final = frozenset({State.ANSWERED.value, State.REFUSED.value})


class Sort(StrEnum):
    """By what the items are sorted; `AGE` is when they were seen, oldest first."""

    NUMBER = "number"
    AGE = "age"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How somebody wants the items: sorted by what, the open ones alone, from which on."""

    sort: Sort = Sort.NUMBER
    is_open: bool = False
    begin: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """What a statement had said about an item before another one corrected it."""

    place: str
    said: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item as the table shows it; `row` has what the record says, the rest is the sender's word."""

    row: ItemRow
    brand: Text | None
    note: Text | None
    site_state: str
    """Whether the site answered when it was seen, as the sender says; empty where he does not say."""
    questions: str
    wants: str
    found: tuple[str, ...]
    was: tuple[Was, ...]
    is_open: bool
    is_overdue: bool

    @property
    def about(self) -> str:
        """Return the address or the subject; shown through `defang` only."""
        return self.row.url or self.row.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many of all items have their answer or refusal, what was said of them, and what is open."""

    done: int
    total: int
    found: str
    open_count: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of one page of the table, and where the next ones begin (None: there are none)."""

    lines: tuple[ItemLine, ...]
    shown: int
    total: int
    after: int | None


def progress_of(items: Sequence[ItemRow]) -> Progress:
    """Return how far the items are: ``12 of 20: 7 mitigated · 1 refused (G09 …)``."""
    told = Counter(_outcome(item) for item in items if item.state in _DONE)
    parts = [
        _("%(count)d %(state)s") % {"count": count, "state": what} for what, count in told.most_common(_KINDS)
    ]
    rest = told.total() - sum(count for _what, count in told.most_common(_KINDS))
    if rest:
        parts.append(_("%(count)d other") % {"count": rest})
    return Progress(
        done=told.total(),
        total=len(items),
        found=" · ".join(parts),
        open_count=sum(item.state not in _CLOSED for item in items),
        withdrawn=sum(item.state == State.WITHDRAWN.value for item in items),
    )


def _outcome(item: ItemRow) -> str:
    if item.state == State.REFUSED.value:
        grounds = words.listed(ground_text(ground) for ground in item.grounds)
        return words.label(item.state, words.STATES) + words.aside(grounds)
    codes = dict.fromkeys(str(finding["code"]) for finding in item.findings)
    return words.labelled(codes, words.FINDINGS) or words.label(item.state, words.STATES)


def table(
    items: Iterable[ItemRow],
    letter: Letter,
    events: Sequence[EventRow],
    *,
    choice: Choice,
    now: int,
) -> Table:
    """Return the lines that `choice` asks for, one page of them."""
    wanted = [item for item in items if not choice.is_open or item.state not in _CLOSED]
    wanted.sort(key=_KEYS[choice.sort])
    begin = choice.begin
    shown = wanted[begin : begin + PAGE]
    history = _histories(events, {item.n for item in shown})
    return Table(
        lines=tuple(_line(item, letter, history.get(item.n, ()), now=now) for item in shown),
        shown=len(shown),
        total=len(wanted),
        after=begin + PAGE if len(wanted) > begin + PAGE else None,
    )


def _number(item: ItemRow) -> tuple[int, int]:
    return 0, item.n


def _age(item: ItemRow) -> tuple[int, int]:
    return (2**60 if item.observed_at is None else item.observed_at), item.n


def _due(item: ItemRow) -> tuple[int, int]:
    return (2**60 if item.due_at is None else item.due_at), item.n


_KEYS: Final = {Sort.NUMBER: _number, Sort.AGE: _age, Sort.DUE: _due}


def _line(item: ItemRow, letter: Letter, was: Sequence[Was], *, now: int) -> ItemLine:
    told = letter.items[item.n] if item.n < len(letter.items) else None
    return ItemLine(
        row=item,
        brand=told.brand if isinstance(told, Site) else None,
        note=told.note if told else None,
        site_state=told.state if isinstance(told, Site) and told.state != SILENT else "",
        questions=words.clauses(told.questions) if isinstance(told, Subject) else "",
        wants=words.labelled(item.wants, words.WANTS),
        found=(*map(finding_text, item.findings), *map(ground_text, item.grounds)),
        was=tuple(was),
        is_open=item.state not in _CLOSED,
        is_overdue=item.due_at is not None and item.due_at < now,
    )


def _histories(events: Sequence[EventRow], shown: set[int]) -> Mapping[int, list[Was]]:
    """Return what was corrected, by item: the statement, what it had said, and what corrected it."""
    by_id = {event.statement: event for event in events}
    found: dict[int, list[Was]] = {}
    for event in events:
        before = by_id.get(event.answers)
        if event.kind != "inquiry.corrected" or event.verdict != "valid" or before is None:
            continue
        was = Was(place=before.place, said=said_text(before.kind, before.said), by=event.place)
        for n in _numbers(event, before) & shown if _is_listed(event, before) else shown:
            found.setdefault(n, []).append(was)
    return found


def _is_listed(*events: EventRow) -> bool:
    return any(_listed(event) for event in events)


def _numbers(*events: EventRow) -> set[int]:
    """Return the items that the first of the statements lists that lists any."""
    return next((numbers for event in events if (numbers := _listed(event))), set())


def _listed(event: EventRow) -> set[int]:
    named = [event.said.get("items")]
    findings = event.said.get("findings")
    named += (
        [each.get("items") for each in findings if isinstance(each, dict)]
        if isinstance(findings, list)
        else []
    )
    return {n for items in named if isinstance(items, list) for n in items if isinstance(n, int)}
