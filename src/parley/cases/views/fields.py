"""The form of each verb in a case: its fields, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cases.actions import Proposal, Task
from parley.cases.views.findings import Grounds, finding_fields, holding
from parley.cases.views.typed import both, place
from parley.cases.views.verbs import Move
from parley.inquiries.forms.typed import read_code, read_codes, read_time
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.act import read_id
from parley.protocol.cases.codes import (
    Declining,
    Ending,
    Linked,
    Owner,
    Position,
    Reason,
    Result,
    Sort,
    Unlinking,
)
from parley.sharing.views.form import Field, Form, FormTyped, choice, code_form, in_words, words_form
from parley.ui import casewords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a form speaks: in the case, of the statement `on` in it, on `link`."""

    case: Target
    on: Target
    grounds: Grounds

    @property
    def link(self) -> str:
        """Return the name of the link."""
        return self.case.link


def form_of(move: Move, at: At) -> Form:
    """Return the form of a move."""
    return FORMS[move.verb](move, at)


def _title() -> tuple[Field, Field]:
    return (
        Field(name="title_en", label=_("Title in English"), kind="line"),
        Field(name="title_zh", label=_("Title in Chinese"), kind="line"),
    )


def _time(typed: FormTyped, name: str) -> int | None:
    return read_time(typed[name], now=typed.now) if typed[name] else None


def _join(move: Move, at: At) -> Form:
    return words_form(move.text, partial(actions.join, at.case))


def _decline(move: Move, at: At) -> Form:
    reason = choice("reason", _("Reason"), casewords.DECLININGS)
    return code_form(move.text, reason, Declining, say=partial(actions.decline, at.case))


def _close(move: Move, at: At) -> Form:
    ending = choice("ending", _("How it ended"), casewords.ENDINGS)
    return code_form(move.text, ending, Ending, say=partial(actions.close, at.case))


def _note(move: Move, at: At) -> Form:
    sort = Field(
        name="sort", label=_("Note or lead"), kind="code", labels=casewords.SORTS, is_empty_allowed=False
    )
    return Form(
        title=move.text,
        fields=(sort, Field(name="text", label=_("In words"), kind="area")),
        run=lambda hand, typed: actions.note(
            at.on, read_code(typed["sort"], Sort), by=hand, text=typed.text(), files=typed.files
        ),
        takes_files=True,
    )


def _link(move: Move, at: At) -> Form:
    to = choice("to", _("What it is"), casewords.LINKED)
    where = Field(name="place", label=_("Its place: A-12, or A-12/1 for a file"), kind="line")
    return Form(
        title=move.text,
        fields=(to, where, in_words()),
        run=lambda hand, typed: actions.link_to(
            at.case,
            read_code(typed["to"], Linked),
            place(typed["place"], link=at.link),
            by=hand,
            text=typed.text(),
        ),
    )


def _unlink(move: Move, at: At) -> Form:
    reason = choice("reason", _("Reason"), casewords.UNLINKINGS)
    return code_form(move.text, reason, Unlinking, say=partial(actions.unlink, at.on))


def _task(move: Move, at: At) -> Form:
    return Form(
        title=move.text,
        fields=(
            *_title(),
            choice("owner", _("Whose it is"), casewords.OWNERS),
            Field(name="start", label=_("When it starts, with its zone, or +2d"), kind="time"),
            Field(name="due", label=_("Until when, likewise"), kind="time"),
        ),
        run=lambda hand, typed: actions.set_task(
            at.on,
            Task(
                owner=read_code(typed["owner"], Owner),
                title=both(typed, "title"),
                start=_time(typed, "start"),
                due=_time(typed, "due"),
            ),
            by=hand,
        ),
    )


def _agree_task(move: Move, at: At) -> Form:
    return words_form(move.text, partial(actions.agree_task, at.on))


def _decline_task(move: Move, at: At) -> Form:
    return words_form(move.text, partial(actions.decline_task, at.on))


def _finish_task(move: Move, at: At) -> Form:
    result = choice("result", _("Result"), casewords.RESULTS)
    return code_form(move.text, result, Result, say=partial(actions.finish_task, at.on))


def _give(move: Move, at: At) -> Form:
    return Form(
        title=move.text,
        fields=finding_fields(at.grounds),
        draft=lambda hand, typed: actions.draft_given(at.case, holding(typed, link=at.link), by=hand),
    )


def _revise(move: Move, at: At) -> Form:
    reasons = Field(
        name="reasons",
        label=_("Why it is revised"),
        kind="codes",
        labels=casewords.REASONS,
        is_wanted=True,
        before=_("What changed"),
    )
    changed_en = Field(name="changed_en", label=_("What changed, in English"), kind="area")
    changed_zh = Field(name="changed_zh", label=_("What changed, in Chinese"), kind="area")
    return Form(
        title=move.text,
        fields=(*finding_fields(at.grounds), reasons, changed_en, changed_zh),
        draft=lambda hand, typed: actions.draft_revised(
            at.on,
            holding(typed, link=at.link),
            reasons=read_codes(typed.many.get("reasons", ()), Reason),
            changed=both(typed, "changed"),
            by=hand,
        ),
    )


def _answer(move: Move, at: At) -> Form:
    position = choice("position", _("Position"), casewords.POSITIONS)
    public = Field(name="public", label=_("That we concur may be said in public"), kind="yes")
    return Form(
        title=move.text,
        fields=(position, public, in_words()),
        draft=lambda hand, typed: actions.draft_answered(
            at.on,
            read_code(typed["position"], Position),
            is_public=typed["public"] == "yes",
            by=hand,
            text=typed.text(),
        ),
    )


def proposal_form(link: str, items: tuple[str, ...]) -> Form:
    """Return the form that proposes a case on `link`, about some of these agreed `items`."""

    def run(hand: Hand, typed: FormTyped) -> Said:
        found = [place(each, link=link) for each in typed.lines("origins")]
        proposal = Proposal(
            items=typed.many.get("items", ()),
            title=both(typed, "title"),
            origins=tuple(dict.fromkeys(read_id(each.statement) for each in found)),
            text=typed.text(),
            ref=typed["ref"] or None,
        )
        return actions.propose(link, proposal, by=hand)

    return Form(
        title=_("Propose a joint case"),
        fields=(
            *_title(),
            Field(
                name="items",
                label=_("Items of cooperation"),
                kind="codes",
                labels={each: words.COOPERATION.get(each, (each, each)) for each in items},
                is_wanted=True,
            ),
            Field(name="origins", label=_("Arose from: one place a line, such as A-12"), kind="area"),
            in_words(),
            Field(name="ref", label=_("Our own registry number (may be empty)"), kind="line"),
        ),
        run=run,
    )


FORMS: Final[dict[str, Callable[[Move, At], Form]]] = {
    "join": _join,
    "decline": _decline,
    "close": _close,
    "note": _note,
    "link": _link,
    "unlink": _unlink,
    "task": _task,
    "agree-task": _agree_task,
    "decline-task": _decline_task,
    "finish-task": _finish_task,
    "give": _give,
    "revise": _revise,
    "answer": _answer,
}
