"""Tags of hashes: which number stands for one, and what is no hash at all."""

from pathlib import Path

import pytest

from parley.ledger.drafts import Draft, RefusedError
from parley.ledger.tags import tag_of
from parley.protocol.names import BULK, HOT, MAIN
from tests.two_nodes.pair import LINK, A, Pair


@pytest.mark.parametrize(
    ("digest", "tag"),
    [
        (b"\x7f" + b"\xff" * 31, 2**63 - 1),
        (b"\x80" + bytes(31), -(2**63)),
        (b"\xff" * 32, -1),
        (b"\x01", 2**56),
        (b"", 0),
    ],
)
def test_a_tag_is_the_first_eight_bytes_as_a_signed_number(digest: bytes, tag: int) -> None:
    assert tag_of(digest) == tag


def test_a_draft_that_answers_what_is_no_hash_is_refused_whatever_lanes_there_are(tmp_path: Path) -> None:
    pair = Pair(tmp_path, lanes=(MAIN, HOT, BULK))

    (result,) = pair.ledgers[A].append(
        [Draft(id="short", link=LINK, kind="inquiry.acknowledged", d={}, re=b"abc")]
    )
    pair.stop()

    assert isinstance(result, RefusedError)
