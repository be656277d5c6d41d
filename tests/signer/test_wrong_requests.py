"""Whoever reaches the counter with anything but a right request gets no signature (F19)."""

import os
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from parley.protocol.head import Head, digits
from parley.protocol.recovery import Ending, Purpose
from parley.protocol.tree import Frontier
from parley.signer import wire
from parley.signer.client import DistantDesk
from parley.signer.counter import Counter
from parley.signer.desk import HeadsToSign, NoSignerError, ReceiptToSign, RefusedToSignError
from parley.work.sock import LENGTH, MAX_FRAME, receive
from tests.signer.desks import (
    MINE,
    NEXT,
    NOON,
    THEIRS,
    CountingSuite,
    MemoryFile,
    begun,
    heads,
    receipt,
    sign,
    tree_of,
)

TIMES: Final = 1_000
ELSEWHERE: Final = (
    "b.example/live/a-b/main/5e0c9a71",
    "a.example/demo/a-b/main/5e0c9a71",
    "a.example/live/a-b/main/00000000",
    "a.example",
    "",
    "x" * 200,
)


@dataclass
class Shop:
    """A counter at a socket, five heads and receipts signed already."""

    path: Path
    suite: CountingSuite
    counter: Counter
    desks: list[DistantDesk] = field(default_factory=list)

    def desk(self) -> DistantDesk:
        self.desks.append(DistantDesk(self.path, patience_seconds=0))
        return self.desks[-1]

    def says(self, raw: bytes) -> bytes:
        """Return what comes back for these bytes, and nothing if the line ends."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(10)
            line.connect(str(self.path))
            with suppress(EOFError, ConnectionError):
                line.sendall(raw)
                line.shutdown(socket.SHUT_WR)
                (length,) = LENGTH.unpack(receive(line, LENGTH.size))
                return receive(line, length)
        return b""


@contextmanager
def opened(folder: Path, *, uid: int | None = None) -> Iterator[Shop]:
    suite = CountingSuite()
    desk = begun(MemoryFile(), suite=suite)
    desk.sign([heads(5), receipt(5)])
    counter = Counter(desk, folder / "signer.sock", uid=os.getuid() if uid is None else uid)
    thread = threading.Thread(target=counter.serve)
    thread.start()
    suite.signed = 0
    shop = Shop(path=folder / "signer.sock", suite=suite, counter=counter)
    try:
        yield shop
    finally:
        for each in shop.desks:
            each.close()
        counter.stop(leave_seconds=0.1)
        thread.join()


def _wrong_heads(chance: random.Random) -> HeadsToSign:
    good = heads(6, 8, start=5)
    return chance.choice(
        (
            replace(good, origin=chance.choice((THEIRS, NEXT, *ELSEWHERE))),
            replace(good, start=chance.choice((-1, 0, 4, 6, 2**53, 2**63))),
            replace(good, roots=(chance.randbytes(32), good.roots[1])),
            replace(good, roots=(good.roots[0], chance.randbytes(32))),
            replace(good, roots=good.roots[: chance.randrange(2)]),
            replace(good, sizes=tuple(chance.sample(range(-2, 12), chance.randrange(6))) or (1,), roots=()),
            replace(good, leaves=(*good.leaves[:-1], chance.randbytes(32))),
            replace(good, leaves=good.leaves[: chance.randrange(3)]),
            replace(good, leaves=tuple(each[: chance.randrange(32)] for each in good.leaves)),
            replace(good, time=chance.choice((0, -5, 10**11, 2**62))),
            heads(chance.randrange(1, 6)),
            heads(chance.randrange(6, 9), start=5, history="two"),
        )
    )


def _wrong_receipt(chance: random.Random) -> ReceiptToSign:
    good = receipt(7, start=5)
    return chance.choice(
        (
            replace(good, origin=chance.choice((MINE, NEXT, *ELSEWHERE[1:]))),
            replace(good, start=chance.choice((-1, 0, 4, 6))),
            replace(good, root=chance.randbytes(32)),
            replace(good, leaves=good.leaves[:1]),
            replace(good, time=chance.choice((0, -5, 10**11))),
            receipt(chance.randrange(1, 6)),
        )
    )


def _wrong_text(chance: random.Random) -> bytes:
    origin = chance.choice((THEIRS, *ELSEWHERE[:2]))
    text = Ending(origin=origin, size=5, root=tree_of(5).root(), epoch="0b1f22aa").text(Purpose.SEAL)
    head = Head(origin=MINE, size=chance.randrange(1, 9), root=chance.randbytes(32)).text()
    return chance.choice((text, head, text[:-1], b"cosignature/v1\ntime 1\n" + head, chance.randbytes(90)))


def _wrong_frontier(chance: random.Random) -> wire.Replace:
    frontier = chance.choice((tree_of(7), tree_of(3), Frontier(size=9, peaks=()), tree_of(5, history="two")))
    head = Head(origin=MINE, size=frontier.size, root=tree_of(7).root())
    wrong = "".join(digits(head))[::-1] if frontier.size == 7 else "".join(digits(head))
    return wire.Replace(origin=MINE, frontier=frontier, confirmed=wrong, time=NOON)


MAKERS: Final[tuple[Callable[[random.Random], wire.Request], ...]] = (
    lambda chance: wire.Sign(asked=(_wrong_heads(chance),)),
    lambda chance: wire.Sign(asked=(_wrong_receipt(chance),)),
    lambda chance: wire.Sign(asked=(heads(6, start=5), _wrong_receipt(chance))),
    lambda _chance: wire.Sign(asked=(heads(6, start=5), heads(6, start=5))),
    lambda chance: wire.Attest(text=_wrong_text(chance)),
    _wrong_frontier,
    lambda chance: wire.Begin(origin=chance.choice((MINE, THEIRS, *ELSEWHERE[1:2])), retires=None),
    lambda chance: wire.Begin(origin=NEXT, retires=chance.choice((THEIRS, NEXT))),
    lambda chance: wire.Keep(origin=MINE, note=chance.randbytes(60)),
)


def _wrong_bytes(chance: random.Random) -> bytes:
    body = chance.choice(
        (
            chance.randbytes(chance.randrange(300)),
            msgspec.msgpack.encode({"ask": "sign", "asked": [], "more": 1}),
            msgspec.msgpack.encode({"ask": "sign", "asked": [{"type": "heads"}]}),
            msgspec.msgpack.encode(wire.Sign(asked=(heads(6, start=5),)))[: chance.randrange(1, 40)],
            msgspec.msgpack.encode(wire.Sign(asked=(heads(6, start=5),))) + b"\x00",
            msgspec.json.encode({"ask": "list"}),
            b"\x91" * 5_000,
        )
    )
    return LENGTH.pack(chance.choice((len(body), len(body), MAX_FRAME + 1, 2**32 - 1))) + body


def test_a_thousand_wrong_requests_get_no_signature(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311 - a seed, so that a failure comes again
    with opened(tmp_path) as shop:
        before = shop.desk().anchor(MINE), shop.desk().anchor(THEIRS)
        desk = shop.desk()
        for number in range(TIMES):
            request = MAKERS[number % len(MAKERS)](chance)
            answer = _asked(desk, request)
            assert isinstance(answer, (wire.Refused, NoSignerError)), request
            if number % 10 == 0:
                said = shop.says(_wrong_bytes(chance))
                assert not said or isinstance(wire.read_answer(said), wire.Refused)

        assert shop.suite.signed == 0
        assert (shop.desk().anchor(MINE), shop.desk().anchor(THEIRS)) == before
        assert sign(shop.desk(), heads(6, start=5))
        assert shop.suite.signed > 0
        desk.close()


def _asked(desk: DistantDesk, request: wire.Request) -> wire.Answer | NoSignerError:
    try:
        return desk._ask(request)  # noqa: SLF001 - a client that asks for anything
    except RefusedToSignError as error:
        return wire.Refused(code=error.code, reason=error.reason)
    except (NoSignerError, OverflowError) as error:
        return NoSignerError(str(error))


def test_another_user_is_hung_up_on_before_a_byte_is_read(tmp_path: Path) -> None:
    with opened(tmp_path, uid=os.getuid() + 1) as shop:
        assert shop.says(wire.frame(wire.Sign(asked=(heads(6, start=5),)))) == b""
        with pytest.raises(NoSignerError):
            shop.desk().origins()
        assert shop.suite.signed == 0


def test_after_a_frame_that_is_no_request_nothing_more_is_heard(tmp_path: Path) -> None:
    right = wire.frame(wire.Sign(asked=(heads(6, start=5),)))
    with opened(tmp_path) as shop:
        said = shop.says(LENGTH.pack(3) + b"abc" + right)

        assert isinstance(wire.read_answer(said), wire.Refused)
        anchored = shop.desk().anchor(MINE)
        assert anchored is not None
        assert (anchored.size, shop.suite.signed) == (5, 0)


def test_everything_a_desk_does_goes_through_the_socket(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        desk = shop.desk()
        assert desk.origins() == (MINE, THEIRS)
        assert desk.lost() == ()
        assert desk.anchored() == (desk.anchor(MINE), desk.anchor(THEIRS))
        (made,), (given,) = desk.sign([heads(7, start=5), receipt(6, start=5)])
        assert (made.size, given.size) == (7, 6)
        desk.begin(NEXT, retires=MINE)
        anchored = desk.anchor(MINE)
        assert anchored is not None
        assert (anchored.size, anchored.retired) == (7, True)
        text = Ending(origin=MINE, size=7, root=tree_of(7).root(), epoch="0b1f22aa").text(Purpose.SEAL)
        assert desk.attest(text).startswith(text)
        assert desk.anchor("a.example/live/a-b/main/ffffffff") is None
        desk.close()


def test_a_caller_that_stays_is_answered_while_the_counter_closes(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        desk, late = shop.desk(), shop.desk()
        assert desk.origins()
        stopping = threading.Thread(target=shop.counter.stop)
        stopping.start()
        while shop.path.exists():
            pass

        assert sign(desk, heads(6, start=5))
        with pytest.raises(NoSignerError):
            late.origins()

        desk.close()
        stopping.join(5)
        assert not stopping.is_alive()
