"""Telling this node to release a list at its second by itself, taking that back, and doing it.

    ordered     an officer said so, once both sides had frozen the list; nothing is signed, nothing is sent
    taken back  before that second, by any officer who may speak
    done        `node/releaser.py` found that it is time: said at the same door, in the name of who ordered it

The seal comes into being as it does when a person presses the button: at the door, and never before the
release (`ledger/releasing.py`). Each step has a row in the journal.
"""

import uuid
from typing import Final

from parley.agencies.actions import note_act
from parley.agencies.queries import active_officers
from parley.dialogue.actions import outcomes
from parley.dialogue.queries.timing import FIELD, PURPOSE, Order, order_of
from parley.drafts import actions as drafts
from parley.drafts.queries import Origin, list_drafts
from parley.inquiries.policy import NotAllowedError, check_may_speak
from parley.ledger.drafts import RefusedError
from parley.ledger.slot import RECOVERING
from parley.links.actions.speaking import Door, Hand, Said, Target
from parley.protocol.act import id_text, short_id
from parley.protocol.dialogue.bodies import Frozen
from parley.protocol.strictjson import JsonSource, write
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError, FrameError, NoCoreError, call

ASK_SECONDS: Final = 3.0


class PastError(Exception):
    """Its second has come: there is nothing to wait for. The list can be released now."""


class NoOrderError(Exception):
    """Nobody has ordered it, or it is done, or was taken back."""


def order(on: Target, frozen: Frozen, *, by: Hand) -> Order:
    """Have the list of the round `on` released at its second; if that is ordered already, return that order.

    Raises:
        PastError: it is time already. NotAllowedError: the officer may not speak for this node.
    """
    check_may_speak(by.officer.role)
    if by.now >= frozen.release:
        raise PastError
    found = order_of(on.link, on.statement)
    if found is not None:
        return found
    said: dict[str, JsonSource] = {
        "release": frozen.release,
        "digest": frozen.digest,
        "key": uuid.uuid4().hex,
        "officer": by.officer.number,
    }
    origin = Origin(link=on.link, purpose=PURPOSE, about=id_text(on.statement))
    page = drafts.Hand(officer=by.officer.number, session=f"{PURPOSE}-{by.key}"[:64], now=by.now)
    drafts.keep(origin, {FIELD: write(said).decode()}, by=page)
    made = order_of(on.link, on.statement)
    assert made is not None, "it was written a moment ago"
    _note("ordered", made, officer=by.officer.number, now=by.now)
    return made


def take_back(on: Target, *, by: Hand) -> None:
    """Let the list of the round `on` wait for a person again.

    Raises:
        NoOrderError: nobody ordered it. NotAllowedError: the officer may not speak for this node.
    """
    check_may_speak(by.officer.role)
    found = order_of(on.link, on.statement)
    if found is None:
        raise NoOrderError
    _close(found, "put_away", officer=by.officer.number, now=by.now)


def tell_core(home: Home) -> bool:
    """Have core look at the orders now, and return whether it heard; it looks by itself within a minute."""
    try:
        call(home.core_socket, {"ask": "look_at_releases"}, seconds=ASK_SECONDS)
    except (NoCoreError, BrokenCoreError, CoreError, FrameError, OSError):
        return False
    return True


def carry_out(order: Order, *, now: int, door: Door) -> Said | None:
    """Release the list in the name of the officer who ordered it; the order ends with it.

    None: the record refused it, or the officer may not speak any more; the order ends, and a person looks.

    Raises:
        StorageError, UnsignedError, StoppedError: nothing is known to be said; the order stands.
        RefusedError: our log is being asked back, and nothing may be said yet; the order stands.
    """
    officer = next((each for each in active_officers() if each.number == order.officer), None)
    target = Target(link=order.link, statement=order.statement)
    said = None
    if officer is not None:
        try:
            hand = Hand(officer=officer, key=order.key, now=now, door=door)
            said = outcomes.release(target, order.frozen, by=hand)
        except RefusedError as error:
            if error.code == RECOVERING:
                # Nothing may be said while our log is asked back; that ends, and the list still waits.
                raise
        except NotAllowedError:
            said = None
    _close(order, "refused" if said is None else "said", officer=order.officer, now=now)
    return said


def _close(found: Order, outcome: str, *, officer: int, now: int) -> None:
    """End the order, and any that another officer gave in the same moment."""
    page = drafts.Hand(officer=officer, session=f"{PURPOSE}-{found.key}", now=now)
    for each in list_drafts(found.link, purpose=PURPOSE, about=id_text(found.statement)):
        drafts.close(each.number, outcome=outcome, by=page)
    _note("taken_back" if outcome == "put_away" else outcome, found, officer=officer, now=now)


def _note(stage: str, found: Order, *, officer: int, now: int) -> None:
    subject = f"{found.link} {short_id(found.statement)}"
    note_act(f"outcome.released:{stage}", officer=officer, subject=subject, now=now)
