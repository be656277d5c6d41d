"""The terms of a link: one ASCII text, the same bytes on both sides, that drives the fold.

`link.opened` carries the text; when both sides' newest openings carry the same one, it
is in force. The text is strict JSON, so the words that were signed and the numbers that
run the clocks cannot differ. What the terms mean for an act is decided by the subject's
own page. Source: Spec §7.3.

    {"terms":"parley/terms/1","world":"live",
     "parties":[{"node":"a.example","letter":"A"},{"node":"b.example","letter":"B"}],
     "items":["fraud_phishing",…], "kinds":{"inquiry.sent":1,…},
     "persons":{"link.suspended":2,…}, "roles":{"link.suspended":["desk",…],…},
     "open_while_suspended":["preservation",…],
     "required":{"phishing_site":["url",…],…},
     "clocks":{"acknowledge":{"U0":"30m",…},…}, "lapse":"30d", "hotline":{"scope":[…],…},
     "calendars":{"a.example":{…},"b.example":{…}}}
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from parley.protocol.breach import BreachError
from parley.protocol.clauses import Clauses, default_clauses, read_clauses
from parley.protocol.officetime import Calendar, Limit, read_calendar, read_limit
from parley.protocol.strictjson import JsonValue, read, write

_Rule = TypeVar("_Rule")

MAX_TERMS: Final = 48 * 1024
VERSION: Final = "parley/terms/1"
URGENCIES: Final = ("U0", "U1", "U2", "U3")
CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31})?")
MAX_VERSION: Final = 1_000
MAX_CODES: Final = 64
# More than one version will ever know; every room brings a dozen.
MAX_KINDS: Final = 256
MAX_PERSONS: Final = 8

_KEYS: Final = (
    "terms",
    "world",
    "parties",
    "items",
    "kinds",
    "persons",
    "roles",
    "open_while_suspended",
    "required",
    "clocks",
    "lapse",
    "hotline",
    "calendars",
)

# The four items of cooperation agreed in June 2016, and theft of trade secrets.
ITEMS: Final = (
    "child_abuse_material",
    "terrorist_use",
    "fraud_phishing",
    "firearms_trafficking",
    "trade_secrets",
)

# What roots sign as their card asks, and what the node alone says: no terms say who signs these.
SIGNED_AS_EVER: Final = frozenset(
    {"link.opened", "link.carded", "link.continued", "officer.enrolled", "officer.ended"}
    | {"received", "unopened", "file.got", "link.sealkey", "link.probed", "link.echoed"}
)

# How many persons sign, and in which role (security §9.4): one person alone can neither stop the
# link nor destroy content, nor have a minister rung. A root may stand for any role.
PERSONS: Final[Mapping[str, int]] = {
    "call.principal_opened": 2,
    "guideline.signed": 2,
    "link.suspended": 2,
    "link.resumed": 2,
    "review.signed": 2,
    "outcome.frozen": 2,
    "record.erasure_ordered": 2,
    "sharing.undertaken": 1,
    "finding.given": 1,
    "finding.revised": 1,
    "finding.answered": 1,
}
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "call.principal_opened": ("head", "principal"),
    "guideline.signed": ("head", "principal"),
    "review.signed": ("head", "principal"),
    "link.suspended": ("desk", "head", "principal"),
    "link.resumed": ("desk", "head", "principal"),
    "outcome.frozen": ("head", "principal"),
    "record.erasure_ordered": ("principal",),
    "sharing.undertaken": ("desk", "head", "principal"),
    "finding.given": ("desk", "head", "principal"),
    "finding.revised": ("desk", "head", "principal"),
    "finding.answered": ("desk", "head", "principal"),
}

# What a suspension leaves open by these terms (domain §4.2, R35).
STAYS_OPEN: Final = ("preservation", "safety_of_life", "hotline")

# What a request of each type must say (domain §3.3); a person's reason to return it, never a void reason.
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "information": ("purpose", "facts", "legal_basis", "subject", "questions"),
    "phishing_site": ("purpose", "legal_basis", "url", "observed_at", "target_brand"),
}

# The default profile of domain §4.2. A clock without a limit for an urgency does not run for it.
CLOCKS: Final[Mapping[str, Mapping[str, str]]] = {
    "acknowledge": {"U0": "30m", "U1": "2h", "U2": "1wd", "U3": "5wd"},
    "admit": {"U0": "2h", "U1": "8h", "U2": "3wd", "U3": "10wd"},
    "preserve": {"U0": "4h", "U1": "24h", "U2": "3d", "U3": "7d"},
    "mitigate": {"U0": "4h", "U1": "12h", "U2": "24h", "U3": "72h"},
    "stop_payment": {"U0": "2h", "U1": "4h"},
    "subscriber": {"U0": "8h", "U1": "3d", "U2": "10d", "U3": "20d"},
    "evidence": {"U0": "3d", "U1": "7d", "U2": "30d", "U3": "90d"},
    "status": {"U0": "2h", "U1": "1d", "U2": "3d", "U3": "10d"},
}

# Thirty calendar days after the last answer an inquiry counts as closed: a view, never an act.
LAPSE: Final = "30d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What both sides signed. `text` is the authority, the rest is read from it."""

    text: str
    world: str
    nodes: tuple[str, str]
    letters: Mapping[str, str]
    items: frozenset[str]
    kinds: Mapping[str, int]
    persons: Mapping[str, int]
    roles: Mapping[str, frozenset[str]]
    open_while_suspended: frozenset[str]
    required: Mapping[str, tuple[str, ...]]
    clocks: Mapping[str, Mapping[str, Limit]]
    lapse: Limit
    hotline: Clauses | None
    calendars: Mapping[str, Calendar]

    @property
    def hash(self) -> bytes:
        """Return the SHA-256 of the text, by which people and pages name the terms."""
        return hashlib.sha256(self.text.encode()).digest()

    def limit(self, clock: str, urgency: str) -> Limit | None:
        """Return the limit of `clock` for `urgency`, or None where the terms set none."""
        return self.clocks.get(clock, {}).get(urgency)


@lru_cache(maxsize=64)
def read_terms(text: str) -> Terms:
    """Return the terms that `text` states, kept: the same text is read at every entry of a link.

    Raises:
        BreachError: §6.1 if it is not strict JSON, §7.3 or §7.4 naming the part that is wrong.
    """
    if not text.isascii() or len(text) > MAX_TERMS:
        raise BreachError("7.3", f"terms are ASCII text of at most {MAX_TERMS} bytes")
    value = read(text.encode())
    if tuple(value) != _KEYS or value["terms"] != VERSION:
        raise BreachError("7.3", f"terms have exactly, in this order: {', '.join(_KEYS)}")
    letters = _read_parties(value["parties"])
    calendars = _table(value["calendars"])
    if tuple(calendars) != tuple(letters):
        raise BreachError("7.3", "there is one calendar for each party, in the same order")
    first, second = letters
    kinds = _kinds(value["kinds"])
    return Terms(
        text=text,
        world=_code(value["world"], re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")),
        nodes=(first, second),
        letters=letters,
        items=frozenset(_codes(value["items"])),
        kinds=kinds,
        persons=_by_kind(value["persons"], kinds, read=_count),
        roles=_by_kind(value["roles"], kinds, read=lambda codes: frozenset(_codes(codes))),
        open_while_suspended=_stays_open(value["open_while_suspended"]),
        required={_code(name, CODE): _codes(each) for name, each in _table(value["required"]).items()},
        clocks={_code(name, CODE): _limits(each) for name, each in _table(value["clocks"]).items()},
        lapse=read_limit(_text(value["lapse"])),
        hotline=_hotline(value["hotline"], kinds),
        calendars={node: read_calendar(each) for node, each in calendars.items()},
    )


def _read_parties(value: JsonValue) -> dict[str, str]:
    match value:
        case [{"node": str(first), "letter": "A", **rest}, {"node": str(second), "letter": "B", **more}] if (
            not rest and not more and first < second
        ):
            return {first: "A", second: "B"}
        case _:
            raise BreachError("7.3", "the parties are two nodes in byte order, A and B")


def _table(value: JsonValue, *, most: int = MAX_CODES) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict) or not 0 < len(value) <= most:
        raise BreachError("7.3", f"a table of 1 to {most} rows is wanted")
    return value


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise BreachError("7.3", "a text is wanted")
    return value


def _code(value: JsonValue, shape: re.Pattern[str]) -> str:
    text = _text(value)
    if shape.fullmatch(text) is None:
        raise BreachError("7.3", f"not a code: {text[:32]!r}")
    return text


def _codes(value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MAX_CODES:
        raise BreachError("7.3", f"a list of 1 to {MAX_CODES} codes is wanted")
    codes = tuple(_code(each, CODE) for each in value)
    if len(set(codes)) != len(codes):
        raise BreachError("7.3", "a code stands twice")
    return codes


def _kinds(value: JsonValue) -> Mapping[str, int]:
    return {_code(kind, KIND): _version(version) for kind, version in _table(value, most=MAX_KINDS).items()}


def _by_kind(
    value: JsonValue, kinds: Mapping[str, int], *, read: Callable[[JsonValue], _Rule]
) -> Mapping[str, _Rule]:
    """Return a table with a row for some of the `kinds`, none of them signed as ever."""
    if not isinstance(value, dict) or not value.keys() <= kinds.keys() - SIGNED_AS_EVER:
        raise BreachError("7.3", "who signs is said of listed kinds, and of none that roots or nodes sign")
    return {kind: read(each) for kind, each in value.items()}


def _count(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_PERSONS:
        raise BreachError("7.3", f"0 to {MAX_PERSONS} persons sign")
    return value


def _hotline(value: JsonValue, kinds: Mapping[str, int]) -> Clauses | None:
    """Return the clauses of the hotline: there are some where calls are among the kinds, and only there."""
    if (value is not None) != _has_calls(kinds):
        raise BreachError("7.3", "the hotline has its clauses where calls are listed, and only there")
    return None if value is None else read_clauses(value)


def _has_calls(kinds: Mapping[str, int]) -> bool:
    return any(kind.startswith("call.") for kind in kinds)


def _stays_open(value: JsonValue) -> frozenset[str]:
    codes = _codes(value) if value else ()
    if value != list(codes) or not set(codes) <= set(STAYS_OPEN):
        raise BreachError("7.3", f"open while suspended can be: {', '.join(STAYS_OPEN)}")
    return frozenset(codes)


def _version(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_VERSION:
        raise BreachError("7.3", "the version of a kind is a whole number from 1")
    return value


def _limits(value: JsonValue) -> Mapping[str, Limit]:
    table = _table(value)
    if not set(table) <= set(URGENCIES):
        raise BreachError("7.3", f"limits are given for {', '.join(URGENCIES)}")
    return {urgency: read_limit(_text(limit)) for urgency, limit in table.items()}


def default_terms(
    calendars: Mapping[str, Mapping[str, JsonValue]],
    *,
    world: str,
    kinds: Mapping[str, int],
    watch_shown: bool = False,
) -> str:
    """Return the text of the default profile for the two nodes that `calendars` names.

    Both nodes compute the same bytes from the same two offers, whoever asks. With `watch_shown`, both
    offers proposed that clause.
    """
    nodes = sorted(calendars)
    value: dict[str, JsonValue] = {
        "terms": VERSION,
        "world": world,
        "parties": [{"node": node, "letter": letter} for node, letter in zip(nodes, "AB", strict=True)],
        "items": list(ITEMS),
        "kinds": {kind: kinds[kind] for kind in sorted(kinds)},
        "persons": {kind: PERSONS[kind] for kind in sorted(PERSONS) if kind in kinds},
        "roles": {kind: list(ROLES[kind]) for kind in sorted(ROLES) if kind in kinds},
        "open_while_suspended": list(STAYS_OPEN),
        "required": {name: list(codes) for name, codes in REQUIRED.items()},
        "clocks": {name: dict(limits) for name, limits in CLOCKS.items()},
        "lapse": LAPSE,
        "hotline": default_clauses(watch_shown=watch_shown) if _has_calls(kinds) else None,
        "calendars": {node: dict(calendars[node]) for node in nodes},
    }
    return write(value).decode()
