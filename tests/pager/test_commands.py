"""parley pager and parley roster, typed word for word, with real servers to ring over."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.cli.side import Answer, Side
from tests.pager.conftest import MAIL, PHONE, board, channels, mail, smpp
from tests.pager.servers import Centre, Relay, Web, nobody, running

pytestmark = pytest.mark.slow

NOW: Final = datetime.now(UTC)  # noqa: TID251 - the commands read the same clock


def at(hours: int) -> str:
    """Return a time so many hours from now, as it is typed."""
    return (NOW + timedelta(hours=hours)).isoformat(timespec="minutes")


class Desk:
    """A node whose people are rung, and what the servers got."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.side = Side("A", folder / "a")
        stack.callback(self.side.stop)
        self.centre, self.relay, self.web = Centre(), Relay(), Web()
        made = self.side.ask(
            *(
                "init",
                "--node",
                "a.example",
                "--world",
                "demo",
                "--name-en",
                "Country A",
                "--name-zh",
                "甲国",
            ),
            *("--partner", "127.0.0.1:18441", "--url", "http://127.0.0.1:18441/parley/v1"),
        )
        assert made.exit == 0, made.json
        for name, language in (("Wang", "zh"), ("Chen", "en")):
            added = self.side.ask(
                "officer", "add", name, "--language", language, "--secret-file", str(self.side.secret)
            )
            assert added.exit == 0, added.json
        self.settings = self.side.home.root / "pager.toml"
        self.good = (
            channels(sms="gone carrier", mail="relay", wall="board")
            + smpp("gone", nobody())
            + smpp("carrier", stack.enter_context(running(self.centre.serve)).port)
            + mail("relay", stack.enter_context(running(self.relay.serve)).port)
            + board("board", stack.enter_context(running(self.web.serve)).port)
        )
        self.write(self.good)

    def write(self, text: str, *, mode: int = 0o600) -> None:
        self.settings.write_text(text, encoding="utf-8")
        self.settings.chmod(mode)

    def ask(self, *words: str) -> Answer:
        return self.side.ask(*words)

    def way(self, person: str, channel: str, address: str) -> int:
        added = self.ask("pager", "add", person, channel, address)
        assert added.exit == 0, added.json
        return int(added.result["way"])

    def prove(self, way: int) -> None:
        """Send a code over a way, read it where it came, and type it back."""
        before = len(self.centre.texts), len(self.relay.got)
        sent = self.ask("pager", "prove", str(way))
        assert sent.exit == 5, sent.json
        came = [
            *self.centre.texts[before[0] :],
            *(str(each["Subject"]) for each in self.relay.got[before[1] :]),
        ]
        (code,) = re.findall(r"\d{6}", came[0])
        proved = self.ask("pager", "prove", str(way), "--code", code)
        assert proved.exit == 0, proved.json

    def looks(self) -> dict[str, list[tuple[str, str]]]:
        """Return what the doctor found, by what it looked at: health and words."""
        found: dict[str, list[tuple[str, str]]] = {}
        for each in self.ask("doctor").result["looks"]:
            found.setdefault(each["what"], []).append((each["health"], each["said"]))
        return found


@pytest.fixture(name="desk", scope="module")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(tmp_path_factory.mktemp("desk"), stack)


def test_a_person_is_put_on_the_roster_only_after_two_ways_were_proved(desk: Desk) -> None:
    shift = ("roster", "add", "desk", "Wang", "--begins", at(-1), "--ends", at(12))
    sms, post = desk.way("Wang", "sms", PHONE), desk.way("1", "mail", MAIL)

    desk.prove(sms)
    early = desk.ask(*shift)
    desk.prove(post)
    late = desk.ask(*shift)

    assert (early.exit, early.fault["code"]) == (3, "unproved_person")
    assert (late.exit, late.result) == (0, {"added": 1})
    assert desk.ask("roster", "list").result["on_watch"][0]["officer"] == 1
    assert [each["proved_at"] is not None for each in desk.ask("pager", "ways", "Wang").result["ways"]] == [
        True,
        True,
    ]


def test_a_test_rings_every_way_in_the_language_of_the_person_and_claims_nothing(desk: Desk) -> None:
    desk.way("Wang", "sms", PHONE)
    desk.way("Wang", "mail", MAIL)

    said = desk.ask("pager", "test", "--person", "Wang")
    spoken = desk.side.type("pager", "test", "--person", "Wang")

    outcomes = {(each["channel"], each["provider"], each["outcome"]) for each in said.result["tries"]}
    assert said.exit == 0
    assert outcomes == {
        ("sms", "gone", "failed"),
        ("sms", "carrier", "accepted_by_carrier"),
        ("mail", "relay", "accepted_by_carrier"),
        ("wall", "board", "accepted_by_carrier"),
    }
    assert desk.centre.texts[-1] == "演示。测试。Parley：请登录。"
    assert "Taken by a carrier is not reached" in spoken.out
    assert "reached" not in spoken.out.replace("is not reached", "")


def test_a_person_whom_nothing_rings_is_told_so(desk: Desk) -> None:
    said = desk.ask("pager", "test", "--person", "Chen")

    assert said.exit == 6
    assert [each["channel"] for each in said.result["tries"]] == ["wall"]


def test_what_was_rung_can_be_looked_up(desk: Desk) -> None:
    desk.ask("pager", "test", "--person", "Chen")

    tries = desk.ask("pager", "log", "--last", "1").result["tries"]

    assert [(each["provider"], each["way"]) for each in tries] == [("board", None)]


def test_the_channels_show_the_very_words_that_they_may_say(desk: Desk) -> None:
    desk.write(desk.good.replace("[channels.sms]", '[channels.sms]\nceiling = "urgency"'))

    shown = {each["channel"]: each for each in desk.ask("pager", "show").result["channels"]}

    desk.write(desk.good)
    assert shown["sms"]["says"] == (
        "DEMO. Parley: sign in. Link a-b. REAL, U0 FLASH. 演示。Parley：请登录。链路 a-b。实战，U0 特提。"
    )
    assert shown["mail"]["says"] == "DEMO. Parley: sign in. 演示。Parley：请登录。"


def test_a_wrong_code_proves_nothing(desk: Desk) -> None:
    way = desk.way("Chen", "mail", "chen@house.example")
    assert desk.ask("pager", "prove", str(way)).exit == 5

    said = desk.ask("pager", "prove", str(way), "--code", "00000x")

    assert (said.exit, said.fault["code"]) == (3, "wrong_code")
    assert desk.ask("pager", "ways", "Chen").result["ways"][0]["proved_at"] is None


def test_a_roster_is_taken_from_a_file_once_all_of_it_or_nothing(desk: Desk, tmp_path: Path) -> None:
    for channel, address in (("sms", PHONE), ("mail", MAIL)):
        desk.prove(desk.way("Wang", channel, address))
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"post,person,begins,ends\nsecond,Wang,{at(20)},{at(30)}\nsecond,1,{at(30)},{at(40)}\n")
    bad.write_text(
        f"post,person,begins,ends\ndirector,Wang,{at(20)},{at(30)}\ndirector,Nobody,{at(1)},{at(2)}\n"
    )

    looked = desk.ask("roster", "import", str(good), "--dry-run")
    once, twice = desk.ask("roster", "import", str(good)), desk.ask("roster", "import", str(good))
    refused = desk.ask("roster", "import", str(bad))

    assert looked.result == {"read": 2, "added": 0}
    assert once.result == {"read": 2, "added": 2}
    assert twice.result == {"read": 2, "added": 0}
    assert (refused.exit, refused.fault["code"]) == (2, "bad_roster")
    assert "line 3: there is no such person" in refused.fault["what"]
    posts = [each["post"] for each in desk.ask("roster", "list").result["shifts"]]
    assert posts.count("second") == 2
    assert "director" not in posts


def test_holes_are_shown_fourteen_days_ahead_and_close_as_they_are_filled(desk: Desk) -> None:
    for channel, address in (("sms", PHONE), ("mail", MAIL)):
        desk.prove(desk.way("Wang", channel, address))
    desk.ask("roster", "need", "minister", "--language", "en")
    empty = desk.ask("roster", "list")
    desk.ask("roster", "add", "minister", "Wang", "--begins", at(-1), "--ends", at(24 * 20))
    mute = desk.ask("roster", "list")
    desk.ask("roster", "speaks", "Wang", "--language", "en", "--language", "zh-Hans")
    full = desk.ask("roster", "list")

    assert (empty.exit, [each["why"] for each in empty.result["holes"]]) == (10, ["nobody"])
    hole = empty.result["holes"][0]
    assert hole["ends"] - hole["begins"] == 14 * 86_400
    assert (mute.exit, [each["why"] for each in mute.result["holes"]]) == (10, ["language"])
    assert (full.exit, full.result["holes"]) == (0, [])

    shift = next(each for each in full.result["shifts"] if each["post"] == "minister")
    assert desk.ask("roster", "remove", str(shift["shift"])).exit == 0
    assert desk.ask("roster", "list").exit == 10
    assert desk.ask("roster", "need", "minister", "--no-more").exit == 0
    assert desk.ask("roster", "list").exit == 0


def test_the_doctor_says_which_channels_a_person_proved_and_which_provider_failed_last(desk: Desk) -> None:
    for channel, address in (("sms", PHONE), ("mail", MAIL)):
        desk.prove(desk.way("Wang", channel, address))
    desk.ask("roster", "need", "vice_minister")

    looks = desk.looks()

    desk.ask("roster", "need", "vice_minister", "--no-more")
    assert looks["e-mail"][0][0] == "ok"
    assert looks["e-mail"][0][1].startswith("last proved by a person ")
    assert [health for health, _said in looks["text message"]] == ["ok", "warn"]
    assert looks["text message"][1][1].startswith("gone, ")
    assert looks["roster"] == [("warn", "1 hole in the next 14 days")]


def test_the_doctor_says_so_when_others_can_read_the_passwords_or_the_file_is_broken(desk: Desk) -> None:
    desk.write(desk.good, mode=0o644)
    loose = desk.looks()
    desk.write(desk.good + "[providers.x]\nkind = 1\n")
    broken = desk.looks()
    refused = desk.ask("pager", "test", "--person", "Wang")
    desk.settings.unlink()
    without = desk.looks()
    desk.write(desk.good)

    assert loose["ringing"] == [("fail", "others can read: pager.toml")]
    assert broken["ringing"][0][0] == "fail"
    assert (refused.exit, refused.fault["code"]) == (2, "broken_pager")
    assert "ringing" not in without


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("pager add Nobody sms +99955512", "unknown_officer"),
        ("pager add Wang sms wang", "bad_address"),
        ("pager add Wang wall board", "bad_address"),
        ("pager remove 999", "unknown_way"),
        ("pager prove 999", "unknown_way"),
        ("pager prove 999 --code 1", "unknown_way"),
        ("roster add desk Wang --begins 2026-11-22T08:00 --ends 2026-11-22T20:00", "bad_time"),
        ("roster add desk Wang --begins 2026-11-22T08:00Z --ends 2026-11-22T08:00Z", "bad_shift"),
        ("roster add kitchen Wang --begins x --ends y", "usage"),
        ("roster remove 999", "unknown_shift"),
        ("roster import /nowhere", "unreadable_file"),
        ("roster import /dev/null", "bad_roster"),
        ("roster import /dev/null --zone CST", "choice_not_read"),
        ("roster speaks Wang --language english", "bad_language"),
    ],
)
def test_what_cannot_be_done_has_a_code(desk: Desk, words: str, code: str) -> None:
    assert desk.ask(*words.split()).fault["code"] == code


def test_a_code_that_nobody_can_send_is_told_with_the_reason(desk: Desk) -> None:
    way = desk.way("Chen", "voice", "+99955519")

    said = desk.ask("pager", "prove", str(way))

    assert (said.exit, said.fault["code"]) == (6, "not_rung")
    assert "no provider rings by this channel" in said.fault["what"]
