"""The desk: what it signs, what it refuses, and that it never signs two histories."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from parley.protocol import head as protocol_heads
from parley.protocol import note as notes
from parley.protocol.breach import BreachError
from parley.protocol.head import Head, read_head, read_receipt
from parley.protocol.notation import write_base64
from parley.protocol.recovery import Ending, Purpose
from parley.protocol.tree import EMPTY_ROOT, Frontier
from parley.signer.desk import MAX_HEADS, HeadsToSign, NoSignerError, RefusedToSignError, SigningDesk
from tests.signer.desks import (
    KEYS,
    MINE,
    NEXT,
    NOON,
    SUITE,
    THEIRS,
    MemoryFile,
    begun,
    desk_on,
    head_keys,
    heads,
    plain_key,
    receipt,
    receipt_keys,
    sign,
    tree_of,
)

DAY = 24 * 3600


@pytest.fixture
def file() -> MemoryFile:
    return MemoryFile()


@pytest.fixture
def desk(file: MemoryFile) -> SigningDesk:
    return begun(file)


def code_of(caught: "pytest.ExceptionInfo[RefusedToSignError]") -> str:
    return caught.value.code


def digits(origin: str, frontier: Frontier) -> str:
    head = Head(origin=origin, size=frontier.size, root=frontier.root())
    return " ".join(protocol_heads.digits(head))


# ---- What is signed


def test_a_head_is_signed_over_the_leaves_and_anchored(desk: SigningDesk) -> None:
    notes_made = sign(desk, heads(3, 5))

    read = [read_head(each.note, **head_keys(), suite=SUITE) for each in notes_made]
    assert [(each.head.size, each.head.root) for each in read] == [
        (size, tree_of(size).root()) for size in (3, 5)
    ]
    anchored = desk.anchor(MINE)
    assert anchored is not None
    assert (anchored.size, anchored.frontier, anchored.notes) == (5, tree_of(5), notes_made)


def test_a_receipt_is_signed_over_the_leaves_and_anchored(desk: SigningDesk) -> None:
    (made,) = sign(desk, receipt(4))

    read = read_receipt(made.note, **receipt_keys(), suite=SUITE)
    assert (read.head.size, read.received_at) == (4, NOON)
    anchored = desk.anchor(THEIRS)
    assert anchored is not None
    assert anchored.note == made.note


def test_many_logs_at_once_take_one_flush(desk: SigningDesk, file: MemoryFile) -> None:
    before = file.syncs

    desk.sign([heads(2), receipt(3)])

    assert file.syncs == before + 1


def test_the_same_head_is_signed_again_only_at_a_newer_time(desk: SigningDesk, file: MemoryFile) -> None:
    (first,) = sign(desk, heads(2))
    syncs = file.syncs

    (same,) = sign(desk, heads(2, start=2))
    (later,) = sign(desk, heads(2, start=2, time=NOON + 60))

    assert same == first
    assert (later.size, later.time) == (2, NOON + 60)
    assert file.syncs == syncs + 1


def test_a_clock_that_goes_back_refuses_nothing_and_no_time_goes_back(desk: SigningDesk) -> None:
    sign(desk, heads(1))

    (made,) = sign(desk, heads(2, start=1, time=NOON - 3 * DAY))

    assert made.time == NOON


def test_what_was_signed_is_found_by_the_next_signer(desk: SigningDesk, file: MemoryFile) -> None:
    made = sign(desk, heads(2, 4))

    found = desk_on(MemoryFile(cache=bytearray(file.disk))).anchor(MINE)

    assert found is not None
    assert (found.frontier, found.notes) == (tree_of(4), made)


# ---- What is refused


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (heads(2), "below-anchor"),
        (heads(4, start=2), "below-anchor"),
        (heads(7, start=3), "below-anchor"),
        (heads(9, start=6), "beyond-anchor"),
        (heads(6, start=5, history="two"), "other-root"),
        (heads(5, start=5, history="two"), "other-root"),
        (receipt(2), "below-anchor"),
        (receipt(6, start=5, history="two"), "other-root"),
        (heads(1, origin=NEXT), "unknown-log"),
        (heads(6, start=5, time=0), "bad-request"),
        (heads(*range(6, 7 + MAX_HEADS), start=5), "bad-request"),
        (heads(7, 6, start=5), "bad-request"),
    ],
)
def test_it_signs_no_smaller_size_and_no_second_history(
    desk: SigningDesk, asked: HeadsToSign, code: str
) -> None:
    desk.sign([heads(5), receipt(5)])
    before = desk.anchor(MINE), desk.anchor(THEIRS)

    with pytest.raises(RefusedToSignError) as caught:
        sign(desk, asked)

    assert code_of(caught) == code
    assert (desk.anchor(MINE), desk.anchor(THEIRS)) == before


def test_a_root_is_computed_and_never_believed(desk: SigningDesk) -> None:
    told = replace(heads(3), roots=(bytes(32),))

    with pytest.raises(RefusedToSignError, match="other-root"):
        sign(desk, told)


def test_of_what_is_asked_together_all_is_signed_or_nothing(desk: SigningDesk) -> None:
    with pytest.raises(RefusedToSignError, match="other-root"):
        desk.sign([heads(3), replace(receipt(2), root=bytes(32))])

    anchored = desk.anchor(MINE)
    assert anchored is not None
    assert anchored.size == 0


@pytest.mark.parametrize(
    "origin",
    ["b.example/live/a-b/main/5e0c9a71", "a.example/demo/a-b/main/5e0c9a71", "a.example/live/a-b/main", "x"],
)
def test_it_signs_heads_of_its_own_node_and_world_alone(desk: SigningDesk, origin: str) -> None:
    # A partner's log of this world may begin, for receipts; no head is signed in it.
    with suppress(RefusedToSignError):
        desk.begin(origin)

    with pytest.raises(RefusedToSignError):
        sign(desk, heads(1, origin=origin))


def test_it_gives_no_receipt_to_itself(desk: SigningDesk) -> None:
    with pytest.raises(RefusedToSignError, match="foreign-log"):
        sign(desk, receipt(1, origin=MINE))


def test_a_retired_log_is_not_signed_in_again(desk: SigningDesk) -> None:
    sign(desk, heads(2))

    desk.begin(NEXT, retires=MINE)
    desk.begin(NEXT, retires=MINE)

    assert sign(desk, heads(1, origin=NEXT))
    with pytest.raises(RefusedToSignError, match="retired-log"):
        sign(desk, heads(3, start=2))


def test_a_log_is_retired_by_one_of_the_same_writer_and_channel_alone(desk: SigningDesk) -> None:
    with pytest.raises(RefusedToSignError, match="does not continue"):
        desk.begin(NEXT, retires=THEIRS)


def test_what_is_signed_cannot_begin_again(desk: SigningDesk) -> None:
    sign(desk, heads(2))

    with pytest.raises(RefusedToSignError, match="begun-log"):
        desk.begin(MINE)


# ---- The disk


@pytest.mark.parametrize("method", ["write", "sync"])
def test_without_a_durable_anchor_no_signature_leaves(
    desk: SigningDesk, file: MemoryFile, method: str
) -> None:
    sign(desk, heads(2))
    file.refuses = method
    with pytest.raises(NoSignerError):
        sign(desk, heads(3, start=2))

    file.refuses = ""
    anchored = desk.anchor(MINE)

    assert anchored is not None
    # After a failed flush nobody knows; what it goes on from is on the disk before anything leaves.
    assert anchored.size == (2 if method == "write" else 3)
    on_disk = desk_on(MemoryFile(cache=bytearray(file.disk))).anchor(MINE)
    assert on_disk is not None
    assert on_disk.size == anchored.size


# ---- Receipts of the partner


def test_the_newest_receipt_of_the_partner_survives_with_the_next_signature(
    desk: SigningDesk, file: MemoryFile
) -> None:
    sign(desk, heads(3))
    theirs = _receipt_of_ours(3)
    syncs = file.syncs

    desk.keep_receipt(MINE, _receipt_of_ours(2))
    desk.keep_receipt(MINE, theirs)
    desk.keep_receipt(MINE, _receipt_of_ours(1))
    assert file.syncs == syncs
    sign(desk, heads(4, start=3))

    found = desk_on(MemoryFile(cache=bytearray(file.disk))).anchor(MINE)
    assert found is not None
    assert found.receipt == theirs


@pytest.mark.parametrize(("size", "history"), [(4, "one"), (3, "two")])
def test_a_receipt_for_what_was_never_signed_is_not_kept(desk: SigningDesk, size: int, history: str) -> None:
    sign(desk, heads(3))

    with pytest.raises(RefusedToSignError):
        desk.keep_receipt(MINE, _receipt_of_ours(size, history=history))

    found = desk.anchor(MINE)
    assert found is not None
    assert found.receipt is None


def _receipt_of_ours(size: int, *, history: str = "one") -> bytes:
    head = Head(origin=MINE, size=size, root=tree_of(size, history=history).root())
    return protocol_heads.sign_receipt(head, KEYS.receipt_keys(SUITE), time=NOON, suite=SUITE)


# ---- Officers confirm a head


def test_a_confirmed_head_takes_the_place_of_the_anchor_and_is_written_down(
    desk: SigningDesk, file: MemoryFile
) -> None:
    sign(desk, heads(2))
    beyond = tree_of(7)

    desk.replace(MINE, beyond, confirmed=digits(MINE, beyond), time=NOON + 5)

    found = desk.anchor(MINE)
    assert found is not None
    assert (found.frontier, found.retired) == (beyond, True)
    assert file.journal == [f"{NOON + 5} replaced {MINE} 2 7 {write_base64(beyond.root())}"]


def test_an_anchor_that_is_gone_is_set_by_the_digits_of_a_head(file: MemoryFile) -> None:
    desk = desk_on(file)
    confirmed = tree_of(6)

    desk.replace(MINE, confirmed, confirmed=digits(MINE, confirmed), time=NOON)

    found = desk.anchor(MINE)
    assert found is not None
    assert found.frontier == confirmed


def test_a_log_whose_last_head_officers_had_to_confirm_is_never_signed_in_again(desk: SigningDesk) -> None:
    sign(desk, heads(2))
    beyond = tree_of(7)
    desk.replace(MINE, beyond, confirmed=digits(MINE, beyond), time=NOON)

    with pytest.raises(RefusedToSignError) as caught:
        sign(desk, heads(8, start=7))

    assert code_of(caught) == "retired-log"


@pytest.mark.parametrize(
    ("frontier", "confirmed", "code"),
    [
        (tree_of(7), digits(MINE, tree_of(6)), "bad-digits"),
        (tree_of(7), digits(THEIRS, tree_of(7)), "bad-digits"),
        (tree_of(4), digits(MINE, tree_of(4)), "below-anchor"),
        (tree_of(5, history="two"), digits(MINE, tree_of(5, history="two")), "other-root"),
        (Frontier(size=7, peaks=()), "", "bad-request"),
        (Frontier(size=0, peaks=()), "", "bad-request"),
        (Frontier(size=-1, peaks=()), "", "bad-request"),
    ],
)
def test_an_anchor_is_replaced_by_nothing_smaller_and_nothing_unconfirmed(
    desk: SigningDesk, frontier: Frontier, confirmed: str, code: str
) -> None:
    sign(desk, heads(5))

    with pytest.raises(RefusedToSignError) as caught:
        desk.replace(MINE, frontier, confirmed=confirmed, time=NOON)

    assert code_of(caught) == code


def test_the_digits_of_a_head_are_those_of_the_specification() -> None:
    head = Head(origin=MINE, size=20, root=EMPTY_ROOT)

    assert " ".join(protocol_heads.digits(head)) == (
        "05789 42912 82291 04093 56657 58825 22219 73892 28828 08857 70441 62042"
    )


# ---- The other texts

TEXTS = {
    purpose: Ending(
        origin=THEIRS if purpose.is_answer else MINE, size=4, root=tree_of(4).root(), epoch="0b1f22aa"
    ).text(purpose)
    for purpose in Purpose
}


@pytest.mark.parametrize("purpose", Purpose)
def test_the_five_texts_of_recovery_are_signed_with_one_line(desk: SigningDesk, purpose: Purpose) -> None:
    note = notes.parse(desk.attest(TEXTS[purpose]))

    public = KEYS.public(SUITE)
    key = (
        plain_key("a.example/receipt", public.receipt_ed25519)
        if purpose.is_answer
        else plain_key(MINE, public.write_ed25519)
    )
    assert note.text == TEXTS[purpose]
    assert [each.key for each in notes.verified(note, (key,), SUITE)] == [key]
    assert len(note.lines) == 1


@pytest.mark.parametrize("purpose", Purpose)
def test_a_text_of_recovery_can_be_read_as_no_head_and_no_receipt(
    desk: SigningDesk, purpose: Purpose
) -> None:
    note = desk.attest(TEXTS[purpose])

    with pytest.raises(BreachError):
        read_head(note, **head_keys(), suite=SUITE)
    with pytest.raises(BreachError):
        read_receipt(note, **receipt_keys(), suite=SUITE)


SMUGGLED = [
    Head(origin=MINE, size=4, root=tree_of(4).root()).text(),
    notes.cosignature_message(Head(origin=THEIRS, size=4, root=tree_of(4).root()).text(), NOON),
    notes.subtree_message(Head(origin=MINE, size=4, root=tree_of(4).root()).text(), name=MINE, time=NOON),
    b"parley-parcel/v1\na.example\nb.example\nlive/a-b/main\n" + write_base64(bytes(32)).encode() + b"\n",
    TEXTS[Purpose.RECOVER].replace(MINE.encode(), THEIRS.encode()),
    TEXTS[Purpose.ACCEPT].replace(THEIRS.encode(), MINE.encode()),
    TEXTS[Purpose.HELD].replace(THEIRS.encode(), MINE.encode()),
    TEXTS[Purpose.DECLINE].replace(MINE.encode(), THEIRS.encode()),
    TEXTS[Purpose.SEAL].replace(b"live", b"demo"),
    TEXTS[Purpose.SEAL].replace(b"0b1f22aa", b"5e0c9a71"),
    TEXTS[Purpose.SEAL] + b"more\n",
    TEXTS[Purpose.SEAL].replace(b"seal", b"head"),
    TEXTS[Purpose.SEAL].replace(b"\n4\n", b"\n04\n"),
]


@pytest.mark.parametrize("text", SMUGGLED)
def test_no_other_text_is_signed(desk: SigningDesk, text: bytes) -> None:
    with pytest.raises(RefusedToSignError):
        desk.attest(text)


@given(at=st.integers(0, 200), byte=st.integers(0, 255), purpose=st.sampled_from(Purpose))
def test_a_changed_text_is_refused_or_is_such_a_text_again(at: int, byte: int, purpose: Purpose) -> None:
    desk = _SHARED
    changed = bytearray(TEXTS[purpose])
    changed[at % len(changed)] = byte
    try:
        note = desk.attest(bytes(changed))
    except RefusedToSignError:
        return
    with pytest.raises(BreachError):
        protocol_heads.parse_text(notes.parse(note).text)


_SHARED = begun(MemoryFile())
