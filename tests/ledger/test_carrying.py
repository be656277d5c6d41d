"""What is carried by hand: all of it in one file, however many parcels that takes."""

import io
from pathlib import Path

from parley.ledger.carrying import carry_in, carry_out
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair


def test_what_does_not_fit_one_parcel_goes_into_several_of_one_file(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    for _ in range(9):
        pair.say(A, "inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "x" * 1_900_000}})
    pair.stop()
    stick = io.BytesIO()

    out = carry_out(pair.homes[A], LINK, stick)
    stick.seek(0)
    taken = carry_in(pair.homes[B], stick)

    assert (out.parcels, out.more) == (2, False)
    assert (taken.parcels, taken.changed) == (2, True)
    assert pair.digest(A).logs["a.example"] == pair.digest(B).logs["a.example"]
