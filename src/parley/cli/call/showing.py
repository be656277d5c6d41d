"""parley call show: the five fields in both languages, both ladders, and what both sides said.

The codes stand in English and Chinese beside each other, as on the page: they are understood before
anybody translates. Addresses are shown defanged, so that nothing that reads a terminal makes a link of them.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.case import find_call
from parley.cli.call.listing import call_json, owed_lines, standing_text
from parley.cli.call.noun import verb
from parley.cli.exits import Exit
from parley.cli.governing import clauses_text, governing_json, governing_text
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.cli.output import JsonValue, Rows, result
from parley.cli.timeline import as_effective, hand
from parley.gates.table.translate import defang
from parley.guidelines.queries import Governing, governing
from parley.hotline.forms.five import FiveFields
from parley.hotline.forms.telling import near_words, said_text
from parley.hotline.policy import Stand
from parley.hotline.queries import Dossier, InquirySummary, StatementRow, dossier_of
from parley.inquiries.forms.telling import kind_text, side_word
from parley.ledger.readers import OpenLink, side_name
from parley.links.policy import Whose
from parley.protocol.act import read_id, short_id
from parley.protocol.hotline.account import account
from parley.ui import callwords, words
from parley.ui.words import Labels
from parley.work import clock


@verb(_("Show one call: the five fields, both ladders, and what was said."), name="show")
def show(
    name: Annotated[
        str, typer.Argument(metavar="CALL", help=_("Its place (A-hot-3), its id, or the registry number."))
    ],
    *,
    link: Link = None,
) -> int:
    now = clock.now()
    with reading() as reader:
        row, thread, _named, _call = find_call(reader, name, link=link)
        bring_up_to_date(reader)
        opened = OpenLink(row=row, terms=reader.terms(row.name))
        dossier = dossier_of(reader, opened, thread, now=now)
        governed = governing(reader, row, thread)
    result(
        {**_as_json(dossier), "guideline": governing_json(governed)},
        *_head(dossier),
        _governed(governed),
        "",
        _fields(dossier.text.fields),
        "",
        *_ladders(dossier),
        "",
        _timeline(dossier),
        *_said(dossier),
    )
    return Exit.DONE


def _head(dossier: Dossier) -> Iterator[str]:
    row = dossier.row
    direction = _("ours, to %(side)s") if row.is_ours else _("theirs, from %(side)s")
    yield " · ".join(
        (
            row.place,
            short_id(read_id(row.call)),
            words.label(row.nature, callwords.NATURES),
            words.urgency(row.urgency),
            direction % {"side": side_name(dossier.link.row)},
        )
    )
    yield words.said_of(_("Called"), words.label(row.level, callwords.LEVELS))
    if dossier.inquiry is not None:
        yield words.said_of(_("From the inquiry"), _cited(dossier.inquiry))
    elif row.inquiry:
        yield words.said_of(_("From the inquiry"), short_id(read_id(row.inquiry)))
    if row.scope:
        yield words.said_of(_("Test of scope"), words.label(row.scope, callwords.SCOPE))
    if row.authority:
        yield words.said_of(_("Calling authority"), row.authority)
    yield words.said_of(_("State"), standing_text(row, now=dossier.now))
    yield from owed_lines(row)
    if row.ends_at is not None and not row.is_one_sided(dossier.now):
        yield _("Becomes a one-sided record at %(at)s.") % {"at": words.instant(row.ends_at)}
    if dossier.is_stopped:
        yield _("The hotline is suspended: nobody is rung.")


def _governed(found: Governing | None) -> str:
    """Return the guideline by whose limits the call runs, and its clauses that say them."""
    clauses = "" if found is None else clauses_text(found.clauses("hotline/limits"))
    return governing_text(found, clauses=clauses)


def _cited(found: InquirySummary) -> str:
    """Return the inquiry that led to the call: where it stands, how its items do, what was said last."""
    row = found.inquiry
    states = words.listed(
        f"{count} {words.label(state, words.STATES)}" for state, count in row.states.items()
    )
    last = found.last[0]
    said = f"{words.instant(last.effective)} {kind_text(last.kind)}"
    return " · ".join(filter(None, (row.place, row.title, states, said)))


def _fields(fields: FiveFields | None) -> Rows:
    titles = (_("Field"), "English", "中文")
    if fields is None:
        return Rows(titles=titles, rows=())
    named = _("(its words are not here)") if fields.object is None else defang(fields.object)
    object_words = [f"{word} {named}".strip() for word in _both(fields.subject.value, callwords.SUBJECTS)]
    when = f"{words.instant(fields.since)} → {words.instant(fields.by)}"
    asks = [_both(each.value, callwords.ASKS) for each in fields.ask]
    values = {
        "what": _both(fields.what.value, callwords.WHATS),
        "object": object_words,
        "where": _both(fields.where.value, callwords.WHERES),
        "when": (when, when),
        "ask": (", ".join(en for en, _zh in asks), "、".join(zh for _en, zh in asks)),
    }
    rows = ((" ".join(_both(name, callwords.FIELDS)), *both) for name, both in values.items())
    return Rows(titles=titles, rows=tuple(rows))


def _both(code: str, labels: Labels) -> tuple[str, str]:
    return labels.get(code, (code, code))


def _ladders(dossier: Dossier) -> Iterator[str | Rows]:
    titles = (_("Ladder"), _("Rung"), _("After"), _("State"), _("When"), _("Rung for"))
    rows = tuple(
        (
            side_word(side),
            words.label(each.rung, callwords.RUNGS),
            "–" if each.minutes is None else _("%(count)d min") % {"count": each.minutes},
            _stand(each.stand),
            words.instant(each.at) if each.again_at is None else _again(each.at, each.again_at),
            words.label(each.cause, callwords.CALLED_FOR),
        )
        for side, ladder in dossier.ladders.items()
        for each in ladder
    )
    if rows:
        yield Rows(titles=titles, rows=rows)


def _again(at: int | None, again_at: int) -> str:
    told = {"at": words.instant(at), "again": words.instant(again_at)}
    return _("%(at)s, and is rung anew at %(again)s") % told


def _stand(stand: Stand) -> str:
    match stand:
        case Stand.RINGING:
            return _("rings")
        case Stand.WAITING:
            return _("will ring")
        case Stand.TAKEN:
            return _("took the call")
        case Stand.QUIET:
            return _("quiet")


def _timeline(dossier: Dossier) -> Rows:
    titles = (_("Place"), _("When"), _("Who"), _("What"), _("Proved"))
    rows = tuple(
        (
            each.place,
            words.instant(each.effective),
            hand(is_ours=each.whose is Whose.US, role=each.role, number=each.officer, signers=each.signers),
            _what(each),
            _proof(each),
        )
        for each in dossier.statements
    )
    return Rows(titles=titles, rows=rows)


def _what(row: StatementRow) -> str:
    parts = [
        *filter(None, [said_text(row.kind, row.said, instant=words.instant)]),
        *([_("to %(place)s") % {"place": row.answers}] if row.kind == "call.said" and row.answers else []),
        *([_("number %(ref)s") % {"ref": row.ref}] if row.ref else []),
        *([_("crossed")] if row.crossed else []),
        *_reading(row),
        *([_("held by both") if row.holds else _("not read back by both")] if row.holds is not None else []),
        *([_("its words are not those of its marks")] if row.is_marked_truly is False else []),
    ]
    told = words.said_of(kind_text(row.kind), words.clauses(parts)) if parts else kind_text(row.kind)
    return as_effective(told, verdict=row.verdict)


def _reading(row: StatementRow) -> Iterator[str]:
    if row.reading is None:
        return
    if row.reading.is_right:
        yield _("the same")
    for miss in row.reading.misses:
        near = near_words(miss, row.reading.near)
        told = words.label(miss, callwords.FIELDS)
        yield _("differs: %(field)s") % {"field": told} + (words.aside(near) if near else "")


def _proof(row: StatementRow) -> str:
    """Return what is proved of a statement: of theirs that it is here, of ours what their node signed."""
    if row.whose is Whose.THEM:
        return _("held here")
    if row.received_at is not None:
        return _("received there %(at)s") % {"at": words.instant(row.received_at)}
    return _("at their node") if row.is_at_their_node else _("saved")


def _said(dossier: Dossier) -> Iterator[str]:
    """Yield what was said in words, under the place of the statement."""
    for each in dossier.statements:
        if each.text is not None:
            yield f"{each.place}  {each.text.text}"
        if each.reading is not None and each.reading.fields is not None and each.reading.misses:
            typed = each.reading.fields.object or "–"
            yield f"{each.place}  " + _("typed: %(object)s") % {"object": defang(typed)}
        lines = each.lines or (each.reading.lines if each.reading is not None else ())
        yield from (f"{each.place}  {number}. {line}" for number, line in enumerate(lines, start=1))


def _as_json(dossier: Dossier) -> dict[str, JsonValue]:
    return {
        "call": call_json(dossier.row, now=dossier.now),
        "account": None if dossier.call is None else account(dossier.call),
        "fields": _five_json(dossier.text.fields),
        "ladders": {side.value: [asdict(each) for each in rows] for side, rows in dossier.ladders.items()},
        "timeline": [_statement_json(each) for each in dossier.statements],
        "inquiry": _inquiry_json(dossier.inquiry),
        "is_stopped": dossier.is_stopped,
    }


def _inquiry_json(found: InquirySummary | None) -> JsonValue:
    if found is None:
        return None
    row = found.inquiry
    last: list[JsonValue] = [
        {"place": each.place, "kind": each.kind, "effective": each.effective} for each in found.last
    ]
    return {"place": row.place, "title": row.title, "states": dict(row.states), "last": last}


def _five_json(fields: FiveFields | None) -> JsonValue:
    if fields is None:
        return None
    return {
        "what": fields.what.value,
        "object": {"type": fields.subject.value, "value": fields.object},
        "where": fields.where.value,
        "since": fields.since,
        "by": fields.by,
        "ask": [each.value for each in fields.ask],
    }


def _statement_json(row: StatementRow) -> JsonValue:
    reading: JsonValue = None
    if row.reading is not None:
        near = {name: found.near.value for name, found in row.reading.near.items()}
        reading = {
            "of": row.reading.of,
            "misses": list(row.reading.misses),
            "near": near,
            "fields": _five_json(row.reading.fields),
            "lines": list(row.reading.lines),
        }
    return {**asdict(row), "fields": _five_json(row.fields), "reading": reading}
