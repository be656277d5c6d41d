"""Whoever carries the parcels, a relay or the network, learns when and roughly how much, and no more."""

import math
import random
from collections.abc import Sequence

from tests.two_nodes.pair import LINK, A, B, Pair, Sent

SEALED = 8 + 8 + 1120 + 16
CANARY = "a canary in a cage"


def is_round(size: int) -> bool:
    """Return whether a size is one of Padmé's: of an exponent e, all but the first digits of e are zero."""
    exponent = math.floor(math.log2(size))
    free = exponent - (math.floor(math.log2(exponent)) + 1)
    return size & ((1 << free) - 1) == 0


def conversation(pair: Pair) -> Sequence[Sent]:
    """Have both talk at length; return all that went over the wire."""
    for number in range(4):
        said = pair.sends(node=A, title=f"{CANARY} {number}")
        pair.settle()
        pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
        pair.sends(node=B, title=CANARY * number)
        pair.settle()
    return pair.sent


def test_no_word_kind_name_or_id_stands_in_what_is_carried(pair: Pair) -> None:
    sent = conversation(pair)
    words = [CANARY, A, B, "/a-b/main", "inquiry", "received", "parley/v1", "cosignature", "\nhave "]
    ids = [row.statement for row in pair.rows(A)]

    carried = b"".join(each.raw for each in sent)

    assert len(sent) > 16
    assert [word for word in words if word.encode() in carried.replace(b"PARLEY1", b"")] == []
    assert not any(each in carried for each in ids)


def test_a_size_tells_its_order_of_magnitude_and_no_two_begin_alike_but_for_their_tag(pair: Pair) -> None:
    sent = conversation(pair)

    assert all(is_round(len(each.raw) - SEALED) for each in sent)
    assert len({each.raw[:16] for each in sent}) == 2
    assert len({each.raw[16:48] for each in sent}) == len(sent)


def test_a_carrier_that_drops_doubles_delays_and_mixes_changes_nothing_but_the_time(pair: Pair) -> None:
    dice = random.Random(7)  # noqa: S311 - the same mischief in every run
    held: list[tuple[str, str, bytes]] = []
    for number in range(30):
        node = dice.choice((A, B))
        pair.sends(node=node, title=str(number))
        raw = pair.ledgers[node].compose(LINK, prompt=True)
        assert raw is not None
        held += [(node, pair.other(node), raw)] * dice.randrange(3)
        for _ in range(dice.randrange(3)):
            if held:
                pair.bring(*held.pop(dice.randrange(len(held))))

    pair.settle()

    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}
