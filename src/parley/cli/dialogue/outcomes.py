"""parley outcome: the list clause by clause, frozen by two persons of each side, released at the instant."""

import uuid
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.about import Both, Case, Name, find_thread, shown, statement
from parley.cli.dialogue.answering import add_answers
from parley.cli.dialogue.clauses import clause_lines, clauses_json, freezing_lines
from parley.cli.dialogue.faults import heard
from parley.cli.dialogue.nouns import outcome, verb
from parley.cli.exits import Exit
from parley.cli.looking import Link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, result
from parley.cli.persons import require_home
from parley.cli.together import Person, signed, tell_saved, tell_signing
from parley.dialogue.actions import outcomes as actions
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import RoundDossier, files_of
from parley.inquiries.forms.typed import read_time
from parley.ledger.dialogues import publication
from parley.ledger.drafts import Appended
from parley.links.actions.speaking import Hand, Said, Target, Trial
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.outcome import OutcomeList, Standing
from parley.protocol.dialogue.release import Outcomes
from parley.ui import dialoguewords, words
from parley.work import clock

Place = Annotated[int, typer.Option("--place", min=1, max=999, help=_("Where it stands in the list."))]


@verb(
    outcome, _("Show the outcome list of a round: every clause with how it stands, and what each side froze.")
)
def show(name: Name, *, link: Link = None) -> int:
    with reading() as reader:
        dossier = shown(reader, name, link=link)
        _row, _opening, _named, thread = find_thread(reader, name, link=link)
    found = list_of(thread)
    assert isinstance(dossier, RoundDossier), "only a round has an outcome list"
    frozen = found.agreed
    result(
        {
            "outcome": found.state.value,
            "clauses": [_clause_json(each) for each in found.clauses],
            "offers": clauses_json(dossier),
            "release": None if frozen is None else frozen.release,
            "digest": None if frozen is None else frozen.digest,
            "frozen": {
                node: {"release": said.release, "digest": said.digest} for node, said in found.frozen.items()
            },
            "released": {node: fact.effective for node, fact in found.released.items()},
            "may": list(dossier.opening.may),
        },
        words.label(found.state.value, dialoguewords.OUTCOME_STATES),
        *freezing_lines(dossier, found),
        *clause_lines(dossier),
    )
    return Exit.DONE


def _clause_json(standing: Standing) -> JsonValue:
    said = standing.said
    return {
        "place": said.place,
        "en": None if said.both is None else said.both.en,
        "zh": None if said.both is None else said.both.zh,
        "id": id_text(standing.id),
        "version": id_text(standing.version),
    }


def list_of(thread: object) -> OutcomeList:
    """Return the outcome list of a round.

    Raises:
        FaultError: it is no round.
    """
    if not isinstance(thread, Round):
        raise FaultError(
            "no_round",
            Exit.NOT_FOUND,
            what=_("This belongs to a commitment, and only a round has an outcome list."),
            do=_("Look at: parley round list."),
        )
    return thread.outcome


@verb(outcome, _("Offer a clause; its languages must name the same figures."))
@statement
def clause(case: Case, *, text: Both, place: Place) -> Said:
    return actions.propose_clause(case.on, place, text.clause(), by=case.hand)


@verb(outcome, _("Offer a clause so instead; its languages must name the same figures."))
@statement
def amend(case: Case, *, text: Both, place: Place) -> Said:
    return actions.amend(case.on_named, place, text.clause(), by=case.hand)


@verb(outcome, _("Offer to strike a clause out."))
@statement
def strike(case: Case, *, place: Place) -> Said:
    return actions.amend(case.on_named, place, None, by=case.hand)


@verb(outcome, _("Freeze the list as it stands, with its release; another of our persons signs too."))
@spread
def freeze(
    person: Person,
    *,
    name: Name,
    release: Annotated[
        str, typer.Option("--release", metavar="TIME", help=_("When both make it public, with its zone."))
    ],
    link: Link = None,
) -> int:
    home = require_home()
    with reading() as reader, signed(), heard():
        row, opening, _named, thread = find_thread(reader, name, link=link)
        listed = _listed(list_of(thread), read_time(release, now=clock.now()))
        by, secret = person.by(uuid.uuid4().hex)
        hand = Hand(officer=by.officer, key=by.key, now=by.now, door=Trial(home=home))
        target = Target(link=row.name, statement=opening)
        said = actions.freeze(home, target, listed, by=hand, secret=secret)
        if isinstance(said, Signing):
            return tell_signing(said)
        assert isinstance(said, Appended), "it destroys nothing"
        return tell_saved(reader, said)


def _listed(found: OutcomeList, release: int) -> Outcomes:
    listed = found.outcomes(release)
    if listed is None:
        raise FaultError(
            "empty_list",
            Exit.NEEDS_A_PERSON,
            what=_("There is no clause that both sides want, so there is nothing to freeze."),
            do=_("Agree on clauses first: parley outcome show."),
        )
    return listed


@verb(outcome, _("Make the list public now, at its release or later: this node seals it."))
@statement
def release(case: Case) -> Said:
    frozen = list_of(case.folded).agreed
    if frozen is None:
        raise not_frozen()
    try:
        return actions.release(case.on, frozen, by=case.hand)
    except actions.EarlyError as error:
        raise FaultError(
            "not_yet",
            Exit.REFUSED,
            what=_("Both sides agreed to make the list public at %(at)s, and it is not that time yet.")
            % {"at": words.instant(error.release)},
            safe=_("Nothing was sealed, and nothing was said."),
            do=_("Say it again at that time."),
        ) from error


def not_frozen() -> FaultError:
    """Return what is said where both sides have not frozen one list."""
    return FaultError(
        "not_frozen",
        Exit.REFUSED,
        what=_("Both sides must freeze the same list before one of them makes it public."),
        do=_("Look at: parley outcome show."),
    )


@verb(outcome, _("Write the list, the seals, both cards and the page that checks them into a new folder."))
def write(
    name: Name,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("A folder that is made."))],
    *,
    link: Link = None,
) -> int:
    with reading() as reader:
        row, _opening, _named, thread = find_thread(reader, name, link=link)
        list_of(thread)
        found = publication(reader, row.name, thread) if isinstance(thread, Round) else None
    if found is None:
        raise FaultError(
            "not_released",
            Exit.NOT_FOUND,
            what=_("Nobody has made this list public yet."),
            do=_("Look at: parley outcome show."),
        )
    files = files_of(found)
    try:
        folder.mkdir()
        for called, content in files.items():
            folder.joinpath(called).write_bytes(content)
    except OSError as error:
        raise FaultError(
            "unwritable_file",
            Exit.FAILED,
            what=_("The file %(file)s cannot be written: %(why)s.") % {"file": folder, "why": error.strerror},
            do=_("Name a new file in a folder that you may write to."),
        ) from error
    result(
        {"folder": str(folder), "files": sorted(files), "released_by": sorted(found.seals)},
        *sorted(files),
        _("Open outcome.html there, in any browser, and give it the other files: no network is needed."),
    )
    return Exit.DONE


add_answers(outcome, Page.OUTCOME)
