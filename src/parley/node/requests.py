"""What core does when it is asked through `core.sock`. How drafts are written there: `ledger.asking`.

    {"ask": "append", "drafts": [...]}                                       → {"results": [...]}
    {"ask": "check", "draft": {...}}                                         → a verdict
    {"ask": "names"}                                                         → {"names": [...]}
    {"ask": "add_link", "mine": offer, "theirs": offer, "world", "name"}     → {"name": link}
    {"ask": "verify_link", "link"}                                           → {}
    {"ask": "sign_opening", "link", "mine": offer, "theirs": offer, "draft"} → {"results": [one]}

An offer is the text of its file. Each request may come twice without harm: a draft has an id,
and digits that were compared stay compared. What core is asked about itself is left to `core`.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from parley.ledger.asking import NotADraftError, read_draft, write_results, write_verdict
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.links import LeavesDemoError, LinkExistsError
from parley.ledger.offers import Offer, read_offer
from parley.ledger.writer import StoppedError, StorageError, UnsignedError
from parley.node.door import Reply
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Suite
from parley.protocol.voids import Verdict
from parley.work.sock import CoreError

ABOUT_LINKS: Final = frozenset({"add_link", "verify_link", "sign_opening"})
"""After these there may be a partner to dial."""


class WritingLedger(Protocol):
    """What of the ledger can be asked from outside core."""

    def names(self) -> tuple[str, ...]: ...
    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]: ...
    def check(self, draft: Draft) -> Verdict: ...
    def add_link(self, mine: Offer, theirs: Offer, *, world: str, name: str | None = None) -> str: ...
    def verify_link(self, link: str) -> None: ...
    def sign_opening(self, link: str, mine: Offer, theirs: Offer, *, draft: str) -> Appended: ...


def answer(request: JsonObject, *, ledger: WritingLedger, suite: Suite) -> Reply:
    """Return what came of `request`.

    Raises:
        CoreError: it is none of those above, or the ledger raised something.
    """
    try:
        return _done(request, ledger, suite)
    except NotADraftError as error:
        raise CoreError("request", str(error)) from error
    except UnknownLinkError as error:
        raise CoreError("unknown_link", str(error)) from error
    except LinkExistsError as error:
        raise CoreError("link_exists", str(error)) from error
    except LeavesDemoError as error:
        raise CoreError("leaves_demo", str(error)) from error
    except BreachError as error:
        raise CoreError("breach", str(error)) from error
    except UnsignedError as error:
        raise CoreError("unsigned", str(error)) from error
    except StorageError as error:
        raise CoreError("storage", str(error)) from error
    except StoppedError as error:
        raise CoreError("stopped", "core is stopping; ask again") from error


def _done(request: JsonObject, ledger: WritingLedger, suite: Suite) -> Reply:
    match request:
        case {"ask": "append", "drafts": list(drafts)}:
            return write_results(ledger.append([read_draft(draft) for draft in drafts]))
        case {"ask": "check", "draft": draft}:
            return write_verdict(ledger.check(read_draft(draft)))
        case {"ask": "names"}:
            return {"names": ledger.names()}
        case {"ask": "add_link", "mine": str(mine), "theirs": str(theirs), "world": str(world), "name": name}:
            offers = (_offer(mine, suite), _offer(theirs, suite))
            return {
                "name": ledger.add_link(*offers, world=world, name=name if isinstance(name, str) else None)
            }
        case {"ask": "verify_link", "link": str(link)}:
            ledger.verify_link(link)
            return {}
        case {
            "ask": "sign_opening",
            "link": str(link),
            "mine": str(mine),
            "theirs": str(theirs),
            "draft": str(draft),
        }:
            offers = (_offer(mine, suite), _offer(theirs, suite))
            return write_results([_opened(lambda: ledger.sign_opening(link, *offers, draft=draft))])
        case _:
            raise CoreError("request", "core does not know this request")


def _offer(text: str, suite: Suite) -> Offer:
    return read_offer(text.encode(), suite=suite)


def _opened(sign: Callable[[], Appended]) -> Appended | RefusedError:
    try:
        return sign()
    except RefusedError as error:
        return error
