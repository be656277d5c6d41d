"""A ledger in memory, a listener around it, and the smallest HTTP client that can also be rude."""

# ruff: noqa: ARG002 - a fake takes what the real one takes

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from parley.gates.peer.doorway import Limits
from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.ledger.fetching import Held
from parley.ledger.files import FileRow
from parley.ledger.ledger import Answer, BadParcelError, UnknownPeerError
from parley.ledger.standing import Reached
from parley.ledger.writer import StorageError
from parley.vault.vault import Vault

LINK = "a-b"
HOST = "127.0.0.1"


@dataclass
class FakeFiles:
    """No file is here, and none is wanted."""

    vault: Vault = field(default_factory=lambda: Vault(Path("nowhere")))

    def held(self, digest: bytes, shown: bytes) -> Held | None:
        return None

    def wanted(self, link: str) -> tuple[FileRow, ...]:
        return ()

    def proof(self, row: FileRow) -> bytes:
        return b""

    def begin(self, row: FileRow) -> int | None:
        return None

    def take(self, row: FileRow, offset: int, content: bytes) -> int | None:
        return None

    def dial(self, link: str, *, works: bool) -> None:
        return None


@dataclass
class FakeLedger:
    """Takes any bytes for a parcel; one that begins with ``new`` changes something.

    What is `to_send` goes one piece in each parcel, and any answer is its receipt unless `is_stuck`.
    With `crosses`, that receipt comes with a parcel of the partner's own before the answer does. Each answer
    says to hold the next of `claims`, and with `gives` an entry of the partner's own came before it.
    """

    to_send: list[bytes] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    composed: list[bytes] = field(default_factory=list)
    is_stuck: bool = False
    crosses: bool = False
    gives: bool = False
    claims: Iterator[int] = field(default_factory=lambda: itertools.repeat(0))
    have: int = 0
    receipted: int = 0
    files: FakeFiles = field(default_factory=FakeFiles)
    listeners: list[Callable[[str], None]] = field(default_factory=list)

    def say(self, parcel: bytes) -> None:
        self.to_send.append(parcel)
        for listener in self.listeners:
            listener(LINK)

    def link_of(self, raw: bytes) -> str:
        del raw
        return LINK

    def accept(self, raw: bytes, *, poll: bool = False) -> Answer:
        faults = {
            b"garbage": BadParcelError("not a parcel"),
            b"stranger": UnknownPeerError("no such link"),
            b"full disk": StorageError("disk full"),
            b"mistake": ZeroDivisionError("a mistake of ours"),
        }
        if raw in faults:
            raise faults[raw]
        self.accepted.append(raw)
        changed = raw.startswith(b"new")
        return Answer(link=LINK, parcel=b"receipt", changed=changed)

    def answer(self, link: str) -> bytes:
        return self.to_send.pop(0) if self.to_send else b"nothing new"

    def has_news(self, link: str) -> bool:
        return bool(self.to_send)

    def compose(self, link: str, *, prompt: bool = False) -> bytes | None:
        self.composed = self.to_send[:1]
        if self.composed:
            return self.composed[0]
        return b"prompt" if prompt else None

    def take_answer(self, link: str, raw: bytes) -> bool:
        if raw == b"garbage":
            raise BadParcelError("not a parcel")
        self.answers.append(raw)
        self.accepted += [b"new"] if self.gives else []
        before, self.have = self.have, next(self.claims)
        if self.have > before:
            return True
        if self.is_stuck or not self.composed:
            return False
        self.to_send.remove(self.composed[0])
        self.receipted += 1
        return not self.crosses

    def reached(self, link: str) -> Reached:
        return Reached(
            theirs=len(self.accepted), receipted=self.receipted, have=self.have, lacks=bool(self.to_send)
        )


@asynccontextmanager
async def listening(
    ledger: FakeLedger, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Listener, int]]:
    news = News()
    ledger.listeners.append(news.tell)
    with ThreadPoolExecutor(2) as threads:
        listener = Listener(ledger, news=news, threads=threads, limits=limits)
        port = await listener.start(HOST, 0, tls=tls)
        try:
            yield listener, port
        finally:
            await listener.stop()


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Rude:
    """A connection on which any bytes can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def reply(self) -> Reply:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Reply(status=int(head[0].split()[1]), headers=headers, body=body)

    async def is_closed(self) -> bool:
        try:
            return await self.reader.read(1) == b""
        except ConnectionError:
            return True


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Rude]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield Rude(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def ask(port: int, raw: bytes) -> Reply:
    async with connected(port) as rude:
        await rude.send(raw)
        return await rude.reply()


def post(body: bytes, *headers: str, path: str = "/parley/v1/parcel") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: b", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
