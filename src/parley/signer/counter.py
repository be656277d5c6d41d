"""The answering side of `signer.sock`: who may ask, and how much of it is read.

The socket is 0600 in a folder that is 0700, and the kernel tells the user id of whoever connects:
it must be our own. Everybody else is hung up on before a byte is read. A frame that is no request
is answered with `bad-request`, and the line ends there, since where the next one begins is
anybody's guess. What may be signed is left to the desk.
"""

import logging
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from parley.signer import wire
from parley.signer.desk import NoSignerError, RefusedToSignError, SigningDesk
from parley.work.sock import LENGTH, FrameError, bound, read_length, receive, uid_of

# Core keeps one line; the doctor and a command that looks come and go.
MAX_CALLERS: Final = 16
# Whoever begins a frame finishes it soon: both ends are on one machine.
FRAME_SECONDS: Final = 10
# Core is told to end at the same moment, and signs what it has committed first.
LEAVE_SECONDS: Final = 8

_log = logging.getLogger(__name__)


class Counter:
    """Answers at a socket for `desk`, one thread for each caller."""

    def __init__(self, desk: SigningDesk, path: Path, *, uid: int) -> None:
        """Listen at `path`. The caller holds the lock of the anchor: a socket found there is a dead one."""
        self._desk = desk
        self._path = path
        self._uid = uid
        self._listening = bound(path)
        self._listening.listen(MAX_CALLERS)
        self._callers: dict[threading.Thread, socket.socket] = {}

    def serve(self) -> None:
        """Answer until `stop`."""
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            if uid_of(line) != self._uid or sum(each.is_alive() for each in self._callers) >= MAX_CALLERS:
                line.close()
                continue
            self._callers = {caller: each for caller, each in self._callers.items() if caller.is_alive()}
            caller = threading.Thread(target=self._converse, args=(line,), daemon=True)
            self._callers[caller] = line
            caller.start()

    def stop(self, *, leave_seconds: float = LEAVE_SECONDS) -> None:
        """Take nobody new; go on for those who are there until they hang up, but not for long."""
        self._path.unlink(missing_ok=True)
        # Closing alone would not wake whoever waits in `accept`.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for caller, line in list(self._callers.items()):
            caller.join(leave_seconds)
            if caller.is_alive():
                line.shutdown(socket.SHUT_RDWR)

    def _converse(self, line: socket.socket) -> None:
        with line:
            try:
                while self._answered_one(line):
                    pass
            except (OSError, EOFError):
                # A caller who leaves in the middle of a word said nothing.
                _log.debug("a caller left")

    def _answered_one(self, line: socket.socket) -> bool:
        """Answer one request; return whether another may follow."""
        line.settimeout(None)
        first = receive(line, 1)
        line.settimeout(FRAME_SECONDS)
        try:
            body = receive(line, read_length(first + receive(line, LENGTH.size - 1)))
            request = wire.read_request(body)
        except FrameError as error:
            line.sendall(wire.frame(wire.Refused(code="bad-request", reason=str(error))))
            return False
        line.sendall(self._answer(request))
        return True

    def _answer(self, request: wire.Request) -> bytes:
        try:
            return wire.frame(self._done(request))
        except RefusedToSignError as error:
            return wire.frame(wire.Refused(code=error.code, reason=error.reason))
        except NoSignerError as error:
            _log.error("%s", error)
            return wire.frame(wire.Refused(code=wire.NO_SIGNER, reason=str(error)))

    def _noted(self, request: wire.Attest | wire.Seal) -> bytes:
        if isinstance(request, wire.Attest):
            return self._desk.attest(request.text)
        return self._desk.seal(request.text, keys=request.keys, time=request.time)

    def _done(self, request: wire.Request) -> wire.Answer:
        match request:
            case wire.Sign(asked=asked):
                return wire.Notes(notes=self._desk.sign(asked))
            case wire.Find(origin=origin):
                return wire.Found(anchored=self._desk.anchor(origin))
            case wire.List():
                return wire.Listed(origins=self._desk.origins(), lost=self._desk.lost())
            case wire.Begin(origin=origin, retires=retires):
                self._desk.begin(origin, retires=retires)
            case wire.Keep(origin=origin, note=note):
                self._desk.keep_receipt(origin, note)
            case wire.Replace(origin=origin, frontier=frontier, confirmed=confirmed, time=time):
                self._desk.replace(origin, frontier, confirmed=confirmed, time=time)
            case wire.Attest() | wire.Seal():
                return wire.Attested(note=self._noted(request))
            case wire.Sets():
                return wire.Keyed(sets=self._desk.key_sets())
            case wire.Make(number=number):
                return wire.Keyed(sets=(self._desk.make_keys(number),))
        return wire.Done()
