"""The directory of contact points: offices, their levels, languages and hours, and how each is reached.

    link.listed   d {}   body {"points":[{"rung":"duty_desk","level":"desk","office":{"en":…,"zh":…},
                          "languages":["en","zh"],"hours":"always",
                          "channels":[{"way":"phone","address":"+99 1 234"}],"keys":["9F2C …"]}]}

Each side says its own, and the newest counts; offices are listed, and never names. Everything stands in the
body, so it can be erased, and no fold reads it: a body that is no directory is shown as such, and the one
before does not count again. Source: Spec §13.9.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.breach import BreachError
from parley.protocol.clauses import Hours, Level, Rung
from parley.protocol.strictjson import JsonValue

LISTED: Final = "link.listed"
MAX_POINTS: Final = 32
MAX_EACH: Final = 8
MAX_TEXT: Final = 200

Line = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]


class Listed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer's contact points are in the body."""


class Office(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an office is called, in both languages."""

    en: Line
    zh: Line


class Way(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to reach an office."""

    way: Literal["phone", "sms", "email", "fax", "video", "other"]
    address: Line


class Point(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One office: which rung of the ladder it is, its level and languages, when and how it is reached.

    `rung` is null for an office that the ladder does not ring; `keys` are fingerprints, for what is sent
    beside the link.
    """

    rung: Rung | None
    level: Level
    office: Office
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=MAX_EACH)]
    hours: Hours
    channels: Annotated[tuple[Way, ...], Meta(max_length=MAX_EACH)]
    keys: Annotated[tuple[Line, ...], Meta(max_length=MAX_EACH)]


class Directory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contact points of one side, in its own order."""

    points: Annotated[tuple[Point, ...], Meta(max_length=MAX_POINTS)]


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Listed:
    """Return what the `d` of an act of `kind` says: nothing, since all is in the body.

    Raises:
        BreachError: §13.9, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=Listed, strict=True)
    except msgspec.ValidationError as error:
        raise BreachError("13.9", f"{kind}: {error}") from error


def read_directory(body: Mapping[str, JsonValue] | None) -> Directory:
    """Return the contact points in a body; what else stands in it is passed over.

    Raises:
        BreachError: §13.9; it holds none that can be read.
    """
    try:
        return msgspec.convert({"points": (body or {}).get("points")}, type=Directory, strict=True)
    except msgspec.ValidationError as error:
        raise BreachError("13.9", str(error)) from error


def write_directory(directory: Directory) -> dict[str, JsonValue]:
    """Return `directory` as it stands in a body."""
    return {"points": [_write_point(each) for each in directory.points]}


def _write_point(point: Point) -> dict[str, JsonValue]:
    return {
        "rung": None if point.rung is None else point.rung.value,
        "level": point.level.value,
        "office": {"en": point.office.en, "zh": point.office.zh},
        "languages": [*point.languages],
        "hours": point.hours.value,
        "channels": [{"way": each.way, "address": each.address} for each in point.channels],
        "keys": [*point.keys],
    }
