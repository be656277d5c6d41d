"""The sets of keys of one signer, as they are used: which of them signs, and what it signed.

A note bears the lines of one set, or of two while the other side may not know the newer card yet.
A set is named by its public `write ed25519`, as it stands on the card. Source: Spec §7.2.7.
"""

from collections.abc import Sequence
from typing import Final

from parley.protocol import note as notes
from parley.protocol.dialogue.release import Seal, sign_seal
from parley.protocol.head import Head, ReceiptKeys, WriteKeys, sign_head, sign_receipt
from parley.protocol.note import Note
from parley.protocol.suite import Suite
from parley.signer.keys import KeySets, PublicKeys, SignerKeys

# Of the newest sets.
MAX_ATTESTING: Final = notes.MAX_LINES


class Keyring:
    """All sets, by their places: the first is 0. Not for two threads at once."""

    def __init__(self, sets: KeySets, suite: Suite) -> None:
        """Read every set.

        Raises:
            KeysError: there is none, or a file cannot be read.
        """
        self._kept, self._suite = sets, suite
        self._sets: tuple[SignerKeys, ...] = ()
        self._public: tuple[PublicKeys, ...] = ()
        self._write_keys: dict[tuple[str, int], WriteKeys] = {}
        self._receipt_keys: dict[int, ReceiptKeys] = {}
        self._read()

    def _read(self) -> None:
        self._sets = self._kept.read()
        self._public = tuple(each.public(self._suite) for each in self._sets)

    @property
    def node(self) -> str:
        """Return whose keys these are."""
        return self._sets[0].node

    def public(self) -> tuple[PublicKeys, ...]:
        """Return the public halves of all sets."""
        return self._public

    def make(self, number: int) -> PublicKeys:
        """Return the public halves of the set `number`; it is made if it is later than all that are here.

        Raises:
            KeysError: it is an earlier one, and not here.
        """
        if number not in {each.number for each in self._public}:
            self._kept.make(number)
            self._read()
        return next(each for each in self._public if each.number == number)

    def number(self, write_ed25519: bytes) -> int | None:
        """Return the place of the set with this public key, None if it is not here."""
        known = (at for at, each in enumerate(self._public) if each.write_ed25519 == write_ed25519)
        return next(known, None)

    def sign(self, head: Head, sets: Sequence[int], *, is_head: bool, time: int) -> bytes:
        """Return the note of a head or of a receipt, with both lines of each of `sets`."""
        made = [self._signed(head, at, is_head=is_head, time=time) for at in sets]
        if len(made) == 1:
            return made[0]
        lines = tuple(line for raw in made for line in notes.parse(raw).lines)
        return notes.encode(Note(text=head.text(), lines=lines))

    def _signed(self, head: Head, at: int, *, is_head: bool, time: int) -> bytes:
        if is_head:
            return sign_head(head, self._writing(head.origin, at), time=time, suite=self._suite)
        return sign_receipt(head, self._receipting(at), time=time, suite=self._suite)

    def signed(self, raw: bytes, sets: Sequence[int], *, origin: str, is_head: bool) -> bool:
        """Return whether a note of ours bears lines of all of `sets`."""
        keys = (self._writing(origin, at) if is_head else self._receipting(at) for at in sets)
        wanted = {(key.ml_dsa.name, key.ml_dsa.key_id) for key in keys}
        return wanted <= {(line.name, line.key_id) for line in notes.parse(raw).lines}

    def attest(self, text: bytes, origin: str | None) -> bytes:
        """Return the note of a text about the log `origin` of ours, or, without one, of a receipt key."""
        places = range(len(self._sets))[-MAX_ATTESTING:]
        keys = [
            self._sets[at].acceptance_key(self._suite)
            if origin is None
            else self._writing(origin, at).ed25519
            for at in reversed(places)
        ]
        return notes.encode(Note(text=text, lines=tuple(notes.sign(text, key, self._suite) for key in keys)))

    def seal(self, seal: Seal, at: int, *, time: int) -> bytes:
        """Return the seal with both receipt lines of the set at place `at`."""
        keys = self._receipting(at)
        return sign_seal(seal, (keys.ed25519, keys.ml_dsa), time=time, suite=self._suite)

    def _writing(self, origin: str, at: int) -> WriteKeys:
        if (origin, at) not in self._write_keys:
            self._write_keys[origin, at] = self._sets[at].write_keys(origin, self._suite)
        return self._write_keys[origin, at]

    def _receipting(self, at: int) -> ReceiptKeys:
        if at not in self._receipt_keys:
            self._receipt_keys[at] = self._sets[at].receipt_keys(self._suite)
        return self._receipt_keys[at]
