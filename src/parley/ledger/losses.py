"""What people see of a loss on a link, and what two officers decide about it; asked of core or done alone.

    {"ask": "recover", "link", "decides": null}              look
    {"ask": "recover", "link", "decides": "<60 digits>"}     these are the digits of our newest head
    {"ask": "recover", "link", "decides": "alone"}           let our log end without the other side
    → {"lost": null | {"cause", "begun_at", "digits", "size", "is_sealed"},
       "offered": null | {"digits", "size"}, "logs", "orphans"}

`offered` is a head of a log of ours that ended, which the other side shows though nothing is lost here.

Source: Spec §5.7.
"""

from collections.abc import Mapping

from parley.ledger.append import core_or_alone
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.ledger import Ledger, StorageError
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.ledger.writer import StoppedError
from parley.protocol import head, note
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.signer.desk import NoSignerError, RefusedToSignError
from parley.work.home import Home
from parley.work.sock import CoreError

ALONE = "alone"


def answer(request: Mapping[str, JsonSource], *, ledger: Ledger) -> JsonObject:
    """Return how our line on a link stands, after what was decided.

    Raises:
        CoreError: it is no such request, or it cannot be done.
    """
    match request:
        case {"ask": "recover", "link": str(link), "decides": str() | None as decides}:
            return _decide(ledger, link, decides)
        case _:
            raise CoreError("request", "core does not know this request")


def _decide(ledger: Ledger, link: str, decides: str | None) -> JsonObject:
    try:
        if decides == ALONE:
            ledger.regaining.end_alone(link)
        elif decides is not None:
            ledger.regaining.confirm(link, decides)
        return _shown(ledger, link)
    except UnknownLinkError as error:
        raise CoreError("unknown_link", str(error)) from error
    except NotLostError as error:
        raise CoreError("not_lost", link) from error
    except OtherDigitsError as error:
        raise CoreError("other_digits", link) from error
    except TooEarlyError as error:
        raise CoreError("too_early", str(error.seconds)) from error
    except (StorageError, NoSignerError, RefusedToSignError) as error:
        raise CoreError("storage", str(error)) from error
    except StoppedError as error:
        raise CoreError("stopped", "core is stopping; ask again") from error


def _shown(ledger: Ledger, link: str) -> JsonObject:
    logs, orphans, lost, raw = ledger.regaining.look(link)
    shown = None if raw is None else head.parse_text(note.parse(raw).text)
    digits = None if shown is None else " ".join(head.digits(shown))
    size = None if shown is None else shown.size
    if lost is None:
        offered: JsonObject | None = None if digits is None else {"digits": digits, "size": size}
        return {"lost": None, "offered": offered, "logs": logs, "orphans": orphans}
    told: JsonObject = {
        "cause": lost.cause,
        "begun_at": lost.begun_at,
        "digits": digits,
        "size": size,
        "is_sealed": lost.seal is not None,
    }
    return {"lost": told, "offered": None, "logs": logs, "orphans": orphans}


def recover(home: Home, link: str, *, decides: str | None = None) -> JsonObject:
    """Return how our line on `link` stands, after what two officers decided, if they did.

    Raises:
        NotLostError, OtherDigitsError, TooEarlyError, UnknownLinkError: nothing was changed.
        StorageError, NobodyWritesError: it may not have been; ask again.
    """
    request: dict[str, JsonSource] = {"ask": "recover", "link": link, "decides": decides}
    try:
        return core_or_alone(home, request, lambda ledger: answer(request, ledger=ledger))
    except CoreError as error:
        match error.code:
            case "not_lost":
                raise NotLostError from error
            case "other_digits":
                raise OtherDigitsError from error
            case "too_early":
                raise TooEarlyError(int(error.reason)) from error
            case "unknown_link":
                raise UnknownLinkError(error.reason) from error
            case "storage":
                raise StorageError(error.reason) from error
            case _:
                raise
