"""The head of a log, which its writer signs, and the receipt, which another node signs.

    a.example/live/a-b/main/5e0c9a71                origin
    20                                              size, at least 1
    c/e/jX0L7mE2pJtZiYtU77UM4Jp0xpsmhD2eiVB8i54=    root

    head      0x01 and 0x06 lines of the writer; key name = origin; signed-at is the time
              in the 0x06 line
    receipt   0x04 and 0x06 lines of `<node>/receipt`, both with one time, never 0

A head is a C2SP checkpoint without extension lines (the 0x06 line would not sign them), a
receipt the same text with cosignatures. Whether the tree behind a root is right, and what two
heads of one size mean, is left to `channel.py`. Spec §4.5, §4.6.
"""

import hashlib
from dataclasses import dataclass

from parley.protocol.breach import BreachError
from parley.protocol.names import check_origin
from parley.protocol.notation import write_base64
from parley.protocol.note import (
    Note,
    SignKey,
    Verified,
    VerifyKey,
    cosign,
    encode,
    parse,
    read_checkpoint,
    sign,
    verified,
)
from parley.protocol.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first `size` (at least 1) entries of the log `origin` have the root `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{write_base64(self.root)}\n".encode("ascii", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteKeys:
    """What signs the heads of one log: types 0x01 and 0x06, both named as the origin."""

    ed25519: SignKey
    ml_dsa: SignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptKeys:
    """What signs the receipts of one node: types 0x04 and 0x06, named `<node>/receipt`."""

    ed25519: SignKey
    ml_dsa: SignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head with both lines of its writer, at the writer's time in Unix seconds."""

    head: Head
    signed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A head with both lines of another node, at that node's time in Unix seconds."""

    head: Head
    received_at: int


def parse_text(text: bytes) -> Head:
    """Return the head in a text of exactly three lines. Spec §4.5."""
    origin, size, root = read_checkpoint(text)
    check_origin(origin)
    head = Head(origin=origin, size=size, root=root)
    if size == 0 or head.text() != text:
        raise BreachError("4.5", "a head has three lines and a size of at least 1")
    return head


def digits(head: Head) -> tuple[str, ...]:
    """Return the twelve groups of five digits by which two people confirm a head. Spec §4.5."""
    digest = hashlib.sha512(b"parley/head/v1\n" + head.text()).digest()
    groups = (int.from_bytes(digest[at : at + 5], "big") % 100_000 for at in range(0, 60, 5))
    return tuple(f"{group:05}" for group in groups)


def sign_head(head: Head, keys: WriteKeys, *, time: int, suite: Suite) -> bytes:
    """Return the note of a head with the writer's two lines; `time` is never 0."""
    _check_time(time, "4.5")
    text = _text_to_sign(head)
    lines = (sign(text, keys.ed25519, suite), cosign(text, keys.ml_dsa, time=time, suite=suite))
    return encode(Note(text=text, lines=lines))


def read_head(raw: bytes, *, ed25519: VerifyKey, ml_dsa: VerifyKey, suite: Suite) -> SignedHead:
    """Return the head in a note that both write keys of its log signed.

    Raises:
        BreachError: a line is missing, doubled or false, or the keys are of another log.

    """
    head, signers = _read(raw, keys=(ed25519, ml_dsa), suite=suite)
    # An 0x01 line binds the text and not the name, so the name is compared here.
    if not ed25519.name == ml_dsa.name == head.origin:
        raise BreachError("4.5", "the head is not one of this log")
    return SignedHead(head=head, signed_at=_time_of(signers[ml_dsa], "4.5"))


def sign_receipt(head: Head, keys: ReceiptKeys, *, time: int, suite: Suite) -> bytes:
    """Return the note of a receipt: the head text with two lines of one time, never 0."""
    _check_time(time, "4.6")
    text = _text_to_sign(head)
    lines = tuple(cosign(text, key, time=time, suite=suite) for key in (keys.ed25519, keys.ml_dsa))
    return encode(Note(text=text, lines=lines))


def read_receipt(raw: bytes, *, ed25519: VerifyKey, ml_dsa: VerifyKey, suite: Suite) -> Receipt:
    """Return the receipt in a note that both receipt keys (0x04, 0x06) of a node signed.

    Raises:
        BreachError: a line is missing, doubled or false, or the two times differ or are 0.

    """
    head, signers = _read(raw, keys=(ed25519, ml_dsa), suite=suite)
    if signers[ed25519].time != signers[ml_dsa].time:
        raise BreachError("4.6", "the two lines of a receipt have one time")
    return Receipt(head=head, received_at=_time_of(signers[ml_dsa], "4.6"))


def _read(
    raw: bytes, *, keys: tuple[VerifyKey, VerifyKey], suite: Suite
) -> tuple[Head, dict[VerifyKey, Verified]]:
    note = parse(raw)
    head = parse_text(note.text)
    signers = {signer.key: signer for signer in verified(note, keys, suite)}
    missing = [key for key in keys if key not in signers]
    if missing:
        raise BreachError("4.5", f"the {missing[0].algorithm.name} line of {missing[0].name} is missing")
    return head, signers


def _text_to_sign(head: Head) -> bytes:
    text = head.text()
    parse_text(text)
    return text


def _time_of(signer: Verified, paragraph: str) -> int:
    # Time 0 is C2SP's way to state nothing, and nothing is not what a head or receipt states.
    if not signer.time:
        raise BreachError(paragraph, f"the line of {signer.key.name} states no time")
    return signer.time


def _check_time(time: int, paragraph: str) -> None:
    if time == 0:
        raise BreachError(paragraph, "a head or receipt without a time")
