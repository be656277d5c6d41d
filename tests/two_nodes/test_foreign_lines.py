"""A line of an algorithm that nobody here knows crosses and is kept, byte for byte. Spec §2.5, §2.6."""

from contextlib import closing

from parley.ledger.reading import Reader
from parley.protocol.entry import encode_signed, parse
from parley.protocol.tree import leaf_hash
from tests.protocol.persons import foreign_line
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair


def entries_of(pair: Pair, node: str, writer: str) -> list[bytes]:
    with closing(Reader(pair.homes[node])) as reader:
        return list(reader.entries(LINK)[writer])


def with_foreign_line(partner: Forger) -> bytes:
    """Return the last entry of the partner, with one more line between those of its roots."""
    parsed = parse(partner.entries[-1])
    first, *rest = parsed.lines
    return encode_signed(parsed.text, (first, foreign_line(parsed.text), *rest))


def test_it_is_received_receipted_and_kept_as_it_came(pair: Pair) -> None:
    partner = Forger(pair, B, A)
    partner.write(act_of("inquiry.sent", INQUIRY), seen=partner.seen(1), is_signed=True)
    raw = partner.entries[-1] = with_foreign_line(partner)
    answer = partner.tell()

    assert partner.has(answer) == len(partner.entries)
    assert entries_of(pair, A, B)[-1] == raw
    pair.restart(A)
    with closing(Reader(pair.homes[A])) as reader:
        row = reader.row(LINK, leaf_hash(raw))
        assert row is not None
        assert (row.kind, row.verdict.text) == ("inquiry.sent", "valid")
        assert reader.raw(LINK, leaf_hash(raw)) == raw
