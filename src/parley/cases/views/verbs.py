"""What our side can say in a case as it stands, and where it leads.

Whether it may really be said is decided behind the door of the record; here only what is plainly not ours, or
not yet, is left out (Spec §15.3.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.cases.policy import Owing, Whose
from parley.cases.queries import Dossier
from parley.protocol.cases.apply import Case
from parley.protocol.cases.codes import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A form that is offered: its name in the address, and what it answers ("" for the case itself)."""

    verb: str
    text: str
    on: str = ""


def moves(dossier: Dossier) -> Iterator[Move]:
    """Yield what our side can say as things stand."""
    case, me = dossier.case, dossier.link.me
    if case is None:
        return
    if case.joined is None and me == case.other and case.state is not State.CLOSED:
        yield Move(verb="join", text=_("Join the case"))
        if case.state is State.PROPOSED:
            yield Move(verb="decline", text=_("Do not join"))
    if is_member(case, me):
        yield Move(verb="note", text=_("Tell a note or a lead"))
        yield Move(verb="task", text=_("Set a task"))
        yield Move(verb="link", text=_("Link a record or evidence"))
        yield Move(verb="give", text=_("Give a finding"))
        yield Move(verb="close", text=_("Close the case for our side"))
        yield from _of_tasks(dossier)
        yield from _of_findings(dossier)
        yield from _of_links(dossier)


def is_member(case: Case, node: str) -> bool:
    """Return whether `node` may speak in the case: its proposer unless it was declined, and who joined."""
    if case.state is State.DECLINED:
        return False
    return node == case.proposer or case.joined is not None


def _of_tasks(dossier: Dossier) -> Iterator[Move]:
    places = {each.statement: each.place_path for each in dossier.timeline.statements}
    for wait in dossier.row.owed:
        on = places.get(wait.of, "")
        if wait.whose is Whose.US and wait.what is Owing.AGREE:
            yield Move(verb="agree-task", text=_("Agree to the task"), on=on)
            yield Move(verb="decline-task", text=_("Do not agree to the task"), on=on)
        if wait.whose is Whose.US and wait.what is Owing.DO:
            yield Move(verb="finish-task", text=_("Say what became of the task"), on=on)
    for task in dossier.tasks:
        yield Move(verb="task", text=_("Change the task"), on=task.place.replace(" ", "-"))


def _of_findings(dossier: Dossier) -> Iterator[Move]:
    for finding in dossier.findings:
        on = finding.current.place.replace(" ", "-")
        if finding.is_ours:
            yield Move(verb="revise", text=_("Revise our finding"), on=on)
        else:
            yield Move(verb="answer", text=_("Answer this version"), on=on)


def _of_links(dossier: Dossier) -> Iterator[Move]:
    for link in dossier.links:
        if link.is_ours and link.link.undone is None:
            yield Move(verb="unlink", text=_("Withdraw the link"), on=link.place.replace(" ", "-"))
