"""parley inquiry show: one inquiry, item by item, clock by clock, statement by statement.

Addresses are shown defanged, so that nothing that reads a terminal makes a link of them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.governing import clauses_text, governing_json, governing_text
from parley.cli.inquiry.listing import inquiry_json, move_text, standing_text
from parley.cli.inquiry.noun import verb
from parley.cli.inquiry.timing import why
from parley.cli.looking import Link, bring_up_to_date, find_statement, reading
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.timeline import as_effective, hand
from parley.gates.table.translate import defang
from parley.guidelines.queries import Governing, governing
from parley.inquiries.forms.letter import Letter, Remark, Text, read_letter, read_remark
from parley.inquiries.forms.telling import (
    REPLIES,
    finding_text,
    ground_text,
    items_text,
    kind_text,
    said_text,
)
from parley.inquiries.queries import Dossier, EventRow, ItemRow, UnknownInquiryError, show_inquiry
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.signatures import signers_of
from parley.protocol.act import id_text, read_id, short_id
from parley.ui import words
from parley.work import clock


@verb(_("Show one inquiry: items, clocks, and what was said."), name="show")
def show(
    name: Annotated[
        str, typer.Argument(metavar="INQUIRY", help=_("Its place (A-112), its id, or the registry number."))
    ],
    *,
    link: Link = None,
) -> int:
    now = clock.now()
    with reading() as reader:
        row, statement = find_statement(reader, name, link=link)
        entry = reader.row(row.name, statement)
        bring_up_to_date(reader)
        try:
            thread = id_text(entry.thread) if entry and entry.thread else id_text(statement)
            dossier = show_inquiry(row.name, thread)
        except UnknownInquiryError as error:
            raise FaultError(
                "no_inquiry",
                Exit.NOT_FOUND,
                what=_("“%(name)s” belongs to no inquiry.") % {"name": name},
                do=_("Look at: parley inquiry list."),
            ) from error
        letter = read_letter(reader.body(row.name, read_id(thread)))
        remarks = {
            event.statement: read_remark(reader.body(row.name, read_id(event.statement)))
            for event in dossier.events
            if event.kind != "inquiry.sent"
        }
        proofs = {event.statement: _proof(reader, row, event) for event in dossier.events}
        signers = {
            id_text(each.statement): signers_of(reader, row, each)
            for each in reader.rows(row.name, thread=read_id(thread))
        }
        governed = governing(reader, row, read_id(thread))
    result(
        {
            **_as_json(dossier, letter, remarks, signers=signers, now=now),
            "guideline": governing_json(governed),
        },
        *_head(dossier, letter, row, now=now),
        governing_text(governed),
        "",
        _items(dossier, letter),
        "",
        _clocks(dossier, governed, now=now),
        "",
        _timeline(dossier, row, proofs=proofs, signers=signers),
        *_said(dossier, remarks),
    )
    return Exit.DONE


def _proof(reader: Reader, link: LinkRow, event: EventRow) -> str:
    """Return what is proved of a statement: of theirs that it is here, of ours what their node signed."""
    if event.letter != link.my_letter:
        return _("held here")
    if event.received_at is not None:
        return _("received there %(at)s") % {"at": words.instant(event.received_at)}
    if reader.is_receipted(link.name, event.place):
        return _("at their node")
    return _("saved")


def _head(dossier: Dossier, letter: Letter, link: LinkRow, *, now: int) -> Iterable[str]:
    row = dossier.inquiry
    short = short_id(read_id(row.inquiry))
    yield f"{row.place} · {short} · {row.title or _('no title')}"
    direction = _("ours, to %(side)s") if row.is_ours else _("theirs, from %(side)s")
    parts = [
        direction % {"side": side_name(link)},
        words.label(row.item, words.COOPERATION),
        words.urgency(row.urgency),
        _("our number %(ref)s") % {"ref": row.ref if row.is_ours else row.their_ref}
        if (row.ref if row.is_ours else row.their_ref)
        else "",
        _("their number %(ref)s") % {"ref": row.their_ref if row.is_ours else row.ref}
        if (row.their_ref if row.is_ours else row.ref)
        else "",
        _("batch %(batch)s, %(count)d inquiries") % {"batch": row.batch_ref, "count": row.batch_count}
        if row.batch_ref
        else "",
    ]
    yield " · ".join(filter(None, parts))
    yield from _cover(letter)
    yield _("Items: %(states)s. Next move: %(move)s.") % {
        "states": standing_text(row, now=now),
        "move": move_text(row),
    }


def _cover(letter: Letter) -> Iterable[str]:
    lines = (
        (_("From"), _text(letter.authority)),
        (_("Case"), letter.case or ""),
        (_("Purpose"), _text(letter.purpose)),
        (_("Facts"), _text(letter.facts)),
        (_("Legal basis"), words.clauses(letter.legal_basis)),
        (_("Reason for the urgency"), _text(letter.urgency_reason)),
        (_("Handling"), f"TLP:{letter.tlp}" if letter.tlp else ""),
    )
    return (f"{name}: {said}" for name, said in lines if said)


def _text(text: Text | None) -> str:
    return "" if text is None else text.text


def _items(dossier: Dossier, letter: Letter) -> Rows:
    titles = (_("Item"), _("State"), _("About"), _("Wanted"), _("Found"))
    rows = tuple(
        (
            str(item.n),
            words.label(item.state, words.STATES) + (f" ({_('crossed')})" if item.is_crossed else ""),
            _about(item, letter),
            words.labelled(item.wants, words.WANTS),
            found_text(item),
        )
        for item in dossier.items
    )
    return Rows(titles=titles, rows=rows)


def _about(item: ItemRow, letter: Letter) -> str:
    what = defang(item.url) if item.url else f"{item.subject_kind} {item.subject}".strip()
    note = letter.items[item.n].note if item.n < len(letter.items) else None
    seen = _("seen %(at)s") % {"at": words.instant(item.observed_at)} if item.observed_at is not None else ""
    return " · ".join(filter(None, [what, item.brand, seen, _text(note).replace("\n", "; ")]))


def found_text(item: ItemRow) -> str:
    """Return what was found about an item, or on which grounds it was refused."""
    found = [finding_text(finding, instant=words.instant) for finding in item.findings]
    return words.clauses([*found, *map(ground_text, item.grounds)])


def _clocks(dossier: Dossier, governed: Governing | None, *, now: int) -> Rows:
    titles = (_("Clock"), _("Items"), _("Due"), _("Stands"), _("Why"))
    places = {event.statement: event.place for event in dossier.events}

    def clause(clock: str) -> str:
        path = f"clocks/{clock}/{dossier.inquiry.urgency}"
        return "" if governed is None else clauses_text(governed.clauses(path))

    rows = tuple(
        (
            words.label(timer.clock, words.CLOCKS),
            items_text(timer.items),
            words.instant(timer.due_at),
            _phase(timer.phase.value, timer.due_at, now=now),
            words.clauses(filter(None, (clause(timer.clock), why(timer, places)))),
        )
        for timer in dossier.timers
    )
    return Rows(titles=titles, rows=rows)


def _phase(phase: str, due_at: int | None, *, now: int) -> str:
    if phase == "running" and due_at is not None and due_at < now:
        return _("overdue")
    return words.label(phase, words.PHASES)


def _timeline(
    dossier: Dossier, link: LinkRow, *, proofs: dict[str, str], signers: dict[str, tuple[int, ...]]
) -> Rows:
    titles = (_("Place"), _("When"), _("Who"), _("What"), _("Proved"))
    places = {event.statement: event.place for event in dossier.events}
    rows = tuple(
        (
            event.place,
            words.instant(event.effective),
            hand(
                is_ours=event.letter == link.my_letter,
                role=event.role,
                number=event.officer,
                signers=signers.get(event.statement, ()),
            ),
            _what(event, places),
            proofs[event.statement],
        )
        for event in dossier.events
    )
    return Rows(titles=titles, rows=rows)


def _what(event: EventRow, places: dict[str, str]) -> str:
    kind = kind_text(event.kind)
    said = said_text(event.kind, event.said, instant=words.instant)
    on = places.get(event.answers)
    first = event.answers and on is not None and event.kind in REPLIES
    parts = [
        kind,
        *([said] if said else []),
        *([_("to %(place)s") % {"place": on}] if first else []),
        *([_("number %(ref)s") % {"ref": event.ref}] if event.ref else []),
    ]
    if event.verdict == "valid":
        first_two = words.said_of(*parts[:2]) if len(parts) > 1 else parts[0]
        return words.listed([first_two, *parts[2:]])
    return as_effective(words.listed(parts), verdict=event.verdict)


def _said(dossier: Dossier, remarks: dict[str, Remark]) -> Iterable[str]:
    """Return what was said in words, under the place of the statement."""
    for event in dossier.events:
        remark = remarks.get(event.statement, Remark())
        lines = [_text(remark.text)] if remark.text else []
        for item, field, text in remark.fields:
            name = words.label(field, words.FIELDS)
            lines.append(
                f"{name}: {text.text}" if item is None else f"{items_text(str(item))} · {name}: {text.text}"
            )
        lines += [words.said_of(items_text(str(item)), text.text) for item, text in remark.notes]
        yield from (f"{event.place}  {line}" for line in lines)


def _as_json(
    dossier: Dossier,
    letter: Letter,
    remarks: dict[str, Remark],
    *,
    signers: dict[str, tuple[int, ...]],
    now: int,
) -> dict[str, JsonValue]:
    return {
        "inquiry": inquiry_json(dossier.inquiry, now=now),
        "letter": asdict(letter) | {"items": [asdict(item) for item in letter.items]},
        "items": [asdict(item) | {"crossed": item.is_crossed} for item in dossier.items],
        "timers": [asdict(timer) | {"phase": timer.phase.value} for timer in dossier.timers],
        "timeline": [
            asdict(event)
            | {
                "signers": [*signers.get(event.statement, ())],
                "words": asdict(remarks[event.statement]) if event.statement in remarks else None,
            }
            for event in dossier.events
        ],
    }
