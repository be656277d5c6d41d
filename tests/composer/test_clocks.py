"""The clocks that an inquiry would start: on the calendar of those who owe, with the other beside it."""

from datetime import UTC, datetime

from parley.composer.queries.clocks import limit_text
from parley.inquiries.forms.forecast import forecast
from parley.protocol.inquiries.codes import Clock, Want
from parley.protocol.officetime import default_calendar, read_limit
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import default_terms, read_terms
from tests.two_nodes.pair import A, B

# Monday 28 September 2026, 09:00 UTC.
MONDAY = int(datetime(2026, 9, 28, 9, tzinfo=UTC).timestamp())


def test_a_holiday_of_the_side_that_does_not_owe_counts_for_nothing_and_is_shown() -> None:
    holidays: list[JsonValue] = [f"2026-10-{day:02}" for day in range(1, 8)]
    ours: dict[str, JsonValue] = {**default_calendar(), "closed": holidays, "made_up": ["2026-10-10"]}
    theirs = default_calendar(offset_minutes=-240)
    terms = read_terms(default_terms({A: ours, B: theirs}, world="demo", kinds={"inquiry.sent": 1}))

    dues = {
        due.clock: due
        for due in forecast(terms, [Want.MITIGATE, Want.CONFIRM], urgency="U3", debtor=B, now=MONDAY)
    }

    assert list(dues) == [Clock.ACKNOWLEDGE, Clock.ADMIT, Clock.MITIGATE, Clock.EVIDENCE]
    acknowledge = dues[Clock.ACKNOWLEDGE]
    assert acknowledge.due_at == int(datetime(2026, 10, 6, 4, tzinfo=UTC).timestamp())
    assert acknowledge.not_used == int(datetime(2026, 10, 11, tzinfo=UTC).timestamp())
    assert acknowledge.apart == 5


def test_limits_are_said_in_words() -> None:
    said = [limit_text(read_limit(text)) for text in ("30m", "1h", "2d", "5wd", "1wd")]

    assert said == ["30 minutes", "1 hour", "2 days", "5 working days", "1 working day"]
