"""The words of the forms: what a verb is called, what its button will do, what it does to the clocks.

A button says its consequence and to whom. Texts are looked up when they are shown, in the
language of the reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from parley.inquiries.forms.telling import items_text
from parley.inquiries.forms.typed import spoken_items
from parley.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`name`: on the link to the form. `send`: on its button. `effect`: what it does to clocks and states."""

    name: Promise
    send: Promise
    effect: Promise


_WORDINGS: Final[Mapping[str, Wording]] = {
    "acknowledge": Wording(
        name=gettext_lazy("Acknowledge receipt"),
        send=gettext_lazy("Tell %(side)s that a person has seen it"),
        effect=gettext_lazy("Stops the clock for acknowledging. It promises nothing else."),
    ),
    "admit": Wording(
        name=gettext_lazy("Admit"),
        send=gettext_lazy("Admit %(items)s of %(side)s"),
        effect=gettext_lazy("Stops the clock for admitting; the clocks for the answer go on."),
    ),
    "return": Wording(
        name=gettext_lazy("Return for supplement"),
        send=gettext_lazy("Return %(items)s to %(side)s for supplement"),
        effect=gettext_lazy("Pauses the clocks of these items until the supplement is at our node."),
    ),
    "answer": Wording(
        name=gettext_lazy("Answer"),
        send=gettext_lazy("Answer %(items)s to %(side)s"),
        effect=gettext_lazy(
            "Stops a clock when all that was wanted on it is settled; the others go on. A part of the "
            "items is fine."
        ),
    ),
    "refuse": Wording(
        name=gettext_lazy("Refuse"),
        send=gettext_lazy("Refuse %(items)s to %(side)s under %(codes)s"),
        effect=gettext_lazy("Stops every clock of these items. It stands until you correct it."),
    ),
    "progress": Wording(
        name=gettext_lazy("Tell progress"),
        send=gettext_lazy("Tell %(side)s how %(items)s stand"),
        effect=gettext_lazy("Stops the clock of a question about progress. No other clock changes."),
    ),
    "extend": Wording(
        name=gettext_lazy("Extend a clock"),
        send=gettext_lazy("Tell %(side)s that %(items)s need more time"),
        effect=gettext_lazy(
            "Moves the due time. The first extension told in time holds by itself, and at most doubles "
            "the limit; any other holds if they agree."
        ),
    ),
    "postpone": Wording(
        name=gettext_lazy("Postpone"),
        send=gettext_lazy("Postpone %(items)s of %(side)s under %(codes)s"),
        effect=gettext_lazy("The clocks of these items pause if they agree; until then they go on."),
    ),
    "condition": Wording(
        name=gettext_lazy("Offer on conditions"),
        send=gettext_lazy("Offer %(side)s the answer to %(items)s on these conditions"),
        effect=gettext_lazy("Pauses the clocks of these items until their reply is at our node."),
    ),
    "refer": Wording(
        name=gettext_lazy("Refer"),
        send=gettext_lazy("Tell %(side)s that %(items)s were sent on"),
        effect=gettext_lazy("Stops the clock for admitting; the clocks for the answer go on."),
    ),
    "correct": Wording(
        name=gettext_lazy("Correct an answer"),
        send=gettext_lazy("Correct what we told %(side)s about %(items)s"),
        effect=gettext_lazy(
            "Replaces what that statement said about these items; it stays readable. What was settled "
            "and still is keeps its time."
        ),
    ),
    "supply": Wording(
        name=gettext_lazy("Supply what is missing"),
        send=gettext_lazy("Send the supplement to %(side)s"),
        effect=gettext_lazy("Their clocks go on when it is at their node."),
    ),
    "undertake": Wording(
        name=gettext_lazy("Undertake the conditions"),
        send=gettext_lazy("Undertake the conditions of %(side)s"),
        effect=gettext_lazy("The conditions bind us. Their clocks go on when it is at their node."),
    ),
    "decline": Wording(
        name=gettext_lazy("Decline the conditions"),
        send=gettext_lazy("Decline the conditions of %(side)s"),
        effect=gettext_lazy("Their clocks go on when it is at their node; they may refuse under G21."),
    ),
    "agree": Wording(
        name=gettext_lazy("Agree to more time"),
        send=gettext_lazy("Agree with %(side)s to more time"),
        effect=gettext_lazy("An extension moves the due time; a postponement pauses the clocks."),
    ),
    "refuse-time": Wording(
        name=gettext_lazy("Refuse more time"),
        send=gettext_lazy("Refuse %(side)s more time"),
        effect=gettext_lazy("A postponement ends. An extension that needs no consent holds all the same."),
    ),
    "ask-status": Wording(
        name=gettext_lazy("Ask how things stand"),
        send=gettext_lazy("Ask %(side)s how things stand"),
        effect=gettext_lazy("Starts a short clock for their reply. No other clock changes."),
    ),
    "rate": Wording(
        name=gettext_lazy("Rate the answers"),
        send=gettext_lazy("Tell %(side)s how useful the answers were"),
        effect=gettext_lazy("No clock changes. Both sides see it, and the newest rating counts."),
    ),
    "notify-outcome": Wording(
        name=gettext_lazy("Tell the outcome"),
        send=gettext_lazy("Tell %(side)s what became of the case"),
        effect=gettext_lazy("No clock changes. The newest notice counts."),
    ),
    "close": Wording(
        name=gettext_lazy("Close"),
        send=gettext_lazy("Tell %(side)s that nothing more is needed"),
        effect=gettext_lazy("The inquiry is closed, and stays so."),
    ),
    "withdraw": Wording(
        name=gettext_lazy("Withdraw"),
        send=gettext_lazy("Ask %(side)s to disregard %(items)s"),
        effect=gettext_lazy(
            "There is no recall: they keep what they have, and are asked to disregard it. The clocks of "
            "these items end."
        ),
    ),
    "dispute": Wording(
        name=gettext_lazy("Dispute a statement"),
        send=gettext_lazy("Tell %(side)s that we dispute it"),
        effect=gettext_lazy(
            "The statement stands, and both sides see that it is disputed. No clock changes."
        ),
    ),
}

_FIELDS: Final[Mapping[str, Promise]] = {
    "items": gettext_lazy("Items"),
    "fields": gettext_lazy("Fields"),
    "findings": gettext_lazy("Findings"),
    "grounds": gettext_lazy("Ground"),
    "ground": gettext_lazy("Ground"),
    "code": gettext_lazy("What is being done"),
    "clock": gettext_lazy("Clock"),
    "until": gettext_lazy("Until when"),
    "due": gettext_lazy("To be undertaken by"),
    "reason": gettext_lazy("Reason"),
    "codes": gettext_lazy("Conditions"),
    "to": gettext_lazy("Sent on to"),
    "outcome": gettext_lazy("What became of the case"),
    "scores": gettext_lazy("Scores"),
    "on": gettext_lazy("The statement that is meant"),
}
_GROUNDS: Final[Mapping[str, Promise]] = {"dispute": gettext_lazy("What is disputed")}


def verb_name(verb: str) -> str:
    """Return what the verb is called."""
    return str(_WORDINGS[verb].name)


def verb_effect(verb: str) -> str:
    """Return what saying it does to clocks and states."""
    return str(_WORDINGS[verb].effect)


def send_text(verb: str, *, side: str, numbers: tuple[int, ...], codes: str = "") -> str:
    """Return what the button does: to whom, for which items, on which grounds (none are chosen yet: "…")."""
    return str(_WORDINGS[verb].send) % {"side": side, "items": count_text(numbers), "codes": codes or "…"}


def count_text(numbers: tuple[int, ...]) -> str:
    """Return how many items are meant, and of a few also which: ``2 items (items 0,3)``."""
    count = len(numbers)
    told = ngettext("%(count)d item", "%(count)d items", count) % {"count": count}
    named = spoken_items(numbers)
    return told + words.aside(items_text(named)) if 0 < len(named) <= 12 else told


def field_label(name: str, *, verb: str = "") -> str:
    """Return what stands above a field."""
    return str(_GROUNDS.get(verb) or _FIELDS[name]) if name == "ground" else str(_FIELDS[name])
