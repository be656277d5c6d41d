"""parley link carry: two nodes that can never dial each other, and a stick between them."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from tests.cli.side import LINK, Answer, Side, Sides
from tests.node.served import free_port, served, until

pytestmark = pytest.mark.slow

PAGE: Final = "http://carried.example/"


class Stick(Sides):
    """Two sides whose every parcel goes from one to the other in a file."""

    numbers = count()

    def make(self) -> None:
        super().make()
        self._listen()

    def make_paired(self) -> None:
        super().make_paired()
        self._listen()

    def _listen(self) -> None:
        for side in (self.a, self.b):
            settings = side.home.settings_file
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace(":18441", f":{free_port()}"), encoding="utf-8")

    def file(self) -> Path:
        return self.a.folder.parent / f"stick-{next(self.numbers)}"

    def out(self, side: Side, *more: str) -> Path:
        file = self.file()
        said = side.ask("link", "carry", "out", LINK, str(file), *more)
        assert said.exit == 0, said.json
        return file

    def bring(self, side: Side, file: Path) -> Answer:
        return side.ask("link", "carry", "in", str(file))

    def carry(self) -> None:
        """Carry from A to B, the answer back, and so on until nothing need be carried."""
        side, other, file = self.a, self.b, self.out(self.a)
        while True:
            said = self.bring(other, file)
            assert said.exit == 0, said.json
            if not said.result["new"] and not said.result["waiting"]:
                return
            side, other, file = other, side, Path(said.result["answer"])

    def is_even(self) -> bool:
        self.carry()
        return self.waiting() == [0, 0] and len(self.digests()) == 1

    def digests(self) -> set[str]:
        return {side.ask("record", "show").result["links"][0]["digest"] for side in (self.a, self.b)}

    def waiting(self) -> list[int]:
        return [side.ask("link", "status").result["links"][0]["waiting"] for side in (self.a, self.b)]


def made(folder: Path) -> Stick:
    return Stick(a=Side("A", folder / "a"), b=Side("B", folder / "b"))


@pytest.fixture(name="stick")
def fixture_stick(tmp_path: Path) -> Iterator[Stick]:
    stick = made(tmp_path)
    stick.make_paired()
    yield stick
    stick.stop()


def test_two_nodes_open_their_link_ask_and_answer_by_files_alone(tmp_path: Path) -> None:
    stick = made(tmp_path)
    stick.make()
    stick.pair()
    inquiry = stick.import_sites([PAGE])
    stick.b.say("acknowledge", inquiry)
    stick.b.say("admit", inquiry)
    stick.b.say("answer", inquiry, "--finding", "0=mitigated:content_removed")
    stick.carry()

    shown = stick.a.show(inquiry)

    assert [item["state"] for item in shown["items"]] == stick.b.states(inquiry)
    assert len(stick.digests()) == 1
    assert stick.waiting() == [0, 0]
    stick.stop()


def test_a_file_that_is_taken_twice_late_or_out_of_order_changes_nothing(stick: Stick) -> None:
    first = stick.out(stick.a)
    inquiry = stick.import_sites([PAGE])
    second = stick.out(stick.a)

    again = [stick.bring(stick.b, file) for file in (second, first, second)]

    assert [said.result["new"] for said in again] == [0, 0, 0]
    assert stick.b.show(inquiry)["items"]
    assert len(stick.digests()) == 1


def test_core_takes_and_writes_the_files_where_it_runs(stick: Stick) -> None:
    with served(stick.a.home):
        stick.import_sites([PAGE])
        # A core that has just started waits up to ten seconds for its partner's word before it signs.
        until(stick.is_even)

    assert len(stick.digests()) == 1
    assert stick.waiting() == [0, 0]
    assert list((stick.a.home.root / "carried").iterdir()) == []


def test_a_file_for_somebody_else_is_refused_in_plain_words(stick: Stick) -> None:
    own = stick.out(stick.a)

    said = stick.bring(stick.a, own)

    assert (said.exit, said.fault["code"]) == (7, "stranger_file")
    assert "no partner of ours" in said.fault["what"]


def test_a_file_that_is_cut_off_or_changed_is_refused_and_what_stood_before_it_is_kept(stick: Stick) -> None:
    stick.import_sites([PAGE])
    whole = stick.out(stick.a).read_bytes()
    cut, changed, other = stick.file(), stick.file(), stick.file()
    cut.write_bytes(whole[:-1])
    changed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    other.write_bytes(b"PARLEYC1\n")

    codes = [stick.bring(stick.b, file).fault["code"] for file in (cut, changed, other)]

    assert codes == ["not_parcels"] * 3
    assert stick.bring(stick.b, stick.out(stick.a)).exit == 0


def test_nothing_leaves_before_the_digits_were_compared(tmp_path: Path) -> None:
    stick = made(tmp_path)
    stick.make()
    assert stick.a.ask("link", "add", str(stick.b.folder / "offer")).exit == 0

    said = stick.a.ask("link", "carry", "out", LINK, str(stick.file()))
    stick.stop()

    assert (said.exit, said.fault["code"]) == (3, "not_compared")
    assert list(tmp_path.glob("stick-*")) == []
