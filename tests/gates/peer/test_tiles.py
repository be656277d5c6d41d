"""The tiles of a log: from them follows the root that was signed, and the partner alone sees them."""

import asyncio
import hashlib
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.gates.peer.tiles import TileDoor
from parley.ledger.tiling import tile_of, token_text, write_token
from parley.protocol import tree
from parley.protocol.card import card_hash
from parley.protocol.head import parse_text
from parley.protocol.note import parse
from parley.protocol.tree import leaf_hash
from tests.gates.peer.fakes import HOST, FakeLedger, Reply, ask
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import INQUIRY, LINK, WORLD, A, B, C, Nodes, Pair

CHANNEL = f"{WORLD}/a-b/main"
SAID = 300


@pytest.fixture(name="pair", scope="module")
def fixture_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    pair.ledgers[A].append([pair.draft("inquiry.sent", INQUIRY) for _ in range(SAID)])
    pair.settle()
    yield pair
    pair.stop()


def prefix(pair: Nodes, *, asker: str = B, of: str = A, channel: str = CHANNEL) -> str:
    """Return what stands between `…/log/` and the tile, for the log of `of`."""
    card = pair.offer(asker).card.card
    text = token_text(asker, A if asker != A else B, channel=channel, card=card_hash(card))
    token = write_token(SUITE.sign_ed25519(pair.keys(asker).link_seed, text))
    with pair.reader(A) as reader:
        row = reader.link(LINK)
        assert row is not None
        origin = row.my_origin if of == A else row.peer_origin
    return f"{token}/{hashlib.sha256(origin.encode()).hexdigest()}"


def got(pair: Nodes, path: str) -> bytes | None:
    with pair.reader(A) as reader:
        return tile_of(reader, path, suite=SUITE)


def test_the_tiles_make_the_root_of_the_checkpoint(pair: Pair) -> None:
    at = prefix(pair)
    checkpoint = got(pair, f"{at}/checkpoint")
    assert checkpoint is not None
    head = parse_text(parse(checkpoint).text)
    full, width = divmod(head.size, 256)

    tiles = [got(pair, f"{at}/tile/0/{n:03}") for n in range(full)] + [
        got(pair, f"{at}/tile/0/{full:03}.p/{width}")
    ]
    leaves = [tile[i : i + 32] for tile in tiles if tile for i in range(0, len(tile), 32)]
    above = got(pair, f"{at}/tile/1/000.p/{full}")

    assert head.size > SAID
    assert tree.root_of(leaves) == head.root
    assert above == tree.root_of(leaves[:256])
    assert len(parse(checkpoint).lines) == 4


def test_the_entries_are_those_of_the_leaves(pair: Pair) -> None:
    at = prefix(pair)
    bundle = got(pair, f"{at}/tile/entries/000")
    tile = got(pair, f"{at}/tile/0/000")
    assert bundle is not None
    assert tile is not None

    leaves, start = [], 0
    while start < len(bundle):
        (size,) = struct.unpack_from(">H", bundle, start)
        leaves.append(leaf_hash(bundle[start + 2 : start + 2 + size]))
        start += 2 + size

    assert b"".join(leaves) == tile


def test_the_partner_reads_its_own_log_too(pair: Pair) -> None:
    checkpoint = got(pair, f"{prefix(pair, of=B)}/checkpoint")

    assert checkpoint is not None
    assert parse_text(parse(checkpoint).text).origin.startswith(B)


@pytest.mark.parametrize(
    "tile",
    ["tile/0/002", "tile/0/001", "tile/0/000.p/256", "tile/0/001.p/255", "tile/1/000", "tile/2/000.p/1",
     "tile/8/000", "tile/0/1", "tile/0/000/", "tile/entries/001", "checkpoint/", "checkpoint?x", "../x"],
)  # fmt: skip
def test_what_the_checkpoint_does_not_have_is_not_there(pair: Pair, tile: str) -> None:
    assert got(pair, f"{prefix(pair)}/{tile}") is None


def test_nobody_else_reads_them(pair: Pair) -> None:
    right = prefix(pair)
    token, _, name = right.partition("/")
    other = "A" if token[0] != "A" else "B"

    assert got(pair, f"{right}/checkpoint") is not None
    for wrong in (
        f"{other}{token[1:]}/{name}",
        prefix(pair, asker=A),
        prefix(pair, channel=f"{WORLD}/a-b/hot"),
        f"{token}/{'0' * 64}",
        name,
    ):
        assert got(pair, f"{wrong}/checkpoint") is None


def test_the_partner_of_another_link_reads_nothing(tmp_path: Path) -> None:
    nodes = Nodes(tmp_path, names=(A, B, C))
    for each in (B, C):
        nodes.link(A, each)
        nodes.open(A, each)

    assert got(nodes, f"{prefix(nodes)}/checkpoint") is not None
    assert got(nodes, f"{prefix(nodes, asker=C)}/checkpoint") is None
    nodes.stop()


def test_before_the_digits_were_compared_nothing_is_shown(tmp_path: Path) -> None:
    pair = Pair(tmp_path, is_open=False, is_verified=False)

    assert got(pair, f"{prefix(pair)}/checkpoint") is None
    pair.stop()


def test_they_are_read_over_the_network_and_a_stranger_sees_the_usual_404(pair: Pair) -> None:
    async def asked(path: str, method: str = "GET") -> Reply:
        with ThreadPoolExecutor(2) as threads:
            door = TileDoor(pair.homes[A], threads=threads)
            listener = Listener(FakeLedger(), news=News(), threads=threads, tiles=door)
            port = await listener.start(HOST, 0)
            try:
                return await ask(port, f"{method} /parley/v1/log/{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            finally:
                await listener.stop()

    at = prefix(pair)
    shown = asyncio.run(asked(f"{at}/checkpoint"))

    assert (shown.status, shown.body) == (200, got(pair, f"{at}/checkpoint"))
    assert asyncio.run(asked(f"{at}/tile/0/000")).body == got(pair, f"{at}/tile/0/000")
    for path, method in ((f"x{at}/checkpoint", "GET"), ("", "GET"), (f"{at}/checkpoint", "PUT")):
        refused = asyncio.run(asked(path, method))
        assert (refused.status, refused.body) == (404, b"")
