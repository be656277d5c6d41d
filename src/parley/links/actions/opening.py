"""What is done to links, through core where it runs, and otherwise by being core for a moment.

Each request may come twice: digits that were compared stay compared, and an opening carries
the key of its draft. The journal of the house says who compared and who opened.
"""

from collections.abc import Callable
from dataclasses import dataclass

from parley.agencies.actions import note_act
from parley.agencies.queries import OfficerRow
from parley.ledger.append import core_or_alone
from parley.ledger.asking import read_results
from parley.ledger.chosen import Choice
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.export import Exported
from parley.ledger.handover import hand_over
from parley.ledger.home import own_calendar, own_card, own_epoch, read_config
from parley.ledger.ledger import Ledger
from parley.ledger.links import LeavesDemoError, LinkExistsError
from parley.ledger.offers import Offer, read_offer, write_offer
from parley.ledger.zipping import Writable
from parley.links.policy import check_may_link
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.protocol.suite import Standard
from parley.work.home import Home
from parley.work.sock import CoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Whose act it is. `key` makes a repetition harmless: the same key is the same statement."""

    officer: OfficerRow
    key: str
    now: int


def own_offer_bytes(home: Home) -> bytes:
    """Return the file that this node hands to another: card, name and calendar; it holds no secret."""
    config = read_config(home)
    return write_offer(
        note=own_card(home),
        epoch=own_epoch(home),
        names={"en": config.name_en, "zh": config.name_zh},
        calendar=own_calendar(home),
        watch_shown=config.watch_shown,
    )


def own_offer(home: Home) -> Offer:
    """Return our own offer, read as the other side reads it."""
    return read_offer(own_offer_bytes(home), suite=Standard())


def offer_text(offer: Offer) -> str:
    """Return an offer as its file holds it."""
    raw = write_offer(
        note=offer.note,
        epoch=offer.epoch,
        names=offer.names,
        calendar=offer.calendar,
        watch_shown=offer.watch_shown,
    )
    return raw.decode()


def add_link(home: Home, mine: Offer, theirs: Offer, *, world: str, name: str | None) -> str:
    """Write down a link with the side that made `theirs`, and return its name. It carries nothing yet.

    Raises:
        LinkExistsError: there is one with this name, channel or node already.
        LeavesDemoError: the partner's address is not on this computer, and the world is `demo`.
    """
    request: dict[str, JsonSource] = {
        "ask": "add_link",
        "mine": offer_text(mine),
        "theirs": offer_text(theirs),
        "world": world,
        "name": name,
    }
    try:
        found = core_or_alone(
            home, request, lambda ledger: ledger.add_link(mine, theirs, world=world, name=name)
        )
    except CoreError as error:
        reason = {"link_exists": LinkExistsError, "leaves_demo": LeavesDemoError}.get(error.code)
        if reason is not None:
            raise reason(error.reason) from error
        raise
    return found if isinstance(found, str) else str(found["name"])


def note_differing_digits(link: str, *, by: By) -> None:
    """Write into the journal that the digits of `link` were not the same on both sides."""
    note_act("link.digits_differ", officer=by.officer.number, subject=link, now=by.now)


def export_evidence(
    home: Home, link: str, out: Writable, *, choice: Choice, subject: str, by: By
) -> Exported:
    """Write the evidence of `link` into `out`; the journal says who took it, and of which inquiry.

    Raises:
        NotAllowedError: the officer may not. The others: see `hand_over`.
    """
    check_may_link(by.officer.role)
    made = hand_over(home, link, out, choice=choice)
    note_act("evidence.exported", officer=by.officer.number, subject=f"{link} {subject}".strip(), now=by.now)
    return made


def open_link(home: Home, link: str, *, theirs: Offer, by: By) -> Appended:
    """Write down that the digits are equal, and sign our opening of `link` with the roots.

    The journal has a row before and after: one that has begun and not ended tells that the
    record must be asked.

    Raises:
        NotAllowedError: the officer may not. RefusedError: the opening would be void.
    """
    check_may_link(by.officer.role)
    note_act("link.opened:begun", officer=by.officer.number, subject=link, now=by.now)
    try:
        said = _open(home, link, mine=own_offer(home), theirs=theirs, key=by.key)
    except RefusedError:
        note_act("link.opened:refused", officer=by.officer.number, subject=link, now=by.now)
        raise
    statement = id_text(said.statement)
    note_act("link.opened:saved", officer=by.officer.number, subject=link, now=by.now, statement=statement)
    return said


def _open(home: Home, link: str, *, mine: Offer, theirs: Offer, key: str) -> Appended:
    core_or_alone(home, {"ask": "verify_link", "link": link}, lambda ledger: ledger.verify_link(link))
    request: dict[str, JsonSource] = {
        "ask": "sign_opening",
        "link": link,
        "mine": offer_text(mine),
        "theirs": offer_text(theirs),
        "draft": key,
    }
    found = core_or_alone(home, request, _signing(link, mine, theirs, key=key))
    return found if isinstance(found, Appended) else _only(found)


def _signing(link: str, mine: Offer, theirs: Offer, *, key: str) -> Callable[[Ledger], Appended]:
    return lambda ledger: ledger.sign_opening(link, mine, theirs, draft=key)


def _only(answer: JsonObject) -> Appended:
    (result,) = read_results(answer)
    if isinstance(result, RefusedError):
        raise result
    return result
