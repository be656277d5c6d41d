"""The frame of every page: who we are, whose clocks tell what, which links there are, where to go.

Put together here, since the rooms below do not know each other; the template is `ui/base.html`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from parley.agencies.queries import OfficerRow
from parley.ledger.home import Config, own_calendar, read_config
from parley.ledger.readers import OpenLink, links_of, side_name
from parley.protocol.officetime import Calendar, read_calendar
from parley.ui import times
from parley.ui.words import is_chinese
from parley.work.home import Home, HomeError

HUES: Final = 6
"""How many bands of colour there are for partners (`ui/parley.css`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """A clock of the strip: whose it is, what it shows, whether their offices are open."""

    name: str
    calendar: Calendar | None
    now: int

    def offset_at(self, seconds: int) -> int:
        """Return the minutes from UTC that this side's clocks show then."""
        return 0 if self.calendar is None else self.calendar.offset(seconds)

    @property
    def text(self) -> str:
        return times.wall(self.now, offset=self.offset_at(self.now))

    @property
    def zone(self) -> str:
        return times.offset_text(self.offset_at(self.now))

    @property
    def is_open(self) -> bool:
        """Return whether it is within office hours."""
        return self.calendar is not None and self.calendar.opening(self.now) == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A link as the frame shows it."""

    name: str
    side: str
    hue: int
    letter: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What `ui/base.html` shows around a page."""

    node: str
    name: str
    world: str
    officer: OfficerRow | None
    partners: tuple[Partner, ...]
    clocks: tuple[WallClock, ...]
    zulu: str
    partner: Partner | None
    """In whose space the page lies."""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Return the frame for `request`: Django's context processor."""
    home: Home = settings.HOME
    now: int = getattr(request, "now", 0)
    visitor: OfficerRow | None = getattr(request, "visitor", None)
    try:
        config = read_config(home)
        links = links_of(home) if visitor else ()
        clocks = _clocks(home, config, links, now=now)
    except HomeError:
        return {}
    partners = tuple(_partner(place, link) for place, link in enumerate(links))
    match = request.resolver_match
    here = match.kwargs.get("link") if match else None
    return {
        "shell": Shell(
            node=config.node,
            name=_own_name(config),
            world=config.world,
            officer=visitor,
            partners=partners,
            clocks=clocks,
            zulu=times.wall(now, offset=0),
            partner=next((each for each in partners if each.name == here), None),
        )
    }


def _own_name(config: Config) -> str:
    return config.name_zh if is_chinese() else config.name_en


def _partner(place: int, link: OpenLink) -> Partner:
    return Partner(
        name=link.row.name,
        side=side_name(link.row),
        hue=place % HUES + 1,
        letter=link.row.their_letter,
        is_open=link.row.is_active,
    )


def _clocks(home: Home, config: Config, links: Iterable[OpenLink], *, now: int) -> tuple[WallClock, ...]:
    ours = WallClock(name=_own_name(config), calendar=read_calendar(dict(own_calendar(home))), now=now)
    theirs = tuple(
        WallClock(name=side_name(link.row), calendar=link.terms.calendars.get(link.row.peer), now=now)
        for link in links
        if link.terms is not None
    )
    return (ours, *theirs)
