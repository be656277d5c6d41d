"""Rosters that others keep: sheets and calendars, and everything that may be wrong with them."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.roster.translate import MAX_BYTES, Planned, RosterError, Wrong, read_roster
from parley.watch.policy import Post

EIGHT = 1_795_305_600  # 2026-11-22T00:00Z, eight in the morning at UTC+8
HOUR = 3600
EAST = timezone(timedelta(hours=8))


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


DAY_SHIFT = "SUMMARY:desk 3\r\nDTSTART:20261122T000000Z\r\nDTEND:20261122T120000Z"
ONE = Planned(post=Post.DESK, who="3", begins=EIGHT, ends=EIGHT + 12 * HOUR, line=2)


@pytest.mark.parametrize(
    "text",
    [
        "post,person,begins,ends\ndesk,3,2026-11-22T08:00+08:00,2026-11-22T20:00+08:00\n",
        "Person;Ends;Post;Begins;Remark\n3;2026-11-22 12:00Z;DESK;2026-11-22 00:00Z;x\n",
        "岗位\t人员\t开始\t结束\r\n值班台\t3\t2026-11-22T08:00+08:00\t2026-11-22T20:00+08:00\r\n",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_in_either_language_and_with_any_comma(text: str, codec: str) -> None:
    assert read_roster(text.encode(codec)) == (ONE,)


def test_times_without_an_offset_are_those_of_the_zone_that_is_given_and_never_guessed() -> None:
    raw = b"post,person,begins,ends\ndesk,3,2026-11-22 08:00,2026-11-22 20:00\n"

    assert read_roster(raw, zone=EAST) == (ONE,)
    with pytest.raises(RosterError) as error:
        read_roster(raw)
    assert error.value.wrong == {2: Wrong.ZONE}


def test_everything_that_is_wrong_is_told_with_its_line() -> None:
    raw = (
        "post,person,begins,ends\n"
        "kitchen,3,2026-11-22T00:00Z,2026-11-22T12:00Z\n"
        "desk,,2026-11-22T00:00Z,2026-11-22T12:00Z\n"
        "desk,3,tomorrow,2026-11-22T12:00Z\n"
        "\n"
        "desk,3,2026-11-22T12:00Z,2026-11-22T12:00Z\n"
        "desk,3\n"
    )

    with pytest.raises(RosterError) as error:
        read_roster(raw.encode())

    assert error.value.wrong == {
        2: Wrong.POST,
        3: Wrong.PERSON,
        4: Wrong.TIME,
        6: Wrong.ENDS,
        7: Wrong.TIME,
    }


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", Wrong.HEADINGS),
        (b"a,b,c\n1,2,3\n", Wrong.HEADINGS),
        (b"post,person,begins,ends\n", Wrong.EMPTY),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", Wrong.EMPTY),
        (b"\xff\xff\xff", Wrong.ENCODING),
        (b"x" * (MAX_BYTES + 1), Wrong.TOO_LONG),
    ],
)
def test_a_file_that_is_no_roster_is_refused(raw: bytes, wrong: Wrong) -> None:
    with pytest.raises(RosterError) as error:
        read_roster(raw)

    assert set(error.value.wrong.values()) == {wrong}


@pytest.mark.parametrize(
    "event",
    [
        DAY_SHIFT,
        "SUMMARY:Desk: 3\r\nDTSTART;TZID=Etc/GMT-8:20261122T080000\r\nDTEND;TZID=Etc/GMT-8:20261122T200000",
        "SUMM\r\n ARY:desk\r\n  3\r\nDTSTART:20261122T000\r\n\t000Z\r\nDTEND:20261122T120000Z\r\nX-A;B=C:D",
    ],
)
def test_an_event_of_a_calendar_is_a_shift(event: str) -> None:
    (found,) = read_roster(calendar(event))

    assert (found.post, found.who, found.begins, found.ends) == (Post.DESK, "3", EIGHT, EIGHT + 12 * HOUR)


def test_a_floating_time_is_that_of_the_zone_that_is_given() -> None:
    event = DAY_SHIFT.replace("T000000Z", "T080000").replace("T120000Z", "T200000")

    (found,) = read_roster(calendar(event), zone=EAST)

    assert found.begins == EIGHT
    with pytest.raises(RosterError, match="zone"):
        read_roster(calendar(event))


def test_a_cancelled_event_is_no_shift() -> None:
    found = read_roster(calendar(DAY_SHIFT + "\r\nSTATUS:CANCELLED", DAY_SHIFT))

    assert len(found) == 1


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", [0, 1, 2]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", [0, 2, 4]),
        ("FREQ=WEEKLY;UNTIL=20261206T000000Z", [0, 7, 14]),
        ("FREQ=WEEKLY;WKST=MO;UNTIL=20261205T235959Z", [0, 7]),
    ],
)
def test_an_event_that_comes_again_is_as_many_shifts(rule: str, days: list[int]) -> None:
    found = read_roster(calendar(f"{DAY_SHIFT}\r\nRRULE:{rule}"))

    assert [(each.begins - EIGHT) // 86_400 for each in found] == days


def test_a_shift_that_comes_again_begins_at_the_same_time_on_the_wall() -> None:
    start, end = "DTSTART;TZID=CET:20261024T080000", "DTEND;TZID=CET:20261024T200000"

    one, other = read_roster(calendar(f"SUMMARY:desk 3\r\n{start}\r\n{end}\r\nRRULE:FREQ=DAILY;COUNT=2"))

    # The clocks go back in between.
    assert other.begins - one.begins == 25 * HOUR


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("RRULE:FREQ=DAILY", Wrong.RECURRENCE),
        ("RRULE:FREQ=MONTHLY;COUNT=2", Wrong.RECURRENCE),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=2", Wrong.RECURRENCE),
        ("RRULE:FREQ=DAILY;COUNT=0", Wrong.RECURRENCE),
        ("RRULE:FREQ=DAILY;COUNT=9999999999", Wrong.RECURRENCE),
        ("RRULE:FREQ=DAILY;COUNT=2;UNTIL=20261206T000000Z", Wrong.RECURRENCE),
        ("RRULE:FREQ=DAILY;UNTIL=99991206T000000Z", Wrong.TOO_LONG),
        ("RRULE:FREQ=WEEKLY;INTERVAL=5000;COUNT=5000", Wrong.TIME),
        ("EXDATE:20261123T000000Z", Wrong.RECURRENCE),
        ("DTSTART;VALUE=DATE:20261122", Wrong.TIME),
        ("DTSTART:20261332T000000Z", Wrong.TIME),
        ("DTSTART;TZID=Nowhere/Nothing:20261122T000000", Wrong.ZONE),
        ("DTSTART;TZID=../../etc/passwd:20261122T000000", Wrong.ZONE),
        ("DTEND:20261121T120000Z", Wrong.ENDS),
        ("SUMMARY:3", Wrong.POST),
        ("SUMMARY:", Wrong.POST),
        ("SUMMARY:desk", Wrong.PERSON),
    ],
)
def test_an_event_that_cannot_be_read_for_certain_is_refused(more: str, wrong: Wrong) -> None:
    with pytest.raises(RosterError) as error:
        read_roster(calendar(DAY_SHIFT, f"{DAY_SHIFT}\r\n{more}"))

    assert list(error.value.wrong.values()) == [wrong]


LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "SUMMARY:desk 3", "DTSTART:20261122T000000Z"),
        *("DTEND:20261122T120000Z", "RRULE:FREQ=DAILY;COUNT=2", " ", "\t3", "post,person,begins,ends"),
        "desk,3,2026-11-22T00:00Z,2026-11-22T12:00Z",
        '"',
    ]
)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(LINES | st.text(max_size=20)).map(lambda x: "\n".join(x).encode("utf-8", "replace")),
    )
)
def test_whatever_the_bytes_are_there_are_shifts_or_reasons(raw: bytes) -> None:
    found: tuple[Planned, ...] = ()
    wrong: dict[int, Wrong] = {}

    try:
        found = read_roster(raw, zone=UTC)
    except RosterError as error:
        wrong = error.wrong

    assert bool(found) != bool(wrong)
    assert all(each.begins < each.ends and each.who for each in found)
