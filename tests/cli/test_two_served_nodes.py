"""Every kind of statement, said on the command line of one served node and seen on the other's.

Two real nodes on loopback, with their supervisors, cores and couriers, as the demonstration
sets them up; commands go through `parley lines`, which is the command line with one start-up.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from parley.demo.country import LINK, Country, country
from parley.demo.hand import CommandError
from parley.demo.place import Place
from parley.demo.story import Story
from parley.protocol.inquiries.bodies import CLASSES
from parley.work import clock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SHEET = """url,brand,observed_at
hxxp://one[.]example/a,Bank One,2026-11-02T09:10Z
hxxp://two[.]example/b,Bank One,2026-11-02T09:11Z
hxxp://three[.]example/c,Bank One,2026-11-02T09:12Z
"""


class Two:
    """Both sides, linked and open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.a, self.b = (country(letter, folder, pause=clock.sleep) for letter in "AB")
        self.story = Story(
            a=self.a, b=self.b, place=Place(folder / "place.json"), tell=lambda _text: None, pause=clock.sleep
        )
        self.story.begin()
        self.number = 0

    def stop(self) -> None:
        for side in (self.a, self.b):
            side.hand.stop()
            side.keeper.stop()

    def say(self, side: Country, verb: str, target: str, *words: str) -> dict[str, Any]:
        self.number += 1
        return dict(side.act(f"t{self.number}", "inquiry", verb, target, "--link", LINK, *words))

    def inquiry(self, *, urgency: str = "U1") -> str:
        self.number += 1
        sheet = self.folder / f"sheet-{self.number}.csv"
        sheet.write_text(SHEET.replace("example", f"n{self.number}.example"), encoding="utf-8")
        before = {row["statement"] for row in self.listed(self.a)}
        self.a.act(
            f"t{self.number}",
            *("inquiry", "import", str(sheet), "--link", LINK, "--item", "fraud_phishing"),
            *("--urgency", urgency, "--urgency-reason", "live", "--group", "bank", "--purpose", "fraud"),
            *("--legal-basis", "guidelines", "--want", "mitigate", "--want", "preserve"),
        )
        self.until(lambda: len({row["statement"] for row in self.listed(self.a)} - before) == 1)
        (fresh,) = {row["statement"] for row in self.listed(self.a)} - before
        self.until(lambda: fresh in {row["statement"] for row in self.listed(self.b)})
        return str(fresh)

    def listed(self, side: Country) -> list[dict[str, Any]]:
        return list(side.do("inquiry", "list", "--link", LINK, "--limit", "200")["inquiries"])

    def shown(self, side: Country, statement: str) -> dict[str, Any]:
        return dict(side.do("inquiry", "show", statement, "--link", LINK))

    def states(self, side: Country, statement: str) -> list[str]:
        return [item["state"] for item in self.shown(side, statement)["items"]]

    def kinds(self, side: Country, statement: str) -> list[str]:
        return [event["kind"] for event in self.shown(side, statement)["timeline"] if event["kind"]]

    def has_more(self, side: Country, statement: str, *, kind: str, than: int) -> bool:
        return self.kinds(side, statement).count(kind) > than

    @staticmethod
    def until(is_so: Callable[[], bool]) -> None:
        deadline = clock.monotonic() + 60
        while not is_so():
            assert clock.monotonic() < deadline, "it did not come about"
            clock.sleep(0.05)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    found = Two(tmp_path_factory.mktemp("two"))
    yield found
    found.stop()


def refused(run: Callable[[], object]) -> dict[str, Any]:
    with pytest.raises(CommandError) as found:
        run()
    return {"exit": found.value.exit, **found.value.fault}


def test_every_kind_crosses_and_is_valid_on_both_sides(two: Two) -> None:
    one = two.inquiry()
    script: list[tuple[Country, str, tuple[str, ...], str]] = [
        (two.b, "acknowledge", (), "inquiry.acknowledged"),
        (two.b, "admit", (), "inquiry.admitted"),
        (two.b, "return", ("--items", "0", "--field", "url=unclear"), "inquiry.returned"),
        (two.a, "supply", ("--field", "0:url=the same, with www"), "inquiry.supplied"),
        (two.a, "ask-status", (), "inquiry.status_asked"),
        (two.b, "progress", ("--code", "awaiting_provider"), "inquiry.progressed"),
        (two.b, "refer", ("--items", "1", "--to", "other_authority"), "inquiry.referred"),
        (
            two.b,
            "condition",
            ("--items", "2", "--condition", "confidential", "--due", "+2d"),
            "inquiry.conditioned",
        ),
        (two.a, "undertake", (), "inquiry.undertaken"),
        (
            two.b,
            "condition",
            ("--items", "2", "--condition", "this_case_only", "--due", "+2d"),
            "inquiry.conditioned",
        ),
        (two.a, "decline", (), "inquiry.declined"),
        (
            two.b,
            "extend",
            ("--clock", "preserve", "--until", "+40h", "--reason", "court_needed"),
            "inquiry.extended",
        ),
        (two.a, "agree", (), "inquiry.agreed"),
        (two.b, "postpone", ("--items", "0", "--ground", "P01", "--until", "+9d"), "inquiry.postponed"),
        (two.a, "refuse-time", (), "inquiry.time_refused"),
        (two.b, "answer", ("--finding=0=mitigated:sinkholed",), "inquiry.answered"),
        (two.b, "correct", ("--finding=0=already_down",), "inquiry.corrected"),
        (two.b, "refuse", ("--items", "1", "--ground", "G11"), "inquiry.refused"),
        (two.a, "dispute", ("--ground", "completeness"), "inquiry.disputed"),
        (two.a, "withdraw", ("--items", "0,2", "--reason", "solved"), "inquiry.withdrawn"),
        (
            two.a,
            "rate",
            ("--timely", "2", "--complete", "1", "--usable", "2", "--understandable", "3"),
            "inquiry.rated",
        ),
        (two.a, "notify-outcome", ("--outcome", "prosecuted"), "inquiry.outcome_notified"),
        (two.a, "close", (), "inquiry.closed"),
    ]

    said = {"inquiry.sent"}
    for side, verb, words, kind in script:
        other = two.b if side is two.a else two.a
        times = two.kinds(other, one).count(kind)
        two.say(side, verb, one, *words)
        two.until(partial(two.has_more, other, one, kind=kind, than=times))
        said.add(kind)

    assert said == set(CLASSES)
    for side in (two.a, two.b):
        timeline = two.shown(side, one)["timeline"]
        assert {event["verdict"] for event in timeline} == {"valid"}
        assert two.states(side, one) == ["withdrawn", "refused", "withdrawn"]


def test_the_wrong_side_is_refused_and_nothing_is_written(two: Two) -> None:
    one = two.inquiry()
    before = len(two.kinds(two.a, one))

    answer = refused(lambda: two.say(two.a, "acknowledge", one))

    assert (answer["exit"], answer["code"]) == (3, "not_writer")
    assert len(two.kinds(two.a, one)) == before


def test_a_move_that_the_state_does_not_allow_is_refused(two: Two) -> None:
    one = two.inquiry()
    two.say(two.b, "refuse", one, "--ground", "G09")

    answer = refused(lambda: two.say(two.b, "answer", one, "--finding=0=confirmed"))

    assert (answer["exit"], answer["code"]) == (3, "wrong_state")


@pytest.mark.parametrize(
    ("verb", "words", "code"),
    [
        ("refuse", ("--ground", "G99"), 2),
        ("refuse", ("--items", "9", "--ground", "G09"), 4),
        ("answer", ("--finding=0=melted",), 2),
        ("answer", ("--finding=0=preserved",), 2),
        ("postpone", ("--ground", "P01", "--until", "tomorrow"), 2),
        ("return", ("--items", "two", "--field", "url"), 2),
    ],
)
def test_bad_input_is_refused_with_a_sentence(two: Two, verb: str, words: tuple[str, ...], code: int) -> None:
    one = next(iter(row["statement"] for row in two.listed(two.b)))

    answer = refused(lambda: two.say(two.b, verb, one, *words))

    assert answer["exit"] == code
    assert answer["what"]
    assert answer["do"]


def test_a_card_with_a_new_address_reaches_the_partner(two: Two) -> None:
    url = two.b.do("link", "status")["links"][0]["peer_url"] + "/"

    two.a.act("renew", "link", "renew", "--url", url)

    two.until(lambda: two.b.do("link", "status")["links"][0]["peer_url"] == url)


def test_both_nodes_fold_the_same_and_rebuilding_changes_nothing(two: Two) -> None:
    two.until(lambda: all(side.do("link", "status")["links"][0]["waiting"] == 0 for side in (two.a, two.b)))

    for side in (two.a, two.b):
        side.keeper.stop()
        assert side.do("record", "rebuild", "--compare")["differences"] == []
        side.keeper.start()
