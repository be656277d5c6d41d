"""The desk of a signer that runs in a process of its own: asks through `signer.sock`.

A signer that goes away is waited for, for a while: its supervisor starts it again. Whatever was
asked meanwhile is asked once more, and what it signed before it went is found in its anchor.
"""

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from parley.protocol.tree import Frontier
from parley.signer import wire
from parley.signer.desk import Anchored, Asked, NoSignerError, Noted, RefusedToSignError
from parley.signer.keys import PublicKeys
from parley.work import clock
from parley.work.sock import LENGTH, FrameError, read_length, receive, short_name

ANSWER_SECONDS = 30
_PAUSE_SECONDS = 0.1


class DistantDesk:
    """A desk behind the socket `path`; whoever asks waits up to `patience_seconds` for a signer to come."""

    def __init__(self, path: Path, *, patience_seconds: float) -> None:
        self._path = path
        self._patience_seconds = patience_seconds
        self._line: socket.socket | None = None
        self._turn = threading.Lock()

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        match self._ask(wire.Sign(asked=tuple(asked))):
            case wire.Notes(notes=notes) if len(notes) == len(asked):
                return notes
            case other:
                raise _strange(other)

    def anchor(self, origin: str) -> Anchored | None:
        match self._ask(wire.Find(origin=origin)):
            case wire.Found(anchored=anchored):
                return anchored
            case other:
                raise _strange(other)

    def lost(self) -> tuple[str, ...]:
        return self._list().lost

    def origins(self) -> tuple[str, ...]:
        return self._list().origins

    def anchored(self) -> tuple[Anchored, ...]:
        found = [self.anchor(origin) for origin in self.origins()]
        return tuple(each for each in found if each is not None)

    def _list(self) -> wire.Listed:
        match self._ask(wire.List()):
            case wire.Listed() as listed:
                return listed
            case other:
                raise _strange(other)

    def begin(self, origin: str, *, retires: str | None = None) -> None:
        self._do(wire.Begin(origin=origin, retires=retires))

    def keep_receipt(self, origin: str, note: bytes) -> None:
        self._do(wire.Keep(origin=origin, note=note))

    def replace(self, origin: str, frontier: Frontier, *, confirmed: str, time: int) -> None:
        self._do(wire.Replace(origin=origin, frontier=frontier, confirmed=confirmed, time=time))

    def key_sets(self) -> tuple[PublicKeys, ...]:
        match self._ask(wire.Sets()):
            case wire.Keyed(sets=sets) if sets:
                return sets
            case other:
                raise _strange(other)

    def make_keys(self, number: int) -> PublicKeys:
        match self._ask(wire.Make(number=number)):
            case wire.Keyed(sets=(made,)):
                return made
            case other:
                raise _strange(other)

    def attest(self, text: bytes) -> bytes:
        match self._ask(wire.Attest(text=text)):
            case wire.Attested(note=note):
                return note
            case other:
                raise _strange(other)

    def seal(self, text: bytes, *, keys: bytes, time: int) -> bytes:
        match self._ask(wire.Seal(text=text, keys=keys, time=time)):
            case wire.Attested(note=note):
                return note
            case other:
                raise _strange(other)

    def close(self) -> None:
        with self._turn:
            self._hang_up()

    def _do(self, request: wire.Request) -> None:
        answer = self._ask(request)
        if not isinstance(answer, wire.Done):
            raise _strange(answer)

    def _ask(self, request: wire.Request) -> wire.Answer:
        try:
            frame = wire.frame(request)
        except FrameError as error:
            raise RefusedToSignError("bad-request", str(error)) from error
        until = clock.monotonic() + self._patience_seconds
        with self._turn:
            while True:
                try:
                    return _checked(self._spoken(frame))
                except (OSError, EOFError, FrameError) as error:
                    self._hang_up()
                    if clock.monotonic() >= until:
                        raise NoSignerError(f"no signer answers at {self._path}: {error}") from error
                clock.sleep(_PAUSE_SECONDS)

    def _spoken(self, frame: bytes) -> wire.Answer:
        if self._line is None:
            self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._line.settimeout(ANSWER_SECONDS)
            with short_name(self._path) as name:
                self._line.connect(name)
        self._line.sendall(frame)
        return wire.read_answer(receive(self._line, read_length(receive(self._line, LENGTH.size))))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _checked(answer: wire.Answer) -> wire.Answer:
    if isinstance(answer, wire.Refused):
        if answer.code == wire.NO_SIGNER:
            raise NoSignerError(answer.reason)
        raise RefusedToSignError(answer.code, answer.reason)
    return answer


def _strange(answer: wire.Answer) -> NoSignerError:
    return NoSignerError(f"the signer said {type(answer).__name__}, which is no answer to this")
