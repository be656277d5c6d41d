"""Both nodes, the player and the start page in one process: `python -m parley.demo.host FOLDER LANGUAGE …`.

It lives until SIGTERM or SIGINT and then ends everything it started. Killed, the kernel ends its
nodes, and `play` starts it again: the same folder, the same addresses, the records as they were.
It exits 0 when it was asked to end, 1 when the stage could not be set, 75 when another one plays
in this folder, 74 when the port that was asked for is taken.
"""

import argparse
import asyncio
import os
import secrets
import signal
import sys
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import django
from aiohttp import web
from django.utils import translation
from django.utils.translation import gettext as _

from parley.demo.country import LOOPBACK, free_ports, is_free
from parley.demo.lamps import Lamps
from parley.demo.place import Place
from parley.demo.play import PORT_TAKEN
from parley.demo.player import Player
from parley.demo.startpage import Door, Site
from parley.node.start import TRY_LATER, die_with_parent
from parley.work import clock
from parley.work.lock import LockedError, locked

# An earlier one that was killed needs a moment to end its nodes.
LOCK_SECONDS: Final = 20.0
LINGER_SECONDS: Final = 1.0


def tell(text: str) -> None:
    """Write one line on the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Host:
    """What lives while the demonstration is shown. To be made inside the loop."""

    def __init__(self, folder: Path, *, language: str, door: Door, place: Place) -> None:
        self._loop = asyncio.get_running_loop()
        self._language = language
        self._door = door
        self._stopping = asyncio.Event()
        self._code = 0
        self._reading = ThreadPoolExecutor(1, "reading")
        self._player = Player(
            folder, place, language=language, tell=lambda text: tell(f"· {text}"), fail=self._failed
        )
        self._lamps = Lamps((self._player.story.a, self._player.story.b))

    def stop(self) -> None:
        """End `run`."""
        self._stopping.set()

    def _failed(self, why: str) -> None:
        sys.stderr.write(f"{why}\n")
        self._code = 1
        self._loop.call_soon_threadsafe(self.stop)

    async def run(self, *, browser: bool) -> int:
        """Serve until `stop`, and return the exit code."""
        site = Site(self._door, self._player, self._lamps, reading=self._reading)
        runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=LINGER_SECONDS)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, self._door.port).start()
        self._player.start()
        watching = asyncio.create_task(self._lamps.watch())
        self._welcome(browser=browser)
        await self._stopping.wait()
        watching.cancel()
        await runner.cleanup()
        await asyncio.to_thread(self._player.stop)
        self._reading.shutdown()
        return self._code

    def _welcome(self, *, browser: bool) -> None:
        address = f"http://localhost:{self._door.port}/"
        tell("")
        tell(_("Open this in a browser: %(address)s") % {"address": address})
        tell(_("Both countries are behind it. Ctrl-C ends everything."))
        tell("")
        if browser:
            webbrowser.open(address)


def door_of(place: Place, *, port: int) -> Door:
    """Return where the start page listens: at `port`, or 0: where it was last, or at a port that is free."""
    noted = place.get("page")
    known = int(noted.get("port", 0))
    chosen = port or (known if known and is_free(known) else free_ports(1)[0])
    token = str(noted.get("token") or secrets.token_urlsafe(24))
    place.put("page", {"port": chosen, "token": token})
    return Door(port=chosen, token=token)


async def _run(folder: Path, *, language: str, port: int, browser: bool) -> int:
    place = Place(folder / "place.json")
    door = door_of(place, port=port)
    host = Host(folder, language=language, door=door, place=place)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, host.stop)
    return await host.run(browser=browser)


def main() -> int:
    """Host the demonstration and return the exit code."""
    die_with_parent()
    words = argparse.ArgumentParser()
    words.add_argument("folder", type=Path)
    words.add_argument("language")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--browser", action="store_true")
    asked = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.node.settings")
    django.setup()
    if asked.port and not is_free(asked.port):
        return PORT_TAKEN
    try:
        with (
            locked(asked.folder / "demo.lock", wait_seconds=LOCK_SECONDS, sleep=clock.sleep),
            translation.override(asked.language),
        ):
            return asyncio.run(
                _run(asked.folder, language=asked.language, port=asked.port, browser=asked.browser)
            )
    except LockedError:
        return TRY_LATER


if __name__ == "__main__":
    sys.exit(main())
