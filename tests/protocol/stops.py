"""Suspending and resuming a link, in a world of two pens."""

from collections.abc import Mapping
from typing import Final

from parley.protocol.entry import Seen
from parley.protocol.strictjson import JsonSource
from tests.protocol.world import ALL, Pen, Statement, Wording

LINK: Final[Mapping[str, JsonSource]] = {"link": True}
FORUM: Final[Mapping[str, JsonSource]] = {"forum": "inquiry"}
ITEM: Final[Mapping[str, JsonSource]] = {"item": "fraud_phishing"}
OTHER: Final[Mapping[str, JsonSource]] = {"item": "trade_secrets"}


def suspend(
    pen: Pen,
    *,
    scope: Mapping[str, JsonSource] = LINK,
    roots: tuple[int, ...] = (1, 2),
    seen: int | Seen | None = ALL,
    **more: JsonSource,
) -> Statement:
    """Write that the side stops what `scope` covers."""
    said: dict[str, JsonSource] = {"scope": scope, "reason": "policy", "until": None, **more}
    return pen.words(Wording(kind="link.suspended", log=pen.side.origin, roots=roots), said, seen=seen)


def resume(
    pen: Pen,
    suspension: Statement | None,
    *,
    roots: tuple[int, ...] = (1, 2),
    seen: int | Seen | None = ALL,
    **d: JsonSource,
) -> Statement:
    """Write that the side lifts `suspension`."""
    re = None if suspension is None else suspension.id
    return pen.words(Wording(kind="link.resumed", re=re, log=pen.side.origin, roots=roots), d, seen=seen)
