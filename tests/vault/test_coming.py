"""A file on its way in: any cut, any order of cuts and kills, any flipped byte."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.entry import PartRef
from parley.protocol.part import CHUNK_SIZE, HEADER_SIZE, PartError, chunk_start
from parley.vault.coming import BadChunkError, BusyError, Coming
from parley.vault.vault import Vault
from tests.vault.sealed import There, read, there, vault

SIZE = 5 * CHUNK_SIZE + 321
ANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def feed(coming: Coming, file: There, *, until: int) -> None:
    coming.take(file.ciphertext[coming.next : max(coming.next, until)])


def fetch(kept: Vault, file: There, *, block: int = 10_000) -> int:
    """Bring the whole file, and return how many bytes of it came."""
    came = 0
    with closing(kept.coming(file.wanted)) as coming:
        while not coming.is_complete:
            content = file.ciphertext[coming.next : coming.next + block]
            came += len(content)
            coming.take(content)
        coming.finish()
    return came


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, SIZE])
@pytest.mark.parametrize("block", [1_000, 16_400, 1_000_000])
def test_what_comes_in_blocks_of_any_size_is_kept(tmp_path: Path, size: int, block: int) -> None:
    kept, file = vault(tmp_path), there(tmp_path, size)

    fetch(kept, file, block=block)

    assert read(kept, file.sealed) == file.content
    assert list((kept.places.root / "coming").iterdir()) == []


@ANY
@given(cuts=st.lists(st.integers(0, SIZE + 200), max_size=6))
def test_after_any_cuts_and_kills_only_the_chunk_under_way_comes_again(
    tmp_path: Path, cuts: Sequence[int]
) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)
    kept.destroy(file.sealed.hash)

    for cut in cuts:
        with closing(kept.coming(file.wanted)) as coming:
            before = coming.next
            feed(coming, file, until=cut)
            assert coming.next == max(before, min(cut, file.sealed.size))
    came = fetch(kept, file)

    assert read(kept, file.sealed) == file.content
    assert came <= file.sealed.size


@ANY
@given(place=st.integers(0, SIZE + 70), bit=st.integers(0, 7))
def test_a_flipped_bit_on_the_way_costs_one_chunk_and_nothing_before_it(
    tmp_path: Path, place: int, bit: int
) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)
    kept.destroy(file.sealed.hash)
    spoiled = bytearray(file.ciphertext)
    spoiled[place] ^= 1 << bit
    chunk = -1 if place < HEADER_SIZE else (place - HEADER_SIZE) // 16_400

    with closing(kept.coming(file.wanted)) as coming:
        with pytest.raises(BadChunkError) as bad:
            coming.take(bytes(spoiled))

        assert bad.value.chunk == chunk
        assert coming.next == (0 if chunk < 0 else chunk_start(chunk))
        coming.take(file.ciphertext[coming.next :])
        coming.finish()

    assert read(kept, file.sealed) == file.content


@pytest.mark.parametrize("chunk", range(6))
def test_what_a_power_cut_left_as_zeros_is_fetched_again(tmp_path: Path, chunk: int) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)
    with closing(kept.coming(file.wanted)) as coming:
        feed(coming, file, until=chunk_start(5))
    (path,) = (kept.places.root / "coming").iterdir()
    with path.open("r+b") as left:
        left.truncate(0 if chunk == 0 else chunk_start(chunk - 1))
        left.truncate(file.sealed.size)

    with closing(kept.coming(file.wanted)) as coming:
        assert coming.next == (0 if chunk == 0 else chunk_start(chunk - 1))
    fetch(kept, file)

    assert read(kept, file.sealed) == file.content


def test_other_bytes_that_open_under_the_key_are_not_the_file_that_was_named(tmp_path: Path) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)
    other = replace(file.wanted, part=PartRef(hash=bytes(32), size=file.sealed.size))

    with closing(kept.coming(other)) as coming:
        coming.take(file.ciphertext)
        with pytest.raises(BadChunkError):
            coming.finish()

        assert coming.next == 0
    assert kept.size(bytes(32)) is None


def test_what_the_disk_spoils_before_the_end_is_fetched_again_from_there(tmp_path: Path) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)
    with closing(kept.coming(file.wanted)) as coming:
        coming.take(file.ciphertext)
        (path,) = (kept.places.root / "coming").iterdir()
        with path.open("r+b") as left:
            left.seek(chunk_start(2) + 9)
            left.write(b"\0\0\0")
        with pytest.raises(BadChunkError):
            coming.finish()

        assert coming.next == chunk_start(2)
        coming.take(file.ciphertext[coming.next :])
        coming.finish()

    assert read(kept, file.sealed) == file.content


def test_more_than_was_named_is_not_taken(tmp_path: Path) -> None:
    kept, file = vault(tmp_path), there(tmp_path, SIZE)

    with closing(kept.coming(file.wanted)) as coming, pytest.raises(BadChunkError):
        coming.take(file.ciphertext + b"more")


@pytest.mark.parametrize("size", [1, 55, 71, 56 + 16_400, 56 + 16_400 + 15])
def test_a_size_that_no_sealed_file_has_never_comes(tmp_path: Path, size: int) -> None:
    file = there(tmp_path, 1)

    with pytest.raises(PartError):
        vault(tmp_path).coming(replace(file.wanted, part=PartRef(hash=bytes(32), size=size)))


def test_one_file_is_taken_in_by_one_hand_at_a_time(tmp_path: Path) -> None:
    kept, file = vault(tmp_path), there(tmp_path, 1)

    with closing(kept.coming(file.wanted)), pytest.raises(BusyError):
        kept.coming(file.wanted)
