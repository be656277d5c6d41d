"""The one table of kinds: the name on the wire, its version, and what reads its `d`.

A kind that is not here may still arrive: it is kept, receipted and shown as unknown. A kind
that is here but not in the terms in force is unknown too, on both sides. Source: Spec §6.8.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol import directory, erasure, files, links, officers, suspension
from parley.protocol.breach import BreachError
from parley.protocol.cases import bodies as cases
from parley.protocol.dialogue import bodies as dialogue
from parley.protocol.guidelines import bodies as guidelines
from parley.protocol.hotline import bodies as calls
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.moves import MOVES
from parley.protocol.linetests import bodies as linetests
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.review import bodies as review
from parley.protocol.sharing import bodies as sharing
from parley.protocol.strictjson import JsonValue


class Received(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The node holds all that its `seen` line covers (Spec §6.6). It says nothing about a person."""


class Unopened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The named statement could not be opened, so it is without effect on both sides (Spec §6.7)."""

    reason: Literal["key", "commitment", "json", "size"]


class Continued(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log `origin` of this writer ended at `size` with `root`, and this one continues it (Spec §4.8).

    `accepted` is false where the writer had to begin it alone (rule H12).
    """

    origin: Annotated[str, Meta(max_length=120)]
    size: Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
    root: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]
    accepted: bool


Said = (
    bodies.Said
    | calls.Said
    | links.Lasting
    | erasure.Said
    | linetests.Said
    | directory.Listed
    | Received
    | Unopened
    | Continued
    | files.FileGot
    | sharing.Said
    | cases.Said
    | dialogue.Said
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row. `targets` is whether `re` names a statement; `clocked`, whether `received` must follow."""

    version: int
    read: Callable[[Mapping[str, JsonValue]], Said]
    targets: bool
    clocked: bool


def _own(
    name: str, shape: type[Received | Unopened | Continued]
) -> Callable[[Mapping[str, JsonValue]], Said]:
    def read(d: Mapping[str, JsonValue]) -> Said:
        try:
            return msgspec.convert(dict(d), type=shape, strict=True)
        except msgspec.ValidationError as error:
            raise BreachError("6.8", f"{name}: {error}") from error

    return read


def _link(name: str) -> Kind:
    return Kind(version=1, read=lambda d: links.read_said(name, d), targets=False, clocked=False)


def _suspension(name: str, *, targets: bool) -> Kind:
    return Kind(version=1, read=lambda d: suspension.read_said(name, d), targets=targets, clocked=True)


ERASURES: Final = ("record.erasure_ordered", "record.erased", "record.erasure_refused")


def _erasure(name: str) -> Kind:
    targets = name != "record.erasure_ordered"
    return Kind(version=1, read=lambda d: erasure.read_said(name, d), targets=targets, clocked=False)


def _officer(name: str) -> Kind:
    return Kind(version=1, read=lambda d: officers.read_said(name, d), targets=False, clocked=False)


def _line(name: str) -> Kind:
    # All are clocked: what a test is worth is told by when each side had what the other said.
    targets = name in linetests.ANSWERS
    return Kind(version=1, read=lambda d: linetests.read_said(name, d), targets=targets, clocked=True)


def _listed(name: str) -> Kind:
    return Kind(version=1, read=lambda d: directory.read_said(name, d), targets=False, clocked=True)


def _call(name: str) -> Kind:
    # All are clocked: the ladder of a side runs from when that side had what was said.
    targets = name not in calls.OPENINGS
    return Kind(version=1, read=lambda d: calls.read_said(name, d), targets=targets, clocked=True)


def _guideline(name: str) -> Kind:
    targets = name not in guidelines.OPENINGS
    return Kind(version=1, read=lambda d: guidelines.read_said(name, d), targets=targets, clocked=False)


def _review(name: str) -> Kind:
    targets = name not in review.OPENINGS
    return Kind(version=1, read=lambda d: review.read_said(name, d), targets=targets, clocked=False)


def _sharing(name: str) -> Kind:
    # No clock runs in these two, so none of them calls for a `received`.
    targets = name != sharing.OPENING
    return Kind(version=1, read=lambda d: sharing.read_said(name, d), targets=targets, clocked=False)


def _case(name: str) -> Kind:
    targets = name != cases.OPENING
    return Kind(version=1, read=lambda d: cases.read_said(name, d), targets=targets, clocked=False)


def _dialogue(name: str) -> Kind:
    # All are clocked: who was seen to have an agreement withdraws its offer no more (Spec §17.1).
    targets = name not in dialogue.OPENINGS
    return Kind(version=1, read=lambda d: dialogue.read_said(name, d), targets=targets, clocked=True)


def _inquiry(name: str) -> Kind:
    first = name == "inquiry.sent"
    clocked = first or MOVES[name].clocked
    return Kind(version=1, read=partial(bodies.read_said, name), targets=not first, clocked=clocked)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "link.opened": _link("link.opened"),
        "link.carded": _link("link.carded"),
        "link.sealkey": _link("link.sealkey"),
        "link.suspended": _suspension("link.suspended", targets=False),
        "link.resumed": _suspension("link.resumed", targets=True),
        **{name: _line(name) for name in linetests.CLASSES},
        directory.LISTED: _listed(directory.LISTED),
        "officer.enrolled": _officer("officer.enrolled"),
        "officer.ended": _officer("officer.ended"),
        "link.continued": Kind(
            version=1, read=_own("link.continued", Continued), targets=False, clocked=False
        ),
        **{name: _erasure(name) for name in ERASURES},
        "received": Kind(version=1, read=_own("received", Received), targets=False, clocked=False),
        "unopened": Kind(version=1, read=_own("unopened", Unopened), targets=True, clocked=False),
        "file.got": Kind(version=1, read=files.read_got, targets=False, clocked=False),
        **{name: _inquiry(name) for name in bodies.CLASSES},
        **{name: _call(name) for name in calls.CLASSES},
        **{name: _guideline(name) for name in guidelines.CLASSES},
        **{name: _review(name) for name in review.CLASSES},
        **{name: _sharing(name) for name in sharing.CLASSES},
        **{name: _case(name) for name in cases.CLASSES},
        **{name: _dialogue(name) for name in dialogue.CLASSES},
    }
)
# What the default terms list: every kind that this version knows (Spec §7.3.5).
VERSIONS: Final[Mapping[str, int]] = MappingProxyType({name: kind.version for name, kind in KINDS.items()})
