"""The page of one commitment or round, the same on both sides: how it stands, whose move it is."""

import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.queries import CommitmentDossier, RoundDossier, StatementRow, Suggestion, suggestions
from parley.dialogue.views.finding import SoonError, find_thread
from parley.dialogue.views.preparing import task_lines
from parley.dialogue.views.sheet import parties_of
from parley.dialogue.views.showing import buttons_of, lines_of, moves_of, owners_of
from parley.ledger.readers import reader_of, side_name
from parley.protocol.dialogue.account import digest
from parley.protocol.dialogue.bodies import Decided, ItemProposed
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.offers import Status
from parley.ui import dialoguewords, words

GUIDELINE = "guideline.proposed"
MOST = 100
"""So many statements of each side are shown of a thread, the newest."""


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
    most = None if "all" in request.GET else MOST
    lines = lines_of(dossier, sides=parties_of(dossier.link), most=most)
    saved = request.GET.get("saved", "").replace("-", " ")
    page: dict[str, object] = {
        "row": dossier.row,
        "dossier": dossier,
        "side": side,
        "sides": parties_of(dossier.link),
        "moves": moves_of(dossier.row),
        "lines": lines,
        "earlier": len(dossier.statements) - len(lines),
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
    may_offer = "round.item_proposed" in dossier.opening.may
    clauses = () if meeting is None else meeting.outcome.clauses
    buttons = buttons_of(dossier.opening)
    return {
        "state": words.label(row.state, dialoguewords.ROUND_STATES),
        "outcome_state": words.label(row.outcome, dialoguewords.OUTCOME_STATES),
        "suggested": [_suggested(each) for each in _open_to(dossier)] if may_offer else [],
        "clauses": [(each.said.place, text) for each in clauses if (text := each.said.both)],
        "items": _items(dossier),
        "plan_buttons": [each for each in buttons if not each.kind.startswith("outcome-")],
        "list_buttons": [each for each in buttons if each.kind.startswith("outcome-")],
        "decisions": _decisions(dossier),
        "may_freeze": "outcome.frozen" in dossier.opening.may,
        "may_release": "outcome.released" in dossier.opening.may,
        "key": uuid.uuid4().hex,
        "is_public": meeting is not None and dossier.link.row.me in meeting.outcome.released,
        "tasks": task_lines(dossier),
    }


def _agreed(dossier: RoundDossier, kind: type[ItemProposed | Decided]) -> list[StatementRow]:
    if dossier.round is None:
        return []
    made = (each for each in dossier.round.offers.of(kind) if each.status is Status.AGREED)
    return [line for each in made if (line := dossier.at(each.fact.id)) is not None]


def _items(dossier: RoundDossier) -> list[tuple[str, Text | None]]:
    """Return the agreed items of the agenda: where each comes from, and its words."""
    return [
        (words.label(str(line.said.get("source", "")), dialoguewords.SOURCES), line.told.text())
        for line in _agreed(dossier, ItemProposed)
    ]


def _decisions(dossier: RoundDossier) -> list[tuple[str, Text | None, str]]:
    """Return the agreed decisions: the place and words of each, and where a guideline is written from it.

    The last is "" where the terms know no guidelines.
    """
    terms, row = dossier.link.terms, dossier.row
    compose = ""
    if terms is not None and GUIDELINE in terms.kinds:
        compose = reverse("guidelines:new", kwargs={"link": row.link})
    found = []
    for line in _agreed(dossier, Decided):
        told = {"round": row.number, "place": line.place}
        note = _("As decided in round %(round)d, %(place)s.") % told
        found.append((line.place, line.told.text(), compose and f"{compose}?{urlencode({'note': note})}"))
    return found


def _open_to(dossier: RoundDossier) -> tuple[Suggestion, ...]:
    reader = reader_of(settings.HOME)
    return () if reader is None else suggestions(dossier, reader=reader)


def _suggested(each: Suggestion) -> tuple[Suggestion, str, str]:
    """Return what could be an item, where it comes from, and the query of the form that offers it."""
    of = each.place.replace(" ", "-")
    query = {"source": each.source.value, "of": of, "en": each.en, "zh": each.zh}
    return each, words.label(each.source.value, dialoguewords.SOURCES), urlencode(query)
