"""The parcel: the only message between nodes.

    parcel   "PARLEY1" LF ‖ tag 8 ‖ enc 1120 ‖ ciphertext (frames + 16)        at most 16 MiB
    tag      SHA-256("parley/tag/v1" LF from LF to LF channel LF ‖ seal public key)[:8]
    info     "parley/parcel/v1" LF from LF to LF channel LF
    frame    type 1 ‖ uint32 length ‖ body

    C  card note                          V  note that asks for recovery
    N  head note of the sender's log      E  uint64 start ‖ (uint16 length ‖ entry)*
    K  (part hash 32 ‖ key 32)*           B  one ciphertext, found by its SHA-256
    R  receipt note                       H  text lines "have <origin> <size>", at most 64
    W  part hash 32 ‖ uint64 offset       P  part hash 32 ‖ uint64 offset ‖ bytes, at most 4 MiB
    Z  zero bytes
    S  note by `<from>/link` over "parley-parcel/v1", from, to, channel and the base64 of
       SHA-256(all frame bytes before S), five lines

    order    C* V? (N E (K B*)?)* R* H W* P* Z S

Frames of another type are passed over, and hashed. Whoever knows the seal key can seal, so no
frame says anything before S verifies. What the frames mean for the logs is left to
`channel.py`. Spec §5.1, §5.2.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.entry import MAX_ENTRY
from parley.protocol.names import ORIGIN_CHARACTERS, check_channel, check_node, check_origin
from parley.protocol.notation import MAX_NUMBER, NUMBER, read_number, write_base64
from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.padding import padded
from parley.protocol.presence import read_presence, write_presence
from parley.protocol.suite import ENC_SIZE, SealError, Suite

MAX_PARCEL: Final = 16 * 1024 * 1024
MAX_ENTRIES: Final = 65_536
MAX_HAVES: Final = 64
# Of cards, pieces and receipts: as many as a channel has logs, and to spare.
MAX_NOTES: Final = 64
MAX_WANTS: Final = 1_024
MAX_STRETCHES: Final = 64
MAX_STRETCH: Final = 4 * 1024 * 1024
# Two blobs for each entry, and room; bounds what a frame of no bytes could cost.
MAX_FRAMES: Final = 262_144

_MAGIC = b"PARLEY1\n"
_TAG_SIZE = 8
_CLEAR_SIZE = len(_MAGIC) + _TAG_SIZE
_SEAL_OVERHEAD = ENC_SIZE + 16
_MAX_FRAME_BYTES = MAX_PARCEL - _CLEAR_SIZE - _SEAL_OVERHEAD
_FRAME = struct.Struct(">cI")
_WANT = struct.Struct(">32sQ")
_KEY = struct.Struct(">32s32s")
_HAVE = re.compile(rf"have ({ORIGIN_CHARACTERS}) ({NUMBER})")
_PIECE = frozenset((b"N", b"E", b"K", b"B"))
_KNOWN = _PIECE | {b"C", b"V", b"R", b"H", b"W", b"P", b"D", b"Z", b"S"}
_ORDER = re.compile(rb"C*V?(?:NE(?:KB*)?)*R*HW*P*D?ZS")

_Frame: TypeAlias = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one log: its head, entries from index `start`, their keys and ciphertexts.

    `keys` are (part hash, key), a key of 32 zero bytes where the sender lost it. `entries`
    may be empty: then the piece only shows the head.
    """

    note: bytes
    start: int
    entries: tuple[bytes, ...] = ()
    keys: tuple[tuple[bytes, bytes], ...] = ()
    blobs: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Have:
    """The sender holds `size` entries of the log `origin`. A hint, never evidence."""

    origin: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """The sender asks for the ciphertext with this hash, from the byte `offset` on."""

    hash: bytes
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Bytes of the ciphertext with this hash, from the byte `offset` on: the answer to a `Want`."""

    hash: bytes
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one node says to another about one channel. `presence` is a minute, 0, or not told at all."""

    sender: str
    receiver: str
    channel: str
    cards: tuple[bytes, ...] = ()
    recover: bytes | None = None
    pieces: tuple[Piece, ...] = ()
    receipts: tuple[bytes, ...] = ()
    haves: tuple[Have, ...] = ()
    wants: tuple[Want, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    presence: int | None = None


def tag(sender: str, receiver: str, channel: str, *, seal_public: bytes) -> bytes:
    """Return the eight bytes by which the receiver finds whom a parcel is from, and its key."""
    return hashlib.sha256(_route("parley/tag/v1", sender, receiver, channel=channel) + seal_public).digest()[
        :_TAG_SIZE
    ]


def tag_of(raw: bytes) -> bytes:
    """Return the tag of a parcel, which proves nothing. Spec §5.2."""
    if len(raw) > MAX_PARCEL:
        raise BreachError("5.1", f"a parcel is at most {MAX_PARCEL} bytes")
    if len(raw) < _CLEAR_SIZE + _SEAL_OVERHEAD or not raw.startswith(_MAGIC):
        raise BreachError("5.2", "this is not a parcel")
    return raw[len(_MAGIC) : _CLEAR_SIZE]


def seal_parcel(
    parcel: Parcel, *, link_seed: bytes, seal_public: bytes, suite: Suite, others: Sequence[bytes] = ()
) -> bytes:
    """Return the parcel padded, signed with the sender's link key, and `others` of it, and sealed. Spec §5.2.

    Raises:
        BreachError: the receiver would refuse it.
        SealError: `seal_public` is not a key.
    """
    frames = encode_frames(parcel)
    name = f"{parcel.sender}/link"
    keys = [note.new_sign_key(name, Algorithm.ED25519, seed, suite=suite) for seed in (link_seed, *others)]
    blanks = (
        note.Line(name=name, key_id=key.key_id, payload=bytes(Algorithm.ED25519.payload_size)) for key in keys
    )
    ending = len(_frame(b"S", note.encode(note.Note(text=_signed_text(parcel, b""), lines=tuple(blanks)))))
    frames += _padding(len(frames) + ending)
    text = _signed_text(parcel, frames)
    lines = tuple(note.sign(text, key, suite) for key in keys)
    frames += _frame(b"S", note.encode(note.Note(text=text, lines=lines)))
    if len(frames) > _MAX_FRAME_BYTES or decode_frames(frames, parcel) != parcel:
        raise BreachError("5.1", "the parcel is too large, or of a form that is not read back")
    info = _route("parley/parcel/v1", parcel.sender, parcel.receiver, channel=parcel.channel)
    head = _MAGIC + tag(parcel.sender, parcel.receiver, parcel.channel, seal_public=seal_public)
    return head + suite.seal(seal_public, info=info, plaintext=frames)


def open_parcel(
    raw: bytes,
    *,
    sender: str,
    receiver: str,
    channel: str,
    link_public: bytes,
    seal_private: bytes,
    suite: Suite,
    introduced: Callable[[Sequence[bytes]], bytes | None] | None = None,
) -> Parcel:
    """Return what a parcel says, after its seal opened and its last frame verified.

    If `link_public` did not sign, `introduced` tells which link key the cards in the parcel vouch for.

    Raises:
        BreachError: it is too large, for somebody else, not by `sender`, or misshapen.
    """
    if tag_of(raw) != tag(sender, receiver, channel, seal_public=suite.x_wing_public(seal_private)):
        raise BreachError("5.2", "the parcel has the tag of another link")
    try:
        info = _route("parley/parcel/v1", sender, receiver, channel=channel)
        frames = suite.open(seal_private, info=info, sealed=raw[_CLEAR_SIZE:])
    except SealError as error:
        raise BreachError("5.2", "the seal does not open") from error
    empty, split = Parcel(sender=sender, receiver=receiver, channel=channel), _split(frames)
    try:
        _check_signature(frames, split[-1], empty, link_public=link_public, suite=suite)
    except BreachError:
        other = introduced(decode_frames(split, empty).cards) if introduced else None
        if other is None:
            raise
        _check_signature(frames, split[-1], empty, link_public=other, suite=suite)
    return decode_frames(split, empty)


def encode_frames(parcel: Parcel) -> bytes:
    """Return the frames of a parcel up to `D`; padding and signature come after them."""
    _check_names(parcel)
    have = "".join(f"have {have.origin} {have.size}\n" for have in parcel.haves)
    frames = [_frame(b"C", card) for card in parcel.cards]
    frames += [_frame(b"V", parcel.recover)] if parcel.recover is not None else []
    for piece in parcel.pieces:
        frames += _write_piece(piece)
    frames += [_frame(b"R", receipt) for receipt in parcel.receipts]
    frames.append(_frame(b"H", have.encode("ascii", "replace")))
    frames += [_frame(b"W", _WANT.pack(want.hash, want.offset)) for want in parcel.wants]
    frames += [_frame(b"P", _WANT.pack(each.hash, each.offset) + each.content) for each in parcel.stretches]
    frames += [] if parcel.presence is None else [_frame(b"D", write_presence(parcel.presence))]
    return b"".join(frames)


def decode_frames(raw: bytes | Sequence[_Frame], empty: Parcel) -> Parcel:
    """Return the parcel in all its frames, between the nodes and on the channel of `empty`.

    The signature is not checked here. Spec §5.1.
    """
    _check_names(empty)
    known = [each for each in (_split(raw) if isinstance(raw, bytes) else raw) if each[0] in _KNOWN]
    _check_order(b"".join(kind for kind, _ in known))
    found = {kind: tuple(body for other, body in known if other == kind) for kind in (b"C", b"R", b"W", b"P")}
    (have,) = (body for kind, body in known if kind == b"H")
    if any(body.strip(b"\0") for kind, body in known if kind == b"Z"):
        raise BreachError("5.1", "padding is zero bytes")
    return replace(
        empty,
        cards=found[b"C"],
        recover=next((body for kind, body in known if kind == b"V"), None),
        pieces=_read_pieces([frame for frame in known if frame[0] in _PIECE]),
        receipts=found[b"R"],
        haves=_read_haves(have, empty.channel),
        wants=tuple(_read_want(body) for body in found[b"W"]),
        stretches=tuple(_read_stretch(body) for body in found[b"P"]),
        presence=next((read_presence(body) for kind, body in known if kind == b"D"), None),
    )


def _check_signature(frames: bytes, last: _Frame, empty: Parcel, *, link_public: bytes, suite: Suite) -> None:
    kind, body = last
    if kind != b"S":
        raise BreachError("5.2", "the last frame is not the signature")
    signed = note.parse(body)
    if signed.text != _signed_text(empty, frames[: -_FRAME.size - len(body)]):
        raise BreachError("5.2", "the signature is over other frames")
    key = VerifyKey(name=f"{empty.sender}/link", algorithm=Algorithm.ED25519, public=link_public)
    if not note.verified(signed, (key,), suite):
        raise BreachError("5.2", "the sender did not sign")


def _check_names(parcel: Parcel) -> None:
    check_node(parcel.sender)
    check_node(parcel.receiver)
    check_channel(parcel.channel)


def _check_order(order: bytes) -> None:
    # `order` is one byte for each frame of a known type.
    if not _ORDER.fullmatch(order):
        raise BreachError("5.1", "the frames are not in their order")
    if max(order.count(kind) for kind in (b"C", b"N", b"R")) > MAX_NOTES:
        raise BreachError("5.1", f"more than {MAX_NOTES} cards, pieces or receipts")
    if order.count(b"W") > MAX_WANTS:
        raise BreachError("5.1", f"more than {MAX_WANTS} wants")
    if order.count(b"P") > MAX_STRETCHES:
        raise BreachError("5.1", f"more than {MAX_STRETCHES} stretches of files")


def _route(purpose: str, sender: str, receiver: str, *, channel: str) -> bytes:
    return f"{purpose}\n{sender}\n{receiver}\n{channel}\n".encode("ascii")


def _signed_text(parcel: Parcel, frames: bytes) -> bytes:
    digest = write_base64(hashlib.sha256(frames).digest()).encode("ascii")
    return _route("parley-parcel/v1", parcel.sender, parcel.receiver, channel=parcel.channel) + digest + b"\n"


def _padding(size: int) -> bytes:
    # `size` is that of all other frames; what is padded is the plaintext as a whole.
    least = size + _FRAME.size
    return _frame(b"Z", bytes(max(0, min(padded(least), _MAX_FRAME_BYTES) - least)))


def _frame(kind: bytes, body: bytes) -> bytes:
    return _FRAME.pack(kind, len(body)) + body


def _split(raw: bytes) -> list[_Frame]:
    frames: list[_Frame] = []
    at = 0
    while len(frames) < MAX_FRAMES and at + _FRAME.size <= len(raw):
        kind, size = _FRAME.unpack_from(raw, at)
        at += _FRAME.size + size
        frames.append((kind, raw[at - size : at]))
    if at != len(raw) or not frames:
        raise BreachError("5.1", "the frames are cut off, or too many")
    return frames


def _write_piece(piece: Piece) -> Iterator[bytes]:
    yield _frame(b"N", piece.note)
    if any(not 1 <= len(entry) <= MAX_ENTRY for entry in piece.entries):
        raise BreachError("5.1", f"an entry is 1 to {MAX_ENTRY} bytes")
    entries = b"".join(len(entry).to_bytes(2, "big") + entry for entry in piece.entries)
    yield _frame(b"E", piece.start.to_bytes(8, "big") + entries)
    if piece.keys or piece.blobs:
        yield _frame(b"K", b"".join(_KEY.pack(digest, key) for digest, key in piece.keys))
    for blob in piece.blobs:
        yield _frame(b"B", blob)


def _read_pieces(frames: Sequence[_Frame]) -> tuple[Piece, ...]:
    starts = [at for at, (kind, _) in enumerate(frames) if kind == b"N"]
    pieces = []
    room = MAX_ENTRIES
    for start, end in pairwise([*starts, len(frames)]):
        piece = _read_piece([body for _, body in frames[start:end]], room=room)
        pieces.append(piece)
        room -= len(piece.entries)
    return tuple(pieces)


def _read_piece(bodies: Sequence[bytes], *, room: int) -> Piece:
    head, stretch, keys, blobs = bodies[0], bodies[1], bodies[2:3], tuple(bodies[3:])
    if len(stretch) < 8:
        raise BreachError("5.1", "an E frame begins with eight bytes")
    if keys == [b""] and not blobs:
        raise BreachError("5.1", "a K frame without keys and ciphertexts")
    start = int.from_bytes(stretch[:8], "big")
    entries = _read_entries(stretch, room=room)
    if start + len(entries) > MAX_NUMBER:
        raise BreachError("5.1", "a log is never that long")
    return Piece(note=head, start=start, entries=entries, keys=_read_keys(b"".join(keys)), blobs=blobs)


def _read_entries(stretch: bytes, *, room: int) -> tuple[bytes, ...]:
    entries: list[bytes] = []
    at = 8
    while at + 2 <= len(stretch):
        # Counted while reading: sixteen mebibytes of tiny entries would take a gigabyte.
        if len(entries) == room:
            raise BreachError("5.1", f"more than {MAX_ENTRIES} entries")
        size = int.from_bytes(stretch[at : at + 2], "big")
        at += 2 + size
        entries.append(stretch[at - size : at])
    if at != len(stretch) or b"" in entries:
        raise BreachError("5.1", "the entries of an E frame are empty or cut off")
    return tuple(entries)


def _read_keys(body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    if len(body) % _KEY.size:
        raise BreachError("5.1", "a K frame is a row of 64 bytes each")
    return tuple((digest, key) for digest, key in _KEY.iter_unpack(body))


def _read_haves(body: bytes, channel: str) -> tuple[Have, ...]:
    lines = body.decode("latin-1").split("\n")
    if lines.pop() or len(lines) > MAX_HAVES:
        raise BreachError("5.1", f"an H frame is at most {MAX_HAVES} lines")
    haves = tuple(_read_have(line, channel) for line in lines)
    if len({have.origin for have in haves}) != len(haves):
        raise BreachError("5.1", "two have lines for one log")
    return haves


def _read_have(line: str, channel: str) -> Have:
    match = _HAVE.fullmatch(line)
    if match is None:
        raise BreachError("5.1", "this is not a have line")
    check_origin(match[1])
    # A parcel of one channel that counts another would leak how much is said there.
    if match[1].split("/")[1:-1] != channel.split("/"):
        raise BreachError("5.1", "a have line for a log of another channel")
    return Have(origin=match[1], size=read_number(match[2], "5.1"))


def _read_want(body: bytes) -> Want:
    if len(body) != _WANT.size:
        raise BreachError("5.1", "a W frame is 40 bytes")
    digest, offset = _WANT.unpack(body)
    if offset > MAX_NUMBER:
        raise BreachError("5.1", "a part is never that long")
    return Want(hash=digest, offset=offset)


def _read_stretch(body: bytes) -> Stretch:
    if not _WANT.size < len(body) <= _WANT.size + MAX_STRETCH:
        raise BreachError("5.1", f"a P frame is 40 bytes and 1 to {MAX_STRETCH} of a file")
    digest, offset = _WANT.unpack_from(body)
    if offset > MAX_NUMBER:
        raise BreachError("5.1", "a part is never that long")
    return Stretch(hash=digest, offset=offset, content=body[_WANT.size :])
