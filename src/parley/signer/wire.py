"""What is spoken through `signer.sock`.

    frame     uint32 length, big-endian, at most 8 MiB ‖ one msgpack map, its tag in "ask" or "say"
    request   Sign | Find | List | Begin | Keep | Replace | Attest | Seal | Sets | Make
    answer    Notes | Found | Listed | Done | Attested | Keyed | Refused

One request at a time on a connection, each answered before the next. Asking twice does no harm:
what was signed is found in the anchor, everything else stays as it is the second time. Unknown
fields, other types and trailing bytes are refused; what is asked is left to `desk.py`.
"""

from typing import Final, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from parley.protocol.tree import Frontier
from parley.signer.desk import Anchored, Asked, Noted
from parley.signer.keys import PublicKeys
from parley.work.sock import LENGTH, MAX_FRAME, FrameError


class Sign(Struct, frozen=True, kw_only=True, tag_field="ask", tag="sign", forbid_unknown_fields=True):
    asked: tuple[Asked, ...]


class Find(Struct, frozen=True, kw_only=True, tag_field="ask", tag="find", forbid_unknown_fields=True):
    origin: str


class List(Struct, frozen=True, kw_only=True, tag_field="ask", tag="list", forbid_unknown_fields=True):
    pass


class Begin(Struct, frozen=True, kw_only=True, tag_field="ask", tag="begin", forbid_unknown_fields=True):
    origin: str
    retires: str | None


class Keep(Struct, frozen=True, kw_only=True, tag_field="ask", tag="keep", forbid_unknown_fields=True):
    origin: str
    note: bytes


class Replace(Struct, frozen=True, kw_only=True, tag_field="ask", tag="replace", forbid_unknown_fields=True):
    origin: str
    frontier: Frontier
    confirmed: str
    time: int


class Attest(Struct, frozen=True, kw_only=True, tag_field="ask", tag="attest", forbid_unknown_fields=True):
    text: bytes


class Seal(Struct, frozen=True, kw_only=True, tag_field="ask", tag="seal", forbid_unknown_fields=True):
    text: bytes
    keys: bytes
    time: int


class Sets(Struct, frozen=True, kw_only=True, tag_field="ask", tag="sets", forbid_unknown_fields=True):
    pass


class Make(Struct, frozen=True, kw_only=True, tag_field="ask", tag="make", forbid_unknown_fields=True):
    number: int


class Notes(Struct, frozen=True, kw_only=True, tag_field="say", tag="notes", forbid_unknown_fields=True):
    notes: tuple[tuple[Noted, ...], ...]


class Found(Struct, frozen=True, kw_only=True, tag_field="say", tag="found", forbid_unknown_fields=True):
    anchored: Anchored | None


class Listed(Struct, frozen=True, kw_only=True, tag_field="say", tag="listed", forbid_unknown_fields=True):
    origins: tuple[str, ...]
    lost: tuple[str, ...]


class Done(Struct, frozen=True, kw_only=True, tag_field="say", tag="done", forbid_unknown_fields=True):
    pass


class Attested(
    Struct, frozen=True, kw_only=True, tag_field="say", tag="attested", forbid_unknown_fields=True
):
    note: bytes


class Keyed(Struct, frozen=True, kw_only=True, tag_field="say", tag="keyed", forbid_unknown_fields=True):
    sets: tuple[PublicKeys, ...]


class Refused(Struct, frozen=True, kw_only=True, tag_field="say", tag="refused", forbid_unknown_fields=True):
    """`code` is one of `RefusedToSignError`, or `no-signer` where the anchor failed."""

    code: str
    reason: str


Request: TypeAlias = Sign | Find | List | Begin | Keep | Replace | Attest | Seal | Sets | Make
Answer: TypeAlias = Notes | Found | Listed | Done | Attested | Keyed | Refused

NO_SIGNER: Final = "no-signer"

_T = TypeVar("_T")
_ENCODER: Final = msgspec.msgpack.Encoder()
_REQUESTS: "Final[msgspec.msgpack.Decoder[Request]]" = msgspec.msgpack.Decoder(Request)
_ANSWERS: "Final[msgspec.msgpack.Decoder[Answer]]" = msgspec.msgpack.Decoder(Answer)


def frame(value: Request | Answer) -> bytes:
    """Return `value` as one frame.

    Raises:
        FrameError: it is larger than a frame may be.
    """
    body = _ENCODER.encode(value)
    if len(body) > MAX_FRAME:
        raise FrameError(f"a frame is at most {MAX_FRAME} bytes, this one has {len(body)}")
    return LENGTH.pack(len(body)) + body


def read_request(body: bytes) -> Request:
    """Return the request in a frame.

    Raises:
        FrameError: it is none.
    """
    return _read(_REQUESTS, body)


def read_answer(body: bytes) -> Answer:
    """Return the answer in a frame.

    Raises:
        FrameError: it is none.
    """
    return _read(_ANSWERS, body)


def _read(decoder: "msgspec.msgpack.Decoder[_T]", body: bytes) -> _T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"a frame holds one request or answer: {error}") from error
