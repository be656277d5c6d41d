"""The frame of every page: who we are, whose clocks tell what, which links there are, where to go.

Put together here, since the rooms below do not know each other; the template is `ui/base.html`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.ledger.checks import FSCK, checked_at
from parley.ledger.home import Config, own_calendar, read_config
from parley.ledger.readers import OpenLink, links_of, reader_of, side_name
from parley.links.queries import Suspension, in_force
from parley.protocol.officetime import MINUTE, Calendar, read_calendar
from parley.ui import times
from parley.ui.looks import Looks, looks_of
from parley.ui.words import is_chinese
from parley.work.home import Home, HomeError

HUES: Final = 6
"""How many bands of colour there are for partners (`ui/parley.css`)."""
QUIET_SECONDS: Final = 150
"""Two heartbeats of a courier and a half: then a lamp says how long it is."""
DESK: Final = "today:duty"
"""The page before which whoever has the watch sits."""
HEADS: Final = frozenset(
    {
        "today:desk",
        DESK,
        "inquiries:list",
        "hotline:list",
        "cases:list",
        "sharing:list",
        "dialogue:commitments",
        "dialogue:rounds",
        "composer:new",
        "guidelines:list",
        "review:list",
        "links:record",
        "links:link",
        "links:all",
    }
)
"""The pages to which the rail leads; any other lies somewhere below one of them."""
SECTIONS: Final = {
    "today:desk": "today",
    "today:duty": "duty",
    "watch": "duty",
    "links:all": "links",
    "links:record": "record",
    "links:statement": "record",
    "links:raw": "record",
    "links": "link",
    "guidelines": "guidelines",
    "review": "review",
    "inquiries": "inquiries",
    "hotline": "calls",
    "cases": "cases",
    "sharing": "sharing",
    "dialogue": "dialogue",
    "notes": "inquiries",
    "composer": "composer",
}
"""In which entry of the rail a page lies: by the name of its address, else by its room."""
MOST_CLOCKS: Final = 2
"""So many partners' clocks fit beside ours; in the space of one of them there is only its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """A clock of the strip: whose it is, what it shows, whether their offices are open."""

    link: str
    """Empty for our own."""
    name: str
    calendar: Calendar | None
    now: int

    def offset_at(self, seconds: int) -> int:
        """Return the minutes from UTC that this side's clocks show then."""
        return 0 if self.calendar is None else self.calendar.offset(seconds)

    @property
    def offset(self) -> int:
        """Return the minutes from UTC that it shows now."""
        return self.offset_at(self.now)

    @property
    def text(self) -> str:
        return times.wall(self.now, offset=self.offset)

    @property
    def zone(self) -> str:
        return times.offset_text(self.offset)

    @property
    def is_open(self) -> bool:
        """Return whether it is within office hours."""
        return self.calendar is not None and self.calendar.opening(self.now) == self.now

    @property
    def changes_at(self) -> int | None:
        """Return when their offices close next, or open; None where no calendar is known."""
        if self.calendar is None:
            return None
        return closing(self.calendar, self.now) if self.is_open else self.calendar.opening(self.now)

    @property
    def changes_text(self) -> str:
        """Return that instant on this clock."""
        at = self.changes_at
        return "" if at is None else times.wall(at, offset=self.offset_at(at))


def closing(calendar: Calendar, instant: int) -> int:
    """Return when the office hours end in which `instant` lies."""
    day = calendar.day(instant)
    ends = (calendar.instant(day, end) for _start, end in calendar.week(day).hours)
    return next((end for end in ends if instant < end), instant + MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A link as the frame shows it: its band, and its lamp."""

    name: str
    side: str
    hue: int
    letter: str
    is_open: bool
    lamp: str
    """``up``, ``quiet`` for a while, ``down`` while not open, ``failed`` once two histories are proved."""
    silent: int | None
    """Seconds since their node was heard last; None: never."""
    stopped: tuple[Suspension, ...]
    """What is suspended now, by either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What `ui/base.html` shows around a page."""

    node: str
    name: str
    world: str
    officer: OfficerRow | None
    partners: tuple[Partner, ...]
    clocks: tuple[WallClock, ...]
    now: int
    zulu: str
    partner: Partner | None
    """In whose space the page lies."""
    place: str
    """The name of this page's address, such as ``inquiries:list``."""
    looks: Looks
    damaged: int = 0
    """How many things in our own record were damaged when it was hashed last."""
    has_watch: bool = False
    """Whether the officer has the watch: then every page of his or hers shows what rings."""

    @property
    def may_act(self) -> bool:
        """Return whether the officer may say something to the other side."""
        return self.officer is not None and may_act(self.officer.role)

    @property
    def beats(self) -> bool:
        """Return whether this page tells core that it is seen: every desk, and all pages of the watch."""
        return self.may_act and (self.has_watch or self.place == DESK)

    @property
    def theme(self) -> str:
        """Return which colours the page has: the desk is dark, unless the person chose otherwise."""
        return "dark" if self.looks.theme == "auto" and self.place == DESK else self.looks.theme

    @property
    def is_exercise(self) -> bool:
        return self.world.startswith("ex-")

    @property
    def space(self) -> Partner | None:
        """Return whose places the rail spreads out: the partner of this page, or the only one."""
        return self.partner or (self.partners[0] if len(self.partners) == 1 else None)

    @property
    def section(self) -> str:
        """Return in which entry of the rail this page lies; empty for none."""
        return SECTIONS.get(self.place) or SECTIONS.get(self.place.partition(":")[0], "")

    @property
    def nearness(self) -> str:
        """Return the value of ``aria-current``: the page itself, or something below it."""
        return "page" if self.place in HEADS else "true"

    @property
    def wall(self) -> tuple[WallClock, ...]:
        """Return the clocks that the strip shows: ours first."""
        here = self.space
        if here is None and len(self.partners) > MOST_CLOCKS:
            return self.clocks[:1]
        return tuple(clock for clock in self.clocks if here is None or clock.link in {"", here.name})


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
    partners = tuple(_partner(home, place, link, now=now) for place, link in enumerate(links))
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
            now=now,
            zulu=times.wall(now, offset=0),
            partner=next((each for each in partners if each.name == here), None),
            place=match.view_name if match else "",
            looks=looks_of(request),
            damaged=(checked_at(home, FSCK, key="findings") or 0) if visitor else 0,
            has_watch=visitor is not None and visitor.watch_from is not None,
        )
    }


def _own_name(config: Config) -> str:
    return config.name_zh if is_chinese() else config.name_en


def _partner(home: Home, place: int, link: OpenLink, *, now: int) -> Partner:
    reader = reader_of(home)
    lanes = () if reader is None else reader.lane_names(link.row.name)
    statuses = [at for lane in lanes if reader is not None and (at := reader.status(lane)) is not None]
    heard = max((at.last_heard_at for at in statuses if at.last_heard_at is not None), default=None)
    lamp = "up" if heard is not None and now - heard <= QUIET_SECONDS else "quiet"
    if any(at.forks for at in statuses):
        lamp = "failed"
    return Partner(
        name=link.row.name,
        side=side_name(link.row),
        hue=place % HUES + 1,
        letter=link.row.their_letter,
        is_open=link.row.is_active,
        lamp=lamp if link.row.is_active else "down",
        silent=None if heard is None else max(now - heard, 0),
        stopped=in_force(reader, link.row) if reader is not None and link.was_stopped else (),
    )


def _clocks(home: Home, config: Config, links: Iterable[OpenLink], *, now: int) -> tuple[WallClock, ...]:
    own = read_calendar(dict(own_calendar(home)))
    ours = WallClock(link="", name=_own_name(config), calendar=own, now=now)
    theirs = tuple(
        WallClock(
            link=link.row.name,
            name=side_name(link.row),
            calendar=link.terms.calendars.get(link.row.peer),
            now=now,
        )
        for link in links
        if link.terms is not None
    )
    return (ours, *theirs)
