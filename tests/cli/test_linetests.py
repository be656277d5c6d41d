"""parley link tests, test, fault and contacts, typed word for word on both sides."""

import json

from tests.cli.side import LINK, Side, Sides

POINTS = {
    "points": [
        {
            "rung": "duty_desk",
            "level": "desk",
            "office": {"en": "Duty desk", "zh": "值班台"},
            "languages": ["en", "zh"],
            "hours": "always",
            "channels": [{"way": "phone", "address": "+00 1 234 5678"}],
            "keys": ["9F2C 11D0"],
        }
    ]
}
FIELDS = ("--what", "line_test", "--where", "both", "--ask", "take_note")


def known(side: Side) -> dict[str, object]:
    said = side.ask("link", "tests", LINK)
    assert said.exit == 0, said.json
    return dict(said.result)


def test_a_test_is_held_taken_read_back_and_closed_and_both_sides_print_the_same(sides: Sides) -> None:
    held = sides.a.act("link", "test", LINK, "--wait", "0")
    assert held.exit == 5
    place = held.result["place"].replace(" ", "-")
    assert place.startswith("A-hot-")
    sides.carry()
    text = sides.b.type("call", "show", place).out
    number = next(word for word in text.split() if word.isdigit() and len(word) == 4)
    assert "线路测试" in text
    assert sides.b.act("call", "take", place).exit == 0
    read = sides.b.act("call", "read-back", place, *FIELDS, "--object", f"system:{number}")
    assert read.exit == 0, read.json
    sides.carry()

    answered = sides.a.act("link", "test", LINK, "--wait", "0")
    sides.carry()

    assert answered.exit == 0
    assert answered.result["place"].replace(" ", "-") == place
    assert answered.result["closed_by_us"]
    assert known(sides.a)["digest"] == known(sides.b)["digest"]
    assert known(sides.a)["now"] == known(sides.b)["now"]


def test_the_ladder_is_pressed_rung_by_rung_by_the_same_command(sides: Sides) -> None:
    press = ("link", "test", LINK, "--what", "ladder", "--wait", "0")
    place = sides.b.act(*press).result["place"].replace(" ", "-")
    sides.carry()
    assert sides.a.act("call", "take", place).exit == 0
    sides.carry()

    held = sides.b.act(*press)
    sides.carry()

    assert held.exit == 5
    assert (held.result["test"], held.result["place"].replace(" ", "-")) == ("ladder", place)
    assert "duty phone" in held.err
    said = sides.a.ask("call", "show", place).result["timeline"]
    assert [each["said"]["to"] for each in said if each["kind"] == "call.said"] == ["duty_phone"]


def test_a_trial_says_what_would_be_said_and_a_ticket_must_be_there(sides: Sides) -> None:
    tried = sides.a.act("link", "test", LINK, "--dry-run")
    fault = sides.a.act("link", "fault", LINK, "human-1", "--cause", "staffing")

    assert '"nature":"test"' in tried.result["would_say"]
    assert (fault.exit, fault.fault["code"]) == (4, "unknown_ticket")


def test_what_is_known_is_printed_in_both_languages(sides: Sides) -> None:
    english, chinese = (sides.a.type("link", "tests", LINK, "--lang", each).out for each in ("en", "zh"))

    assert "machine test" in english
    assert "节点自动测试" in chinese


def test_contact_points_are_said_and_shown_by_office(sides: Sides) -> None:
    file = sides.a.folder / "contacts.json"
    file.write_text(json.dumps(POINTS), encoding="utf-8")
    assert sides.a.act("link", "contacts", "set", LINK, str(file)).exit == 0
    sides.carry()

    shown = sides.b.ask("link", "contacts", "show", LINK).result["contacts"]
    assert shown["us"]["place"] is None
    assert shown["them"]["points"] == POINTS["points"]
    assert "值班台" in sides.b.type("link", "contacts", "show", LINK, "--lang", "zh").out


def test_a_file_without_contact_points_is_refused_and_nothing_is_said(sides: Sides) -> None:
    file = sides.a.folder / "nothing.json"
    file.write_text('{"points":[{"name":"Mr X"}]}', encoding="utf-8")

    refused = sides.a.act("link", "contacts", "set", LINK, str(file))

    assert (refused.exit, refused.fault["code"]) == (2, "bad_contacts")
