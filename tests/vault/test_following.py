"""The hash that grows with a file: the same as over the whole, whatever happens on the way."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from parley.protocol.part import CHUNK_SIZE, chunk_start
from parley.vault.coming import BadChunkError, Coming
from parley.vault.following import Follower
from tests.vault.sealed import read, there, vault

SIZE = 5 * CHUNK_SIZE + 321
CONTENT = os.urandom(SIZE)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BinaryIO]:
    (tmp_path / "file").write_bytes(CONTENT)
    with (tmp_path / "file").open("r+b") as opened:
        yield opened


def sha256(size: int) -> bytes:
    return hashlib.sha256(CONTENT[:size]).digest()


def test_what_was_hashed_on_the_way_and_what_was_not_have_one_hash(file: BinaryIO) -> None:
    with closing(Follower(file)) as follower:
        for size in (1, CHUNK_SIZE, 3 * CHUNK_SIZE):
            follower.follow(size)

        found = [follower.digest(size) for size in (4 * CHUNK_SIZE, SIZE)]

    assert found == [sha256(4 * CHUNK_SIZE), sha256(SIZE)]


def test_a_file_that_is_shorter_than_was_said_has_the_hash_of_what_is_there(file: BinaryIO) -> None:
    with closing(Follower(file)) as follower:
        assert follower.digest(SIZE + 1) == sha256(SIZE)


def test_what_the_disk_refuses_on_the_way_is_read_once_more_at_the_end(file: BinaryIO) -> None:
    kept, refusing = os.dup(file.fileno()), os.open(".", os.O_RDONLY)
    with closing(Follower(file)) as follower:
        os.dup2(refusing, file.fileno())
        follower.follow(CHUNK_SIZE)
        with pytest.raises(IsADirectoryError):
            follower.digest(SIZE)

        os.dup2(kept, file.fileno())

        assert follower.digest(SIZE) == sha256(SIZE)
    os.close(kept)
    os.close(refusing)


def test_who_lets_go_of_a_file_waits_for_no_hash_of_it(file: BinaryIO) -> None:
    follower = Follower(file)
    follower.close()

    assert follower.digest(SIZE) == sha256(0)


@pytest.mark.parametrize("cut", [None, 1, 2 * CHUNK_SIZE, SIZE])
def test_a_file_that_is_flushed_many_times_and_cut_anywhere_has_its_place_at_the_end(
    tmp_path: Path, cut: int | None
) -> None:
    kept, sent = vault(tmp_path), there(tmp_path, SIZE)
    if cut is not None:
        with closing(Coming(kept.places, sent.wanted, flush_bytes=CHUNK_SIZE)) as coming:
            coming.take(sent.ciphertext[:cut])

    with closing(Coming(kept.places, sent.wanted, flush_bytes=CHUNK_SIZE)) as coming:
        for start in range(coming.next, sent.sealed.size, 10_000):
            coming.take(sent.ciphertext[start : start + 10_000])
        coming.finish()

    assert read(kept, sent.sealed) == sent.content


def test_bytes_that_were_hashed_and_are_not_what_was_named_are_hashed_anew(tmp_path: Path) -> None:
    kept, sent = vault(tmp_path), there(tmp_path, SIZE)
    with closing(Coming(kept.places, sent.wanted, flush_bytes=SIZE // 2)) as coming:
        coming.take(sent.ciphertext[: chunk_start(3)])
        # What came since the flush is hashed at the end alone.
        coming.take(sent.ciphertext[chunk_start(3) :])
        (path,) = (kept.places.root / "coming").iterdir()
        with path.open("r+b") as left:
            left.seek(chunk_start(4) + 9)
            left.write(b"\0\0\0")
        with pytest.raises(BadChunkError):
            coming.finish()
        coming.take(sent.ciphertext[coming.next :])
        coming.finish()

    assert read(kept, sent.sealed) == sent.content
