"""What is done to links, through core where it runs, and otherwise by being core for a moment.

Each request may come twice: digits that were compared stay compared, and an opening carries
the key of its draft.
"""

from collections.abc import Callable

from parley.ledger.append import core_or_alone
from parley.ledger.asking import read_results
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.ledger import Ledger
from parley.ledger.links import LeavesDemoError, LinkExistsError
from parley.ledger.offers import Offer, write_offer
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.work.home import Home
from parley.work.sock import CoreError


def offer_text(offer: Offer) -> str:
    """Return an offer as its file holds it."""
    raw = write_offer(note=offer.note, epoch=offer.epoch, names=offer.names, calendar=offer.calendar)
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


def open_link(home: Home, link: str, *, mine: Offer, theirs: Offer, key: str) -> Appended:
    """Write down that the digits are equal, and sign our opening of `link` with the roots.

    Raises:
        RefusedError: the opening would be void.
    """
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
