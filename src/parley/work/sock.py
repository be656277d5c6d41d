"""What is spoken through `core.sock`, and the asking side of it.

    frame     uint32 length, big-endian, at most 8 MiB ‖ one JSON object
    request   {"ask": "append", ...}
    answer    {"answer": {...}}  or  {"error": {"code": "...", "reason": "..."}}

One request at a time on a connection, each answered before the next. Asking twice must do no
harm, since a caller whose connection breaks asks once more; so drafts carry an id. What a
request means is left to `core`; who may ask, to `door`.
"""

import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from parley.protocol.strictjson import JsonObject, JsonSource

MAX_FRAME: Final = 8 * 1024 * 1024
LENGTH: Final = struct.Struct(">I")
ANSWER_SECONDS: Final = 120

_CREDENTIALS = struct.Struct("3i")


class NoCoreError(Exception):
    """No core runs in this home: nobody listens at its socket."""


class BrokenCoreError(Exception):
    """Core went away twice while it was asked, or said what is no answer."""


class CoreError(Exception):
    """Core understood and said no. `code` is for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class FrameError(Exception):
    """Bytes that are no frame, or a frame that is too large."""


def call(path: Path, request: Mapping[str, JsonSource], *, seconds: float = ANSWER_SECONDS) -> JsonObject:
    """Return what the core at the socket `path` answers to `request`; a broken connection is tried twice.

    Raises:
        NoCoreError, BrokenCoreError: there is no answer; the request may have had its effect.
        CoreError: the answer is no.
        FrameError: the request is too large; it was not sent.
    """
    frame = write_frame(request)
    try:
        answer = _ask(path, frame, seconds=seconds)
    except (ConnectionError, EOFError):
        try:
            answer = _ask(path, frame, seconds=seconds)
        except (ConnectionError, EOFError) as error:
            raise BrokenCoreError("core hung up twice") from error
    match answer:
        case {"answer": dict(found)}:
            return found
        case {"error": {"code": str(code), "reason": str(reason)}}:
            raise CoreError(code, reason)
        case _:
            raise BrokenCoreError("core said what is no answer")


def write_frame(value: Mapping[str, JsonSource]) -> bytes:
    """Return `value` as one frame.

    Raises:
        FrameError: it is larger than a frame may be.
    """
    body = msgspec.json.encode(value)
    if len(body) > MAX_FRAME:
        raise FrameError(f"a frame is at most {MAX_FRAME} bytes, this one has {len(body)}")
    return LENGTH.pack(len(body)) + body


def read_length(head: bytes) -> int:
    """Return how many bytes follow the four of `head`.

    Raises:
        FrameError: too many.
    """
    (length,) = LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise FrameError(f"a frame is at most {MAX_FRAME} bytes, this one claims {length}")
    return int(length)


def read_body(body: bytes) -> JsonObject:
    """Return the object in a frame.

    Raises:
        FrameError: it is not one.
    """
    try:
        value: JsonObject = msgspec.json.decode(body, type=dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"a frame holds one JSON object: {error}") from error
    return value


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Give a name under which the socket `path` can be bound or reached: the kernel takes only 107 bytes."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _ask(path: Path, frame: bytes, *, seconds: float) -> JsonObject:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        try:
            with short_name(path) as name:
                line.connect(name)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NoCoreError(f"no core listens at {path}") from error
        line.sendall(frame)
        try:
            return read_body(receive(line, read_length(receive(line, LENGTH.size))))
        except (TimeoutError, FrameError) as error:
            raise BrokenCoreError(str(error)) from error


def receive(line: socket.socket, size: int) -> bytes:
    """Return exactly `size` bytes that the other end says.

    Raises:
        EOFError: it hung up before. OSError: the line broke, or its time is up.
    """
    found = bytearray()
    while len(found) < size:
        piece = line.recv(min(size - len(found), 1 << 20))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def bound(path: Path) -> socket.socket:
    """Return a socket bound at `path` that nobody but our own user can reach; one that lies there goes."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with short_name(path) as name:
            listening.bind(name)
    finally:
        os.umask(before)
    return listening


def uid_of(line: socket.socket) -> int:
    """Return the user id of whoever connected, as the kernel knows it."""
    _pid, uid, _gid = _CREDENTIALS.unpack(
        line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    )
    return int(uid)
