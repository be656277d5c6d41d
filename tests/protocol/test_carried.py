"""A file of parcels: what is written is read again, and everything else is refused."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.breach import BreachError
from parley.protocol.carried import MAGIC, MAX_PARCELS, read_parcels, write_parcel
from parley.protocol.parcel import MAX_PARCEL


def file_of(parcels: list[bytes]) -> bytes:
    return MAGIC + b"".join(map(write_parcel, parcels))


@given(st.lists(st.binary(max_size=64), min_size=1, max_size=8))
def test_what_is_written_is_read_again(parcels: list[bytes]) -> None:
    assert list(read_parcels(io.BytesIO(file_of(parcels)).read)) == parcels


@given(st.lists(st.binary(min_size=1, max_size=16), min_size=1, max_size=4), st.data())
def test_a_file_that_is_cut_anywhere_but_between_parcels_is_refused(
    parcels: list[bytes], data: st.DataObject
) -> None:
    whole = file_of(parcels)
    ends = {len(file_of(parcels[:count])) for count in range(1, len(parcels) + 1)}
    cut = data.draw(st.integers(0, len(whole) - 1).filter(lambda at: at not in ends))

    with pytest.raises(BreachError, match=r"§5\.2"):
        list(read_parcels(io.BytesIO(whole[:cut]).read))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        MAGIC,
        b"PARLEY1\n" + write_parcel(b"x"),
        MAGIC + struct.pack(">I", MAX_PARCEL + 1),
        file_of([b"x"] * (MAX_PARCELS + 1)),
    ],
    ids=["nothing", "no parcel", "a parcel", "too large", "too many"],
)
def test_no_other_file_is_read(raw: bytes) -> None:
    with pytest.raises(BreachError, match=r"§5\.2"):
        list(read_parcels(io.BytesIO(raw).read))


def test_no_more_is_read_at_once_than_a_parcel_may_have() -> None:
    asked = []

    def read(count: int) -> bytes:
        asked.append(count)
        return file.read(count)

    file = io.BytesIO(MAGIC + struct.pack(">I", 2**32 - 1))
    with pytest.raises(BreachError):
        list(read_parcels(read))

    assert max(asked) <= MAX_PARCEL
