"""The clauses of an outcome list in a terminal: every wording with how it stands, and what each side froze.

A clause stands under its number in the list, in both languages, which are equally authentic; what is offered
instead of it stands beside it, by the place of the statement that an answer names.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue
from parley.dialogue.queries import RoundDossier, StatementRow
from parley.dialogue.views.fields import written
from parley.inquiries.forms.telling import side_word
from parley.links.policy import whose
from parley.protocol.dialogue.outcome import OutcomeList
from parley.ui import dialoguewords, words

OFFERS = ("outcome.clause_proposed", "outcome.amended")


def clause_lines(dossier: RoundDossier) -> Iterator[str]:
    """Yield each wording that was offered: its number, its place, by whom, how it stands, both texts."""
    for row in _offers(dossier):
        instead = _("instead of %(place)s") % {"place": row.answers} if row.kind == OFFERS[1] else ""
        status = words.label(row.status, dialoguewords.OFFER_STATES)
        told = (str(_number(row)), row.place, side_word(row.whose), instead, status)
        yield words.clauses(filter(None, told))
        texts = (_("to be struck out"),) if row.clause is None else (row.clause.en, row.clause.zh)
        yield from (f"    {text}" for text in texts)


def freezing_lines(dossier: RoundDossier, found: OutcomeList) -> Iterator[str]:
    """Yield which list each side froze, with the second of its release, and when each made it public."""
    for node in found.nodes:
        side = side_word(whose(node, me=dossier.link.row.me))
        if (frozen := found.frozen.get(node)) is not None:
            told = {"at": written(frozen.release), "digest": frozen.digest}
            yield words.said_of(side, _("frozen, to be made public at %(at)s; digest %(digest)s") % told)
        if (released := found.released.get(node)) is not None:
            at = written(released.effective)
            yield words.said_of(side, _("made public at %(at)s") % {"at": at})


def clauses_json(dossier: RoundDossier) -> list[JsonValue]:
    """Return each wording that was offered, for `--json`."""
    return [
        {
            "place": _number(row),
            "statement": row.statement,
            "statement_place": row.place,
            "answers": row.answers,
            "status": row.status,
            "en": None if row.clause is None else row.clause.en,
            "zh": None if row.clause is None else row.clause.zh,
        }
        for row in _offers(dossier)
    ]


def _offers(dossier: RoundDossier) -> Iterator[StatementRow]:
    rows = (row for row in dossier.statements if row.kind in OFFERS and row.is_valid)
    yield from sorted(rows, key=_number)


def _number(row: StatementRow) -> int:
    """Return where it is to stand in the list; what is in effect says so."""
    number = row.said.get("place")
    return number if isinstance(number, int) else 0
