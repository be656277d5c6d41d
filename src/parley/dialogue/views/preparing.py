"""The steps towards a concluded round, as its page lists them: the state of each, whose move, until when."""

from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.dialogue.queries import RoundDossier
from parley.dialogue.queries.preparing import Step, Task, tasks_of
from parley.dialogue.queries.stopping import stop_of
from parley.ledger.readers import reader_of
from parley.links.policy import Whose
from parley.links.queries.suspending import Suspension
from parley.ui import dialoguewords, words

_WITH_THE_ROUND: Final = frozenset({Step.STATISTICS, Step.DELEGATION})
"""What nobody does any more once the round is over; its list may still be frozen and released."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One step; `href` is where it is brought further, `text` what stands in the way.

    `is_to_second`: `due` is an instant at which both sides act, and not the time by which something is done.
    """

    name: str
    is_done: bool
    text: str
    is_ours: bool
    is_theirs: bool
    due: int | None
    is_to_second: bool
    is_left: bool
    """Whether the round was closed without it."""
    href: str


def task_lines(dossier: RoundDossier) -> tuple[TaskLine, ...]:
    """Return the steps of a round in the reader's language."""
    reader = reader_of(settings.HOME)
    if reader is None:
        return ()
    lines = tuple(_line(task, dossier) for task in tasks_of(dossier, reader=reader))
    stop = stop_of(dossier, reader)
    return lines if stop is None else tuple(_stopped(each, stop) for each in lines)


def _stopped(line: TaskLine, stop: Suspension) -> TaskLine:
    """Return the step as it stands while nobody may release: it waits for no side, and is not overdue."""
    if line.is_done or not line.is_to_second:
        return line
    text = _("waits: suspended by %(place)s") % {"place": stop.place}
    return replace(line, text=text, is_ours=False, is_theirs=False, due=None)


def _line(task: Task, dossier: RoundDossier) -> TaskLine:
    return TaskLine(
        name=words.label(task.step.value, dialoguewords.STEPS),
        is_done=task.is_done,
        text="" if task.is_done else _standing(task),
        is_ours=Whose.US in task.movers,
        is_theirs=Whose.THEM in task.movers,
        due=task.due,
        is_to_second=task.step is Step.RELEASE,
        is_left=task.step in _WITH_THE_ROUND and not task.is_done and not dossier.row.is_open,
        href=_href(task, dossier),
    )


def _standing(task: Task) -> str:
    if task.step is Step.TEXTS and task.open_offers:
        return ngettext(
            "%(number)d offer waits for an answer", "%(number)d offers wait for an answer", task.open_offers
        ) % {"number": task.open_offers}
    match task.step:
        case Step.STATISTICS:
            return _("both sign one digest") if task.review else _("no review was proposed yet")
        case Step.TEXTS:
            return _("no clause is agreed yet")
        case Step.LIST:
            return _("two persons of each side sign it")
        case Step.DELEGATION:
            return _("by role, never by name")
        case Step.RELEASE if task.movers:
            return _("the time has come")
        case Step.RELEASE:
            return _("both froze it; its time comes") if task.due else _("once both have frozen it")


def _href(task: Task, dossier: RoundDossier) -> str:
    row = dossier.row
    if task.step is Step.STATISTICS:
        if task.review:
            return reverse("review:page", kwargs={"link": row.link, "place": task.review})
        return reverse("review:list", kwargs={"link": row.link})
    if task.step is Step.DELEGATION and "round.delegated" in dossier.opening.may:
        where = {"link": row.link, "place": row.place_path, "on": row.place_path, "kind": "round-delegated"}
        return reverse("dialogue:say", kwargs=where)
    if task.step is Step.LIST and "outcome.frozen" in dossier.opening.may:
        return reverse("dialogue:freeze", kwargs={"link": row.link, "place": row.place_path})
    return "#outcome" if task.step is not Step.DELEGATION else "#log"
