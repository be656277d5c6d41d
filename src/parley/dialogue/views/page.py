"""The page of one commitment or round, the same on both sides: how it stands, whose move it is."""

import uuid
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.queries import CommitmentDossier, RoundDossier, Suggestion, suggestions
from parley.dialogue.views.finding import SoonError, find_thread
from parley.dialogue.views.saying import parties_of
from parley.dialogue.views.showing import buttons_of, lines_of, moves_of, owners_of
from parley.ledger.readers import side_name
from parley.protocol.dialogue.account import digest
from parley.protocol.dialogue.bodies import ItemProposed
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.offers import Status
from parley.ui import dialoguewords, words


@require_safe
def commitment(request: PersonRequest, link: str, place: str) -> HttpResponse:
    return _page(request, link, place, sort=CommitmentDossier)


@require_safe
def round_(request: PersonRequest, link: str, place: str) -> HttpResponse:
    return _page(request, link, place, sort=RoundDossier)


def _page(
    request: PersonRequest, link: str, place: str, *, sort: type[CommitmentDossier | RoundDossier]
) -> HttpResponse:
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place})
    if not isinstance(dossier, sort):
        raise Http404
    side = side_name(dossier.link.row)
    lines = lines_of(dossier, sides=parties_of(dossier.link))
    saved = request.GET.get("saved", "").replace("-", " ")
    page: dict[str, object] = {
        "row": dossier.row,
        "dossier": dossier,
        "side": side,
        "sides": parties_of(dossier.link),
        "moves": moves_of(dossier.row),
        "lines": lines,
        "buttons": buttons_of(dossier.opening),
        "texts": dossier.opening.told.texts,
        "is_true": dossier.opening.told.is_true,
        "saved": next((line for line in lines if line.row.place == saved and line.is_own), None),
        "early": "early" in request.GET,
        "may_act": may_act(request.officer.role),
        "digest": "" if dossier.folded is None else digest(dossier.folded).hex(),
    }
    if isinstance(dossier, CommitmentDossier):
        return render(request, "dialogue/commitment.html", page | _of_commitment(dossier, side=side))
    return render(request, "dialogue/round.html", page | _of_round(dossier))


def _of_commitment(dossier: CommitmentDossier, *, side: str) -> dict[str, object]:
    row = dossier.row
    reports = [
        (
            who.value == "us",
            words.label(report.standing, dialoguewords.STANDINGS),
            words.label(report.word, dialoguewords.REPORT_WORDS),
            report.at,
        )
        for who, report in row.reports.items()
    ]
    return {
        "state": words.label(row.state, dialoguewords.COMMITMENT_STATES),
        "owners": owners_of(row, side=side),
        "is_overdue": row.is_overdue(dossier.now),
        "reports": reports,
    }


def _of_round(dossier: RoundDossier) -> dict[str, object]:
    row, meeting = dossier.row, dossier.round
    listed: list[tuple[int, Text]] = []
    items: list[tuple[str, Text | None]] = []
    if meeting is not None:
        listed = [(each.said.place, text) for each in meeting.outcome.clauses if (text := each.said.both)]
        agreed = [made for made in meeting.offers.of(ItemProposed) if made.status is Status.AGREED]
        found = [(dossier.at(made.fact.id), made.fact.said) for made in agreed]
        items = [
            (
                words.label(said.source.value, dialoguewords.SOURCES),
                None if line is None else line.told.text(),
            )
            for line, said in found
            if isinstance(said, ItemProposed)
        ]
    may_offer = "round.item_proposed" in dossier.opening.may
    is_released = meeting is not None and dossier.link.row.me in meeting.outcome.released
    return {
        "state": words.label(row.state, dialoguewords.ROUND_STATES),
        "outcome_state": words.label(row.outcome, dialoguewords.OUTCOME_STATES),
        "suggested": [_suggested(each) for each in suggestions(dossier)] if may_offer else [],
        "clauses": listed,
        "items": items,
        "may_freeze": "outcome.frozen" in dossier.opening.may,
        "may_release": "outcome.released" in dossier.opening.may,
        "key": uuid.uuid4().hex,
        "is_public": is_released,
    }


def _suggested(each: Suggestion) -> tuple[Suggestion, str, str]:
    """Return what could be an item, where it comes from, and the query of the form that offers it."""
    of = each.place.replace(" ", "-")
    query = {"source": each.source.value, "of": of, "en": each.en, "zh": each.zh}
    return each, words.label(each.source.value, dialoguewords.SOURCES), urlencode(query)
