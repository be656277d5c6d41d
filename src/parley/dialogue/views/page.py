"""The page of one commitment or round, the same on both sides: how it stands, whose move it is."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.queries import (
    CommitmentDossier,
    RoundDossier,
    RoundRow,
    StatementRow,
    Suggestion,
    out_of_turn,
    rounds_after,
    rounds_by_id,
    suggestions,
)
from parley.dialogue.views.concerns import concerns_of
from parley.dialogue.views.fields import written
from parley.dialogue.views.finding import SoonError, find_thread
from parley.dialogue.views.forum import forum_of
from parley.dialogue.views.freezing import is_frozen
from parley.dialogue.views.naming import Named, named_by
from parley.dialogue.views.outcome import outcome_of
from parley.dialogue.views.preparing import task_lines
from parley.dialogue.views.sheet import parties_of
from parley.dialogue.views.showing import (
    Shown,
    buttons_of,
    delegation_of,
    lines_of,
    moves_of,
    owners_of,
    text_of,
    texts_of,
)
from parley.dialogue.views.timing import timing_of
from parley.ledger.readers import reader_of, side_name
from parley.links.policy import Whose
from parley.links.queries.signing import Signing, signings
from parley.protocol.act import read_id
from parley.protocol.dialogue.account import digest
from parley.protocol.dialogue.bodies import Decided, GroupReported, ItemProposed, NextProposed
from parley.protocol.dialogue.offers import Status
from parley.ui import dialoguewords, words

DELEGATED = "round.delegated"
FROZEN = "outcome.frozen"
REPORTED = "commitment.reported"
STATED = "round.stated"
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
        "texts": texts_of(dossier.opening),
        "is_true": dossier.opening.told.is_true,
        "saved": next((line for line in lines if line.row.place == saved and line.is_own), None),
        "early": "early" in request.GET,
        "late": "late" in request.GET,
        "unfrozen": "unfrozen" in request.GET,
        "may_act": may_act(request.officer.role),
        "digest": "" if dossier.folded is None else digest(dossier.folded).hex(),
    }
    if isinstance(dossier, CommitmentDossier):
        return render(request, "dialogue/commitment.html", page | _of_commitment(dossier, side=side))
    views = [line for line in lines if line.row.kind == STATED and line.row.is_valid]
    return render(request, "dialogue/round.html", page | _of_round(dossier) | {"views": views})


def _of_commitment(dossier: CommitmentDossier, *, side: str) -> dict[str, object]:
    row = dossier.row
    newest = {each.whose: each for each in dossier.statements if each.kind == REPORTED and each.is_valid}
    shown_by = named_by(row.link, list(newest.values()))
    reports = [
        (
            who.value == "us",
            words.label(report.standing, dialoguewords.STANDINGS),
            words.label(report.word, dialoguewords.REPORT_WORDS),
            report.at,
            shown_by.get(newest[who].statement, ()) if who in newest else (),
        )
        for who, report in row.reports.items()
    ]
    return {
        "state": words.label(row.state, dialoguewords.COMMITMENT_STATES),
        "owners": owners_of(row, side=side),
        "is_overdue": row.is_overdue(dossier.now),
        "reports": reports,
        "forum": forum_of(row),
        "concerns": concerns_of(dossier),
    }


def _of_round(dossier: RoundDossier) -> dict[str, object]:
    row, meeting = dossier.row, dossier.round
    may_offer = "round.item_proposed" in dossier.opening.may
    buttons = buttons_of(dossier.opening)
    return {
        "state": words.label(row.state, dialoguewords.ROUND_STATES),
        "outcome_state": words.label(row.outcome, dialoguewords.OUTCOME_STATES),
        "suggested": [_suggested(each) for each in _open_to(dossier)] if may_offer else [],
        "items": _items(dossier),
        "plan_buttons": [each for each in buttons if not each.kind.startswith("outcome-")],
        "list_buttons": [each for each in buttons if each.kind.startswith("outcome-")],
        "decisions": _decisions(dossier),
        "groups": _groups(dossier),
        "delegations": _delegations(dossier),
        "may_freeze": "outcome.frozen" in dossier.opening.may,
        "may_release": "outcome.released" in dossier.opening.may,
        "release_waits": row.release is not None and dossier.now < row.release,
        "key": uuid.uuid4().hex,
        "is_public": meeting is not None and dossier.link.row.me in meeting.outcome.released,
        "tasks": task_lines(dossier),
        "to_sign": _to_sign(dossier),
        "halves": _halves(dossier),
        "host": _host(dossier),
        "is_out_of_turn": bool(out_of_turn([row])),
        **outcome_of(dossier),
        **_neighbours(row),
        **_next(dossier),
        **timing_of(dossier),
    }


def _host(dossier: RoundDossier) -> str:
    """Return the party that receives the other."""
    row = dossier.link.row
    return parties_of(dossier.link)[row.my_letter if dossier.row.host is Whose.US else row.their_letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What one side has frozen, as long as the other has not frozen the same."""

    side: str
    release: int
    is_this: bool
    """Whether it is the list as it stands now."""


def _halves(dossier: RoundDossier) -> list[Half]:
    if dossier.round is None or dossier.round.outcome.agreed is not None:
        return []
    found, row = dossier.round.outcome, dossier.link.row
    names = parties_of(dossier.link)
    letters = ((row.me, row.my_letter), (row.peer, row.their_letter))
    frozen = [(names[letter], found.frozen[node]) for node, letter in letters if node in found.frozen]
    return [Half(side=side, release=said.release, is_this=is_frozen(found, said)) for side, said in frozen]


def _neighbours(row: RoundRow) -> dict[str, object]:
    """Return the round before this one, and those that were proposed to follow it, each with its state."""
    followers = rounds_after(row.link, row)
    standing = [each for each in followers if each.state in {"proposed", "agreed", "closed"}]
    return {
        "before": rounds_by_id(row.link, [row.after]).get(row.after),
        "followers": [(each, words.label(each.state, dialoguewords.ROUND_STATES)) for each in followers],
        "is_followed": bool(standing),
        "is_followed_twice": len(standing) > 1,
    }


def _next(dossier: RoundDossier) -> dict[str, object]:
    """Return the words, the host and the form of the next round, once both want it so; nothing before."""
    planned = None if dossier.round is None else dossier.round.next
    if planned is None:
        return {}
    lines = (each for each in _agreed(dossier, NextProposed) if each.said.get("text") == planned.text)
    text = next((text_of(each) for each in lines), None)
    first = {"number": dossier.row.number + 1, "after": dossier.row.place_path, "host": planned.host}
    times = {"begins": written(planned.begins), "ends": written(planned.ends)}
    words_of = {} if text is None else {"en": text.en, "zh": text.zh}
    return {
        "next_text": text,
        "next_host": parties_of(dossier.link)[planned.host],
        "next_query": urlencode({**first, **times, **words_of}),
    }


def _to_sign(dossier: RoundDossier) -> list[Signing]:
    """Return the freezings of this list that one officer of ours signed, and that wait for another."""
    return [
        each
        for each in signings(dossier.row.link)
        if each.draft.kind == FROZEN and each.draft.re == read_id(dossier.opening.statement)
    ]


def _agreed(
    dossier: RoundDossier, kind: type[ItemProposed | Decided | NextProposed | GroupReported]
) -> list[StatementRow]:
    """Return the offers of this kind that both want, as they were said: in the same order on both nodes."""
    if dossier.round is None:
        return []
    made = (each for each in dossier.round.offers.of(kind) if each.status is Status.AGREED)
    lines = (line for each in made if (line := dossier.at(each.fact.id)) is not None)
    return sorted(lines, key=lambda line: line.said_order)


def _items(dossier: RoundDossier) -> list[tuple[str, Shown | None, tuple[Named, ...]]]:
    """Return the agreed items of the agenda: where each comes from, its words, and what it is about."""
    agreed = _agreed(dossier, ItemProposed)
    named = named_by(dossier.row.link, agreed)
    return [
        (
            words.label(str(line.said.get("source", "")), dialoguewords.SOURCES),
            text_of(line),
            named.get(line.statement, ()),
        )
        for line in agreed
    ]


def _groups(dossier: RoundDossier) -> list[tuple[str, str, Shown | None]]:
    """Return the reports of working groups that both want: the place, the group and the words of each."""
    return [
        (line.place, str(line.said.get("group", "")), text_of(line))
        for line in _agreed(dossier, GroupReported)
    ]


def _delegations(dossier: RoundDossier) -> list[tuple[str, str]]:
    """Return who comes, for each side that said it: its name, and the roles, the co-chair first."""
    row = dossier.link.row
    letters = {Whose.US: row.my_letter, Whose.THEM: row.their_letter}
    names = parties_of(dossier.link)
    # Of each side the newest counts (Spec §17.6.1).
    said = {each.whose: each.said for each in dossier.statements if each.kind == DELEGATED and each.is_valid}
    return [(names[letters[side]], words.listed(delegation_of(said[side]))) for side in Whose if side in said]


def _decisions(dossier: RoundDossier) -> list[tuple[str, Shown | None, str, tuple[Named, ...]]]:
    """Return the agreed decisions: place, words, where a guideline is written from it, and what it names.

    The third is "" where the terms know no guidelines.
    """
    terms, row = dossier.link.terms, dossier.row
    compose = ""
    if terms is not None and GUIDELINE in terms.kinds:
        compose = reverse("guidelines:new", kwargs={"link": row.link})
    found = []
    agreed = _agreed(dossier, Decided)
    named = named_by(row.link, agreed)
    for line in agreed:
        told = {"round": row.number, "place": line.place}
        note = _("As decided in round %(round)d, %(place)s.") % told
        href = compose and f"{compose}?{urlencode({'note': note})}"
        found.append((line.place, text_of(line), href, named.get(line.statement, ())))
    return found


def _open_to(dossier: RoundDossier) -> tuple[Suggestion, ...]:
    reader = reader_of(settings.HOME)
    return () if reader is None else suggestions(dossier, reader=reader)


def _suggested(each: Suggestion) -> tuple[Suggestion, str, str]:
    """Return what could be an item, where it comes from, and the query of the form that offers it."""
    of = each.place.replace(" ", "-")
    query = {"source": each.source.value, "of": of, "en": each.en, "zh": each.zh}
    return each, words.label(each.source.value, dialoguewords.SOURCES), urlencode(query)
