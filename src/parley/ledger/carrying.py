"""Carrying parcels in files: what core does for it, and how whoever holds the file asks core.

    {"ask": "carry_lanes", "link"}                                 → {"lanes": [name, …]}
    {"ask": "carry_out", "link", "beyond": size | null, "spool"}   → {"end", "more"}
    {"ask": "carry_in", "spool"}                                   → {"link", "changed"}

A parcel does not fit a frame of core.sock, so it lies in the home meanwhile, in `carried/`,
under a name that is drawn at random; core writes and reads nothing anywhere else. One request
is one parcel: nobody waits long, and what is cut off goes on where it stopped. Where no core
runs, the caller is the core for each parcel. Source: Spec §5.2.7, §5.2.8.
"""

import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from parley.ledger.append import core_or_alone
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.lanes import link_of, named
from parley.ledger.ledger import BadParcelError, Ledger, UnknownPeerError
from parley.ledger.writer import StoppedError, StorageError
from parley.protocol.carried import MAGIC, MAX_PARCELS, read_parcels, write_parcel
from parley.protocol.names import BULK, HOT, MAIN
from parley.protocol.parcel import MAX_PARCEL
from parley.protocol.strictjson import JsonObject, JsonSource, JsonValue
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError

_SPOOL: Final = re.compile(r"[0-9a-f]{32}")


class NotComparedError(Exception):
    """The digits of the link were not compared yet, so nothing leaves on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A file that was written: how many parcels of all lanes, and whether more is left.

    `end` is how far it brings our log in lane main.
    """

    parcels: int
    end: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """A file that was taken. `changed`: at least one parcel told something new."""

    link: str
    parcels: int
    changed: bool


# ---- In core


def answer(request: Mapping[str, JsonSource], *, ledger: Ledger) -> JsonObject:
    """Return what came of one of the two requests above.

    Raises:
        CoreError: it is none of them, or it cannot be done.
    """
    try:
        match request:
            case {"ask": "carry_lanes", "link": str(link)}:
                return {"lanes": _lanes(ledger, link)}
            case {
                "ask": "carry_out",
                "link": str(link),
                "beyond": int() | None as beyond,
                "spool": str(name),
            }:
                return _put(ledger, link, spool=_spooled(ledger.home, name), beyond=beyond)
            case {"ask": "carry_in", "spool": str(name)}:
                return _take(ledger, _spooled(ledger.home, name))
            case _:
                raise CoreError("request", "core does not know this request")
    except UnknownLinkError as error:
        raise CoreError("unknown_link", str(error)) from error
    except StorageError as error:
        raise CoreError("storage", str(error)) from error
    except StoppedError as error:
        raise CoreError("stopped", "core is stopping; ask again") from error
    except NotComparedError as error:
        raise CoreError("not_compared", str(error)) from error
    except UnknownPeerError as error:
        raise CoreError("stranger", str(error)) from error
    except BadParcelError as error:
        raise CoreError("bad_parcel", str(error)) from error


def _lanes(ledger: Ledger, link: str) -> list[JsonValue]:
    """Return the lanes of a link in the order in which they are carried: hot first, bulk last."""
    known = set(ledger.names())
    found = [name for lane in (HOT, MAIN, BULK) if (name := named(link, lane)) in known]
    if not found:
        raise UnknownLinkError(link)
    return [*found]


def _spooled(home: Home, name: str) -> Path:
    # A name that is drawn leads nowhere else, whoever asks.
    if not _SPOOL.fullmatch(name):
        raise CoreError("request", "a spool is named by 32 hexadecimal digits")
    return _folder(home) / name


def _folder(home: Home) -> Path:
    return home.root / "carried"


def _put(ledger: Ledger, link: str, *, spool: Path, beyond: int | None) -> JsonObject:
    carried = ledger.carry(link, beyond=beyond)
    if carried is None:
        raise NotComparedError(link)
    spool.write_bytes(carried.parcel)
    return {"end": carried.end, "more": carried.more}


def _take(ledger: Ledger, spool: Path) -> JsonObject:
    with spool.open("rb") as file:
        taken = ledger.accept(file.read(MAX_PARCEL + 1))
    return {"link": taken.link, "changed": taken.changed}


# ---- For whoever holds the file


def carry_out(home: Home, link: str, file: BinaryIO, *, beyond: int | None = None) -> Out:
    """Write into `file` what would be sent on `link` now, all of it if it fits.

    It begins at what the partner said to have, or at the size `beyond` of our log.

    Raises:
        NotComparedError: nothing leaves on this link yet. OSError: the file cannot be written.
        UnknownLinkError, NobodyWritesError, BrokenCoreError, StorageError: as in `append`.
    """
    file.write(MAGIC)
    parcels, is_all, ends = 0, True, dict[str, int]()
    with _spool(home) as spool:
        for lane in _carried_lanes(home, link):
            end, more = beyond, True
            while more and parcels < MAX_PARCELS:
                begun = end
                end, more = _one_out(home, lane, spool, beyond=begun)
                file.write(write_parcel(spool.read_bytes()))
                parcels += 1
                # A parcel that brings nothing new is the last one, whatever it says is left.
                more = more and end != begun
            ends, is_all = {**ends, lane: end or 0}, is_all and not more
    return Out(parcels=parcels, end=ends.get(link, 0), more=not is_all)


def _carried_lanes(home: Home, link: str) -> list[str]:
    match _asked(home, {"ask": "carry_lanes", "link": link}):
        case {"lanes": list(lanes)}:
            return [str(lane) for lane in lanes]
        case _:
            raise BrokenCoreError("core said what is no answer")


def _one_out(home: Home, link: str, spool: Path, *, beyond: int | None) -> tuple[int, bool]:
    request: dict[str, JsonSource] = {"ask": "carry_out", "link": link, "beyond": beyond, "spool": spool.name}
    match _asked(home, request):
        case {"end": int(end), "more": bool(more)}:
            return end, more
        case _:
            raise BrokenCoreError("core said what is no answer")


def carry_in(home: Home, file: BinaryIO) -> In:
    """Take the parcels of `file`, one after the other, as if they had come over the wire.

    Raises:
        UnknownPeerError: the parcel is from no partner, or for somebody else.
        BadParcelError: it is not genuine. BreachError: the file is none of parcels, or is cut off.
        NobodyWritesError, BrokenCoreError, StorageError: as in `append`; take the file again.
        In every case the parcels before it have had their effect.
    """
    link, count, changed = "", 0, False
    with _spool(home) as spool:
        for parcel in read_parcels(file.read):
            spool.write_bytes(parcel)
            match _asked(home, {"ask": "carry_in", "spool": spool.name}):
                case {"link": str(name), "changed": bool(told)}:
                    # Who mixes the files of two partners gets the answer for whose parcel stands last.
                    link, count, changed = link_of(name), count + 1, changed or told
                case _:
                    raise BrokenCoreError("core said what is no answer")
    return In(link=link, parcels=count, changed=changed)


def _asked(home: Home, request: "dict[str, JsonSource]") -> JsonObject:
    try:
        return core_or_alone(home, request, lambda ledger: answer(request, ledger=ledger))
    except CoreError as error:
        match error.code:
            case "storage":
                raise StorageError(error.reason) from error
            case "unknown_link":
                raise UnknownLinkError(error.reason) from error
            case "not_compared":
                raise NotComparedError(error.reason) from error
            case "stranger":
                raise UnknownPeerError(error.reason) from error
            case "bad_parcel":
                raise BadParcelError(error.reason) from error
            case _:
                raise


@contextmanager
def _spool(home: Home) -> Iterator[Path]:
    _folder(home).mkdir(mode=0o700, exist_ok=True)
    path = _folder(home) / uuid.uuid4().hex
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
