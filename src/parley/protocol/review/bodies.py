"""What is said about a review: how much of the logs is looked at, what came out, what each side says to it.

    review.cut_proposed  {"since":…,"until":…,"cut":[{"lane":"main","sizes":[812,640]},…]}
    review.cut_agreed    {}                     re: the cut of the other side
    review.signed        {"digest":id}          re: the cut
    review.commented     {"figure":"…"}         re: the cut; the words are in the body

The figures are computed (`account.py`), and never said: what is signed is their digest. Source: Spec §18.2.
"""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Id, Instant, read_id
from parley.protocol.breach import BreachError
from parley.protocol.names import LANES, MAIN
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.strictjson import JsonValue

FORUM: Final = "review"
MAX_REVIEWS: Final = 1_024
# Comments on one review by one side.
MAX_COMMENTS: Final = 256

Size = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
Figure = Annotated[str, Meta(pattern=r"^[a-z0-9_./-]{1,100}\Z")]


class Sizes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries of each party's log in one lane are looked at, in the order of the parties."""

    lane: Annotated[str, Meta(max_length=8)]
    sizes: tuple[Size, Size]


class CutProposed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The period, from `since` to before `until`, and up to where the logs are looked at."""

    since: Instant
    until: Instant
    cut: Annotated[tuple[Sizes, ...], Meta(min_length=1, max_length=len(LANES))]

    def __post_init__(self) -> None:
        """Check that the period is one, and that lanes stand once, in their order, main first."""
        lanes = [each.lane for each in self.cut]
        if self.since >= self.until:
            raise ValueError("a period ends after it begins")
        if lanes != [lane for lane in LANES if lane in lanes] or lanes[0] != MAIN:
            raise ValueError("lanes stand once, in their order, and main is one of them")

    def sizes(self, lane: str) -> tuple[int, int]:
        """Return the sizes of both parties' logs in a lane; none of it is looked at if it is not named."""
        return next((each.sizes for each in self.cut if each.lane == lane), (0, 0))


class CutAgreed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer looks at the same entries of the same period."""


class ReviewSigned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The persons of one side sign what their node computed."""

    digest: Id

    def __post_init__(self) -> None:
        """Check that the digest is written in its one form."""
        read_id(self.digest)


class Commented(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One side says something to a figure, or to all of it where `figure` is null."""

    figure: Figure | None


Said = CutProposed | CutAgreed | ReviewSigned | Commented
SAID: Final = (CutProposed, CutAgreed, ReviewSigned, Commented)
CLASSES: Final[Mapping[str, type[CutProposed | CutAgreed | ReviewSigned | Commented]]] = {
    "review.cut_proposed": CutProposed,
    "review.cut_agreed": CutAgreed,
    "review.signed": ReviewSigned,
    "review.commented": Commented,
}
OPENINGS: Final = frozenset({"review.cut_proposed"})


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §18.2, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("18.2", f"{kind}: {error}") from error
