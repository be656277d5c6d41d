"""What our side can say in a case as it stands, and where it leads.

Whether it may really be said is decided behind the door of the record; here only what is plainly not ours, or
not yet, is left out (Spec §15.3.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.cases.policy import Owing
from parley.cases.queries import Dossier
from parley.links.policy import Whose
from parley.protocol.cases.apply import Case
from parley.protocol.cases.codes import State

PURPOSE: Final = "case."
"""What the purpose of the drafts of these forms begins with; the verb follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A form that is offered: its name in the address, and what it answers ("" for the case itself)."""

    verb: str
    text: str
    on: str = ""


def title_of(verb: str) -> str:
    """Return what a form is called; "" where there is none of that name."""
    return {
        "join": _("Join the case"),
        "decline": _("Do not join"),
        "note": _("Tell a note or a lead"),
        "task": _("Set a task"),
        "link": _("Link a record or evidence"),
        "give": _("Give a finding"),
        "close": _("Close the case for our side"),
        "agree-task": _("Agree to the task"),
        "decline-task": _("Do not agree to the task"),
        "finish-task": _("Say what became of the task"),
        "revise": _("Revise our finding"),
        "answer": _("Answer this version"),
        "unlink": _("Withdraw the link"),
    }.get(verb, "")


def moves(dossier: Dossier) -> Iterator[Move]:
    """Yield what our side can say as things stand."""
    case, me = dossier.case, dossier.link.me
    if case is None:
        return
    if case.joined is None and me == case.other and case.state is not State.CLOSED:
        yield Move(verb="join", text=title_of("join"))
        if case.state is State.PROPOSED:
            yield Move(verb="decline", text=title_of("decline"))
    if is_member(case, me):
        yield Move(verb="note", text=title_of("note"))
        yield Move(verb="task", text=title_of("task"))
        yield Move(verb="link", text=title_of("link"))
        yield Move(verb="give", text=title_of("give"))
        yield Move(verb="close", text=title_of("close"))
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
            yield Move(verb="agree-task", text=title_of("agree-task"), on=on)
            yield Move(verb="decline-task", text=title_of("decline-task"), on=on)
        if wait.whose is Whose.US and wait.what is Owing.DO:
            yield Move(verb="finish-task", text=title_of("finish-task"), on=on)
    for task in dossier.tasks:
        yield Move(verb="task", text=_("Change the task"), on=task.place.replace(" ", "-"))


def _of_findings(dossier: Dossier) -> Iterator[Move]:
    for finding in dossier.findings:
        on = finding.current.place.replace(" ", "-")
        if finding.is_ours:
            yield Move(verb="revise", text=title_of("revise"), on=on)
        else:
            yield Move(verb="answer", text=title_of("answer"), on=on)


def _of_links(dossier: Dossier) -> Iterator[Move]:
    for link in dossier.links:
        if link.is_ours and link.link.undone is None:
            yield Move(verb="unlink", text=title_of("unlink"), on=link.place.replace(" ", "-"))
