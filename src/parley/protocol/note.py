"""Signed notes: a text and the lines of those who signed it.

    a.example/live/a-b/main/5e0c9a71            text, ends with LF
    20
    c/e/jX0L7mE2pJtZiYtU77UM4Jp0xpsmhD2eiVB8i54=
                                                the last empty line of the note
    — <key name> base64(key id 4 ‖ payload)     1 to 16 lines

    type  payload                       what is signed
    0x01  signature 64                  the text
    0x04  uint64 time ‖ signature 64    "cosignature/v1" LF "time <time>" LF text
    0x06  uint64 time ‖ signature 2420  "subtree/v1" LF NUL, name, time, origin, 0, size, root
    0xff  of an authenticator           SHA-256 of the text, as challenge (`webauthn.py`)

    key id = SHA-256(name ‖ LF ‖ type ‖ public key)[:4]

A line of an unknown key is ignored; a line of a known key must verify, and there is at most
one of it. So a state can add a line of an algorithm of its own without asking anybody. What a
text says is left to `head.py`, `card.py`, `entry.py` and `parcel.py`. Spec §2.2 to §2.6; C2SP signed-note,
tlog-checkpoint, tlog-cosignature.
"""

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from msgspec import Struct

from parley.protocol import webauthn
from parley.protocol.breach import BreachError
from parley.protocol.notation import HASH, MAX_TIME, NUMBER, read_base64, read_hash, read_number, write_base64
from parley.protocol.suite import (
    ED25519_PUBLIC_SIZE,
    ED25519_SIGNATURE_SIZE,
    ML_DSA_PUBLIC_SIZE,
    ML_DSA_SIGNATURE_SIZE,
    Suite,
)

MAX_NOTE: Final = 64 * 1024
MAX_LINES: Final = 16

_KEY_ID_SIZE = 4
_TIME_SIZE = 8
# What Unicode calls White_Space, written out: no table of the running Python decides.
_SPACES = r"\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LINE = re.compile(rf"— ([^{_SPACES}+]+) ([A-Za-z0-9+/]+={{0,2}})")
_VKEY = re.compile(rf"([^{_SPACES}+]+)\+([0-9a-f]{{8}})\+([A-Za-z0-9+/]+={{0,2}})")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_CHECKPOINT = re.compile(rf"([^\n]+)\n({NUMBER})\n({HASH})\n(?:[^\n]+\n)*")


class Algorithm(Enum):
    """The signature types that are judged here, by their byte."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    ML_DSA = 0x06
    WEBAUTHN = 0xFF

    @property
    def type_bytes(self) -> bytes:
        """Return what stands for the type where a key id is made."""
        return webauthn.TYPE if self is Algorithm.WEBAUTHN else bytes([self.value])

    @property
    def public_size(self) -> int:
        """Return the size of a public key in bytes."""
        return ML_DSA_PUBLIC_SIZE if self is Algorithm.ML_DSA else ED25519_PUBLIC_SIZE

    @property
    def payload_size(self) -> int:
        """Return the size of a line's payload in bytes, 0 if it may be any."""
        match self:
            case Algorithm.ED25519:
                return ED25519_SIGNATURE_SIZE
            case Algorithm.COSIGNATURE:
                return _TIME_SIZE + ED25519_SIGNATURE_SIZE
            case Algorithm.ML_DSA:
                return _TIME_SIZE + ML_DSA_SIGNATURE_SIZE
            case Algorithm.WEBAUTHN:
                return 0


class Line(Struct, frozen=True, kw_only=True):
    """One signature line; what the payload is depends on the key."""

    name: str
    key_id: bytes
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that ends with LF, and its lines. That it was parsed proves no signature."""

    text: bytes
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyKey:
    """A public key under the name by which its lines are found."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before the payload."""
        return _key_id(self.name, self.algorithm, self.public)

    @property
    def text(self) -> str:
        """Return the C2SP *vkey*: name+hex key id+base64(type ‖ public key)."""
        typed = self.algorithm.type_bytes + self.public
        return f"{self.name}+{self.key_id.hex()}+{write_base64(typed)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignKey:
    """A private key (32-byte seed) with its public key and the name of its lines."""

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before the payload."""
        return _key_id(self.name, self.algorithm, self.public)

    @property
    def verify_key(self) -> VerifyKey:
        """Return the public half."""
        return VerifyKey(name=self.name, algorithm=self.algorithm, public=self.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A known key whose line verifies; `time` as signed, None for a line of type 0x01."""

    key: VerifyKey
    time: int | None


def parse(raw: bytes) -> Note:
    """Return the note in `raw`, at most `MAX_NOTE` bytes. Spec §2.2, §2.5.

    Raises:
        BreachError: `raw` is not what `encode` writes for any note.

    """
    if len(raw) > MAX_NOTE:
        raise BreachError("2.5", f"a note is at most {MAX_NOTE} bytes")
    if _CONTROL.search(raw):
        raise BreachError("2.2", "a note has no control character but the line feed")
    at = raw.rfind(b"\n\n")
    if at < 0 or not raw.endswith(b"\n"):
        raise BreachError("2.2", "a note is a text, an empty line and signature lines")
    return Note(text=_checked_text(raw[: at + 1]), lines=_read_lines(raw[at + 2 :]))


def encode(note: Note) -> bytes:
    """Return the bytes of the note."""
    lines = (f"— {line.name} {write_base64(line.key_id + line.payload)}\n" for line in note.lines)
    return note.text + b"\n" + "".join(lines).encode("utf-8")


def parse_vkey(text: str) -> VerifyKey:
    """Return the key in a C2SP *vkey* of a type that is judged here. Spec §2.2."""
    match = _VKEY.fullmatch(text)
    typed = read_base64(match[3], "2.2") if match else b""
    known = {algorithm.value: algorithm for algorithm in Algorithm if algorithm is not Algorithm.WEBAUTHN}
    if match is None or not typed or typed[0] not in known:
        raise BreachError("2.2", "this is not a verifier key of a known type")
    key = VerifyKey(name=match[1], algorithm=known[typed[0]], public=typed[1:])
    if len(key.public) != key.algorithm.public_size or key.key_id.hex() != match[2]:
        raise BreachError("2.2", "the key id is not the one of this name and key")
    return key


def new_sign_key(name: str, algorithm: Algorithm, seed: bytes, *, suite: Suite) -> SignKey:
    """Return the signing key made from a 32-byte seed."""
    lattice = algorithm is Algorithm.ML_DSA
    public = suite.ml_dsa_public(seed) if lattice else suite.ed25519_public(seed)
    return SignKey(name=name, algorithm=algorithm, seed=seed, public=public)


def sign(text: bytes, key: SignKey, suite: Suite) -> Line:
    """Return the 0x01 line over `text`. Spec §2.2."""
    if key.algorithm is not Algorithm.ED25519:
        raise ValueError(key.algorithm)
    return Line(name=key.name, key_id=key.key_id, payload=suite.sign_ed25519(key.seed, text))


def cosign(head_text: bytes, key: SignKey, *, time: int, suite: Suite) -> Line:
    """Return the 0x04 or 0x06 line over a head, with `time` in Unix seconds.

    C2SP tlog-cosignature. Spec §2.2, §2.4.
    """
    if not 0 <= time <= MAX_TIME:
        raise BreachError("2.2", f"{time} is not a time that a line can state")
    if key.algorithm is Algorithm.COSIGNATURE:
        signature = suite.sign_ed25519(key.seed, cosignature_message(head_text, time))
    elif key.algorithm is Algorithm.ML_DSA:
        signature = suite.sign_ml_dsa(key.seed, subtree_message(head_text, name=key.name, time=time))
    else:
        raise ValueError(key.algorithm)
    return Line(name=key.name, key_id=key.key_id, payload=struct.pack(">Q", time) + signature)


def verified(note: Note, keys: Iterable[VerifyKey], suite: Suite) -> tuple[Verified, ...]:
    """Return those of `keys` that signed, in the order of the lines.

    An empty tuple means that nobody known did: the text must then be ignored.

    Raises:
        BreachError: a known key has two lines, or a line that does not verify (Spec §2.5).
        With either, one reader could take a line that another does not.

    """
    known = {(key.name, key.key_id): key for key in keys}
    signers: dict[tuple[str, bytes], Verified] = {}
    for line in note.lines:
        identity = (line.name, line.key_id)
        key = known.get(identity)
        if key is None:
            continue
        if identity in signers:
            raise BreachError("2.5", f"{line.name} signed twice with one key")
        signers[identity] = _verify_line(line, key, text=note.text, suite=suite)
    return tuple(signers.values())


def cosignature_message(head_text: bytes, time: int) -> bytes:
    """Return what a 0x04 line signs."""
    return b"cosignature/v1\ntime %d\n" % time + head_text


def subtree_message(head_text: bytes, *, name: str, time: int) -> bytes:
    """Return what a 0x06 line of the key `name` signs: the `cosigned_message` of C2SP."""
    origin, size, root = read_checkpoint(head_text)
    signer = _vector(name) + struct.pack(">Q", time)
    tree = _vector(origin) + struct.pack(">QQ", 0, size) + root
    return b"subtree/v1\n\x00" + signer + tree


def read_checkpoint(text: bytes) -> tuple[str, int, bytes]:
    """Return origin, size and root of a C2SP checkpoint; extension lines are passed over.

    Raises:
        BreachError: these are not at least three lines of that form.

    """
    try:
        match = _CHECKPOINT.fullmatch(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BreachError("4.5", "the text is not UTF-8") from error
    if match is None:
        raise BreachError("4.5", "the text is not origin, size and root")
    return match[1], read_number(match[2], "4.5"), read_hash(match[3])


def _checked_text(text: bytes) -> bytes:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BreachError("2.2", "a note is UTF-8") from error
    return text


def _read_lines(raw: bytes) -> tuple[Line, ...]:
    if not 1 <= raw.count(b"\n") <= MAX_LINES:
        raise BreachError("2.5", f"a note has 1 to {MAX_LINES} signature lines")
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BreachError("2.2", "a note is UTF-8") from error
    return tuple(_read_line(line) for line in lines[:-1])


def _read_line(line: str) -> Line:
    match = _LINE.fullmatch(line)
    if match is None:
        raise BreachError("2.2", "this is not a signature line")
    payload = read_base64(match[2], "2.2")
    if len(payload) <= _KEY_ID_SIZE:
        raise BreachError("2.2", "a signature line without a signature")
    return Line(name=match[1], key_id=payload[:_KEY_ID_SIZE], payload=payload[_KEY_ID_SIZE:])


def _verify_line(line: Line, key: VerifyKey, *, text: bytes, suite: Suite) -> Verified:
    if key.algorithm.payload_size not in {0, len(line.payload)}:
        raise BreachError("2.5", f"the line of {line.name} has the wrong size")
    time = None
    if key.algorithm is Algorithm.ED25519:
        genuine = suite.verify_ed25519(key.public, line.payload, text)
    elif key.algorithm is Algorithm.WEBAUTHN:
        genuine = webauthn.is_signed(key.public, line.payload, text=text, suite=suite)
    else:
        (time,) = struct.unpack_from(">Q", line.payload)
        if time > MAX_TIME:
            raise BreachError("2.5", f"the line of {line.name} states no possible time")
        genuine = _is_cosigned(text, key, stamped=line.payload, suite=suite)
    if not genuine:
        raise BreachError("2.5", f"the line of {line.name} does not verify")
    return Verified(key=key, time=time)


def _is_cosigned(text: bytes, key: VerifyKey, *, stamped: bytes, suite: Suite) -> bool:
    (time,) = struct.unpack_from(">Q", stamped)
    signature = stamped[_TIME_SIZE:]
    if key.algorithm is Algorithm.COSIGNATURE:
        return suite.verify_ed25519(key.public, signature, cosignature_message(text, time))
    return suite.verify_ml_dsa(key.public, signature, subtree_message(text, name=key.name, time=time))


def _key_id(name: str, algorithm: Algorithm, public: bytes) -> bytes:
    typed = name.encode("utf-8") + b"\n" + algorithm.type_bytes + public
    return hashlib.sha256(typed).digest()[:_KEY_ID_SIZE]


def _vector(name: str) -> bytes:
    # A TLS vector <1..2^8-1>.
    raw = name.encode("utf-8")
    if not 1 <= len(raw) <= 255:
        raise BreachError("2.4", "a name or origin is 1 to 255 bytes")
    return bytes([len(raw)]) + raw
