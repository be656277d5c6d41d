"""The anchor at rest: whatever the disk does to it, it is as it was, as it was to be, or said to be lost."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.head import Head
from parley.protocol.names import MAX_ORIGIN
from parley.protocol.notation import MAX_NUMBER, MAX_TIME
from parley.protocol.tree import Frontier
from parley.signer.anchor import NAME_BYTES, NAMELESS, PAGE_BYTES, SLOT_BYTES, Anchor, DiskFile
from parley.signer.desk import MAX_HEADS, MAX_RECEIPT, Anchored, HeadsToSign, RefusedToSignError
from parley.signer.keyed import KeyedDesk
from parley.signer.keys import SignerKeys
from tests.signer.desks import (
    KEYS,
    MINE,
    NOON,
    SUITE,
    THEIRS,
    WORLD,
    FullError,
    MemoryFile,
    begun,
    desk_on,
    heads,
    leaves,
    sign,
    tree_of,
)


def anchored(size: int, *, origin: str = MINE) -> Anchored:
    return Anchored(origin=origin, frontier=tree_of(size), signed_at=NOON + size)


def filled(*sizes: int) -> MemoryFile:
    file = MemoryFile()
    anchor = Anchor(file)
    anchor.add(MINE)
    anchor.add(THEIRS)
    for size in sizes:
        anchor.put([anchored(size), anchored(size, origin=THEIRS)])
    return file


def read(raw: bytes) -> Anchor:
    return Anchor(MemoryFile(cache=bytearray(raw)))


def test_what_is_put_is_read_again() -> None:
    anchor = read(filled(1, 2, 3).disk)

    assert anchor.origins == (MINE, THEIRS)
    assert anchor.lost == ()
    assert (anchor.get(MINE), anchor.get(THEIRS)) == (anchored(3), anchored(3, origin=THEIRS))


def test_a_write_that_is_cut_at_any_byte_leaves_what_was_before_or_what_was_to_be() -> None:
    file = filled(4)
    before = file.disk
    Anchor(file).put([anchored(5)])
    after = file.disk
    changed = [at for at in range(len(after)) if at >= len(before) or after[at] != before[at]]

    found = set()
    for cut in range(changed[0], changed[-1] + 2):
        anchor = read(after[:cut] + before[cut:])
        assert anchor.lost == ()
        now = anchor.get(MINE)
        assert now in {anchored(4), anchored(5)}
        assert anchor.get(THEIRS) == anchored(4, origin=THEIRS)
        found.add(now)

    assert found == {anchored(4), anchored(5)}


def test_a_log_whose_beginning_is_cut_at_any_byte_is_not_there_or_empty() -> None:
    file = MemoryFile()
    Anchor(file).add(MINE)
    whole = file.disk
    used = [*range(700), *range(NAME_BYTES + SLOT_BYTES - 2, NAME_BYTES + SLOT_BYTES + 700)]

    for cut in used:
        # The slot is on the disk before the name is begun.
        name, slots = whole[: min(cut, NAME_BYTES)], whole[NAME_BYTES : max(cut, NAME_BYTES)]
        if cut <= NAME_BYTES:
            slots = whole[NAME_BYTES:]
        else:
            name = b""
        anchor = read(name.ljust(NAME_BYTES, b"\0") + slots)

        assert anchor.lost == ()
        assert anchor.get(MINE) in {None, Anchored(origin=MINE, frontier=tree_of(0), signed_at=0)}
        if anchor.get(MINE) is None:
            anchor.add(THEIRS)
            assert anchor.origins == (THEIRS,)


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_no_damage_makes_up_a_log_or_a_size(chance: random.Random, times: int) -> None:
    raw = bytearray(_FILLED)
    for _ in range(times):
        at = chance.choice(_USED)
        raw[at] ^= 1 << chance.randrange(8)

    anchor = read(bytes(raw))

    for origin in (MINE, THEIRS):
        states = {None, *(anchored(size, origin=origin) for size in (2, 3))}
        assert anchor.get(origin) in states
        assert anchor.get(origin) is not None or {origin, NAMELESS} & {*anchor.lost}


_FILLED = filled(1, 2, 3).disk
_USED = [at for at, byte in enumerate(_FILLED) if byte]


def test_a_log_both_of_whose_slots_are_damaged_is_lost_and_nothing_is_signed_in_it() -> None:
    file = MemoryFile()
    sign(begun(file), heads(3))
    raw = bytearray(file.disk)
    for slot in (NAME_BYTES, NAME_BYTES + SLOT_BYTES):
        raw[slot + 100] ^= 1

    desk = desk_on(MemoryFile(cache=raw))

    assert desk.lost() == (MINE,)
    assert desk.anchor(MINE) is None
    assert desk.anchor(THEIRS) is not None
    for ask in (lambda: sign(desk, heads(4, start=3)), lambda: desk.begin(MINE)):
        with pytest.raises(RefusedToSignError, match="lost-log"):
            ask()


def test_where_a_log_is_lost_with_its_name_no_other_begins() -> None:
    file = MemoryFile()
    sign(begun(file), heads(3))
    raw = bytearray(file.disk)
    for at in (20, NAME_BYTES + 100, NAME_BYTES + SLOT_BYTES + 100):
        raw[at] ^= 1

    desk = desk_on(MemoryFile(cache=raw))

    assert desk.lost() == (NAMELESS,)
    with pytest.raises(RefusedToSignError, match="lost-log"):
        desk.begin("a.example/live/a-c/main/00000001")


def test_what_a_failed_flush_left_in_memory_is_made_durable_before_the_next() -> None:
    file = filled(4)
    anchor = Anchor(file)
    file.refuses = "sync"
    with pytest.raises(FullError):
        anchor.put([anchored(5)])
    file.refuses = ""

    again = Anchor(file)

    assert again.get(MINE) == anchored(5)
    assert read(file.disk).get(MINE) == anchored(5)


def test_a_slot_holds_the_longest_names_sizes_and_notes() -> None:
    node = ".".join(["x" * 31, "y" * 32])
    origin = f"{node}/live/{'l' * 32}/{'m' * 8}/5e0c9a71"[:MAX_ORIGIN]
    file = MemoryFile()
    keys = SignerKeys(node=node, seeds=KEYS.seeds)
    start = MAX_NUMBER - 31
    large = Frontier(size=start, peaks=tuple(leaves(0, start.bit_count())))
    Anchor(file).add(origin, frontier=large, signed_at=NOON)
    desk = KeyedDesk(keys, file, world=WORLD, suite=SUITE)
    reached = [large.extend(leaves(0, count)) for count in range(1, MAX_HEADS + 1)]
    text = Head(origin=origin, size=start, root=large.root()).text()
    desk.keep_receipt(origin, text + b"\n" + "— x QUJD".encode() + b"QUJD" * 1970 + b"\n")

    (made,) = desk.sign(
        [
            HeadsToSign(
                origin=origin,
                start=start,
                leaves=leaves(0, MAX_HEADS),
                sizes=tuple(each.size for each in reached),
                roots=tuple(each.root() for each in reached),
                time=MAX_TIME,
            )
        ]
    )

    found = read(file.disk).get(origin)
    assert found is not None
    assert found.notes == made
    assert len(found.receipt or b"") > MAX_RECEIPT - 200
    assert len(file.disk) < PAGE_BYTES


def test_an_anchor_on_the_disk_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = DiskFile(tmp_path / "anchor")
    Anchor(file).add(MINE)
    file.note("a line")
    file.close()

    assert (tmp_path / "anchor").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "anchor").iterdir())
    assert read((tmp_path / "anchor" / "anchor").read_bytes()).origins == (MINE,)
    with pytest.raises(OSError, match="closed"):
        file.sync()
