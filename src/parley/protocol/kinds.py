"""The one table of kinds: the name on the wire, its version, and what reads its `d`.

A kind that is not here may still arrive: it is kept, receipted and shown as unknown. A kind
that is here but not in the terms in force is unknown too, on both sides. Source: Spec §6.8.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import msgspec
from msgspec import Struct

from parley.protocol import links
from parley.protocol.breach import BreachError
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.moves import MOVES
from parley.protocol.strictjson import JsonValue


class Received(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The node holds all that its `seen` line covers (Spec §6.6). It says nothing about a person."""


class Unopened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The named statement could not be opened, so it is without effect on both sides (Spec §6.7)."""

    reason: Literal["key", "commitment", "json", "size"]


Said = bodies.Said | links.Opened | links.Carded | Received | Unopened


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row. `targets` is whether `re` names a statement; `clocked`, whether `received` must follow."""

    version: int
    read: Callable[[Mapping[str, JsonValue]], Said]
    targets: bool
    clocked: bool


def _own(name: str, shape: type[Received | Unopened]) -> Callable[[Mapping[str, JsonValue]], Said]:
    def read(d: Mapping[str, JsonValue]) -> Said:
        try:
            return msgspec.convert(dict(d), type=shape, strict=True)
        except msgspec.ValidationError as error:
            raise BreachError("6.8", f"{name}: {error}") from error

    return read


def _link(name: str) -> Kind:
    return Kind(version=1, read=lambda d: links.read_said(name, d), targets=False, clocked=False)


def _inquiry(name: str) -> Kind:
    first = name == "inquiry.sent"
    clocked = first or MOVES[name].clocked
    return Kind(version=1, read=lambda d: bodies.read_said(name, d), targets=not first, clocked=clocked)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "link.opened": _link("link.opened"),
        "link.carded": _link("link.carded"),
        "received": Kind(version=1, read=_own("received", Received), targets=False, clocked=False),
        "unopened": Kind(version=1, read=_own("unopened", Unopened), targets=True, clocked=False),
        **{name: _inquiry(name) for name in bodies.CLASSES},
    }
)
VERSIONS: Final[Mapping[str, int]] = MappingProxyType({name: kind.version for name, kind in KINDS.items()})
