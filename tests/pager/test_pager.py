"""Ringing people over real servers: at once, in turn, once, and never held up by a provider that hangs."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from parley.gates.pager.attempt import GivenUpError
from parley.gates.pager.deliveries import Deliveries
from parley.gates.pager.pager import Pager
from parley.gates.pager.ring import News, Outcome, Reason, Ring
from parley.watch.policy import Addressee, Channel
from parley.work import clock
from tests.pager.conftest import (
    BY_MAIL,
    BY_SMS,
    MAIL,
    PHONE,
    Room,
    board,
    call,
    channels,
    mail,
    smpp,
    way,
)
from tests.pager.servers import Centre, Relay, Web, hanging, nobody, running
from tests.pager.trying import trying

ACCEPTED = "accepted_by_carrier"


def test_a_person_is_rung_by_every_way_and_the_boards_too(room: Room) -> None:
    centre, relay, web = Centre(), Relay(), Web()

    with running(centre.serve) as one, running(relay.serve) as two, running(web.serve) as three:
        pager = room.pager(
            room.settings(
                channels(sms="carrier", mail="relay", wall="board"),
                smpp("carrier", one.port),
                mail("relay", two.port),
                board("board", three.port),
            )
        )
        pager.ring(call())
        assert pager.wait("H-1/0", seconds=60)

    assert centre.texts == ["Parley: sign in."]
    assert [each["Subject"] for each in relay.got] == ["Parley: sign in."]
    assert web.got[0].json["text"] == "Parley: sign in. Parley：请登录。"
    assert sorted(room.rows()) == [
        ("mail", "relay", ACCEPTED),
        ("sms", "carrier", ACCEPTED),
        ("wall", "board", ACCEPTED),
    ]


def test_a_try_is_written_down_before_anything_is_sent(room: Room) -> None:
    seen: list[list[tuple[str, str, str]]] = []
    centre = Centre()

    def serve(connection: object) -> None:
        seen.append(room.rows())
        centre.serve(connection)  # type: ignore[arg-type]  # a socket, which this does not look at

    with running(serve) as server:
        pager = room.pager(
            room.settings(channels(sms="carrier"), smpp("carrier", server.port)), ways=lambda _: (BY_SMS,)
        )
        pager.ring(call())
        assert pager.wait("H-1/0", seconds=60)

    assert seen == [[("sms", "carrier", "written")]]


def test_the_second_provider_is_asked_when_the_first_says_no_or_is_not_there(room: Room) -> None:
    refusing, taking = Centre(submit_statuses=[0x58]), Centre()

    with running(refusing.serve) as one, running(taking.serve) as two:
        text = smpp("gone", nobody()) + smpp("refusing", one.port) + smpp("taking", two.port)
        text += smpp("spare", nobody())
        pager = room.pager(
            room.settings(channels(sms="gone refusing taking spare"), text), ways=lambda _: (BY_SMS,)
        )
        pager.ring(call())
        assert pager.wait("H-1/0", seconds=60)

    assert room.rows() == [
        ("sms", "gone", "failed"),
        ("sms", "refusing", "refused"),
        ("sms", "taking", ACCEPTED),
    ]
    assert room.news.get(timeout=60) == News(
        key="H-1/0", person=4, channel="sms", outcome=Outcome.ACCEPTED, lost=False
    )


def test_a_provider_that_hangs_after_the_message_is_unknown_and_the_next_one_rings(room: Room) -> None:
    silent, taking = Centre(silent_at_submit=True), Centre()

    with running(silent.serve) as one, running(taking.serve) as two:
        text = smpp("silent", one.port, seconds=0.3) + smpp("taking", two.port)
        pager = room.pager(room.settings(channels(sms="silent taking"), text), ways=lambda _: (BY_SMS,))
        pager.ring(call())
        assert pager.wait("H-1/0", seconds=60)

    assert room.rows() == [("sms", "silent", "unknown"), ("sms", "taking", ACCEPTED)]


def test_a_provider_that_hangs_holds_up_no_other_way_and_no_other_person(room: Room) -> None:
    relay = Relay()

    with hanging() as one, running(relay.serve) as two:
        settings = room.settings(
            channels(sms="stuck", mail="relay"),
            smpp("stuck", one.port, seconds=60, at_once=1),
            mail("relay", two.port),
        )
        pager = room.pager(settings)
        for person in range(20):
            pager.ring(call(f"H-1/{person}", person=person))
        told = [room.news.get(timeout=60) for _ in range(20)]

    assert {(news.channel, news.outcome) for news in told} == {("mail", Outcome.ACCEPTED)}
    assert {news.person for news in told} == set(range(20))


def test_whoever_waits_for_a_busy_provider_goes_on_to_the_next_in_time(room: Room) -> None:
    taking = Centre()

    with hanging() as one, running(taking.serve) as two:
        text = smpp("stuck", one.port, seconds=0.4, at_once=1) + smpp("taking", two.port)
        pager = room.pager(room.settings(channels(sms="stuck taking"), text), ways=lambda _: (BY_SMS,))
        for number in range(6):
            pager.ring(call(f"H-1/{number}"))
        for number in range(6):
            assert pager.wait(f"H-1/{number}", seconds=60)

    assert len(taking.got) == 6
    busy = [row for number in range(6) for row in room.deliveries().of(f"H-1/{number}")]
    assert {row.said for row in busy if row.outcome is Outcome.FAILED} >= {"the provider is busy"}


def test_one_key_rings_once_whoever_asks_and_however_often(room: Room) -> None:
    centre = Centre()

    with running(centre.serve) as server:
        settings = room.settings(channels(sms="carrier"), smpp("carrier", server.port))
        pager = room.pager(settings, ways=lambda _: (BY_SMS,))
        askers = [Thread(target=pager.ring, args=(call(),)) for _ in range(8)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert pager.wait("H-1/0", seconds=60)
        second = room.pager(settings, ways=lambda _: (BY_SMS,))
        second.ring(call())
        second.ring(call("H-1/1"))
        assert second.wait("H-1/1", seconds=60)

    assert len(centre.got) == 2


def test_what_a_stop_interrupted_rings_again_at_once_and_says_that_it_is_not_known(room: Room) -> None:
    centre = Centre(silent_at_submit=True)

    with running(centre.serve) as server:
        settings = room.settings(channels(sms="carrier"), smpp("carrier", server.port, seconds=60))
        first = room.pager(settings, ways=lambda _: (BY_SMS,))
        first.ring(call())
        wait_until(lambda: len(centre.got) == 1)
        first.stop()
        centre.silent_at_submit = False
        second = room.pager(settings, ways=lambda _: (BY_SMS,))
        assert second.wait("H-1/0", seconds=60)

    assert room.rows() == [("sms", "carrier", "unknown"), ("sms", "carrier", ACCEPTED)]


def test_a_board_is_not_told_twice_after_a_stop(room: Room) -> None:
    web = Web(answer=b"")
    hung = Event()

    def serve(connection: object) -> None:
        web.serve(connection)  # type: ignore[arg-type]  # a socket, which this does not look at
        hung.wait(60)

    with running(serve) as server:
        settings = room.settings(channels(wall="board"), board("board", server.port, seconds=60))
        first = room.pager(settings, ways=lambda _: ())
        first.ring(call())
        wait_until(lambda: len(web.got) == 1)
        first.stop()
        hung.set()
        second = room.pager(settings, ways=lambda _: ())
        assert second.wait("H-1/0", seconds=60)

    assert len(web.got) == 1
    assert room.rows() == [("wall", "board", "unknown")]


def test_what_was_taken_before_a_stop_does_not_ring_again(room: Room) -> None:
    relay = Relay()

    with running(relay.serve) as one, hanging() as two:
        settings = room.settings(
            channels(sms="stuck", mail="relay"),
            smpp("stuck", two.port, seconds=60),
            mail("relay", one.port),
        )
        first = room.pager(settings)
        first.ring(call())
        assert room.news.get(timeout=60).channel == "mail"
        first.stop()
        second = room.pager(settings)
        second.end("H-1/0")
        assert second.wait("H-1/0", seconds=60)

    assert len(relay.got) == 1


@pytest.mark.parametrize(
    ("reason", "age"), [(Reason.CALL, 3600), (Reason.AGAIN, 901), (Reason.TEST, 5), (Reason.PROOF, 5)]
)
def test_what_is_long_over_and_what_somebody_sat_waiting_for_is_not_taken_up(
    room: Room, reason: Reason, age: int
) -> None:
    room.deliveries().ask(Ring(key="old", person=4, reason=reason), now=clock.now() - age)

    pager = room.pager(room.settings(channels(sms="gone"), smpp("gone", nobody())))

    assert pager.wait("old", seconds=60)
    assert room.rows("old") == []


def test_a_ring_is_lost_when_no_way_is_left_and_not_before(room: Room) -> None:
    with running(Centre(password="x").serve) as one, running(Relay(recipient=b"550 no\r\n").serve) as two:
        pager = room.pager(
            room.settings(
                channels(sms="carrier", mail="relay", wall="logs"),
                smpp("carrier", one.port),
                mail("relay", two.port),
                f'[providers.logs]\nkind = "syslog"\nhost = "127.0.0.1"\nport = {nobody()}\n',
            )
        )
        pager.ring(call())
        told = [room.news.get(timeout=60) for _ in range(2)]

        assert pager.wait("H-1/0", seconds=60)

        assert pager.was_lost("H-1/0")
    assert [news.lost for news in told] == [False, True]
    assert {news.outcome for news in told} == {Outcome.REFUSED}


def test_a_ring_of_which_one_way_was_taken_is_not_lost(room: Room) -> None:
    with running(Relay().serve) as server:
        pager = room.pager(
            room.settings(
                channels(sms="gone", mail="relay"), smpp("gone", nobody()), mail("relay", server.port)
            )
        )
        pager.ring(call())
        told = [room.news.get(timeout=60) for _ in range(2)]
        assert pager.wait("H-1/0", seconds=60)

        assert not pager.was_lost("H-1/0")
        assert not pager.was_lost("never asked for")
    assert not any(news.lost for news in told)


def fails(_person: int) -> tuple[Addressee, ...]:
    raise sqlite3.DatabaseError("house.db is malformed")


@pytest.mark.parametrize(
    "ways",
    [lambda _: (), lambda _: (way(3, Channel.VOICE, PHONE),), fails],
    ids=["no way", "no provider", "no tables"],
)
def test_a_person_whom_nothing_can_ring_is_lost_at_once(room: Room, ways: object) -> None:
    pager = room.pager(
        room.settings(channels(sms="gone"), smpp("gone", nobody())),
        ways=ways,  # type: ignore[arg-type]  # three of one type
    )

    pager.ring(call())

    assert room.news.get(timeout=60).lost
    assert pager.wait("H-1/0", seconds=60)


def test_an_act_of_a_person_ends_the_ringing(room: Room) -> None:
    taking = Centre()

    with hanging() as one, running(taking.serve) as two:
        text = smpp("stuck", one.port, seconds=60) + smpp("taking", two.port)
        pager = room.pager(room.settings(channels(sms="stuck taking"), text), ways=lambda _: (BY_SMS,))
        pager.ring(call())
        wait_until(lambda: one.connected == 1)
        pager.end("H-1/0")
        assert pager.wait("H-1/0", seconds=60)

        assert two.connected == 0
    assert room.rows() == [("sms", "stuck", "failed")]


@pytest.mark.parametrize("breaks_before_the_start", [True, False], ids=["before", "after"])
def test_whatever_is_wrong_with_the_file_people_are_rung(
    room: Room, *, breaks_before_the_start: bool
) -> None:
    centre, deliveries = Centre(), room.deliveries()

    with running(centre.serve) as server:
        settings = room.settings(channels(sms="carrier"), smpp("carrier", server.port))
        pager = Pager(settings, deliveries, ways=lambda _: (BY_SMS,), told=room.news.put)
        if breaks_before_the_start:
            deliveries.close()
        pager.start()
        deliveries.close()
        for key in ("H-1/0", "H-1/0", "H-1/1"):
            pager.ring(call(key))
        told = [room.news.get(timeout=60) for _ in range(2)]
        pager.stop()

    assert {(news.key, news.outcome) for news in told} == {
        ("H-1/0", Outcome.ACCEPTED),
        ("H-1/1", Outcome.ACCEPTED),
    }
    assert len(centre.got) == 2


def test_a_file_that_somebody_holds_keeps_nobody_from_being_rung(room: Room) -> None:
    relay = Relay()

    with running(relay.serve) as server, closing(Deliveries(room.path, busy_seconds=0.1)) as deliveries:
        settings = room.settings(channels(mail="relay"), mail("relay", server.port))
        pager = Pager(settings, deliveries, ways=lambda _: (BY_MAIL,), told=room.news.put)
        pager.start()
        with closing(sqlite3.connect(room.path, isolation_level=None)) as holding:
            holding.execute("BEGIN IMMEDIATE")
            pager.ring(call())

            assert room.news.get(timeout=60).outcome is Outcome.ACCEPTED
        pager.stop()


def test_a_listener_that_fails_does_not_end_the_ringing(room: Room) -> None:
    centre = Centre()

    def told(news: News) -> None:
        raise RuntimeError(news.key)

    with running(centre.serve) as server:
        settings = room.settings(channels(sms="carrier"), smpp("carrier", server.port))
        pager = room.pager(settings, ways=lambda _: (BY_SMS,), told=told)
        for number in range(3):
            pager.ring(call(f"H-1/{number}"))
            assert pager.wait(f"H-1/{number}", seconds=60)

    assert len(centre.got) == 3


def test_a_proof_goes_by_one_way_alone_and_its_code_is_nowhere_on_disk(room: Room) -> None:
    relay = Relay(recipient=f"550 {MAIL} {PHONE} unknown\r\n".encode())

    with running(relay.serve) as server:
        settings = room.settings(
            channels(sms="gone", mail="relay", wall="logs"),
            smpp("gone", nobody()),
            mail("relay", server.port),
            f'[providers.logs]\nkind = "syslog"\nhost = "127.0.0.1"\nport = {nobody()}\n',
        )
        pager = room.pager(settings)
        pager.ring(
            Ring(key="proof/1", person=4, reason=Reason.PROOF, contact=BY_MAIL.contact.number, code="482913")
        )
        assert pager.wait("proof/1", seconds=60)

    assert room.rows("proof/1") == [("mail", "relay", "refused")]
    written = b"".join(path.read_bytes() for path in room.path.parent.glob("pager.db*"))
    assert b"relay" in written
    assert b"482913" not in written
    assert MAIL.encode() not in written


def test_what_was_written_down_as_failed_cannot_be_sent_any_more() -> None:
    attempt = trying()

    may_have_left = attempt.give_up()

    assert not may_have_left
    with pytest.raises(GivenUpError):
        attempt.commit()


def test_what_was_given_up_after_it_left_says_so() -> None:
    attempt = trying()
    attempt.commit()

    assert attempt.give_up()


def test_a_thousand_rings_that_are_known_cost_nothing(room: Room) -> None:
    pager = room.pager(room.settings(), ways=lambda _: ())
    rings = [call(f"H-{number}/0") for number in range(1000)]
    for ring in rings[:50]:
        pager.ring(ring)
    began = time.thread_time()

    for _ in range(20):
        for ring in rings[:50]:
            pager.ring(ring)

    # What the processor did for it, whatever else it has to do.
    assert time.thread_time() - began < 0.1


def wait_until(condition: object, *, seconds: float = 60) -> None:
    """Wait for what another thread brings about; it cannot call."""
    assert callable(condition)
    end = time.monotonic() + seconds  # noqa: TID251 - how long a test waits
    pause = Event()
    while not condition():
        assert time.monotonic() < end  # noqa: TID251 - how long a test waits
        pause.wait(0.005)


def test_the_file_belongs_to_its_owner_alone(room: Room) -> None:
    room.deliveries()

    assert [oct(path.stat().st_mode & 0o777) for path in Path(room.path.parent).glob("pager.db*")][:1] == [
        "0o600"
    ]
