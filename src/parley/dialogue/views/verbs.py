"""The forms of the dialogue: by kind, which fields each has, and what saying it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.dialogue.actions import commitments, outcomes, rounds, saying
from parley.dialogue.actions.commitments import Promise
from parley.dialogue.actions.rounds import Item, Plan
from parley.dialogue.actions.saying import Page
from parley.dialogue.views.fields import STRIKE, Typed
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.dialogue.bodies import Source, Stance, Standing

Command = Callable[[Hand], Said]
"""What was read from a form, ready to be said."""
_TEXT: Final = ("en", "zh")
_WORDS: Final = ("words",)
_PLAN: Final = ("host", "begins", "ends", *_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: its fields in order, and what they make of the statement `on`."""

    fields: tuple[str, ...]
    read: Callable[[Typed, Target], Command]


def _plain(verb: Callable[..., Said]) -> Form:
    def read(typed: Typed, on: Target) -> Command:
        along = typed.along
        return lambda hand: verb(on, by=hand, along=along)

    return Form(fields=_WORDS, read=read)


def _answer(verb: Callable[..., Said], page: Page) -> Form:
    def read(typed: Typed, on: Target) -> Command:
        along = typed.along
        return lambda hand: verb(on, page, by=hand, along=along)

    return Form(fields=_WORDS, read=read)


def _carry(typed: Typed, on: Target) -> Command:
    to, due, along = typed.statement("round"), typed.time("due"), typed.along
    return lambda hand: commitments.carry(on, to=to, due=due, by=hand, along=along)


def _report(typed: Typed, on: Target) -> Command:
    standing, shows, along = typed.code("standing", Standing), typed.statements("evidence"), typed.along
    return lambda hand: commitments.report(on, standing, by=hand, evidence=shows, along=along)


def _escalate(typed: Typed, on: Target) -> Command:
    call, along = typed.statement("call"), typed.along
    if call is None or typed.reader.call(typed.link, call) is None:
        typed.problems.append(("call", _("This is no call that has effect.")))
    return lambda hand: commitments.escalate(on, call=call or b"", by=hand, along=along)


def plan_in(typed: Typed) -> Plan:
    """Return the plan that was typed."""
    begins, ends = typed.needed_time("begins"), typed.needed_time("ends")
    if ends < begins:
        typed.problems.append(("ends", _("A round ends after it begins.")))
    host, place = typed.party("host"), typed.text()
    return Plan(host=host, begins=begins, ends=ends, place=place, salt=typed.salt)


def _planned(verb: Callable[..., Said]) -> Form:
    def read(typed: Typed, on: Target) -> Command:
        plan = plan_in(typed)
        return lambda hand: verb(on, plan, by=hand)

    return Form(fields=_PLAN, read=read)


def _item(typed: Typed, on: Target) -> Command:
    source, text, of = typed.code("source", Source), typed.text(), typed.statement("of")
    item = Item(source=source, text=text, salt=typed.salt, of=of)
    return lambda hand: rounds.propose_item(on, item, by=hand)


def _group(typed: Typed, on: Target) -> Command:
    group, text, salt = typed.raw("group"), typed.text(), typed.salt
    return lambda hand: rounds.report_group(on, group, text, salt=salt, by=hand)


def _decide(typed: Typed, on: Target) -> Command:
    text, salt, guideline = typed.text(), typed.salt, typed.raw("guideline") or None
    return lambda hand: rounds.decide(on, text, salt=salt, by=hand, guideline=guideline)


def _delegate(typed: Typed, on: Target) -> Command:
    members, chair = typed.members("members"), typed.raw("chair")
    if chair not in members:
        typed.problems.append(("chair", _("The co-chair is one of the delegation.")))
    return lambda hand: rounds.delegate(on, members, chair=chair, by=hand)


def _state(typed: Typed, on: Target) -> Command:
    stance, along = typed.code("stance", Stance), typed.papers(on)
    return lambda hand: rounds.state(on, stance, by=hand, along=along)


def _clause(typed: Typed, on: Target) -> Command:
    place, text = typed.whole("place"), typed.text(counted=True)
    return lambda hand: outcomes.propose_clause(on, place, text, by=hand)


def _amend(typed: Typed, on: Target) -> Command:
    place = typed.whole("place")
    text = None if typed.raw("strike") == STRIKE else typed.text(counted=True)
    return lambda hand: outcomes.amend(on, place, text, by=hand)


FORMS: Final[Mapping[str, Form]] = {
    "commitment.carried": Form(fields=("round", "due", *_WORDS), read=_carry),
    "commitment.dropped": _plain(commitments.drop),
    "commitment.agreed": _answer(saying.agree, Page.COMMITMENT),
    "commitment.declined": _answer(saying.decline, Page.COMMITMENT),
    "commitment.withdrawn": _answer(saying.withdraw, Page.COMMITMENT),
    "commitment.reported": Form(fields=("standing", "evidence", *_WORDS), read=_report),
    "commitment.confirmed": _plain(commitments.confirm),
    "commitment.disputed": _plain(commitments.dispute),
    "concern.raised": _plain(commitments.raise_concern),
    "concern.answered": _plain(commitments.answer_concern),
    "concern.escalated": Form(fields=("call", *_WORDS), read=_escalate),
    "concern.settled": _plain(commitments.settle_concern),
    "round.replanned": _planned(rounds.replan),
    "round.item_proposed": Form(fields=("source", "of", *_TEXT), read=_item),
    "round.group_reported": Form(fields=("group", *_TEXT), read=_group),
    "round.decided": Form(fields=("guideline", *_TEXT), read=_decide),
    "round.next_proposed": _planned(rounds.propose_next),
    "round.agreed": _answer(saying.agree, Page.ROUND),
    "round.declined": _answer(saying.decline, Page.ROUND),
    "round.withdrawn": _answer(saying.withdraw, Page.ROUND),
    "round.delegated": Form(fields=("chair", "members"), read=_delegate),
    "round.stated": Form(fields=("stance", *_WORDS), read=_state),
    "round.closed": _plain(rounds.close),
    "outcome.clause_proposed": Form(fields=("place", *_TEXT), read=_clause),
    "outcome.amended": Form(fields=("place", "strike", *_TEXT), read=_amend),
    "outcome.agreed": _answer(saying.agree, Page.OUTCOME),
    "outcome.declined": _answer(saying.decline, Page.OUTCOME),
    "outcome.withdrawn": _answer(saying.withdraw, Page.OUTCOME),
}
PROMISE_FIELDS: Final = (*_TEXT, "measure_en", "measure_zh", "owners", "due", "round", "ref")
ROUND_FIELDS: Final = ("number", "after", *_PLAN, "ref")


def promise_in(typed: Typed, link: str) -> Command:
    """Return the proposal of a commitment that was typed."""
    owners = tuple(sorted({each for each in typed.raw("owners").split(",") if each in {"A", "B"}}))
    if not owners:
        typed.problems.append(("owners", _("Choose one of these.")))
    promise = Promise(
        text=typed.text(),
        measure=typed.text("measure_en", "measure_zh"),
        owners=owners,
        salt=typed.salt,
        due=typed.time("due"),
        round=typed.statement("round"),
        ref=typed.raw("ref") or None,
    )
    return lambda hand: commitments.propose(link, promise, by=hand)


def round_in(typed: Typed, link: str) -> Command:
    """Return the proposal of a round that was typed."""
    number, after, plan = typed.whole("number"), typed.statement("after"), plan_in(typed)
    ref = typed.raw("ref") or None
    return lambda hand: rounds.propose(link, plan, number=number, by=hand, after=after, ref=ref)


def verb_name(kind: str) -> str:
    """Return what a button says that leads to the form of a kind."""
    answers = {"agreed": _("Agree"), "declined": _("Decline"), "withdrawn": _("Withdraw it")}
    return {
        **{f"{page}.{answer}": name for page in Page for answer, name in answers.items()},
        "commitment.carried": _("Offer to carry it over"),
        "commitment.dropped": _("Offer to give it up"),
        "commitment.reported": _("Report how it stands"),
        "commitment.confirmed": _("Confirm: it is so"),
        "commitment.disputed": _("Dispute: it is not so"),
        "concern.raised": _("Raise a concern"),
        "concern.answered": _("Answer the concern"),
        "concern.escalated": _("It was taken to the hotline"),
        "concern.settled": _("The concern is settled"),
        "round.replanned": _("Offer another place or time"),
        "round.item_proposed": _("Offer an item of the agenda"),
        "round.group_reported": _("Offer a report of a working group"),
        "round.decided": _("Offer a decision"),
        "round.next_proposed": _("Offer place and time of the next round"),
        "round.delegated": _("Say who comes"),
        "round.stated": _("Put a view on the record"),
        "round.closed": _("Close the round for us"),
        "outcome.clause_proposed": _("Offer a clause"),
        "outcome.amended": _("Offer another wording"),
        "outcome.frozen": _("Freeze the list; two persons sign"),
        "outcome.released": _("Release it now"),
    }[kind]
