"""view.db follows the record: each change told once, and all of it again from the beginning."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from parley.ledger.reading import LinkRow, Reader
from parley.node import projector as page
from parley.node.projector import Projector, projections, watermark
from parley.protocol.inquiries.apply import Folded
from tests.two_nodes.pair import A, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@dataclass
class Told:
    """A projection that only remembers what it was told."""

    __name__: str = "told"
    threads: list[bytes] = field(default_factory=list)
    emptied: int = 0
    is_broken: bool = False

    def project(self, _reader: Reader, _link: LinkRow, thread: bytes, folded: Folded | None) -> None:
        assert folded is not None
        if self.is_broken:
            raise ZeroDivisionError
        self.threads.append(thread)

    def empty(self) -> None:
        self.emptied += 1
        self.threads.clear()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


@pytest.fixture
def reader(pair: Pair) -> Iterator[Reader]:
    with pair.reader(A) as found:
        yield found


def test_every_changed_thread_is_told_once(pair: Pair, reader: Reader) -> None:
    told = Told()
    projector = Projector(reader=reader, modules=(told,))
    one, two = pair.sends(), pair.sends()

    projector.catch_up()
    assert sorted(told.threads) == sorted([one.statement, two.statement])
    assert watermark() == reader.last_change()

    pair.say(A, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=one.statement)
    projector.catch_up()
    assert told.threads[2:] == [one.statement]
    assert projector.step() is None


def test_a_long_way_is_gone_in_steps(pair: Pair, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "CHANGES_AT_ONCE", 2)
    told = Told()
    sent = [pair.sends().statement for _ in range(5)]
    projector = Projector(reader=reader, modules=(told,))

    marks = []
    while (last := projector.step()) is not None:
        marks.append(last)

    assert len(marks) >= 3
    assert marks == sorted(set(marks))
    assert told.threads == sent


def test_what_fails_half_way_leaves_the_watermark_where_it_was(pair: Pair, reader: Reader) -> None:
    told = Told()
    projector = Projector(reader=reader, modules=(told,))
    pair.sends()
    projector.catch_up()
    before = watermark()
    sent = pair.sends()
    told.is_broken = True

    with pytest.raises(ZeroDivisionError):
        projector.step()
    assert watermark() == before

    told.is_broken = False
    projector.catch_up()
    assert told.threads[1:] == [sent.statement]


def test_other_projections_begin_from_the_beginning(pair: Pair, reader: Reader) -> None:
    sent = pair.sends()
    Projector(reader=reader, modules=(Told(),)).catch_up()
    both = Told(), Told(__name__="told.more")

    Projector(reader=reader, modules=both).catch_up()

    assert [each.threads for each in both] == [[sent.statement]] * 2
    assert [each.emptied for each in both] == [1, 1]


def test_a_record_that_was_put_back_is_told_from_the_beginning(pair: Pair, reader: Reader) -> None:
    """The rows were told of a record that went further than the one which is there now."""
    told = Told()
    sent = pair.sends().statement
    Projector(reader=reader, modules=(told,)).catch_up()
    with connections["view"].cursor() as cursor:
        cursor.execute("UPDATE watermark SET seq = %s", [reader.last_change() + 1])

    Projector(reader=reader, modules=(told,)).catch_up()

    assert (told.emptied, told.threads) == (2, [sent])
    assert watermark() == reader.last_change()


def test_emptied_views_are_told_again(pair: Pair, reader: Reader) -> None:
    told = Told()
    projector = Projector(reader=reader, modules=(told,))
    sent = pair.sends()
    projector.catch_up()

    projector.empty()
    assert (told.threads, watermark()) == ([], 0)

    projector.catch_up()
    assert told.threads == [sent.statement]


def test_every_projection_in_the_settings_can_be_told_and_emptied() -> None:
    for module in projections(settings.PROJECTIONS + settings.LATER_PROJECTIONS):
        assert callable(module.project)
        module.empty()
