"""The fields of a form as the page draws them: with what was typed, or with what is proposed.

Whatever was typed is drawn again as it was typed, also what cannot be read. Nothing here
decides anything; what the values mean is told in `forms/saying`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import Letter
from parley.inquiries.forms.saying.desk import Posted
from parley.inquiries.forms.saying.findings import ALL, CELLS, Line, lines_of
from parley.inquiries.forms.saying.times import ZONES, Zones
from parley.inquiries.forms.saying.verbs import Field, Shape, Verb
from parley.inquiries.forms.saying.wording import field_label
from parley.inquiries.forms.telling import ground_text, items_text
from parley.inquiries.forms.typed import TypedError, read_items, spoken_items
from parley.inquiries.queries import EventRow, ItemRow
from parley.protocol.inquiries.codes import Clock, FindingCode, Lack, Measure
from parley.ui import times, words

LONG: Final = 100
"""More items than these are named by their numbers, and a line for all stands for their lines."""
GROUNDS: Final = 3
_SCORES: Final = 4
_ITEM_FIELDS: Final = frozenset({"url", "observed_at", "target_brand", "subject", "questions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that can be chosen. `about` is an address or a subject, shown defanged."""

    value: str
    text: str
    about: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of several inputs in a field: a field of the letter, a score, a further ground."""

    name: str
    label: str
    about: str = ""
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBlank:
    """A line of findings: its name in the form, its cells as typed, its choices."""

    name: str
    spoken: str
    """Of which item, and of several lines the how manyth; for those who hear the page."""
    cells: Mapping[str, str]
    codes: tuple[Option, ...]
    measures: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBlank:
    """The lines of one item, or of all that are ticked (`n` is then None)."""

    n: int | None
    name: str
    spoken: str
    about: str
    wants: str
    is_ticked: bool
    note: str
    lines: tuple[LineBlank, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A field. `shape` decides how it is drawn, and which of the others it needs."""

    name: str
    shape: str
    label: str
    is_needed: bool
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    items: tuple[ItemBlank, ...] = ()
    value: str = ""
    is_long: bool = False
    typed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a form is about: the items it may name, the letter, the clocks, the return that is answered."""

    items: Sequence[ItemRow]
    letter: Letter
    required: Mapping[str, tuple[str, ...]]
    clocks: Sequence[Clock]
    returned: EventRow | None
    zones: Zones
    sides: tuple[str, str]
    now: int


def blanks(verb: Verb, posted: Posted, matter: Matter) -> tuple[Blank, ...]:
    """Return the fields of the form of `verb`, with what `posted` says."""
    return tuple(_BLANKS[field.shape](field, posted, matter) for field in verb.fields)


def zone_options(matter: Matter, chosen: str) -> tuple[Option, ...]:
    """Return whose clock a time without a zone may be on."""
    ours, theirs = matter.zones.ours.offset(matter.now), matter.zones.theirs.offset(matter.now)
    texts = (
        f"{matter.sides[0]}{words.aside(times.offset_text(ours))}",
        f"{matter.sides[1]}{words.aside(times.offset_text(theirs))}",
        "UTC",
    )
    return tuple(
        Option(value=zone, text=text, is_chosen=zone == chosen)
        for zone, text in zip(ZONES, texts, strict=True)
    )


def ticked(posted: Posted) -> frozenset[str] | None:
    """Return the numbers of the items that are ticked; None: all."""
    texts = [text for text in posted.getlist("items") if text.strip()]
    if "all" in texts:
        return None
    try:
        found = read_items(",".join(texts)) if texts else []
    except TypedError:
        return frozenset()
    return frozenset(str(n) for n in found) if isinstance(found, list) else None


def _blank(field: Field, **more: object) -> Blank:
    return Blank(
        name=field.name,
        shape=field.shape.value,
        label=field_label(field.name),
        is_needed=field.is_needed,
        **more,  # type: ignore[arg-type] # each caller below fills in what its shape needs
    )


def _items(field: Field, posted: Posted, matter: Matter) -> Blank:
    chosen = ticked(posted)
    if len(matter.items) > LONG:
        value = ",".join(posted.getlist("items")) or spoken_items(item.n for item in matter.items)
        return _blank(field, value=value, is_long=True)
    options = tuple(
        Option(
            value=str(item.n),
            text=words.label(item.state, words.STATES),
            about=item.url or item.subject,
            is_chosen=chosen is None or str(item.n) in chosen,
        )
        for item in matter.items
    )
    return _blank(field, options=options)


def _options(codes: Iterable[str], chosen: Iterable[str], text: Callable[[str], str]) -> tuple[Option, ...]:
    picked = frozenset(chosen)
    return tuple(Option(value=code, text=text(code), is_chosen=code in picked) for code in codes)


def _values(field: Field) -> tuple[str, ...]:
    return tuple(str(code.value) for code in field.codes or ())


def _word(field: Field) -> Callable[[str], str]:
    if field.table == "GROUNDS":
        return _both_words
    labels: words.Labels = getattr(words, field.table)
    return lambda code: words.label(code, labels)


def _both_words(code: str) -> str:
    english, chinese = words.GROUNDS.get(code, (code, code))
    own, other = (chinese, english) if words.is_chinese() else (english, chinese)
    return f"{code} {own} · {other}"


def _code(field: Field, posted: Posted, _matter: Matter) -> Blank:
    chosen = (posted.get(field.name, ""),)
    return _blank(field, options=_options(_values(field), chosen, _word(field)))


def _codes(field: Field, posted: Posted, _matter: Matter) -> Blank:
    return _blank(field, options=_options(_values(field), posted.getlist(field.name), _word(field)))


def _grounds(field: Field, posted: Posted, _matter: Matter) -> Blank:
    chosen = [*posted.getlist(field.name), *[""] * GROUNDS][:GROUNDS]
    rows = tuple(
        Row(
            name=field.name,
            label=field_label(field.name),
            options=_options(_values(field), (code,), _both_words),
        )
        for code in (text.split()[0] if text.split() else "" for text in chosen)
    )
    return _blank(field, rows=rows)


def _time(field: Field, posted: Posted, matter: Matter) -> Blank:
    parts = {part: posted.get(f"{field.name}_{part}", "") for part in ("date", "time", "zone")}
    return _blank(
        field,
        value=posted.get(field.name, ""),
        typed=parts,
        options=zone_options(matter, parts["zone"]),
    )


def _clock(field: Field, posted: Posted, matter: Matter) -> Blank:
    codes = [clock.value for clock in matter.clocks]
    text = posted.get(field.name, "") or (codes[0] if len(codes) == 1 else "")
    return _blank(field, options=_options(codes, (text,), lambda code: words.label(code, words.CLOCKS)))


def _lacks(field: Field, posted: Posted, matter: Matter) -> Blank:
    kinds = {item.type for item in matter.items}
    required = {name: None for kind in kinds for name in matter.required.get(kind, ())}
    names = dict.fromkeys([*required, *words.FIELDS])
    rows = tuple(
        Row(
            name=f"lack.{name}",
            label=words.label(name, words.FIELDS),
            hint=_("required by the terms") if name in required else "",
            options=_options(
                (lack.value for lack in Lack),
                (posted.get(f"lack.{name}", ""),),
                lambda code: words.label(code, words.CODES),
            ),
        )
        for name in names
    )
    return _blank(field, rows=rows)


def _supplement(field: Field, posted: Posted, matter: Matter) -> Blank:
    return _blank(field, rows=tuple(_supplement_rows(posted, matter)))


def _supplement_rows(posted: Posted, matter: Matter) -> Iterator[Row]:
    said = matter.returned.said if matter.returned else {}
    fields = said.get("fields")
    named = said.get("items")
    numbers = set(named) if isinstance(named, list) else {item.n for item in matter.items}
    items = [item for item in matter.items if item.n in numbers]
    for each in fields if isinstance(fields, list) else ():
        code = str(each.get("field")) if isinstance(each, dict) else ""
        reason = words.label(str(each.get("reason")), words.CODES) if isinstance(each, dict) else ""
        is_each = code in _ITEM_FIELDS and 0 < len(items) <= LONG
        for item in items if is_each else (None,):
            name = f"supply.{code}" if item is None else f"supply.{item.n}.{code}"
            yield Row(
                name=name,
                label=words.label(code, words.FIELDS),
                about="" if item is None else f"{items_text(str(item.n))} · {item.url or item.subject}",
                hint=reason,
                value=posted.get(name, ""),
            )


def _scores(field: Field, posted: Posted, _matter: Matter) -> Blank:
    rows = tuple(
        Row(
            name=name,
            label=words.label(name, words.SCORES),
            options=_options(map(str, range(_SCORES)), (posted.get(name, ""),), str),
        )
        for name in words.SCORES
    )
    return _blank(field, rows=rows)


def _findings(field: Field, posted: Posted, matter: Matter) -> Blank:
    chosen = ticked(posted)
    lines: dict[str, list[Line]] = {}
    for line in lines_of(posted):
        lines.setdefault(line.item, []).append(line)
    is_long = len(matter.items) > LONG
    rows = [_item_blank(None, lines.get(ALL, []), note="", is_ticked=False)]
    for item in () if is_long else matter.items:
        name = str(item.n)
        rows.append(
            _item_blank(
                item,
                lines.get(name, []),
                note=posted.get(f"note.{name}", ""),
                is_ticked=chosen is None or name in chosen,
            )
        )
    value = ",".join(posted.getlist("items")) or spoken_items(item.n for item in matter.items)
    return _blank(
        field,
        items=tuple(rows),
        is_long=is_long,
        value=value,
        options=zone_options(matter, posted.get("zone", "")),
    )


def _item_blank(item: ItemRow | None, lines: Sequence[Line], *, note: str, is_ticked: bool) -> ItemBlank:
    name = ALL if item is None else str(item.n)
    spoken = _("all ticked items") if item is None else items_text(name)
    typed = lines or [Line(item=name, place=0, cells=dict.fromkeys(CELLS, ""))]
    return ItemBlank(
        n=None if item is None else item.n,
        name=name,
        spoken=spoken,
        about="" if item is None else item.url or item.subject,
        wants="" if item is None else words.labelled(item.wants, words.WANTS),
        is_ticked=is_ticked,
        note=note,
        lines=tuple(_line_blank(line, of=spoken) for line in typed),
    )


def _line_blank(line: Line, *, of: str) -> LineBlank:
    return LineBlank(
        name=line.name,
        spoken=of if line.place == 0 else f"{of} ({line.place + 1})",
        cells=line.cells,
        codes=_options(
            (code.value for code in FindingCode),
            (line.cells["code"],),
            lambda code: words.label(code, words.FINDINGS),
        ),
        measures=_options(
            (measure.value for measure in Measure),
            (line.cells["measure"],),
            lambda code: words.label(code, words.MEASURES),
        ),
    )


def chosen_grounds(codes: Iterable[str]) -> str:
    """Return the grounds that are chosen, with their words."""
    return words.listed(ground_text(code) for code in codes if code)


_BLANKS: Final[Mapping[Shape, Callable[[Field, Posted, Matter], Blank]]] = {
    Shape.ITEMS: _items,
    Shape.CODE: _code,
    Shape.CODES: _codes,
    Shape.GROUNDS: _grounds,
    Shape.TIME: _time,
    Shape.CLOCK: _clock,
    Shape.LACKS: _lacks,
    Shape.SUPPLEMENT: _supplement,
    Shape.FINDINGS: _findings,
    Shape.SCORES: _scores,
}
