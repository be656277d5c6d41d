"""What is said about the line itself: a probe, its echo, and why a test failed.

    link.probed          {}                                        written by a node, for no person
    link.echoed          {}       re: the probe                    written by the other node
    link.fault_declared  {"test":"human","period":2931,"cause":"staffing","since":null,"until":null}

None of the three has any effect in the fold but to stand there: what a probe is worth, and whose
word explains a failure, is a view over the record (`trials.py`, `tickets.py`). Source: Spec §13.2.
"""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Instant
from parley.protocol.breach import BreachError
from parley.protocol.clauses import LineTest
from parley.protocol.hotline.codes import Cause
from parley.protocol.strictjson import JsonValue

# The last period of a test that is held every day, in the year 2999.
MAX_PERIOD: Final = 400_000


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all statements about the line share."""


class Probed(Said, frozen=True, kw_only=True):
    """This node asks the other one for an echo."""


class Echoed(Said, frozen=True, kw_only=True):
    """This node has read the probe, and its core writes."""


class FaultDeclared(Said, frozen=True, kw_only=True):
    """Why, by the word of the writer, a test went wrong; `since` and `until` say when that was the case."""

    test: LineTest
    period: Annotated[int, Meta(ge=0, le=MAX_PERIOD)]
    cause: Cause
    since: Instant | None
    until: Instant | None

    def __post_init__(self) -> None:
        """Check that it did not end before it began."""
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("a fault ends after it began")


CLASSES: Final[Mapping[str, type[Said]]] = {
    "link.probed": Probed,
    "link.echoed": Echoed,
    "link.fault_declared": FaultDeclared,
}
ANSWERS: Final = frozenset({"link.echoed"})


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §13.2, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("13.2", f"{kind}: {error}") from error
