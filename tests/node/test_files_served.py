"""A large file between two served nodes: killed on the way, and as flat in memory as a small one."""

from functools import partial
from pathlib import Path

import pytest

from tests.node.filing import (
    MIB,
    Sent,
    come,
    digest_at,
    file_at,
    is_here,
    keep_evidence,
    kill_core,
    memory,
    send,
    two_served,
)
from tests.node.served import Served, until

pytestmark = pytest.mark.slow

SIZE = 64 * MIB
FLAT = 24 * MIB


def has_come(node: Served, sent: Sent, *, share: float) -> bool:
    return come(node, sent) >= share * SIZE or is_here(node, sent)


def test_a_file_crosses_with_three_kills_on_the_way(tmp_path: Path) -> None:
    with two_served(tmp_path) as (a, b):
        sent = send(a, keep_evidence(a, SIZE))
        for killed, share in ((b, 0.1), (a, 0.3), (b, 0.6)):
            until(partial(has_come, b, sent, share=share))
            kill_core(killed)
        until(lambda: is_here(b, sent))
        until(lambda: (file := file_at(a, sent)) is not None and file.told is True)

        assert digest_at(b, sent) == sent.kept.plain_sha256


def test_neither_node_takes_more_memory_for_a_large_file_than_for_a_small_one(tmp_path: Path) -> None:
    with two_served(tmp_path) as (a, b):
        small = send(a, keep_evidence(a, MIB))
        until(lambda: is_here(b, small))
        before = [memory(node, "VmHWM") for node in (a, b)]

        large = send(a, keep_evidence(a, SIZE))
        until(lambda: is_here(b, large))

        grown = [memory(node, "VmHWM") - was for node, was in zip((a, b), before, strict=True)]
        assert max(grown) < FLAT


def test_what_a_killed_upload_left_is_swept_when_core_starts(tmp_path: Path) -> None:
    with two_served(tmp_path) as (a, _):
        left = a.home.vault / "new" / "left"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"half a file")

        kill_core(a)

        until(lambda: not left.exists())
