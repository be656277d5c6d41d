"""Two served nodes, a large file that one of them sends, and what the kernel says of both."""

import hashlib
import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.ledger.append import append
from parley.ledger.attached import Attached, Attachments, Presence
from parley.ledger.drafts import Appended, Draft
from parley.ledger.enclosing import Kept, drop, keep, with_files
from parley.ledger.offers import write_offer
from parley.ledger.reading import Reader
from parley.work.home import Home
from tests.node.served import Served, make_home, served, until
from tests.two_nodes.pair import INQUIRY, LINK, WORLD, A, B, offer_of

MIB: Final = 1024 * 1024
_BLOCK: Final = hashlib.shake_256(b"a block of evidence").digest(MIB)


class Evidence:
    """`size` bytes that never repeat, read as a stream and held nowhere."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._at = 0
        self.sha256 = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        count = min(size, self._left, MIB)
        if not count:
            return b""
        block = (self._at.to_bytes(8) + _BLOCK)[:count]
        self._at += 1
        self._left -= len(block)
        self.sha256.update(block)
        return block


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A statement of A with one file."""

    said: Appended
    kept: Kept


@contextmanager
def two_served(folder: Path) -> Iterator[tuple[Served, Served]]:
    """Yield nodes A and B, whose link is open on both sides."""
    with served(make_home(folder / "a", A)) as a, served(make_home(folder / "b", B)) as b:
        for node, other in ((a, b), (b, a)):
            offers = {"mine": _offer(node.home), "theirs": _offer(other.home)}
            node.ask(ask="add_link", world=WORLD, name=None, **offers)
            node.ask(ask="verify_link", link=LINK)
            node.ask(ask="sign_opening", link=LINK, draft="open", **offers)
        until(lambda: _is_open(a) and _is_open(b))
        yield a, b


def _offer(home: Home) -> str:
    offer = offer_of(home)
    raw = write_offer(note=offer.note, epoch=offer.epoch, names=offer.names, calendar=offer.calendar)
    return raw.decode()


def _is_open(node: Served) -> bool:
    with closing(Reader(node.home)) as reader:
        return reader.links()[0].is_active


def keep_evidence(node: Served, size: int) -> Kept:
    return keep(node.home, LINK, Evidence(size), name="disk.img")


def send(node: Served, kept: Kept) -> Sent:
    draft = Draft(
        id=f"evidence-{kept.hash.hex()[:8]}",
        link=LINK,
        kind="inquiry.sent",
        d=INQUIRY,
        body=with_files(None, [kept]),
        files=(kept.enclosed,),
    )
    (said,) = append(node.home, [draft])
    assert isinstance(said, Appended), said
    drop(node.home, kept.hash)
    return Sent(said=said, kept=kept)


def file_at(node: Served, sent: Sent) -> Attached | None:
    """Return the file as `node` has it now; None before the statement came."""
    with closing(Reader(node.home)) as reader:
        found = Attachments(node.home, reader).of(LINK, sent.said.statement)
        return found[0] if found else None


def is_here(node: Served, sent: Sent) -> bool:
    file = file_at(node, sent)
    return file is not None and file.presence is Presence.HERE


def come(node: Served, sent: Sent) -> int:
    file = file_at(node, sent)
    return 0 if file is None else file.come


def digest_at(node: Served, sent: Sent) -> bytes:
    """Return the SHA-256 of the plaintext, as `node` reads it."""
    file = file_at(node, sent)
    assert file is not None
    digest = hashlib.sha256()
    with closing(Reader(node.home)) as reader, Attachments(node.home, reader).open(file) as plain:
        for block in plain:
            digest.update(block)
    return digest.digest()


def kill_core(node: Served) -> None:
    with suppress(ProcessLookupError, KeyError):
        os.kill(node.pids()["core"], signal.SIGKILL)


def memory(node: Served, field: str) -> int:
    """Return what core takes of memory in bytes: `VmRSS` now, `VmHWM` at most so far."""
    status = Path(f"/proc/{node.pids()['core']}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024
