"""A desk for tests: real keys, an anchor in memory, and a disk that can be told to fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.suite import Standard
from parley.protocol.tree import EMPTY, Frontier, leaf_hash
from parley.signer.desk import Asked, HeadsToSign, Noted, ReceiptToSign, SigningDesk
from parley.signer.keyed import KeyedDesk
from parley.signer.keys import SEEDS, SignerKeys

NODE, WORLD = "a.example", "live"
MINE = "a.example/live/a-b/main/5e0c9a71"
NEXT = "a.example/live/a-b/main/0b1f22aa"
THEIRS = "b.example/live/a-b/main/9b1f03d2"
NOON = 1_793_610_000
KEYS = SignerKeys(node=NODE, seeds={name: bytes([number + 1]) * 32 for number, name in enumerate(SEEDS)})


class FullError(OSError):
    """The disk of a test refuses."""


@dataclass
class MemoryFile:
    """An anchor in memory. `disk` is what is durable; `refuses` names the method that fails next."""

    cache: bytearray = field(default_factory=bytearray)
    disk: bytes = b""
    syncs: int = 0
    refuses: str = ""
    journal: list[str] = field(default_factory=list)

    def read(self) -> bytes:
        self._check("read")
        return bytes(self.cache)

    def write(self, pieces: Mapping[int, bytes]) -> None:
        self._check("write")
        for at, raw in pieces.items():
            self.cache.extend(bytes(max(0, at + len(raw) - len(self.cache))))
            self.cache[at : at + len(raw)] = raw

    def sync(self) -> None:
        self._check("sync")
        self.syncs += 1
        self.disk = bytes(self.cache)

    def note(self, line: str) -> None:
        self._check("note")
        self.journal.append(line)

    def _check(self, method: str) -> None:
        if self.refuses == method:
            raise FullError(f"no {method} now")


@dataclass
class CountingSuite(Standard):
    """The suite, counting what is signed."""

    signed: int = 0

    def sign_ed25519(self, seed: bytes, message: bytes) -> bytes:
        self.signed += 1
        return super().sign_ed25519(seed, message)

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        self.signed += 1
        return super().sign_ml_dsa(seed, message)


SUITE = Standard()


def desk_on(file: MemoryFile, *, suite: Standard = SUITE) -> KeyedDesk:
    return KeyedDesk(KEYS, file, world=WORLD, suite=suite)


def leaves(start: int, end: int, *, history: str = "one") -> tuple[bytes, ...]:
    return tuple(leaf_hash(f"{history} {number}".encode()) for number in range(start, end))


def tree_of(size: int, *, history: str = "one") -> Frontier:
    return EMPTY.extend(leaves(0, size, history=history))


def heads(
    *sizes: int, start: int = 0, time: int = NOON, origin: str = MINE, history: str = "one"
) -> HeadsToSign:
    """Ask for heads of `sizes` over the entries of a history, the first `start` of which are anchored."""
    return HeadsToSign(
        origin=origin,
        start=start,
        leaves=leaves(start, sizes[-1], history=history),
        sizes=sizes,
        roots=tuple(tree_of(size, history=history).root() for size in sizes),
        time=time,
    )


def receipt(
    size: int, *, start: int = 0, time: int = NOON, origin: str = THEIRS, history: str = "one"
) -> ReceiptToSign:
    root = tree_of(size, history=history).root()
    some = leaves(start, size, history=history)
    return ReceiptToSign(origin=origin, start=start, leaves=some, root=root, time=time)


def sign(desk: SigningDesk, asked: Asked) -> tuple[Noted, ...]:
    (notes,) = desk.sign([asked])
    return notes


def begun(file: MemoryFile, *, suite: Standard = SUITE) -> KeyedDesk:
    """Return a desk with a log of ours and one of theirs, both empty."""
    desk = desk_on(file, suite=suite)
    desk.begin(MINE)
    desk.begin(THEIRS)
    return desk


def head_keys(origin: str = MINE) -> dict[str, VerifyKey]:
    keys = KEYS.write_keys(origin, SUITE)
    return {"ed25519": keys.ed25519.verify_key, "ml_dsa": keys.ml_dsa.verify_key}


def receipt_keys() -> dict[str, VerifyKey]:
    keys = KEYS.receipt_keys(SUITE)
    return {"ed25519": keys.ed25519.verify_key, "ml_dsa": keys.ml_dsa.verify_key}


def plain_key(name: str, public: bytes) -> VerifyKey:
    return VerifyKey(name=name, algorithm=Algorithm.ED25519, public=public)


def rises(values: "list[int]") -> bool:
    return all(one <= other for one, other in pairwise(values))
