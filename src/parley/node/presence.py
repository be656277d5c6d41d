"""Whether their desk is watched, by their word, and what we tell of ours: in core's memory, nowhere else.

    beats ──▶ is our desk watched?  ──▶ once a minute a word ──▶ on every parcel
    their parcels ──▶ a word that counts ──▶ until when it holds ──▶ pages: *watched*, or *not confirmed*

On links whose terms say so, both do; on every other, nothing is told and nothing is heard. What was told is
not kept: no history of who sat at which desk when can be asked for, here or there. Any thread may use it.
Source: Spec §12.12; screens §7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from parley.ledger.lanes import link_of
from parley.ledger.reading import Reader
from parley.protocol.presence import NOTHING, counted, minute_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    minute: int
    until: int


class Presence:
    """Tells and hears on the links that agreed to it; each is named in its lane, and heard of as a whole."""

    def __init__(self, *, is_watched: Callable[[], bool], now: Callable[[], int]) -> None:
        self._is_watched = is_watched
        self._now = now
        self._lock = Lock()
        self._agreed: frozenset[str] = frozenset()
        self._told = (NOTHING, NOTHING)
        self._heard: dict[str, _Heard] = {}

    def agree(self, links: frozenset[str]) -> None:
        """Tell and hear on exactly these `links`, named in their lanes, from now on."""
        with self._lock:
            self._agreed = links
            whole = {link_of(link) for link in links}
            self._heard = {link: heard for link, heard in self._heard.items() if link in whole}

    def word(self, link: str) -> int | None:
        """Return what a parcel of `link` says of our desk: a minute, or 0: nothing; None without the clause.

        What was decided in a minute holds until the next: nobody learns more by asking more often.
        """
        with self._lock:
            if link not in self._agreed:
                return None
            minute = minute_of(self._now())
            if self._told[0] != minute:
                self._told = (minute, minute if self._is_watched() else NOTHING)
            return self._told[1]

    def hear(self, link: str, minute: int) -> None:
        """Take the word that a parcel of `link` brought."""
        now = self._now()
        with self._lock:
            if link not in self._agreed:
                return
            whole = link_of(link)
            before = self._heard.get(whole, _Heard(minute=NOTHING, until=NOTHING))
            if minute == NOTHING:
                # What was said before holds no longer: an old parcel may take a word away, never give one.
                self._heard[whole] = _Heard(minute=before.minute, until=NOTHING)
                return
            until = counted(minute, newest=before.minute, now=now)
            if until is not None:
                self._heard[whole] = _Heard(minute=minute, until=until)

    def confirmed(self) -> Mapping[str, int]:
        """Return the links whose word holds now: their desk is watched. With the minute that it names."""
        now = self._now()
        with self._lock:
            return {link: each.minute for link, each in self._heard.items() if now < each.until}


def agreed_links(reader: Reader) -> frozenset[str]:
    """Return the links, named in their lanes, whose terms there have both sides tell."""
    terms = ((row.name, reader.terms(row.name)) for row in reader.lanes())
    return frozenset(
        name
        for name, each in terms
        if each is not None and each.hotline is not None and each.hotline.watch_shown
    )
