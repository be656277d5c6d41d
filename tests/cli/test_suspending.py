"""parley link suspend, sign and resume: what two officers sign stops both sides, and nothing is lost."""

from collections.abc import Iterator

import pytest

from parley.work import clock
from tests.cli.side import LINK, SECRET, Answer, Side, Sides, make_sides
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.slow

SECOND = "second"
STATED = ("--text", "We stop for a while.", "--text-zh", "我方暂停一段时间。")
SUSPEND = ("link", "suspend", LINK, "--scope", "item:fraud_phishing", "--reason", "policy", *STATED)


@pytest.fixture(name="desk", scope="module")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes; B has two officers whose keys count, and a third whose key does not."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    for name in (SECOND, "third"):
        added = sides.b.ask("officer", "add", name, "--secret-file", str(sides.b.secret))
        assert added.exit == 0, added.json
    for number in (1, 2):
        enrol(sides.b.home, number, secret=SECRET, now=clock.now())
    sides.carry()
    yield sides
    sides.stop()


def sign(side: Side, draft: int, name: str, *more: str) -> Answer:
    who = ("--as", name, "--secret-file", str(side.secret))
    return side.ask("link", "sign", str(draft), *who, *more)


def suspended(sides: Sides) -> list[list[str]]:
    return [side.ask("link", "status").result["links"][0]["suspended"] for side in (sides.a, sides.b)]


def test_two_officers_suspend_an_item_and_resume_it_and_nothing_is_lost(desk: Sides) -> None:
    open_one = desk.import_sites(["https://phish.example/1"])
    prepared = desk.b.act(*SUSPEND)
    assert (prepared.exit, prepared.result["saved"], suspended(desk)) == (5, False, [[], []])
    draft = prepared.result["draft"]

    again = sign(desk.b, draft, desk.b.officer)
    waiting = desk.b.ask("link", "sign").result["waiting"]
    unknown = sign(desk.b, draft, "third")
    said = sign(desk.b, draft, SECOND)
    desk.carry()

    assert again.fault["code"] == "signed_already"
    assert [(each["draft"], each["signed_by"]) for each in waiting] == [(draft, [1])]
    assert unknown.fault["code"] == "no_officer_key"
    assert said.exit == 0, said.json
    assert [len(each) for each in suspended(desk)] == [1, 1]
    refused = desk.b.act("inquiry", "acknowledge", open_one)
    assert refused.fault["code"] == "suspended"
    assert "draft" in refused.fault["do"]

    resumed = desk.b.act("link", "resume", LINK, said.result["place"].replace(" ", "-"), *STATED)
    lifted = sign(desk.b, resumed.result["draft"], SECOND)
    desk.carry()

    assert lifted.exit == 0, lifted.json
    assert suspended(desk) == [[], []]
    assert desk.b.act("inquiry", "acknowledge", open_one).exit == 0


def test_what_is_put_away_was_never_said(desk: Sides) -> None:
    draft = desk.b.act(*SUSPEND).result["draft"]

    assert sign(desk.b, draft, SECOND, "--put-away").result["put_away"]
    assert sign(desk.b, draft, SECOND).fault["code"] == "nothing_to_sign"
    assert suspended(desk) == [[], []]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--scope", "everything"), "not_read"),
        (("--scope", "item:"), "not_read"),
        (("--reason", "anger"), "not_read"),
        (("--until", "2026-11-02T09:10"), "time_without_zone"),
    ],
)
def test_what_cannot_be_read_prepares_nothing(desk: Sides, more: tuple[str, ...], code: str) -> None:
    assert desk.b.act(*SUSPEND, *more).fault["code"] == code
    assert desk.b.ask("link", "sign").result["waiting"] == []


def test_without_an_enrolled_key_nobody_prepares_anything(desk: Sides) -> None:
    assert desk.a.act(*SUSPEND).fault["code"] == "no_officer_key"


def test_only_a_suspension_of_our_own_is_lifted(desk: Sides) -> None:
    assert desk.b.act("link", "resume", LINK, *STATED).fault["code"] == "no_suspension"
