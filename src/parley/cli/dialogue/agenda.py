"""A round in a terminal: plan, agenda, who comes, what was reported, stated and decided, what is next.

Both languages of every text stand here, since they are equally authentic. The order is that in which it
was said.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cli.dialogue.telling import unequal_lines
from parley.dialogue.queries import RoundDossier, StatementRow
from parley.dialogue.views.naming import named_by
from parley.inquiries.forms.telling import code_text, side_word
from parley.links.policy import Whose
from parley.ui import dialoguewords, words


def round_lines(dossier: RoundDossier) -> Iterator[str]:
    """Yield what both want of a round, and what each side has said of it alone."""
    row = dossier.row
    yield words.said_of(_("Host"), side_word(row.host))
    yield words.said_of(_("Begins"), words.instant(row.begins))
    yield words.said_of(_("Ends"), words.instant(row.ends))
    yield from filter(None, (row.place_en, row.place_zh))
    yield from _agreed(dossier, "round.item_proposed", heading=_("Agenda"))
    yield from _delegations(dossier)
    yield from _agreed(dossier, "round.group_reported", heading=_("Reports of working groups"))
    yield from _views(dossier)
    yield from _agreed(dossier, "round.decided", heading=_("Decisions of both"))
    yield from _agreed(dossier, "round.next_proposed", heading=_("The next round"))


def _agreed(dossier: RoundDossier, kind: str, *, heading: str) -> Iterator[str]:
    offers = (row for row in dossier.statements if row.kind == kind and row.status == "agreed")
    rows = sorted(offers, key=lambda row: row.said_order)
    names = named_by(dossier.row.link, rows)
    if rows:
        yield f"{heading}:"
    for row in rows:
        named = (each.text for each in names.get(row.statement, ()))
        yield "  " + words.clauses(filter(None, (row.place, _about(row), *named)))
        for each in row.told.texts:
            yield from (f"    {text}" for text in (each.en, each.zh, *unequal_lines([each])))


def _about(row: StatementRow) -> str:
    """Return what the act of an agreed offer says beside its texts."""
    said = row.said
    group, begins = said.get("group"), said.get("begins")
    if isinstance(begins, int):
        return words.instant(begins)
    return str(group) if isinstance(group, str) else code_text(said.get("source"), dialoguewords.SOURCES)


def _delegations(dossier: RoundDossier) -> Iterator[str]:
    for side in Whose:
        rows = (row for row in dossier.statements if row.kind == "round.delegated" and row.is_valid)
        newest = next((row for row in [*rows][::-1] if row.whose is side), None)
        if newest is not None:
            yield words.said_of(_("Delegation, %(side)s") % {"side": side_word(side)}, _members(newest))


def _members(row: StatementRow) -> str:
    match row.said:
        case {"chair": str(chair), "members": list(members)}:
            counted = (
                f"{words.label(str(each['role']), dialoguewords.ROLES)} × {each['count']}"
                for each in members
                if isinstance(each, dict)
            )
            chaired = _("co-chair: %(role)s") % {"role": words.label(chair, dialoguewords.ROLES)}
            return words.clauses([chaired, *counted])
        case _:
            return "–"


def _views(dossier: RoundDossier) -> Iterator[str]:
    rows = [row for row in dossier.statements if row.kind == "round.stated" and row.is_valid]
    if rows:
        yield _("Views on record; they bind nobody") + ":"
    for row in rows:
        said = "" if row.told.words is None else row.told.words.text
        stance = code_text(row.said.get("stance"), dialoguewords.STANCES)
        yield "  " + words.clauses(filter(None, (row.place, side_word(row.whose), stance, said)))
