"""One try at one provider, and the end that somebody else may put to it.

A try runs in a thread of its own and may hang: in a name that nobody resolves, in a server that sends a
byte a minute. Whoever waits gives it up at its deadline: its sockets are shut and its program is killed.
The two agree, under one lock, on whether anything left the house:

    commit, then give_up   "unknown": it may have gone
    give_up, then commit   the commit raises: what was written down as failed cannot be sent any more
"""

import contextlib
import socket
import ssl
from collections.abc import Callable
from threading import Lock

from parley.gates.pager.wording import Invitation
from parley.work import clock


class GivenUpError(Exception):
    """The deadline of this try is over."""


class Attempt:
    """A try: `invitation` for `to`, until the second `until` of a clock that only counts.

    `reference` is the same for every try of one ring at one address, and tells nobody anything.
    """

    def __init__(self, invitation: Invitation, *, to: str, reference: str, at: int, until: float) -> None:
        self.invitation = invitation
        self.to = to
        self.reference = reference
        self.at = at
        self._until = until
        self._lock = Lock()
        self._is_given_up = False
        self._is_committed = False
        self._ends: list[Callable[[], None]] = []

    @property
    def is_committed(self) -> bool:
        """Whether something may have left the house."""
        return self._is_committed

    def left(self) -> float:
        """Return how many seconds are left.

        Raises:
            GivenUpError: none.
        """
        left = self._until - clock.monotonic()
        if left <= 0 or self._is_given_up:
            raise GivenUpError("no time is left for this try")
        return left

    def commit(self) -> None:
        """Say that from here on nobody can be sure that nothing left; to be called before it does.

        Raises:
            GivenUpError: it is too late, and nothing may be sent.
        """
        self.left()
        with self._lock:
            if self._is_given_up:
                raise GivenUpError("this try was given up")
            self._is_committed = True

    def give_up(self) -> bool:
        """End it from outside, and return whether something may have left."""
        with self._lock:
            self._is_given_up = True
            ends, self._ends = self._ends, []
        for end in ends:
            # What is to be ended may have ended by itself.
            with contextlib.suppress(OSError):
                end()
        return self._is_committed

    def hold(self, end: Callable[[], None]) -> None:
        """Have `end` called when this is given up; at once if it was already."""
        with self._lock:
            is_late = self._is_given_up
            if not is_late:
                self._ends.append(end)
        if is_late:
            with contextlib.suppress(OSError):
                end()
            raise GivenUpError("this try was given up")

    def connect(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> socket.socket:
        """Return a connection that is shut when this try is given up.

        Raises:
            OSError: nobody answers, or not as TLS wants it.
            GivenUpError: no time is left.
        """
        plain = socket.create_connection((host, port), timeout=self.left())
        try:
            self.hold(lambda: plain.shutdown(socket.SHUT_RDWR))
            if tls is None:
                return plain
            wrapped = tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        except BaseException:
            plain.close()
            raise
        try:
            # The plain method: SSLSocket's own forgets the session while another thread reads with it.
            self.hold(lambda: socket.socket.shutdown(wrapped, socket.SHUT_RDWR))
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped
