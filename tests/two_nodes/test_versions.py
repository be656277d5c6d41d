"""A partner of another version: what is not known has no effect, blocks nothing, and comes again later."""

import pytest

from parley.ledger.ledger import BadParcelError, UnknownPeerError
from parley.protocol.parcel import MAX_PARCEL, Parcel, decode_frames, encode_frames, tag_of
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import evidence


def refused(pair: Pair, raw: bytes) -> None:
    with pytest.raises((BadParcelError, UnknownPeerError)):
        pair.bring(B, A, raw)


def newer(raw: bytes) -> bytes:
    """Return the parcel as a later version would begin it."""
    assert tag_of(raw)
    return raw.replace(b"PARLEY1\n", b"PARLEY2\n", 1)


def test_a_parcel_of_an_unknown_version_is_refused_whole_and_the_same_words_come_later(pair: Pair) -> None:
    pair.sends(node=B)
    raw = pair.ledgers[B].compose(LINK, prompt=True)
    assert raw is not None
    before = evidence(pair.homes[A])

    refused(pair, newer(raw))

    assert evidence(pair.homes[A]) == before
    pair.settle()
    assert pair.is_settled()


def test_frames_that_a_later_version_adds_are_passed_over(pair: Pair) -> None:
    partner = Forger(pair, B, A)
    partner.write(act_of("inquiry.sent", INQUIRY))
    parcel = partner.parcel(partner.piece())
    later = encode_frames(parcel) + b"q" + bytes([0, 0, 0, 3]) + b"new"
    assert len(later) < MAX_PARCEL

    empty = Parcel(sender=B, receiver=A, channel=parcel.channel)
    read = decode_frames(later + b"Z" + bytes(4) + b"S" + bytes(4), empty)

    assert read == parcel


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"parley/v1\n", b"parley/v2\n"), (b"\nact ", b"\nflag x\nact "), (b"\ntime ", b"\nhour ")],
)
def test_an_entry_in_a_later_grammar_is_kept_receipted_and_void_and_the_next_one_counts(
    pair: Pair, old: bytes, new: bytes
) -> None:
    partner = Forger(pair, B, A)
    partner.write(act_of("inquiry.sent", INQUIRY))
    partner.entries[-1] = partner.entries[-1].replace(old, new, 1)
    partner.write(act_of("inquiry.sent", INQUIRY, ref="B-2"), seen=partner.seen(1))

    answer = partner.tell()

    assert partner.has(answer) == len(partner.entries)
    assert [row.verdict.text for row in pair.rows(A) if row.writer == B][-2:] == ["void:grammar", "valid"]
    assert pair.alarms(A) == {}


def test_an_opening_for_a_later_protocol_opens_nothing_and_the_link_goes_on_as_it_was(pair: Pair) -> None:
    partner = Forger(pair, B, A)
    row = next(row for row in pair.rows(B) if row.kind == "link.opened" and row.writer == B)
    assert row.act is not None
    d = {**row.act.d, "protocol": "parley/v2"}
    partner.write(act_of("link.opened", d), seen=partner.seen(1), is_signed=True)
    partner.write(act_of("inquiry.sent", INQUIRY))

    partner.tell()

    assert [row.verdict.text for row in pair.rows(A) if row.writer == B][-2:] == ["void:schema", "valid"]
    assert pair.sends().index > 0
