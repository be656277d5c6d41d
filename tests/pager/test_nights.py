"""Nights with real servers that take, refuse, hang up and hang, and a pager that is stopped at any moment."""

from random import Random
from typing import Final

import pytest

from parley.gates.pager.ring import Outcome
from tests.pager.conftest import BY_MAIL, BY_SMS, Room, call, channels, mail, smpp
from tests.pager.servers import Centre, Relay, running

RINGS: Final = 8
NIGHTS: Final = 12


def centre(dice: Random) -> Centre:
    return Centre(
        submit_statuses=[dice.choice([0, 0x58, 0x14]) for _ in range(dice.randrange(12))],
        hang_up_at_submit=dice.random() < 0.2,
        silent_at_submit=dice.random() < 0.2,
        password=dice.choice(["secret", "secret", "other"]),
    )


def relay(dice: Random) -> Relay:
    return Relay(
        recipient=dice.choice([b"250 ok\r\n", b"250 ok\r\n", b"451 later\r\n"]),
        after_message=dice.choice([b"250 queued\r\n", b"250 queued\r\n", None]),
    )


@pytest.mark.parametrize("night", range(NIGHTS))
def test_every_ring_comes_to_an_end_and_none_is_forgotten_or_taken_twice(room: Room, night: int) -> None:
    dice = Random(night)  # noqa: S311 - a night that can be played again
    centres, posts = [centre(dice), centre(dice)], relay(dice)

    with running(centres[0].serve) as one, running(centres[1].serve) as two, running(posts.serve) as three:
        settings = room.settings(
            channels(sms="one two", mail="three"),
            smpp("one", one.port, seconds=0.2) + smpp("two", two.port, seconds=0.2),
            mail("three", three.port, seconds=0.2),
        )
        pager = room.pager(settings, ways=lambda _: (BY_SMS, BY_MAIL))
        for number in range(RINGS):
            pager.ring(call(f"H-{number}/0"))
            if dice.random() < 0.4:
                pager.wait(f"H-{number}/0", seconds=dice.random() / 10)
                pager.stop()
                pager = room.pager(settings, ways=lambda _: (BY_SMS, BY_MAIL))
        ended = [pager.wait(f"H-{number}/0", seconds=60) for number in range(RINGS)]

    rows = [row for number in range(RINGS) for row in room.deliveries().of(f"H-{number}/0")]
    assert all(ended)
    assert {(row.key, row.channel) for row in rows} == {
        (f"H-{number}/0", channel) for number in range(RINGS) for channel in ("sms", "mail")
    }
    # Whatever a server was given stands in a row that says so, or that says that it is not known.
    sms = [row for row in rows if row.channel == "sms"]
    given = {Outcome.ACCEPTED, Outcome.REFUSED, Outcome.UNKNOWN}
    assert sum(len(each.got) for each in centres) <= sum(row.outcome in given for row in sms)
    assert len(posts.got) <= sum(row.outcome in given for row in rows if row.channel == "mail")
    # What one machine took is rung no more: it is the last try of its way.
    for row in rows:
        later = [
            each
            for each in rows
            if (each.key, each.channel) == (row.key, row.channel) and each.turn > row.turn
        ]
        assert row.outcome is not Outcome.ACCEPTED or not later
    # A ring is lost exactly when nobody took it.
    for number in range(RINGS):
        taken = any(row.key == f"H-{number}/0" and row.outcome is Outcome.ACCEPTED for row in rows)
        assert pager.was_lost(f"H-{number}/0") is not taken
