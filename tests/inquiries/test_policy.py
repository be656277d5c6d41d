"""Who of us may speak, and whose move it is."""

import pytest

from parley.agencies.policy import Role
from parley.inquiries.policy import Move, NotAllowedError, check_may_speak, move_of, next_due
from parley.protocol.act import By
from parley.protocol.inquiries.apply import fold
from parley.protocol.inquiries.bodies import Said, read_said
from parley.protocol.inquiries.clocks import Phase, Timer
from parley.protocol.inquiries.codes import Clock
from parley.protocol.inquiries.eye import Fact
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import default_terms, read_terms

A, B = "a.example", "b.example"
CALENDARS = {A: default_calendar(), B: default_calendar()}
TERMS = read_terms(default_terms(CALENDARS, world="demo", kinds=VERSIONS))
SENT: dict[str, JsonValue] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U2",
    "groups": [{"count": 2, "type": "phishing_site", "wants": ["confirm"]}],
}


def fact(number: int, kind: str, d: dict[str, JsonValue], *, by_asker: bool, re: int | None = 0) -> Fact:
    said: Said = read_said(kind, d)
    return Fact(
        id=bytes([number]) * 32,
        writer=A if by_asker else B,
        index=number,
        effective=1_793_610_000 + number,
        cut=number,
        received_at=1_793_610_001 + number,
        kind=kind,
        re=None if re is None else bytes([re]) * 32,
        said=said,
        by=By(role="officer", n=1),
        ref=None,
    )


def move_after(*asked: tuple[str, dict[str, JsonValue]]) -> Move:
    sent = fact(0, "inquiry.sent", SENT, by_asker=True, re=None)
    facts = [fact(number, kind, d, by_asker=False) for number, (kind, d) in enumerate(asked, start=1)]
    return move_of(fold(sent, [], facts, terms=TERMS, other=B).inquiry)


RETURNED: dict[str, JsonValue] = {"items": [0], "fields": [{"field": "url", "reason": "unclear"}]}
ANSWERED: dict[str, JsonValue] = {"findings": [{"items": [0, 1], "code": "confirmed"}]}
EXTENDED: dict[str, JsonValue] = {
    "items": "all",
    "clock": "evidence",
    "until": 1_800_000_000,
    "reason": "volume",
}


@pytest.mark.parametrize(
    ("asked", "move"),
    [
        ((), Move.ASKED),
        ((("inquiry.acknowledged", {}),), Move.ASKED),
        ((("inquiry.returned", RETURNED),), Move.BOTH),
        ((("inquiry.returned", RETURNED | {"items": "all"}),), Move.ASKER),
        ((("inquiry.extended", EXTENDED),), Move.BOTH),
        ((("inquiry.answered", ANSWERED),), Move.NOBODY),
        ((("inquiry.refused", {"items": [0], "grounds": ["G13"]}),), Move.ASKED),
    ],
)
def test_the_move_is_of_who_owes_something(
    asked: tuple[tuple[str, dict[str, JsonValue]], ...], move: Move
) -> None:
    assert move_after(*asked) is move


def test_a_viewer_may_say_nothing() -> None:
    check_may_speak(Role.OFFICER)

    with pytest.raises(NotAllowedError):
        check_may_speak(Role.VIEWER)


def test_the_first_due_time_is_that_of_the_clocks_that_run() -> None:
    timers = [
        Timer(clock=Clock.ADMIT, limit="3wd", phase=Phase.MET, due_at=1),
        Timer(clock=Clock.EVIDENCE, limit="30d", phase=Phase.RUNNING, due_at=7),
        Timer(clock=Clock.MITIGATE, limit="24h", phase=Phase.RUNNING, due_at=5),
        Timer(clock=Clock.PRESERVE, limit="3d", phase=Phase.PAUSED),
    ]

    assert next_due(timers) == 5
    assert next_due(timers[:1]) is None
