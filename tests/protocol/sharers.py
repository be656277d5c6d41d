"""Offers in a world of two pens, so that a test of sharing reads like what two desks do.

    desks = Sharing()                                both have opened the link, on terms that list these kinds
    offer = desks.offers(conditions=["confidential"])            A offers
    yes = desks.undertakes(offer, "confidential")                B undertakes, signed by a person
    desks.delivers(yes)
    desks.share(offer).state                         what both fold

Every statement has seen all that was written before it, unless `seen` says otherwise.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.protocol import threads
from parley.protocol.act import id_text
from parley.protocol.entry import PartRef
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.sharing.apply import Share, ShareEye
from parley.protocol.strictjson import JsonSource
from parley.protocol.terms import default_terms
from tests.protocol.world import ALL, A, B, Statement, Wording, World

PARTS: Final = tuple(
    PartRef(hash=hashlib.sha256(name).digest(), size=size)
    for name, size in ((b"indicators.json", 4096), (b"sample.bin", 65_536))
)
OTHER_PART: Final = PartRef(hash=hashlib.sha256(b"something else").digest(), size=4096)
NOTHING: Final[Mapping[str, JsonSource]] = MappingProxyType({})
GRADE: Final[Mapping[str, JsonSource]] = {"source": "B", "information": 2}


def sharing_terms() -> str:
    """Return the default terms with the kinds of sharing beside the others."""
    calendars = {A: default_calendar(), B: default_calendar()}
    return default_terms(calendars, world="live", kinds=VERSIONS)


def sealed(*parts: PartRef) -> list[JsonSource]:
    """Return parts as an act names them."""
    return [{"hash": id_text(part.hash), "size": part.size} for part in parts]


def offered(**more: JsonSource) -> dict[str, JsonSource]:
    """Return the `d` of an offer of indicators, on no conditions unless `more` says so."""
    usual: dict[str, JsonSource] = {
        "what": "indicators",
        "counts": [{"of": "ip", "n": 300}, {"of": "sample", "n": 1}],
        "tlp": "AMBER",
        "pap": "GREEN",
        "expects": "consideration",
        "conditions": [],
        "until": None,
        "content": sealed(*PARTS),
        "grade": None,
        "about": [],
    }
    return {**usual, **more}


class Sharing:
    """A world, and what is offered in it."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World(terms=sharing_terms())

    def offers(
        self,
        d: Mapping[str, JsonSource] = NOTHING,
        *,
        by: str = A,
        seen: int = ALL,
        **more: JsonSource,
    ) -> Statement:
        """Offer something."""
        return self.world.pen(by).words(Wording(kind="sharing.offered"), {**offered(**more), **d}, seen=seen)

    def undertakes(
        self, offer: Statement, *conditions: str, by: str = B, seen: int = ALL, roots: tuple[int, ...] = (1,)
    ) -> Statement:
        """Undertake conditions, signed by a person."""
        pen = self.world.pen(by)
        wording = Wording(kind="sharing.undertaken", re=offer.id, log=pen.side.origin, roots=roots)
        return pen.words(wording, {"conditions": list(conditions)}, seen=seen)

    def delivers(
        self,
        re: Statement,
        *parts: PartRef,
        by: str = A,
        seen: int = ALL,
        brings: tuple[PartRef, ...] | None = None,
    ) -> Statement:
        """Deliver the content, or other `parts`; the entry `brings` just these, unless it is said."""
        named = parts or PARTS
        files = named if brings is None else brings
        wording = Wording(kind="sharing.delivered", re=re.id, body_size=200, files=files)
        return self.world.pen(by).words(wording, {"content": sealed(*named)}, seen=seen)

    def says(
        self,
        kind: str,
        re: Statement,
        d: Mapping[str, JsonSource] = NOTHING,
        *,
        by: str,
        seen: int = ALL,
        **more: JsonSource,
    ) -> Statement:
        """Write any other statement about an offer; `kind` is its second word."""
        return self.world.pen(by).words(Wording(kind=f"sharing.{kind}", re=re.id), {**d, **more}, seen=seen)

    def look(self, offer: Statement) -> Share | None:
        """Return the state of an offer, None if it is without effect."""
        record = self.world.record()
        eye = threads.look(record.shelf, record.sides, offer.id)
        assert eye is None or isinstance(eye, ShareEye)
        return None if eye is None else eye.share()

    def share(self, offer: Statement) -> Share:
        """Return the state of an offer that is in effect."""
        found = self.look(offer)
        assert found is not None
        return found

    def delivered(self, **more: JsonSource) -> tuple[Statement, Statement]:
        """Return an offer on no conditions, and its delivery."""
        offer = self.offers(more)
        return offer, self.delivers(self.says("accepted", offer, by=B))

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement."""
        return self.world.verdict(statement)
