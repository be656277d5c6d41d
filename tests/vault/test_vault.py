"""Sealed files on this node's disk: what goes in comes out, and what the disk spoils is noticed."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.part import (
    CHUNK_SIZE,
    HEADER_SIZE,
    PartError,
    chunk_count,
    chunk_start,
    context,
    plain_size,
)
from parley.vault.plain import DamagedError
from parley.vault.vault import Damaged, Missing, NoRoomError, Room, Whole
from tests.vault.sealed import SCOPE, There, add, read, some_bytes, there, vault

EDGES = [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 20 * CHUNK_SIZE, 20 * CHUNK_SIZE + 7]


@pytest.mark.parametrize("size", EDGES)
def test_what_was_added_is_read_again(tmp_path: Path, size: int) -> None:
    kept = vault(tmp_path)
    content = some_bytes(size)

    sealed = add(kept, content)

    assert read(kept, sealed) == content
    assert (sealed.plain_size, sealed.plain_sha256) == (size, hashlib.sha256(content).digest())
    assert kept.size(sealed.hash) == sealed.size
    assert plain_size(sealed.size) == size


@pytest.mark.parametrize("size", EDGES)
def test_a_stock_decryptor_opens_what_the_vault_sealed(tmp_path: Path, size: int) -> None:
    file = there(tmp_path, size)

    stock = Cobblestone256Decryptor(file.sealed.key, context(SCOPE))

    assert stock.update(file.ciphertext) + stock.finalize() == file.content
    assert hashlib.sha256(file.ciphertext).digest() == file.sealed.hash


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(start=st.integers(0, 3 * CHUNK_SIZE), size=st.integers(0, 3 * CHUNK_SIZE))
def test_any_stretch_of_the_plaintext_can_be_read_by_itself(tmp_path: Path, start: int, size: int) -> None:
    kept = vault(tmp_path)
    content = some_bytes(2 * CHUNK_SIZE + 100)
    sealed = add(kept, content)

    with kept.open(sealed.hash, key=sealed.key, scope=SCOPE) as plain:
        assert plain.read_at(start, size) == content[start : start + size]


def test_another_key_or_scope_opens_nothing(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = add(kept, b"secret")

    with pytest.raises(PartError):
        kept.open(sealed.hash, key=bytes(31) + b"1", scope=SCOPE)
    with pytest.raises(PartError):
        kept.open(sealed.hash, key=sealed.key, scope=SCOPE.replace("a.", "b."))


def test_files_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    kept = vault(tmp_path)

    add(kept, b"secret")

    modes = {stat.S_IMODE(path.stat().st_mode) for path in kept.places.root.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in kept.places.root.rglob("*") if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


class Failing(io.BytesIO):
    """An upload whose line breaks."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if not found:
            raise ConnectionResetError
        return found


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    kept = vault(tmp_path)

    with pytest.raises(ConnectionResetError):
        kept.add(Failing(some_bytes(100_000)), scope=SCOPE, dice=os.urandom)

    assert [path for path in kept.places.root.rglob("*") if path.is_file()] == []


def test_what_a_killed_process_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    with kept.places.writing() as fresh:
        left = fresh.path.with_name("left")
        left.write_bytes(b"half")

        swept = kept.places.sweep()

        assert (swept, left.exists(), fresh.path.exists()) == (1, False, True)


def test_a_file_beyond_what_a_node_takes_is_refused(tmp_path: Path) -> None:
    kept = vault(tmp_path, room=Room(keep_free=0, largest=1000))

    with pytest.raises(NoRoomError):
        add(kept, some_bytes(1001))

    assert [path for path in kept.places.root.rglob("*") if path.is_file()] == []


def test_a_low_disk_refuses_intake_and_reading_goes_on(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = add(kept, b"here already")
    low = vault(tmp_path, room=Room(keep_free=2**62))

    with pytest.raises(NoRoomError):
        add(low, b"more")
    with pytest.raises(NoRoomError), closing(low.coming(there(tmp_path, 10).wanted)):
        pass

    assert read(low, sealed) == b"here already"


def test_a_destroyed_file_is_gone(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = add(kept, b"secret")

    assert (kept.destroy(sealed.hash), kept.destroy(sealed.hash)) == (True, False)
    assert kept.check(sealed.hash, size=sealed.size) == Missing()
    with pytest.raises(FileNotFoundError):
        read(kept, sealed)


# ---- Damage


def kept_with(folder: Path, file: There) -> Iterator[int]:
    """Yield every chunk of `file`, as it lies in a vault of its own."""
    kept = vault(folder)
    place = kept.places.whole(file.sealed.hash)
    place.parent.mkdir(parents=True, mode=0o700)
    place.write_bytes(file.ciphertext)
    yield from range(-1, chunk_count(file.sealed.size))


@pytest.mark.parametrize("size", EDGES[:5])
def test_a_flipped_bit_anywhere_is_found_in_its_chunk_and_repaired_from_the_other_copy(
    tmp_path: Path, size: int
) -> None:
    file = there(tmp_path, size)
    kept = vault(tmp_path)

    for chunk in kept_with(tmp_path, file):
        place = kept.places.whole(file.sealed.hash)
        raw = bytearray(file.ciphertext)
        raw[0 if chunk < 0 else chunk_start(chunk)] ^= 1
        place.write_bytes(raw)

        found = kept.check(file.sealed.hash, size=file.sealed.size, key=file.sealed.key, scope=SCOPE)
        assert found == Damaged(chunks=(chunk,))
        assert kept.check(file.sealed.hash, size=file.sealed.size) == Damaged()
        repaired = kept.repair(
            file.wanted, lambda start, count: file.ciphertext[start : start + count], damaged=found
        )

        assert (repaired, place.read_bytes()) == (Whole(), file.ciphertext)


@pytest.mark.parametrize("cut", [0, 1, HEADER_SIZE, HEADER_SIZE + 5, -1])
def test_a_file_that_was_cut_is_damaged_and_repaired(tmp_path: Path, cut: int) -> None:
    file = there(tmp_path, 3 * CHUNK_SIZE)
    kept = vault(tmp_path)
    list(kept_with(tmp_path, file))
    kept.places.whole(file.sealed.hash).write_bytes(file.ciphertext[:cut])

    found = kept.check(file.sealed.hash, size=file.sealed.size, key=file.sealed.key, scope=SCOPE)
    assert isinstance(found, Damaged)
    repaired = kept.repair(
        file.wanted, lambda start, count: file.ciphertext[start : start + count], damaged=found
    )

    assert repaired == Whole()


def test_a_copy_that_is_wrong_too_repairs_nothing_and_spoils_nothing(tmp_path: Path) -> None:
    file = there(tmp_path, 3 * CHUNK_SIZE)
    kept = vault(tmp_path)
    list(kept_with(tmp_path, file))
    spoiled = bytearray(file.ciphertext)
    spoiled[chunk_start(1)] ^= 1
    kept.places.whole(file.sealed.hash).write_bytes(spoiled)

    after = kept.repair(file.wanted, lambda _start, count: bytes(count), damaged=Damaged(chunks=(1,)))

    assert after == Damaged(chunks=(1,))
    assert kept.places.whole(file.sealed.hash).read_bytes() == spoiled


def test_nothing_of_a_damaged_chunk_is_given_and_all_before_it_is(tmp_path: Path) -> None:
    file = there(tmp_path, 40 * CHUNK_SIZE)
    kept = vault(tmp_path)
    list(kept_with(tmp_path, file))
    raw = bytearray(file.ciphertext)
    raw[chunk_start(21)] ^= 1
    kept.places.whole(file.sealed.hash).write_bytes(raw)

    given_out: list[bytes] = []
    with (
        kept.open(file.sealed.hash, key=file.sealed.key, scope=SCOPE) as plain,
        pytest.raises(DamagedError) as found,
    ):
        given_out.extend(plain)

    assert (b"".join(given_out), found.value.chunk) == (file.content[: 21 * CHUNK_SIZE], 21)
