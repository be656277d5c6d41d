"""The names of nodes, channels and logs.

    label    [a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?
    node     labels joined by "."                     a.example
    channel  world / link / lane, each a label        live/a-b/main
    epoch    8 hex digits, random, never a counter    5e0c9a71
    origin   node / channel / epoch, at most 120 B    a.example/live/a-b/main/5e0c9a71

A name that exists as `Channel` or `Origin` keeps this grammar, and a channel may bear any label as its
lane; which worlds there are is said in `link.opened`, not here. Spec §3.1.
"""

import re
from dataclasses import dataclass
from typing import Final

from parley.protocol.breach import BreachError

MAX_NODE: Final = 64
MAX_ORIGIN: Final = 120

# A link has one channel for each: what is said every day, what never waits, what may wait.
MAIN: Final = "main"
HOT: Final = "hot"
BULK: Final = "bulk"
LANES: Final = (MAIN, HOT, BULK)

LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
NODE: Final = rf"{LABEL}(?:\.{LABEL})*"
CHANNEL: Final = rf"{LABEL}/{LABEL}/{LABEL}"
EPOCH: Final = r"[0-9a-f]{8}"
# The characters of an origin, for the first look of a parser; `check_origin` says the rest.
ORIGIN_CHARACTERS: Final = r"[a-z0-9./-]{1,120}"

_NODE = re.compile(NODE)
_CHANNEL = re.compile(CHANNEL)
_EPOCH = re.compile(EPOCH)
_ORIGIN = re.compile(f"({NODE})/({CHANNEL})/({EPOCH})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What two nodes (or more) say to each other in one order of their own."""

    world: str
    link: str
    lane: str

    def __post_init__(self) -> None:
        """Check the three labels."""
        check_channel(self.text)

    @property
    def text(self) -> str:
        """Return `world/link/lane`."""
        return f"{self.world}/{self.link}/{self.lane}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The name of one log: what `node` writes in `channel` during `epoch`."""

    node: str
    channel: Channel
    epoch: str

    def __post_init__(self) -> None:
        """Check the whole name."""
        check_origin(self.text)

    @property
    def text(self) -> str:
        """Return `node/world/link/lane/epoch`."""
        return f"{self.node}/{self.channel.text}/{self.epoch}"


def check_node(name: str) -> None:
    """Check that `name` is the name of a node: at most 64 bytes."""
    if len(name) > MAX_NODE or not _NODE.fullmatch(name):
        raise BreachError("3.1", "this is not the name of a node")


def check_channel(text: str) -> None:
    """Check that `text` is the name of a channel."""
    if not _CHANNEL.fullmatch(text):
        raise BreachError("3.1", "this is not the name of a channel")


def check_origin(text: str) -> None:
    """Check that `text` is the name of a log: at most 120 bytes."""
    match = _ORIGIN.fullmatch(text) if len(text) <= MAX_ORIGIN else None
    if match is None or len(match[1]) > MAX_NODE:
        raise BreachError("3.1", "this is not the name of a log")


def parse_channel(text: str) -> Channel:
    """Return the channel named `text`."""
    check_channel(text)
    world, link, lane = text.split("/")
    return Channel(world=world, link=link, lane=lane)


def parse_origin(text: str) -> Origin:
    """Return the parts of the name of a log."""
    check_origin(text)
    node, world, link, lane, epoch = text.split("/")
    return Origin(node=node, channel=Channel(world=world, link=link, lane=lane), epoch=epoch)
