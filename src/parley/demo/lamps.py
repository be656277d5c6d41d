"""Whether the nodes answer: asked every second, since a node may be killed, and starts again."""

import asyncio
import http.client
from collections.abc import Mapping, Sequence
from typing import Final

from parley.demo.country import Country
from parley.ledger.home import read_config
from parley.node.start import address_of
from parley.work.home import HomeError
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

EVERY_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 3


class Lamps:
    """Where each node's pages are, and whether core and pages answer."""

    def __init__(self, sides: Sequence[Country]) -> None:
        self._sides = sides
        self.up: Mapping[str, bool] = {side.letter: False for side in sides}
        self.addresses: Mapping[str, str] = {side.letter: "" for side in sides}

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.addresses = {side.letter: _address(side) for side in self._sides}
            answers = [asyncio.to_thread(_is_up, side) for side in self._sides]
            found = await asyncio.gather(*answers)
            self.up = {side.letter: is_up for side, is_up in zip(self._sides, found, strict=True)}
            await asyncio.sleep(EVERY_SECONDS)


def _address(side: Country) -> str:
    try:
        port = address_of(read_config(side.home).pages)[1]
    except HomeError:
        return ""
    return f"http://{side.host}:{port}"


def _is_up(side: Country) -> bool:
    try:
        host, port = address_of(read_config(side.home).pages)
        pages = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        try:
            pages.request("GET", "/healthz")
            is_up = pages.getresponse().status == http.HTTPStatus.OK
        finally:
            pages.close()
        call(side.home.core_socket, {"ask": "ping"}, seconds=PATIENCE_SECONDS)
    except (HomeError, NoCoreError, BrokenCoreError, CoreError, OSError, http.client.HTTPException):
        return False
    return is_up
