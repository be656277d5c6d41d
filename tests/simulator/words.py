"""What an officer may want to say, and to what: an inquiry, or the last statement of such a kind."""

from collections.abc import Mapping
from typing import Final

from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import INQUIRY, MONDAY

LATER: Final = MONDAY + 99 * 3600
ALL: Final[Mapping[str, JsonValue]] = {"items": "all"}
SITE: Final[JsonValue] = {"items": [0], "code": "mitigated", "measure": "content_removed"}
OTHER: Final[JsonValue] = {"items": [1], "code": "not_visible_from_here"}
WORDS: Final[tuple[tuple[str, Mapping[str, JsonValue], str | None], ...]] = (
    ("inquiry.sent", INQUIRY, None),
    ("inquiry.sent", {**INQUIRY, "urgency": "U0"}, None),
    ("inquiry.acknowledged", {}, "inquiry.sent"),
    ("inquiry.admitted", ALL, "inquiry.sent"),
    ("inquiry.returned", {**ALL, "fields": [{"field": "url", "reason": "unclear"}]}, "inquiry.sent"),
    ("inquiry.returned", {"items": [1], "fields": [{"field": "url", "reason": "missing"}]}, "inquiry.sent"),
    ("inquiry.supplied", {}, "inquiry.returned"),
    ("inquiry.conditioned", {**ALL, "codes": ["confidential"], "due": LATER}, "inquiry.sent"),
    ("inquiry.undertaken", {}, "inquiry.conditioned"),
    ("inquiry.declined", {}, "inquiry.conditioned"),
    ("inquiry.postponed", {**ALL, "ground": "P01", "until": LATER}, "inquiry.sent"),
    (
        "inquiry.extended",
        {**ALL, "clock": "mitigate", "until": LATER, "reason": "volume"},
        "inquiry.sent",
    ),
    ("inquiry.agreed", {}, "inquiry.extended"),
    ("inquiry.agreed", {}, "inquiry.postponed"),
    ("inquiry.time_refused", {}, "inquiry.postponed"),
    ("inquiry.progressed", {**ALL, "code": "working"}, "inquiry.sent"),
    ("inquiry.referred", {**ALL, "to": "other_authority"}, "inquiry.sent"),
    ("inquiry.status_asked", {}, "inquiry.sent"),
    ("inquiry.answered", {"findings": [SITE]}, "inquiry.sent"),
    ("inquiry.answered", {"findings": [SITE, OTHER]}, "inquiry.sent"),
    ("inquiry.refused", {"items": [1], "grounds": ["G13"]}, "inquiry.sent"),
    ("inquiry.corrected", {"items": [0], "findings": [], "grounds": []}, "inquiry.answered"),
    ("inquiry.withdrawn", {"items": [0], "reason": "solved"}, "inquiry.sent"),
    ("inquiry.withdrawn", {**ALL, "reason": "solved"}, "inquiry.sent"),
    ("inquiry.rated", {"timely": 3, "complete": 2, "usable": 1, "understandable": 0}, "inquiry.sent"),
    ("inquiry.closed", {}, "inquiry.sent"),
    ("inquiry.disputed", {"ground": "facts"}, "inquiry.sent"),
)
