"""Two hundred clients creep at the partner's door; the partner itself and our own people do not notice (F17).

Each sends a request that looks right, and then a byte now and then. They come from many addresses, so that no
bound on one address stops them alone.
"""

import http.client
import socket
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.home import read_config
from parley.node.start import address_of
from parley.work import clock
from tests.system.load import Load
from tests.system.nodes import SCALE, Node, linked, running, tell
from tools.checker import check

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

CLIENTS: Final = 200
ADDRESSES: Final = 20
SECONDS: Final = 8 * SCALE
REQUEST: Final = b"POST /parley/v1/parcel HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\nPARLEY1\n"


class Creepers:
    """Clients that never finish; who is hung up on comes again."""

    def __init__(self, door: tuple[str, int]) -> None:
        self._door = door
        self._number = 0
        self.lines: list[socket.socket] = []
        self.ended = 0

    def creep(self) -> None:
        """Let each send one byte more."""
        while len(self.lines) < CLIENTS:
            self.lines.append(self._come())
        for line in list(self.lines):
            try:
                line.send(b"x")
            except OSError:
                line.close()
                self.lines.remove(line)
                self.ended += 1

    def _come(self) -> socket.socket:
        self._number += 1
        line = socket.create_connection(
            self._door, timeout=60, source_address=(f"127.0.1.{1 + self._number % ADDRESSES}", 0)
        )
        line.sendall(REQUEST)
        return line

    def leave(self) -> None:
        for line in self.lines:
            line.close()


def page(node: Node) -> float:
    """Return how many seconds the sign-in page takes."""
    begun = clock.monotonic()
    pages = http.client.HTTPConnection(*address_of(read_config(node.home).pages), timeout=60)
    try:
        pages.request("GET", "/healthz")
        assert pages.getresponse().status == 200
    finally:
        pages.close()
    return clock.monotonic() - begun


def test_two_hundred_slow_clients_hold_up_neither_the_partner_nor_the_pages(tmp_path: Path) -> None:
    a, b = linked(tmp_path)
    with running(a, b) as two:
        creepers = Creepers(address_of(read_config(a.home).partner))
        try:
            longest = 0.0
            with Load(b.home, "b", kept=tmp_path / "kept", threads=1) as load:
                end = clock.monotonic() + SECONDS
                while clock.monotonic() < end:
                    creepers.creep()
                    longest = max(longest, page(a))
            begun = clock.monotonic()
            while not two.are_even():
                creepers.creep()
                assert clock.monotonic() < begun + 60, "the partner does not get through"
            seconds = clock.monotonic() - begun
        finally:
            creepers.leave()

    tell(f"even {seconds:.1f} s after the last word, a page {longest:.2f} s, {creepers.ended} hung up on")
    assert check(a.home, b.home, load.said) == ()
