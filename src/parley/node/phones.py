"""The pager of this node, as long as core lives: opened, opened anew when `pager.toml` changed, closed.

Without a `pager.toml` there is none, and the screens ring alone. Belongs to the ringer's thread.
"""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from parley.gates.pager.house import open_pager
from parley.gates.pager.pager import WINDOW_SECONDS, Pager
from parley.gates.pager.ring import News, Outcome
from parley.gates.pager.settings import SettingsError, read_settings, settings_file
from parley.watch.policy import Channel
from parley.work import clock
from parley.work.home import Home

_log = logging.getLogger(__name__)

_NO_FILE: Final = (0, 0)


class Told(Protocol):
    """Hears how a ring went: its key, whether no machine took it, and when it was asked for, where known."""

    def __call__(self, key: str, *, is_lost: bool, asked: int | None = None) -> None: ...


class Phones:
    """By what people are rung: `channels`, and the `pager` that does it; None without any."""

    def __init__(self, home: Home, *, told: Told) -> None:
        self._home = home
        self._told = told
        self._read: tuple[int, int] | None = None
        self.pager: Pager | None = None
        self.channels: frozenset[Channel] = frozenset()

    def look(self) -> None:
        """Open the pager anew if its settings changed; with settings that cannot be read, go on as before."""
        stands = self._stands()
        if stands == self._read:
            return
        try:
            self._open()
        except SettingsError:
            _log.exception("nobody is rung by pager.toml as it stands; what held before goes on")
        # Whatever else failed is tried again at the next look.
        self._read = stands

    def _open(self) -> None:
        ways = read_settings(self._home).ways
        self.close()
        if not ways:
            return
        pager = open_pager(self._home, told=self._hear)
        # First what was rung before a stop: so nobody is rung twice, and what was lost makes others earlier.
        for past in pager.rung_since(clock.now() - WINDOW_SECONDS):
            self._told(past.key, is_lost=past.is_lost, asked=past.asked)
        pager.start()
        self.pager, self.channels = pager, frozenset(ways) - {Channel.WALL}

    def go_on(self, wanted: Callable[[str], bool]) -> None:
        """Take up what a stop interrupted and is still `wanted`, by its key; once after each opening."""
        if self.pager is not None:
            self.pager.go_on(wanted)

    def close(self) -> None:
        """Ring no more; what is under way is taken up by whoever opens it next."""
        if self.pager is not None:
            self.pager.stop()
            self.pager = None
        self.channels = frozenset()

    def _stands(self) -> tuple[int, int]:
        try:
            found = settings_file(self._home).stat()
        except FileNotFoundError:
            return _NO_FILE
        return (found.st_ino, found.st_mtime_ns)

    def _hear(self, news: News) -> None:
        if news.lost or news.outcome is Outcome.ACCEPTED:
            self._told(news.key, is_lost=news.lost)
