"""The outcome list on the page of its round: agreed clauses, what is on the table, who released the list.

What both agreed to do stands in a clause for everybody to read; that it is done is followed as a commitment.
So a clause leads to the form of one, filled in, and once there is one with its words, to that.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from parley.dialogue.policy import waiting
from parley.dialogue.queries import CommitmentRow, RoundDossier, StatementRow, Wanted, list_commitments
from parley.dialogue.queries.stopping import stop_of
from parley.dialogue.views.sheet import parties_of
from parley.dialogue.views.showing import Button, Shown, buttons_of
from parley.ledger.readers import reader_of
from parley.links.policy import Whose
from parley.links.queries.suspending import Suspension
from parley.protocol.dialogue.bodies import Amended, Clause
from parley.protocol.dialogue.clause import Text

COMMITMENT: Final = "commitment.proposed"
MOST_OFFERED: Final = 50
"""So many wordings that wait are shown at once; of what a partner offers there is no end."""
MOST: Final = 200
"""So many commitments under a round are compared with its clauses, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """An agreed clause, the commitment with its words under this round, and else where one is proposed."""

    place: int
    text: Shown
    commitment: CommitmentRow | None
    propose_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A wording that waits for an answer, where it is to stand, and what it is to replace, if anything.

    `text` is None where a clause is to be struck out.
    """

    place: int
    row: StatementRow
    text: Shown | None
    before: Shown | None
    is_ours: bool
    """Whether the answer is ours to give."""
    buttons: tuple[Button, ...]


def outcome_of(dossier: RoundDossier) -> dict[str, object]:
    """Return what the page of a round shows of its outcome list beside how far it is."""
    offered = _on_the_table(dossier)
    return {
        "clauses": _clauses(dossier),
        "offered": offered[:MOST_OFFERED],
        "offered_more": len(offered) - len(offered[:MOST_OFFERED]),
        "offered_to_us": sum(each.is_ours for each in offered),
        "offered_to_them": sum(not each.is_ours for each in offered),
        "released": _released(dossier),
        "stop": _stop(dossier),
    }


def _stop(dossier: RoundDossier) -> Suspension | None:
    """Return under which suspension nobody releases the list, as long as that is still to be done here."""
    reader = reader_of(settings.HOME)
    is_due = dossier.round is not None and dossier.link.row.me not in dossier.round.outcome.released
    return stop_of(dossier, reader) if is_due and reader is not None else None


def _on_the_table(dossier: RoundDossier) -> list[OfferLine]:
    """Return the wordings that wait for an answer, in the order of the list, ours to answer before theirs."""
    if dossier.round is None:
        return []
    made = ((each.fact, each.fact.said) for each in waiting(dossier.round))
    found = [
        OfferLine(
            place=said.place,
            row=row,
            text=_shown(said.both),
            before=_shown(before.clause) if (before := dossier.at(fact.re)) else None,
            is_ours=row.whose is Whose.THEM,
            buttons=buttons_of(row),
        )
        for fact, said in made
        if isinstance(said, Clause | Amended) and (row := dossier.at(fact.id)) is not None
    ]
    return sorted(found, key=lambda each: (each.place, not each.is_ours, each.row.said_order))


def _shown(text: Text | None) -> Shown | None:
    return None if text is None else Shown(en=text.en, zh=text.zh)


def _clauses(dossier: RoundDossier) -> list[ClauseLine]:
    agreed = () if dossier.round is None else dossier.round.outcome.clauses
    texts = [(each.said.place, Shown(en=both.en, zh=both.zh)) for each in agreed if (both := each.said.both)]
    made = _promised(dossier) if texts else {}
    return [
        ClauseLine(
            place=place,
            text=text,
            commitment=made.get((text.en, text.zh)),
            propose_href=_form(dossier, text),
        )
        for place, text in texts
    ]


def _promised(dossier: RoundDossier) -> dict[tuple[str, str], CommitmentRow]:
    row = dossier.row
    wanted = Wanted(link=row.link, round=row.statement)
    found = list_commitments(wanted, now=dossier.now, limit=MOST).rows
    # Of several with the same words the oldest that binds, or may still, is meant.
    return {(each.text_en, each.text_zh): each for each in found if each.is_open or each.state == "fulfilled"}


def _form(dossier: RoundDossier, text: Shown) -> str:
    terms, row = dossier.link.terms, dossier.row
    if terms is None or COMMITMENT not in terms.kinds:
        return ""
    query = urlencode({"en": text.en, "zh": text.zh, "round": row.place_path})
    return f"{reverse('dialogue:new_commitment', kwargs={'link': row.link})}?{query}"


def _released(dossier: RoundDossier) -> list[tuple[str, int]]:
    """Return who has made the list public and when, ours first."""
    row = dossier.link.row
    done = {} if dossier.round is None else dossier.round.outcome.released
    names = parties_of(dossier.link)
    sides = ((row.me, row.my_letter), (row.peer, row.their_letter))
    return [(names[letter], done[node].effective) for node, letter in sides if node in done]
