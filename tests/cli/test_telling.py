"""What an act says, and why a clock stands: in words, whatever the other side wrote."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.cli.inquiry.timing import why
from parley.inquiries.forms.telling import said_text
from parley.inquiries.queries import TimerRow
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.kinds import KINDS
from parley.ui import words

NINE = 1_793_610_000
TIMER = TimerRow(
    items="0-2",
    clock="evidence",
    limit="30d",
    phase=Phase.RUNNING,
    started_at=NINE,
    due_at=NINE + 30 * 86_400,
    paused_since=None,
    left=0,
    stopped_at=None,
    stopped_by="",
    is_extended=False,
    pauses=(),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "items",
    "findings",
    "grounds",
    "ground",
    "fields",
    "codes",
    "until",
    "due",
    "clock",
    "reason",
    "of",
)


@pytest.mark.parametrize(
    ("kind", "d", "said"),
    [
        (
            "inquiry.answered",
            {
                "findings": [
                    {"items": [0, 1], "code": "mitigated", "measure": "blocked", "at": NINE},
                    {"items": [2], "code": "duplicate_of", "of": {"inquiry": "A" * 43, "n": 7}},
                ]
            },
            "items 0-1: mitigated (blocked, 2026-11-02 09:00Z); item 2: duplicate of (aaaaaaaa/7)",
        ),
        (
            "inquiry.refused",
            {"items": "all", "grounds": ["G13"]},
            "all items: G13 outside the agreed items of cooperation",
        ),
        (
            "inquiry.returned",
            {"items": [3], "fields": [{"field": "url", "reason": "unclear"}]},
            "item 3: web address: unclear",
        ),
        (
            "inquiry.extended",
            {"items": "all", "clock": "evidence", "until": NINE, "reason": "volume"},
            "all items: evidence; volume; until 2026-11-02 09:00Z",
        ),
        (
            "inquiry.conditioned",
            {"items": [0], "codes": ["confidential"], "due": NINE},
            "item 0: confidential; until 2026-11-02 09:00Z",
        ),
        (
            "inquiry.rated",
            {"timely": 3, "complete": 2, "usable": 1, "understandable": 0},
            "timely 3 of 3; complete 2 of 3; usable 1 of 3; understandable 0 of 3",
        ),
        ("inquiry.withdrawn", {"items": [1], "reason": "solved"}, "item 1: solved"),
        ("inquiry.acknowledged", {}, ""),
    ],
)
def test_an_act_is_told_from_its_codes(kind: str, d: dict[str, object], said: str) -> None:
    assert said_text(kind, d, instant=words.instant) == said


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(FIELDS), values))
def test_no_act_of_the_other_side_breaks_the_telling(kind: str, d: dict[str, object]) -> None:
    assert isinstance(said_text(kind, d), str)


@pytest.mark.parametrize(
    ("timer", "said"),
    [
        (TIMER, "30 days from 2026-11-02 09:00Z"),
        (
            replace(TIMER, started_at=None, phase=Phase.NOT_STARTED),
            "30 days, from when their node says that it received it",
        ),
        (
            replace(TIMER, phase=Phase.PAUSED, pauses=((NINE, None),), left=12),
            "30 days from 2026-11-02 09:00Z; paused since 2026-11-02 09:00Z; 12 days left when it goes on",
        ),
        (
            replace(TIMER, limit="24h", phase=Phase.PAUSED, pauses=((NINE, None),), left=4_500),
            "24 h from 2026-11-02 09:00Z; paused since 2026-11-02 09:00Z; 1 h 15 min left when it goes on",
        ),
        (
            replace(TIMER, limit="5wd", phase=Phase.MET, stopped_at=NINE, stopped_by="x"),
            "5 working days from 2026-11-02 09:00Z; stopped by B 7 at 2026-11-02 09:00Z",
        ),
        (
            replace(TIMER, limit="30m", phase=Phase.ENDED, is_extended=True),
            "30 min from 2026-11-02 09:00Z; extended; nothing is owed any more",
        ),
    ],
)
def test_a_clock_says_why_it_stands_as_it_does(timer: TimerRow, said: str) -> None:
    assert why(timer, {"x": "B 7"}) == said
