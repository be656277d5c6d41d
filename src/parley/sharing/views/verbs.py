"""What our side can say about an offer as it stands, and the form of each.

Whether it may really be said is decided behind the door of the record; here only what is plainly not ours, or
not yet, is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.typed import read_codes
from parley.ledger.drafts import Draft
from parley.links.actions.speaking import Hand, Said, Target
from parley.links.queries.timeline import Told
from parley.protocol.act import read_id
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import Cleaned
from parley.protocol.sharing.codes import Audience, Class, Declining, Result, State, Withdrawing
from parley.sharing import actions
from parley.sharing.forms.numbers import read_grade, read_number
from parley.sharing.policy import is_at_once
from parley.sharing.queries import Dossier
from parley.sharing.views.form import Field, Form, FormTyped, choice, code_form, in_words, words_form
from parley.ui import sharewords, words

INFORMATION: Final = {str(n): (str(n), str(n)) for n in (1, 2, 3, 4)}
CONDITIONS: Final = {each.value: words.CODES[each.value] for each in Condition}
_BEFORE: Final = frozenset({State.OFFERED, State.COUNTERED})

PURPOSE: Final = "share."
"""What the purpose of the drafts of these forms begins with; the verb follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A form that is offered: its name in the address, and what it answers ("" for the offer itself)."""

    verb: str
    text: str
    on: str = ""


def title_of(verb: str) -> str:
    """Return what a form is called; "" where there is none of that name."""
    return {
        "confirm": _("Take their conditions"),
        "deliver": _("Deliver the content"),
        "withdraw": _("Withdraw the offer"),
        "permit-release": _("Permit passing on"),
        "refuse-release": _("Refuse passing on"),
        "undertake": _("Undertake conditions"),
        "accept": _("Accept the offer"),
        "decline": _("Decline the offer"),
        "evaluate": _("Evaluate it"),
        "result": _("Say what became of it"),
        "clean": _("Report the clean-up"),
        "ask-release": _("Ask to pass it on"),
    }.get(verb, "")


def moves(dossier: Dossier) -> Iterator[Move]:
    """Yield what our side can say as things stand."""
    share = dossier.share
    if share is None:
        return
    yield from _offerers(dossier, share) if dossier.row.is_ours else _receivers(share)


def _offerers(dossier: Dossier, share: Share) -> Iterator[Move]:
    if share.state is State.COUNTERED:
        for each in _answers(dossier, "sharing.undertaken"):
            yield Move(verb="confirm", text=title_of("confirm"), on=each.place_path)
    if share.state is State.ACCEPTED or is_at_once(share):
        yield Move(verb="deliver", text=title_of("deliver"))
    if share.state in _BEFORE:
        yield Move(verb="withdraw", text=title_of("withdraw"))
    waiting = {each.id for each in share.askings if each.permitted is None}
    for each in _answers(dossier, "sharing.release_asked"):
        if read_id(each.statement) in waiting:
            yield Move(verb="permit-release", text=title_of("permit-release"), on=each.place_path)
            yield Move(verb="refuse-release", text=title_of("refuse-release"), on=each.place_path)


def _receivers(share: Share) -> Iterator[Move]:
    if share.state in _BEFORE:
        if share.offer.conditions:
            yield Move(verb="undertake", text=title_of("undertake"))
        else:
            yield Move(verb="accept", text=title_of("accept"))
        yield Move(verb="decline", text=title_of("decline"))
    if share.state is State.DELIVERED:
        yield Move(verb="evaluate", text=title_of("evaluate"))
        yield Move(verb="result", text=title_of("result"))
        if share.offer.what is Class.NOTICE:
            yield Move(verb="clean", text=title_of("clean"))
        yield Move(verb="ask-release", text=title_of("ask-release"))


def _answers(dossier: Dossier, kind: str) -> Iterator[Told]:
    yield from (each for each in dossier.timeline.statements if each.kind == kind and each.is_valid)


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a form speaks: about which offer, of which statement, and of its delivery once there is one."""

    share: Share
    link: str
    on: Target
    """What it answers by name, else the offer."""
    delivery: Target

    @property
    def offer(self) -> Target:
        """Return the offer itself."""
        return Target(link=self.link, statement=self.share.id)


def form_of(dossier: Dossier, move: Move) -> Form | None:
    """Return the form of a move; None if there is none of its name."""
    share, link = dossier.share, dossier.link.name
    make = FORMS.get(move.verb)
    if share is None or make is None:
        return None
    named = next((each for each in dossier.timeline.statements if each.place_path == move.on), None)
    on = share.id if named is None else read_id(named.statement)
    delivery = share.id if dossier.delivery is None else dossier.delivery
    at = At(
        share=share,
        link=link,
        on=Target(link=link, statement=on),
        delivery=Target(link=link, statement=delivery),
    )
    return make(move.text, at)


# ---- The offerer


def _confirm(title: str, at: At) -> Form:
    return words_form(title, partial(actions.confirm, at.on))


def _deliver(title: str, at: At) -> Form:
    return words_form(title, partial(actions.deliver, settings.HOME, at.share, at.link))


def _withdraw(title: str, at: At) -> Form:
    def say(reason: Withdrawing, /, *, by: Hand, text: Text | None) -> Said:
        return actions.withdraw(settings.HOME, at.share, at.link, reason=reason, by=by, text=text)

    return code_form(title, choice("reason", _("Reason"), sharewords.WITHDRAWINGS), Withdrawing, say=say)


def _permit_release(title: str, at: At) -> Form:
    return words_form(title, partial(actions.permit_release, at.on))


def _refuse_release(title: str, at: At) -> Form:
    return words_form(title, partial(actions.refuse_release, at.on))


# ---- The receiver


def _accept(title: str, at: At) -> Form:
    return words_form(title, partial(actions.accept, at.offer))


def _undertake(title: str, at: At) -> Form:
    label = _("Conditions; those of the offer, if none is chosen")

    def draft(hand: Hand, typed: FormTyped) -> Draft:
        chosen = read_codes(typed.many.get("conditions", ()), Condition)
        conditions = chosen or at.share.offer.conditions
        return actions.draft_undertaken(at.offer, conditions, by=hand, text=typed.text())

    return Form(
        title=title,
        fields=(Field(name="conditions", label=label, kind="codes", labels=CONDITIONS), in_words()),
        draft=draft,
    )


def _decline(title: str, at: At) -> Form:
    reason = choice("reason", _("Reason"), sharewords.DECLININGS)
    return code_form(title, reason, Declining, say=partial(actions.decline, at.offer))


def _evaluate(title: str, at: At) -> Form:
    return Form(
        title=title,
        fields=(
            choice("source", _("Source"), sharewords.SOURCES),
            choice("information", _("Information"), INFORMATION),
            in_words(),
        ),
        run=lambda hand, typed: actions.evaluate(
            at.delivery, read_grade(typed["source"], typed["information"]), by=hand, text=typed.text()
        ),
    )


def _result(title: str, at: At) -> Form:
    result = choice("result", _("Result"), sharewords.RESULTS)
    return code_form(title, result, Result, say=partial(actions.notify_result, at.delivery))


def _ask_release(title: str, at: At) -> Form:
    to = choice("to", _("To whom"), sharewords.AUDIENCES)
    return code_form(title, to, Audience, say=partial(actions.ask_release, at.delivery))


def _clean(title: str, at: At) -> Form:
    counts = tuple(
        Field(name=name, label=words.label(name, sharewords.CLEANED), kind="number")
        for name in sharewords.CLEANED
    )
    return Form(
        title=title,
        fields=(*counts, in_words()),
        run=lambda hand, typed: actions.report_cleaned(
            at.delivery, _cleaned(typed), by=hand, text=typed.text()
        ),
    )


def _cleaned(typed: FormTyped) -> Cleaned:
    return Cleaned(
        informed=read_number(typed["informed"]),
        cleaned=read_number(typed["cleaned"]),
        patched=read_number(typed["patched"]),
        not_found=read_number(typed["not_found"]),
    )


FORMS: Final[dict[str, Callable[[str, At], Form]]] = {
    "confirm": _confirm,
    "deliver": _deliver,
    "withdraw": _withdraw,
    "permit-release": _permit_release,
    "refuse-release": _refuse_release,
    "accept": _accept,
    "undertake": _undertake,
    "decline": _decline,
    "evaluate": _evaluate,
    "result": _result,
    "ask-release": _ask_release,
    "clean": _clean,
}
