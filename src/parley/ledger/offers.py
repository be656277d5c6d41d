"""The offer: the one file that a node hands to another before they are linked.

It carries the card, the epoch of the first log, the name by which the side calls itself, and
its calendar, so that both nodes compute the same channel, logs and terms from the two
offers. Nothing in it is trusted before two people compared the digits. Source: Spec §3.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.clauses import WATCH_SHOWN
from parley.protocol.kinds import VERSIONS
from parley.protocol.names import Channel, Origin
from parley.protocol.officetime import read_calendar
from parley.protocol.strictjson import JsonSource, JsonValue, read, write
from parley.protocol.suite import Suite
from parley.protocol.terms import default_terms

MAX_OFFER: Final = 256 * 1024
VERSION: Final = "offer/1"
MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one side shows of itself. `card` is the note, `names` by language code."""

    card: cards.SignedCard
    note: bytes
    epoch: str
    names: Mapping[str, str]
    calendar: Mapping[str, JsonValue]
    watch_shown: bool = False
    """Whether the side proposes the clause `watch_shown`; it holds where both do."""

    @property
    def node(self) -> str:
        """Return the node that the offer is for."""
        return self.card.card.node

    @property
    def hash(self) -> bytes:
        """Return the hash of the card, which the digits compare."""
        return cards.card_hash(self.card.card)

    def origin(self, channel: Channel) -> str:
        """Return the name of the first log that the node would write in `channel`."""
        return Origin(node=self.node, channel=channel, epoch=self.epoch).text


def read_offer(raw: bytes, *, suite: Suite) -> Offer:
    """Return the offer in the bytes of a file.

    Raises:
        BreachError: §3.5 or the paragraph of the part that is wrong.
    """
    if len(raw) > MAX_OFFER:
        raise BreachError("3.5", f"an offer is at most {MAX_OFFER} bytes")
    value = read(raw.strip())
    match value:
        case {
            "parley": "offer/1",
            "card": str(note),
            "epoch": str(epoch),
            "name": {"en": str(english), "zh": str(chinese), **more},
            "calendar": dict(calendar),
            **rest,
        } if not more and _is_known(rest):
            pass
        case _:
            raise BreachError(
                "3.5",
                f"an offer has exactly parley, card, epoch, name and calendar, and may have {WATCH_SHOWN}",
            )
    for name in (english, chinese):
        if not 0 < len(name) <= MAX_NAME or not name.isprintable():
            raise BreachError("3.5", f"a side's name is 1 to {MAX_NAME} printable characters")
    signed = cards.parse(note.encode())
    cards.check_first(signed, suite=suite)
    read_calendar(calendar)
    Origin(node=signed.card.node, channel=Channel(world="w", link="l", lane="l"), epoch=epoch)
    return Offer(
        card=signed,
        note=note.encode(),
        epoch=epoch,
        names={"en": english, "zh": chinese},
        calendar=calendar,
        watch_shown=bool(rest),
    )


def _is_known(rest: Mapping[str, JsonValue]) -> bool:
    # A number 1 is no yes, though Python finds the two equal.
    return not rest or (set(rest) == {WATCH_SHOWN} and rest[WATCH_SHOWN] is True)


def write_offer(
    *,
    note: bytes,
    epoch: str,
    names: Mapping[str, str],
    calendar: Mapping[str, JsonValue],
    watch_shown: bool = False,
) -> bytes:
    """Return the bytes of an offer file."""
    offer: dict[str, JsonSource] = {
        "parley": VERSION,
        "card": note.decode(),
        "epoch": epoch,
        "name": dict(names),
        "calendar": calendar,
        **({WATCH_SHOWN: True} if watch_shown else {}),
    }
    return write(offer) + b"\n"


def link_name(one: str, two: str) -> str:
    """Return the name of the link between two nodes that both compute: their first labels, in order."""
    return "-".join(sorted((one.split(".", maxsplit=1)[0], two.split(".", maxsplit=1)[0])))


def terms_between(mine: Offer, theirs: Offer, *, world: str) -> str:
    """Return the default terms between two sides: the same text on both nodes."""
    calendars = {mine.node: mine.calendar, theirs.node: theirs.calendar}
    watch_shown = mine.watch_shown and theirs.watch_shown
    return default_terms(calendars, world=world, kinds=VERSIONS, watch_shown=watch_shown)
