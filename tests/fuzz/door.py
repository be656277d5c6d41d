"""The partner's door without a socket: bytes in, what it answers out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache
from typing import Any, ParamSpec, TypeVar

from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.ledger.ledger import BadParcelError

P = ParamSpec("P")
T = TypeVar("T")
TURNS = 40


class Line(asyncio.Transport):
    """One connection; keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.said = bytearray()
        self._is_closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said += data

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        self._is_closing = True

    abort = close
    pause_reading = resume_reading = lambda _self: None


class Here(Executor):
    """Does at once what it is given."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits, as an executor does
            done.set_exception(error)
        return done


class Ledger:
    """Takes no parcel."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a ledger is asked
        def refuse(*_words: object, **_more: object) -> None:
            raise BadParcelError(name)

        return refuse


@cache
def loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def ask(raw: bytes) -> bytes:
    """Return what the door answers to a connection that brings `raw` and hangs up."""
    return loop().run_until_complete(_ask(raw))


async def _ask(raw: bytes) -> bytes:
    listener = Listener(Ledger(), news=News(), threads=Here())
    connection, line = listener._doorway(), Line()  # noqa: SLF001 - the socket alone is left out
    connection.connection_made(line)
    connection.data_received(raw)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    connection.connection_lost(None)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    return bytes(line.said)
