"""Files over the wire: who may have them, in which stretches, and that they arrive whatever the line does."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from parley.gates.peer.doorway import Limits
from parley.gates.peer.fetcher import Fetcher
from parley.gates.peer.wire import WireError
from parley.protocol.files import proof
from parley.protocol.part import chunk_start
from parley.protocol.strictjson import JsonValue
from tests.gates.peer.fakes import Reply, ask, connected
from tests.gates.peer.network import EDGE, PACE, on_the_network, until
from tests.two_nodes.filing import CHANNEL, Filed, content_at, files_it, some_bytes, vault_of
from tests.two_nodes.pair import LINK, A, B, Pair

SIZE = 3 * 16 * 1024 + 100


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scene())


def get(filed: Filed, *headers: str, digest: bytes | None = None, key: bytes | None = None) -> bytes:
    name = filed.sealed.hash if digest is None else digest
    shown = proof(key or filed.sealed.key, channel=CHANNEL, digest=name)
    return asked(
        f"GET /parley/v1/part/{name.hex()}", f"Parley-Proof: {base64.b64encode(shown).decode()}", *headers
    )


def asked(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: a", *headers, "", ""]).encode()


def answers(pair: Pair, *requests: bytes, limits: Limits | None = None) -> list[Reply]:
    """Return what A answers to each, on a connection of its own."""

    async def scene() -> list[Reply]:
        async with on_the_network(pair, A, limits=limits) as a:
            return [await ask(a.port, raw) for raw in requests]

    return asyncio.run(scene())


def ciphertext(pair: Pair, filed: Filed) -> bytes:
    return vault_of(pair, A).stretch(filed.sealed.hash, 0, size=filed.sealed.size)


# ---- Who may have what


def test_whoever_holds_the_key_has_the_file(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(SIZE))

    (reply,) = answers(pair, get(filed))

    assert (reply.status, reply.body) == (200, ciphertext(pair, filed))
    assert reply.headers["content-type"] == "application/octet-stream"


def strangers(filed: Filed) -> dict[str, bytes]:
    path = f"GET /parley/v1/part/{filed.sealed.hash.hex()}"
    good = base64.b64encode(proof(filed.sealed.key, channel=CHANNEL, digest=filed.sealed.hash)).decode()
    return {
        "no proof": asked(path),
        "an empty proof": asked(path, "Parley-Proof:"),
        "no base64": asked(path, "Parley-Proof: ?"),
        "another key": get(filed, key=bytes(31) + b"1"),
        "the key of zeros": get(filed, key=bytes(32)),
        "two proofs": asked(path, f"Parley-Proof: {good}", f"Parley-Proof: {good}"),
        "no such file": get(filed, digest=bytes(32)),
        "the proof of another file": asked(f"GET /parley/v1/part/{bytes(32).hex()}", f"Parley-Proof: {good}"),
    }


def test_a_stranger_gets_the_same_answer_whatever_is_here(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(SIZE))
    requests = strangers(filed)

    replies = answers(pair, *requests.values())

    assert {(reply.status, reply.body, tuple(reply.headers)) for reply in replies} == {
        (403, b"", tuple(replies[0].headers))
    }


def test_a_stranger_does_not_make_the_disk_move(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(SIZE))
    vault_of(pair, A).destroy(filed.sealed.hash)

    stranger, partner = answers(pair, get(filed, key=bytes(31) + b"1"), get(filed))

    assert (stranger.status, partner.status) == (403, 403)


def test_what_is_still_to_be_fetched_is_not_given_out(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(SIZE), node=B)
    pair.carry(B, A)

    (reply,) = answers(pair, get(filed))

    assert reply.status == 403


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /parley/v1/part/", 404),
        ("GET /parley/v1/part/..%2f..%2fkeys%2fkek-1", 404),
        ("GET /parley/v1/part/../../keys/kek-1", 404),
        (f"GET /parley/v1/part/{'A' * 64}", 404),
        (f"GET /parley/v1/part/{'0' * 63}", 404),
        (f"GET /parley/v1/part/{'0' * 64}?x=1", 404),
        (f"GET /parley/v1/part/{'0' * 64}/", 404),
        (f"HEAD /parley/v1/part/{'0' * 64}", 405),
        (f"PUT /parley/v1/part/{'0' * 64}", 405),
    ],
)
def test_no_other_path_or_method_leads_to_a_file(pair: Pair, line: str, status: int) -> None:
    (reply,) = answers(pair, asked(line))

    assert (reply.status, reply.body) == (status, b"")


# ---- Stretches


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-", 0, None),
        ("bytes=1-", 1, None),
        ("bytes=16456-32855", 16456, 32856),
        ("bytes=0-0", 0, 1),
        ("bytes=5-999999999999999", 5, None),
    ],
)
def test_a_stretch_is_given_as_it_was_asked_for(
    pair: Pair, wanted: str, first: int, last: int | None
) -> None:
    filed = files_it(pair, some_bytes(SIZE))
    whole = ciphertext(pair, filed)

    (reply,) = answers(pair, get(filed, f"Range: {wanted}"))

    assert (reply.status, reply.body) == (206, whole[first:last])
    end = len(whole) - 1 if last is None else last - 1
    assert reply.headers["content-range"] == f"bytes {first}-{end}/{len(whole)}"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=-5",
        "bytes=0-1,3-4",
        "bytes=9-8",
        "bytes=999999999-",
        "bytes=99999999999999999999999999-",
        "bytes=-",
        "bytes=--1",
        "bytes=a-b",
        "bytes=0x1-",
        "bytes= 0-",
        "bytes=+1-",
        "bytes=١-",
        "chunks=0-",
        "bytes",
        "",
    ],
)
def test_any_other_range_is_refused_and_takes_nothing(pair: Pair, wanted: str) -> None:
    filed = files_it(pair, some_bytes(SIZE))

    (reply,) = answers(pair, get(filed, f"Range: {wanted}"))

    assert (reply.status, reply.body) == (416, b"")


def test_two_ranges_are_refused(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(SIZE))

    (reply,) = answers(pair, get(filed, "Range: bytes=0-", "Range: bytes=1-"))

    assert reply.status == 416


# ---- How much at once


def test_more_downloads_than_the_limit_come_later(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(4 * 1024 * 1024))

    async def scene() -> None:
        limits = Limits(downloads_per_file=1)
        async with on_the_network(pair, A, limits=limits) as a, connected(a.port) as first:
            await first.send(get(filed))
            await first.reader.readuntil(b"\r\n\r\n")
            assert (await ask(a.port, get(filed))).status == 429
            await first.reader.readexactly(filed.sealed.size)
            await until(lambda: asyncio.run(ask(a.port, get(filed))).status == 200, a.news)

    play(scene)


def test_whoever_reads_too_slowly_is_cut(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(16 * 1024 * 1024))
    came: list[bytes] = []

    async def scene() -> None:
        limits = Limits(patience_seconds=0.1, least_rate=10**9)
        async with on_the_network(pair, A, limits=limits) as a, connected(a.port) as slow:
            await slow.send(get(filed))
            await slow.reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(1)
            with suppress(ConnectionError):
                came.append(await slow.reader.read(-1))

    play(scene)

    assert len(b"".join(came)) < filed.sealed.size


# ---- The fetcher


def got(pair: Pair, node: str) -> list[JsonValue]:
    """Return what `node` holds of statements about files."""
    return [row.act.d["ok"] for row in pair.rows(node) if row.kind == "file.got" and row.act is not None]


def test_a_file_comes_over_the_network_and_the_other_side_is_told(pair: Pair) -> None:
    filed: list[Filed] = []

    async def scene() -> None:
        async with on_the_network(pair, A) as a, on_the_network(pair, B) as b:
            await a.dial(b)
            await b.dial(a)
            filed.append(await asyncio.to_thread(files_it, pair, some_bytes(5_000_000)))
            await until(lambda: got(pair, A) == [True], a.news)

    play(scene)
    assert content_at(pair, B, filed[0]) == filed[0].content


def test_a_file_goes_where_only_its_writer_can_dial(pair: Pair) -> None:
    filed: list[Filed] = []

    async def scene() -> None:
        async with on_the_network(pair, A) as a, on_the_network(pair, B) as b:
            await a.dial(b, poll=True)
            filed.append(await asyncio.to_thread(files_it, pair, some_bytes(9_000_000)))
            await until(lambda: got(pair, A) == [True], a.news)

    play(scene)
    assert content_at(pair, B, filed[0]) == filed[0].content


def test_a_file_goes_where_only_its_reader_can_dial(pair: Pair) -> None:
    filed: list[Filed] = []

    async def scene() -> None:
        async with on_the_network(pair, A) as a, on_the_network(pair, B) as b:
            await b.dial(a, poll=True)
            filed.append(await asyncio.to_thread(files_it, pair, some_bytes(5_000_000)))
            await until(lambda: got(pair, A) == [True], a.news)

    play(scene)
    assert content_at(pair, B, filed[0]) == filed[0].content


@dataclass
class Bad:
    """A line on which a test decides what comes. `turns` are asked in order, the last of them for ever."""

    whole: bytes
    turns: list[Callable[[bytes, int], bytes]]
    asked: list[int] = field(default_factory=list)

    async def pull(self, _digest: bytes, *, offset: int, proof: bytes) -> AsyncGenerator[bytes]:
        assert proof
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        self.asked.append(offset)
        content = turn(self.whole, offset)
        for at in range(0, len(content), 10_000):
            yield content[at : at + 10_000]
        if len(content) < len(self.whole) - offset:
            raise WireError("cut")


def honest(whole: bytes, offset: int) -> bytes:
    return whole[offset:]


def cut_at(size: int) -> Callable[[bytes, int], bytes]:
    return lambda whole, offset: whole[offset : max(offset, size)]


def flipped_at(place: int) -> Callable[[bytes, int], bytes]:
    def turn(whole: bytes, offset: int) -> bytes:
        spoiled = bytearray(whole)
        spoiled[place] ^= 1
        return bytes(spoiled[offset:])

    return turn


def fetched(pair: Pair, line: Bad) -> None:
    """Let B fetch over `line` until nothing is wanted any more."""

    async def scene() -> None:
        async with on_the_network(pair, B) as b:
            fetcher = Fetcher(
                LINK,
                files=pair.ledgers[B].files,
                line=line,
                news=b.news,
                threads=b.threads,
                edge=EDGE,
                pace=PACE,
            )
            task = asyncio.create_task(fetcher.run())
            await until(lambda: not pair.ledgers[B].files.wanted(LINK), b.news)
            task.cancel()
            await asyncio.wait([task])

    play(scene)


@pytest.fixture
def filed(pair: Pair) -> Filed:
    """A file of which B has the statement and nothing more."""
    found = files_it(pair, some_bytes(SIZE))
    pair.carry(A, B)
    return found


@pytest.mark.parametrize("cut", [0, 1, 56, 57, 20_000, 16_456, SIZE])
def test_after_a_cut_it_goes_on_at_the_last_whole_chunk_or_behind_it(
    pair: Pair, filed: Filed, cut: int
) -> None:
    line = Bad(whole=ciphertext(pair, filed), turns=[cut_at(cut), honest])

    fetched(pair, line)

    assert content_at(pair, B, filed) == filed.content
    assert line.asked[1] == min(cut, len(line.whole))


def test_after_a_restart_it_goes_on_at_the_last_whole_chunk(pair: Pair, filed: Filed) -> None:
    whole = ciphertext(pair, filed)
    files = pair.ledgers[B].files
    (row,) = files.wanted(LINK)
    assert files.take(row, 0, whole[: chunk_start(2) + 77]) == chunk_start(2) + 77
    pair.restart(B)
    line = Bad(whole=whole, turns=[honest])

    fetched(pair, line)

    assert line.asked == [chunk_start(2)]
    assert content_at(pair, B, filed) == filed.content


@pytest.mark.parametrize("chunk", [-1, 0, 1, 2, 3])
def test_a_bad_chunk_is_thrown_away_alone_and_asked_for_again(pair: Pair, filed: Filed, chunk: int) -> None:
    start = 0 if chunk < 0 else chunk_start(chunk)
    line = Bad(whole=ciphertext(pair, filed), turns=[flipped_at(start), flipped_at(start), honest])

    fetched(pair, line)
    pair.settle()

    assert line.asked == [0, start, start]
    assert got(pair, A) == [True]


def test_after_three_bad_chunks_the_other_side_is_told_and_nothing_more_is_asked(
    pair: Pair, filed: Filed
) -> None:
    line = Bad(whole=ciphertext(pair, filed), turns=[flipped_at(chunk_start(1))])

    fetched(pair, line)
    pair.settle()

    assert len(line.asked) == 3
    assert got(pair, A) == [False]
    assert list((vault_of(pair, B).places.root / "coming").iterdir()) == []
    assert pair.is_settled()


def test_more_than_was_named_is_not_kept(pair: Pair, filed: Filed) -> None:
    line = Bad(whole=ciphertext(pair, filed), turns=[lambda whole, offset: whole[offset:] + b"more"])

    fetched(pair, line)

    assert vault_of(pair, B).size(filed.sealed.hash) in {None, filed.sealed.size}
