"""A record beside the anchor: equal, ahead, behind, on another branch, or with nothing to compare."""

import pytest

from parley.signer.desk import Anchored
from parley.signer.place import Place, compare
from tests.signer.desks import MINE, NOON, tree_of


@pytest.mark.parametrize(
    ("anchored", "size", "history", "place"),
    [
        (5, 5, "one", Place.EQUAL),
        (5, 9, "one", Place.AHEAD),
        (5, 4, "one", Place.BEHIND),
        (5, 4, "two", Place.BEHIND),
        (5, 5, "two", Place.BRANCHED),
        (5, 9, "two", Place.BRANCHED),
        (0, 0, "one", Place.EQUAL),
        (0, 3, "one", Place.AHEAD),
        (None, 3, "one", Place.LOST),
        (None, 0, "one", Place.EQUAL),
    ],
)
def test_a_record_stands_in_one_place_beside_the_anchor(
    anchored: int | None, size: int, history: str, place: Place
) -> None:
    anchor = None if anchored is None else Anchored(origin=MINE, frontier=tree_of(anchored), signed_at=NOON)

    assert compare(anchor, size=size, root_at=lambda at: tree_of(at, history=history).root()) is place
