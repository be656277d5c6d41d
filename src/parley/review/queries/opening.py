"""What a number counts, as people read it: the inquiries and calls behind its places, each once.

    A 9/0 A 9/1 A 9/3   ─▶   A 9, its title, items 0, 1 and 3
    A 13?1              ─▶   A 13, its title, question 1
    A hot 3             ─▶   the call that was opened at A hot 3

Titles come from the lists (`view.db`) and are "" where their rows are late or the words destroyed. Of a large
number the first `MOST` are told; its table (CSV) has every place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.hotline.queries import calls_by_key
from parley.inquiries.queries import inquiries_by_id
from parley.ledger.reading import Reader
from parley.protocol.act import id_text
from parley.protocol.places import heard_place
from parley.review.queries.shown import Number, counts_calls
from parley.ui import callwords, words

MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An inquiry or a call behind a number, and which items or questions of it are counted."""

    place: str
    is_call: bool
    title: str
    items: tuple[int, ...]
    questions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first of what is behind a number; `more` how many inquiries or calls beside these."""

    behind: tuple[Behind, ...]
    more: int


def opening_of(reader: Reader, link: str, number: Number) -> Opening:
    """Return what is behind a number, in the order in which it is counted."""
    found = _grouped(number.places)
    shown = [*found][:MOST]
    is_call = counts_calls(number.name)
    titles = _titles(reader, link, shown, is_call=is_call)
    return Opening(
        behind=tuple(
            Behind(
                place=place,
                is_call=is_call,
                title=titles.get(place, ""),
                items=tuple(int(part[1:]) for part in found[place] if part[:1] == "/"),
                questions=tuple(int(part[1:]) for part in found[place] if part[:1] == "?"),
            )
            for place in shown
        ),
        more=len(found) - len(shown),
    )


def _grouped(places: Iterable[str]) -> Mapping[str, list[str]]:
    """Return by the place of an inquiry or call what follows it: ``/0`` of an item, ``?1`` of a question."""
    found: dict[str, list[str]] = {}
    for each in places:
        first = each.partition("/")[0].partition("?")[0]
        found.setdefault(first, []).append(each.removeprefix(first))
    return found


def _titles(reader: Reader, link: str, places: Iterable[str], *, is_call: bool) -> Mapping[str, str]:
    ids = {place: id_text(found) for place in places if (found := _statement(reader, link, place))}
    if is_call:
        calls = calls_by_key(f"{link}/{each}" for each in ids.values())
        return {
            place: words.label(calls[f"{link}/{each}"].what, callwords.WHATS)
            for place, each in ids.items()
            if f"{link}/{each}" in calls
        }
    rows = inquiries_by_id((link, each) for each in ids.values())
    return {place: rows[link, each].title for place, each in ids.items() if (link, each) in rows}


def _statement(reader: Reader, link: str, place: str) -> bytes | None:
    heard = heard_place(place)
    return None if heard is None else reader.find(link, heard.text)
