"""One line for everything that two nodes hold in common: equal digests, equal records.

Hashed anew from the bytes, lane by lane: both logs entry by entry, what each entry is worth, and the
state of every inquiry. Neither side's clock, keys or order of arrival has a part in it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from parley.ledger.lanes import lane_of
from parley.ledger.reading import Reader
from parley.protocol.inquiries.account import account
from parley.protocol.tree import EMPTY, leaf_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is held of a link. `logs` gives size and root of each node's log in lane main.

    `inquiries` counts those of all lanes, `others` has the digests of the lanes beside main.
    """

    logs: Mapping[str, tuple[int, bytes]]
    verdicts: bytes
    states: bytes
    inquiries: int
    others: Mapping[str, "Digest"] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the whole as 64 hexadecimal digits."""
        lines = [f"{node} {size} {root.hex()}" for node, (size, root) in sorted(self.logs.items())]
        lanes = [f"{lane} {other.text}" for lane, other in sorted(self.others.items())]
        return hashlib.sha256(
            "\n".join([*lines, self.verdicts.hex(), self.states.hex(), *lanes]).encode()
        ).hexdigest()


def digest(reader: Reader, link: str) -> Digest:
    """Return what the node of `reader` holds of `link`, at one moment."""
    reader.begin()
    try:
        whole = _digest(reader, link)
        others = {lane_of(name): _digest(reader, name) for name in reader.lane_names(link) if name != link}
    finally:
        reader.end()
    inquiries = whole.inquiries + sum(other.inquiries for other in others.values())
    return replace(whole, inquiries=inquiries, others=others)


def logs_of(reader: Reader, lane: str) -> Mapping[str, tuple[int, bytes]]:
    """Return size and root of each node's log in one lane of a link, hashed anew."""
    return {node: _size_and_root(raws) for node, raws in reader.entries(lane).items()}


def _digest(reader: Reader, link: str) -> Digest:
    logs = logs_of(reader, link)
    verdicts, states = hashlib.sha256(), hashlib.sha256()
    rows = sorted(reader.rows(link, limit=2**40), key=lambda row: (row.writer, row.index))
    for row in rows:
        verdicts.update(f"{row.writer} {row.index} {row.verdict.text}\n".encode())
    # An inquiry that one side could not open is without effect, and known as one to its writer alone.
    found = (reader.thread(link, thread) for thread in sorted(reader.threads(link)))
    inquiries = [folded.inquiry for folded in found if folded is not None]
    for inquiry in inquiries:
        states.update(msgspec.json.encode(account(inquiry)) + b"\n")
    return Digest(logs=logs, verdicts=verdicts.digest(), states=states.digest(), inquiries=len(inquiries))


def _size_and_root(raws: Iterable[bytes]) -> tuple[int, bytes]:
    frontier = EMPTY.extend(leaf_hash(raw) for raw in raws)
    return frontier.size, frontier.root()
