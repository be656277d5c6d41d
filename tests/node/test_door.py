"""core.sock: who may ask, what is a frame, and what a caller hears when core dies."""

import asyncio
import os
import socket
import stat
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from parley.node.door import Door
from parley.protocol.strictjson import JsonObject
from parley.work.sock import (
    MAX_FRAME,
    BrokenCoreError,
    CoreError,
    FrameError,
    NoCoreError,
    call,
    read_body,
    short_name,
    write_frame,
)


def echo(request: JsonObject) -> JsonObject:
    if request["ask"] == "no":
        raise CoreError("nay", "because")
    if request["ask"] == "break":
        raise ZeroDivisionError
    return request


@asynccontextmanager
async def opened(path: Path, *, uid: int | None = None, frame_seconds: float = 5) -> AsyncIterator[Door]:
    with ThreadPoolExecutor(2) as threads:
        door = Door(echo, threads=threads, uid=uid, frame_seconds=frame_seconds)
        await door.start(path)
        try:
            yield door
        finally:
            await door.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core.sock"


def asked(path: Path, request: JsonObject, *, uid: int | None = None) -> JsonObject:
    async def scene() -> JsonObject:
        async with opened(path, uid=uid):
            return await asyncio.to_thread(call, path, request)

    return asyncio.run(scene())


def spoken(path: Path, raw: bytes, *, frame_seconds: float = 5, hang_up: bool = False) -> bytes:
    """Send `raw` as it is and return all that comes back until core hangs up."""

    def speak() -> bytes:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            with short_name(path) as name:
                line.connect(name)
            line.sendall(raw)
            if hang_up:
                line.shutdown(socket.SHUT_WR)
            heard = b""
            while piece := line.recv(65536):
                heard += piece
            return heard

    async def scene() -> bytes:
        async with opened(path, frame_seconds=frame_seconds):
            return await asyncio.to_thread(speak)

    return asyncio.run(scene())


def test_a_request_is_answered(path: Path) -> None:
    assert asked(path, {"ask": "x", "text": "甲国"}) == {"ask": "x", "text": "甲国"}


def test_the_socket_is_for_its_owner_alone(path: Path) -> None:
    async def scene() -> int:
        async with opened(path):
            return stat.S_IMODE(await asyncio.to_thread(lambda: path.stat().st_mode))

    assert asyncio.run(scene()) == 0o600


def test_another_user_is_hung_up_on_before_a_word_is_read(path: Path) -> None:
    with pytest.raises(BrokenCoreError):
        asked(path, {"ask": "x"}, uid=os.getuid() + 1)


def test_a_no_is_told_with_its_reason(path: Path) -> None:
    with pytest.raises(CoreError, match="because") as caught:
        asked(path, {"ask": "no"})

    assert caught.value.code == "nay"


def test_a_mistake_of_ours_is_told_without_its_insides(path: Path) -> None:
    with pytest.raises(CoreError) as caught:
        asked(path, {"ask": "break"})

    assert (caught.value.code, caught.value.reason) == ("fault", "core failed; its log says how")


def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)

    assert asked(deep / "core.sock", {"ask": "x"}) == {"ask": "x"}


def test_a_dead_socket_is_taken_over(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead, short_name(path) as name:
        dead.bind(name)

    assert asked(path, {"ask": "x"}) == {"ask": "x"}


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack(">I", MAX_FRAME + 1),
        b"\xff\xff\xff\xff",
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 5) + b'{"a":',
        struct.pack(">I", 4) + b"null",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 0),
        struct.pack(">I", 3) + b"\xff\xfe{",
        struct.pack(">I", 20_000) + b"[" * 20_000,
    ],
)
def test_what_is_no_frame_ends_the_conversation(path: Path, raw: bytes) -> None:
    heard = spoken(path, raw)

    assert read_body(heard[4:]).get("error")
    assert b'"code":"frame"' in heard


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\x00\x00\x00\x10", write_frame({"ask": "x"})[:-1]])
def test_whoever_leaves_in_the_middle_of_a_word_said_nothing(path: Path, raw: bytes) -> None:
    assert spoken(path, raw, hang_up=True) == b""


@pytest.mark.parametrize("raw", [b"\x00", write_frame({"ask": "x"})[:-1]])
def test_whoever_begins_a_frame_must_finish_it(path: Path, raw: bytes) -> None:
    assert spoken(path, raw, frame_seconds=0.1) == b""


def test_several_requests_may_use_one_connection(path: Path) -> None:
    frame = write_frame({"ask": "x"})

    heard = spoken(path, frame + frame + frame[:-1], hang_up=True)

    assert heard == write_frame({"answer": {"ask": "x"}}) * 2


def test_a_frame_that_is_too_large_is_not_sent(path: Path) -> None:
    with pytest.raises(FrameError, match="at most"):
        call(path, {"ask": "x" * MAX_FRAME})


def test_a_large_request_and_its_answer_pass(path: Path) -> None:
    request: JsonObject = {"ask": "x" * (MAX_FRAME - 1000)}

    assert asked(path, request) == request


def test_without_core_the_caller_is_told_so(path: Path) -> None:
    with pytest.raises(NoCoreError):
        call(path, {"ask": "x"})
    with socket.socket(socket.AF_UNIX) as dead, short_name(path) as name:
        dead.bind(name)
    with pytest.raises(NoCoreError):
        call(path, {"ask": "x"})


def test_a_stopped_door_leaves_nobody_waiting(path: Path) -> None:
    frame = write_frame({"ask": "x"})

    def ask_once(idle: socket.socket) -> None:
        idle.connect(str(path))
        idle.sendall(frame)
        idle.recv(65536)

    async def scene() -> bool:
        with socket.socket(socket.AF_UNIX) as idle:
            idle.settimeout(60)
            async with opened(path):
                await asyncio.to_thread(ask_once, idle)
            return await asyncio.to_thread(idle.recv, 1) == b""

    assert asyncio.run(scene())


def test_what_was_asked_before_the_end_is_still_answered(path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(request: JsonObject) -> JsonObject:
        begun.set()
        may_end.wait(60)
        return request

    async def scene() -> JsonObject:
        with ThreadPoolExecutor(1) as threads:
            door = Door(slow, threads=threads)
            await door.start(path)
            asking = asyncio.create_task(asyncio.to_thread(call, path, {"ask": "x"}))
            await asyncio.to_thread(begun.wait, 60)
            stopping = asyncio.create_task(door.stop())
            await asyncio.sleep(0.05)
            may_end.set()
            await stopping
            return await asking

    assert asyncio.run(scene()) == {"ask": "x"}


# ---- A core that dies


@pytest.fixture
def dying(path: Path) -> Iterator[Callable[[int], None]]:
    """A core that hangs up on so many callers, and answers after that."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threads = []

        def die(times: int) -> None:
            def work() -> None:
                # Whoever gives up earlier leaves it waiting until the test closes the door.
                with suppress(OSError):
                    for number in range(times + 1):
                        answer(number)

            def answer(number: int) -> None:
                line, _ = listening.accept()
                with line:
                    line.recv(65536)
                    if number == times:
                        line.sendall(write_frame({"answer": {"times": times}}))

            threads.append(threading.Thread(target=work, daemon=True))
            threads[-1].start()

        yield die


def test_a_broken_connection_is_tried_once_more(path: Path, dying: Callable[[int], None]) -> None:
    dying(1)

    assert call(path, {"ask": "x"}) == {"times": 1}


def test_a_core_that_breaks_twice_is_not_asked_a_third_time(path: Path, dying: Callable[[int], None]) -> None:
    dying(2)

    with pytest.raises(BrokenCoreError):
        call(path, {"ask": "x"})


def test_what_is_no_answer_is_not_taken_for_one(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def work() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(write_frame({"anything": 1}))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        with pytest.raises(BrokenCoreError, match="no answer"):
            call(path, {"ask": "x"})
        thread.join()
