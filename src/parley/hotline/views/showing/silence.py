"""“Line fault or intent?”: what is known while nobody there takes a call, read in two ways, accusing nobody.

Silence is ambiguous. Beside each other stand the facts that this node has, and what each of both readings
would make of them; which is true, the silent side alone can say, later and signed. Source: screens §7;
domain §1.6.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.hotline.queries.pages import Dossier
from parley.links.policy import Whose
from parley.links.queries.standing import Standing
from parley.protocol.hotline.codes import State
from parley.protocol.names import HOT
from parley.ui import times, words

QUIET_SECONDS = 150
"""So long without a word from their node, and a line may well be cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is known, and what speaks for a fault and for an intent: sentences."""

    facts: tuple[str, ...]
    fault: tuple[str, ...]
    intent: tuple[str, ...]
    since: int


def silence(dossier: Dossier, standing: Standing | None, *, side: str) -> Silence | None:
    """Return what is known of the silence of `side`; None where it owes no word that is missing.

    `standing` is how the link stands, in all its lanes.
    """
    row, now = dossier.row, dossier.now
    owed = row.owed.get(Whose.THEM)
    if owed is None or owed.since > now or row.state != State.OPENED.value or standing is None:
        return None
    heard = standing.heard_at
    is_cut = heard is None or now - heard > QUIET_SECONDS
    has_it = row.received_at is not None
    return Silence(
        facts=tuple(_facts(dossier, standing, side=side)),
        fault=tuple(_fault(is_cut=is_cut, has_it=has_it, side=side)),
        intent=tuple(_intent(is_cut=is_cut, has_it=has_it, side=side)),
        since=owed.since,
    )


def _facts(dossier: Dossier, standing: Standing, *, side: str) -> Iterator[str]:
    row, now = dossier.row, dossier.now
    if not standing.core_runs:
        yield _("Our own core does not run: nothing goes out and nothing comes in.")
    if standing.heard_at is None:
        yield _("The node of %(side)s has not been heard since ours was started.") % {"side": side}
    else:
        span = times.span(now - standing.heard_at)
        yield _("The node of %(side)s was heard %(span)s ago.") % {"side": side, "span": span}
    if row.received_at is None:
        yield _("Their node has not said that it has this call.")
    else:
        yield _("Their node has had this call since %(at)s.") % {"at": times.zulu(row.received_at)}
    yield from _lanes(standing)
    if standing.row.peer and dossier.is_stopped:
        yield _("The hotline is suspended: nobody is rung while that lasts.")


def _lanes(standing: Standing) -> Iterator[str]:
    for lane in standing.lanes:
        told = {"lane": words.label(lane.lane, words.LANES), "waiting": lane.at.waiting}
        if lane.at.waiting:
            text = ngettext(
                "Lane %(lane)s: %(waiting)d entry of ours has no receipt yet.",
                "Lane %(lane)s: %(waiting)d entries of ours have no receipt yet.",
                lane.at.waiting,
            )
            yield text % told
        elif lane.at.my_size:
            yield _("Lane %(lane)s: their node signed for everything of ours.") % told
    if len(standing.lanes) > 1 and all(lane.lane != HOT for lane in standing.lanes):
        yield _("There is no lane for calls alone: this one shares a lane with inquiries.")


def _fault(*, is_cut: bool, has_it: bool, side: str) -> Iterator[str]:
    told = {"side": side}
    if is_cut:
        yield _("The node of %(side)s is silent in everything, not in this call alone.") % told
    if not has_it:
        yield _("Nothing says that the call has arrived there: a line or a node may be down.")
    if has_it and not is_cut:
        yield _("Their screen, their phone or their roster may have failed behind a node that works.")


def _intent(*, is_cut: bool, has_it: bool, side: str) -> Iterator[str]:
    told = {"side": side}
    if has_it:
        yield _("The call is at the node of %(side)s, and nobody there has taken it.") % told
    if not is_cut:
        yield _("Their node answers ours all the while.")
    if is_cut or not has_it:
        yield _("A node can be switched off on purpose, too; nothing here shows it.")
