"""What the start page sees of a record is one moment of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.demo import scene
from parley.demo.country import country
from parley.demo.rooms import Memo
from parley.demo.scene import Watcher
from parley.ledger.reading import Reader
from parley.protocol.inquiries.apply import Inquiry
from tests.two_nodes.pair import A, B, Pair


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path / "nodes")
    for letter, node in (("A", A), ("B", B)):
        side = country(letter, tmp_path / "play", pause=lambda _seconds: None)
        side.home.root.symlink_to(nodes.homes[node].root)
    yield nodes
    nodes.stop()


def test_a_look_at_a_record_that_grows_meanwhile_does_not_mix_two_moments(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = pair.sends()
    folds = scene._inquiries  # noqa: SLF001 - between two of its questions, the other one writes

    def folds_and_is_overtaken(reader: Reader, asker: str, memo: Memo) -> Iterator[Inquiry]:
        yield from folds(reader, asker, memo)
        pair.say(A, "inquiry.status_asked", {}, re=inquiry.statement)

    monkeypatch.setattr(scene, "_inquiries", folds_and_is_overtaken)
    one, two = (country(letter, tmp_path / "play", pause=lambda _seconds: None) for letter in "AB")
    watcher = Watcher(one, two)
    before = watcher.look().a
    after = watcher.look().a
    watcher.close()

    assert [len(before.said[each.id]) for each in before.inquiries] == [1]
    assert not before.has("inquiry.status_asked")
    assert after.has("inquiry.status_asked")
