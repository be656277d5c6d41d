"""The inquiries of a period, counted: by direction, and in it by item of cooperation, urgency and type.

One inquiry after the other is added, and none is kept but its place; so a hundred thousand are counted as
they come. Each clock is counted by itself, and what is still open stays among what is measured. Source:
Spec §18.4.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from parley.protocol.inquiries.codes import Clock
from parley.protocol.review.counted import Counted, CountedItem, Timed
from parley.protocol.review.numbers import Duration

SCORES = ("timely", "complete", "usable", "understandable")


class By(Enum):
    """By what inquiries of one direction are told apart."""

    ALL = "all"
    ITEM = "item"
    URGENCY = "urgency"
    TYPE = "type"


@dataclass(slots=True)
class Timing:
    """One clock in one part: the places by where the clock stands, and how long each took."""

    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    durations: list[Duration] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """What is counted of some inquiries. Every number is a list of places, in the order of the logs."""

    inquiries: list[str] = field(default_factory=list)
    # By a word: closed, returned, disputed, rated, outcome.
    marks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    items: list[str] = field(default_factory=list)
    states: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    grounds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    # By a score and how high it is.
    scores: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    timings: dict[Clock, Timing] = field(default_factory=lambda: defaultdict(Timing))


PartKey = tuple[str, By, str]


class Tally:
    """The parts, while inquiries are added in the order of the logs."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: dict[PartKey, Part] = defaultdict(Part)

    @property
    def parts(self) -> Mapping[PartKey, Part]:
        """Return the parts that have an inquiry, by the asked node, by what, and by which of it, sorted."""
        keys = sorted(self._parts, key=lambda key: (key[0], list(By).index(key[1]), key[2]))
        return {key: self._parts[key] for key in keys}

    def add(self, counted: Counted) -> None:
        """Count one more inquiry."""
        asked = counted.asked
        whole = [
            self._parts[asked, by, value]
            for by, value in ((By.ALL, ""), (By.ITEM, counted.item), (By.URGENCY, counted.urgency))
        ]
        types = {item.type: self._parts[asked, By.TYPE, item.type] for item in counted.items}
        for part in (*whole, *types.values()):
            _add_inquiry(part, counted)
        for item in counted.items:
            for part in (*whole, types[item.type]):
                _add_item(part, item)


def _add_inquiry(part: Part, counted: Counted) -> None:
    place = counted.place
    part.inquiries.append(place)
    for word in counted.marks:
        part.marks[word].append(place)
    for score, height in zip(SCORES, counted.scores or (), strict=False):
        part.scores[score, height].append(place)
    for timed in counted.timed:
        _add_timed(part.timings[timed.clock], timed)


def _add_item(part: Part, item: CountedItem) -> None:
    part.items.append(item.place)
    part.states[item.state].append(item.place)
    for code in item.findings:
        part.findings[code].append(item.place)
    for ground in item.grounds:
        part.grounds[ground].append(item.place)
    for timed in item.timed:
        _add_timed(part.timings[timed.clock], timed)


def _add_timed(timing: Timing, timed: Timed) -> None:
    for word in timed.words:
        timing.places[word].append(timed.place)
    if timed.duration is not None:
        timing.durations.append(timed.duration)
