"""Whoever may read the tiles, and asks for what there is not, for much, or in other spellings."""

import asyncio
import string
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.gates.peer.tiles import AT_ONCE, TileDoor
from parley.ledger.tiling import Subtrees, tile_of
from parley.protocol.tree import root_of
from tests.gates.peer.fakes import HOST, FakeLedger, Reply, ask
from tests.gates.peer.test_tiles import got, prefix
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import INQUIRY, A, Pair


@pytest.fixture(name="pair", scope="module")
def fixture_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    pair.ledgers[A].append([pair.draft("inquiry.sent", INQUIRY) for _ in range(600)])
    pair.settle()
    yield pair
    pair.stop()


@pytest.mark.parametrize(
    "tile",
    [
        "tile/0/x999/x999/x999/x999/999", "tile/7/000", "tile/7/x999/x999/x999/x999/999.p/255",
        "tile/entries/x999/x999/x999/x999/999", "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/00", "tile/0/000.p/999", "tile/0/000.p/256",
        "tile/0/000.p/-1", "tile/0/٠٠٠", "tile/00/000", "tile/-1/000", "tile/0/0000", "tile/0/000\n",
        "tile/0/000%00", "tile/%30/000", "tile/0/000/../000", "tile/0//000", "Tile/0/000", "checkpoint\0",
        "checkpoint#x", "checkpoint/../checkpoint", "tile/entries/000.p/", "tile/entries/000.p/1/",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_there_in_any_spelling(pair: Pair, tile: str) -> None:
    assert got(pair, f"{prefix(pair)}/{tile}") is None


def test_a_token_has_one_spelling(pair: Pair) -> None:
    token, _, name = prefix(pair).partition("/")
    # The last of 86 characters carries four bits that must be zero.
    others = [f"{token[:-1]}{each}" for each in string.ascii_letters + string.digits if each != token[-1]]

    assert got(pair, f"{token}/{name}/checkpoint") is not None
    for other in (*others, token + "==", token.replace("-", "+").replace("_", "/") + "=", token.upper()):
        assert other == token or got(pair, f"{other}/{name}/checkpoint") is None


def test_the_hashes_of_a_tile_above_are_computed_once(pair: Pair) -> None:
    subtrees, at = Subtrees(), prefix(pair)
    looked: list[str] = []

    def asked() -> bytes | None:
        with pair.reader(A) as reader:
            reader.connection.set_trace_callback(lambda sql: looked.append(sql) if "leaf" in sql else None)
            return tile_of(reader, f"{at}/tile/1/000.p/2", suite=SUITE, subtrees=subtrees)

    first = asked()
    before = len(looked)
    second = asked()

    tiles = [got(pair, f"{at}/tile/0/{n:03}") or b"" for n in range(2)]
    leaves = [[tile[i : i + 32] for i in range(0, len(tile), 32)] for tile in tiles]
    assert first == second == b"".join(map(root_of, leaves))
    assert before == 2
    assert len(looked) == before


def test_whoever_asks_for_much_takes_two_threads_and_no_more(pair: Pair) -> None:
    busy: list[int] = []
    now, lock = [0], threading.Lock()

    class Counting(TileDoor):
        def _read(self, path: str) -> bytes | None:
            with lock:
                now[0] += 1
                busy.append(now[0])
            found = super()._read(path)
            with lock:
                now[0] -= 1
            return found

    async def scene() -> list[Reply]:
        with ThreadPoolExecutor(8) as threads:
            door = Counting(pair.homes[A], threads=threads)
            listener = Listener(FakeLedger(), news=News(), threads=threads, tiles=door)
            port = await listener.start(HOST, 0)
            try:
                request = (
                    f"GET /parley/v1/log/{prefix(pair)}/tile/1/000.p/2 HTTP/1.1\r\nHost: a\r\n\r\n".encode()
                )
                return await asyncio.gather(*(ask(port, request) for _ in range(8)))
            finally:
                await listener.stop()

    replies = asyncio.run(scene())

    assert [each.status for each in replies] == [200] * 8
    assert max(busy) <= AT_ONCE
