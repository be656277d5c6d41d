"""What became of a review: who agreed to the cut, what each side signed, and what each said to it.

A review is *joint* when both sides' newest signatures are over one digest. Two that differ are shown as such:
one of the nodes computed other figures, and whoever holds the record can tell which. Source: Spec §18.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.protocol.act import id_text
from parley.protocol.review.bodies import CutProposed
from parley.protocol.strictjson import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What one side said to a figure, None for all of them; the words are in the body of the statement."""

    id: bytes
    writer: str
    figure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review. `signed` has by node the digest that it signed last."""

    id: bytes
    proposer: str
    said: CutProposed
    is_agreed: bool
    signed: Mapping[str, str]
    comments: tuple[Comment, ...]

    @property
    def joint(self) -> str | None:
        """Return the digest that both signed, or None."""
        digests = set(self.signed.values())
        return digests.pop() if len(self.signed) == 2 and len(digests) == 1 else None  # both sides

    @property
    def is_contradicted(self) -> bool:
        """Return whether the sides signed different figures."""
        return len(set(self.signed.values())) > 1


def account(review: Review) -> JsonObject:
    """Return what became of a review, its keys always in the same order."""
    return {
        "id": id_text(review.id),
        "proposer": review.proposer,
        "is_agreed": review.is_agreed,
        "signed": dict(sorted(review.signed.items())),
        "joint": review.joint,
        "comments": [[id_text(each.id), each.writer, each.figure] for each in review.comments],
    }
