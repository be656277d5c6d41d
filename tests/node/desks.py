"""A house at night: people on its roster, their phones, its screens, and what is rung of them.

house = House(night, node=B)          desk 4, second 5, director 6, vice-minister 7, minister 8
house.sweeps(call); house.rung        one sweep, at the night's own now; whom it rang, stroke by stroke
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.gates.pager.ring import Ring
from parley.node.opened import OpenCall
from parley.node.rungs import Hands, hands
from parley.node.sweep import Bells, Sweep
from parley.protocol.act import id_text
from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.watch.beats import AlarmRow
from parley.watch.policy import DAY, Channel, Contact, Person, Post, Roster, Shift
from tests.protocol.callers import Night
from tests.protocol.world import B, Statement

PEOPLE: Final = {Post.DESK: 4, Post.SECOND: 5, Post.DIRECTOR: 6, Post.VICE_MINISTER: 7, Post.MINISTER: 8}
ON_WATCH: Final = PEOPLE[Post.DESK]
RUNG_OF: Final = {
    4: Rung.DUTY_PHONE,
    5: Rung.SECOND_OFFICER,
    6: Rung.DIRECTOR,
    7: Rung.VICE_MINISTER,
    8: Rung.MINISTER,
}


def person(number: int, *, proved_at: int | None = 0, is_active: bool = True) -> Person:
    ways = ((Channel.SMS, f"+999{number}55517"), (Channel.MAIL, f"{number}@house.example"))
    contacts = tuple(
        Contact(number=number * 10 + place, channel=channel, address=address, proved_at=proved_at)
        for place, (channel, address) in enumerate(ways)
    )
    return Person(number=number, contacts=contacts, is_active=is_active)


def roster(now: int, *, without: tuple[int, ...] = (), unproved: tuple[int, ...] = ()) -> Roster:
    """Return a roster on which every post is held, but by nobody of `without`."""
    return Roster(
        persons=tuple(
            person(each, proved_at=None if each in unproved else now - DAY) for each in PEOPLE.values()
        ),
        shifts=tuple(
            Shift(number=number, post=post, person=number, begins=now - DAY, ends=now + 30 * DAY)
            for post, number in PEOPLE.items()
            if number not in without
        ),
    )


@dataclass
class Phones:
    """Remembers what was rung under which name, as `pager.db` does, and rings no name twice."""

    known: dict[str, Ring] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def ring(self, ring: Ring) -> None:
        self.known.setdefault(ring.key, ring)

    def end(self, key: str) -> None:
        self.ended.append(key)


@dataclass
class House:
    """One side's people, screens and phones over a night."""

    night: Night
    node: str = B
    is_watched: bool = True
    phones: Phones = field(default_factory=Phones)
    roster: Roster = field(default_factory=Roster)
    rings: frozenset[Channel] = frozenset({Channel.SMS, Channel.MAIL})

    def __post_init__(self) -> None:
        if not self.roster.persons:
            self.roster = roster(self.night.world.now)
        self.starts()

    def starts(self, bells: Bells | None = None) -> None:
        """Begin anew, as after a crash: the phones alone remember."""
        self.sweep = Sweep(self.node, lambda: self.phones if bells is None else bells)

    def hands(self) -> Hands:
        return hands(
            self.roster,
            self.night.world.now,
            rings=lambda each: any(way.channel in self.rings for way in each.contacts),
            has_watch=ON_WATCH if self.is_watched else None,
            is_watched=self.is_watched,
        )

    def open_calls(self, *calls: Statement) -> list[OpenCall]:
        return self.opened_of({call.id: self.night.call(call) for call in calls})

    @staticmethod
    def opened_of(calls: Mapping[bytes, Call]) -> list[OpenCall]:
        """Return calls as the sweep gets them."""
        return [
            OpenCall(link="a-b", place=f"A {place}", name=id_text(opened), call=call)
            for place, (opened, call) in enumerate(calls.items())
        ]

    def sweeps(self, *calls: Statement) -> tuple[AlarmRow, ...]:
        return self.sweep.sweep(self.open_calls(*calls), self.hands(), self.night.world.now)

    @property
    def rung(self) -> list[int]:
        """Return whom the phones rang, each stroke once, in the order in which they were asked."""
        return [ring.person for ring in self.phones.known.values()]
