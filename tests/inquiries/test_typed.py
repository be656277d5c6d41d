"""What officers type: read exactly, or refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.inquiries.forms import typed
from parley.inquiries.forms.typed import TypedError
from parley.protocol.inquiries.bodies import read_said
from parley.protocol.inquiries.codes import Ground, Measure
from parley.protocol.strictjson import JsonValue

NOON = 1_793_610_000


@given(st.sets(st.integers(0, 4_999), min_size=1, max_size=50))
def test_items_are_read_as_they_are_spoken(numbers: set[int]) -> None:
    assert typed.read_items(typed.spoken_items(numbers)) == sorted(numbers)


@pytest.mark.parametrize(
    ("text", "items"), [("all", "all"), ("3", [3]), ("7,0-2", [0, 1, 2, 7]), (" 1 , 1-2 ", [1, 2])]
)
def test_items_are_all_or_a_rising_list(text: str, items: JsonValue) -> None:
    assert typed.read_items(text) == items


@pytest.mark.parametrize("text", ["", "x", "1-", "3-1", "-1", "5000", "1;2", "٣", "0,,1"])
def test_other_items_are_refused(text: str) -> None:
    with pytest.raises(TypedError) as refused:
        typed.read_items(text)

    assert refused.value.wanted == "items"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("0=confirmed", {"items": [0], "code": "confirmed"}),
        (
            "0,1=mitigated:content_removed@2026-11-02T09:10Z",
            {"items": [0, 1], "code": "mitigated", "measure": "content_removed", "at": 1_793_610_600},
        ),
        ("2=preserved:+60d", {"items": [2], "code": "preserved", "until": NOON + 60 * 86_400}),
        ("2=preserved@+60d", {"items": [2], "code": "preserved", "until": NOON + 60 * 86_400}),
        (
            "2=preserved:+60d@2026-11-02T17:10+08:00",
            {"items": [2], "code": "preserved", "until": NOON + 60 * 86_400, "at": 1_793_610_600},
        ),
        (
            "4=duplicate-of:A-112/3",
            {"items": [4], "code": "duplicate_of", "of": {"inquiry": "A-112", "n": 3}},
        ),
        ("5=already_down@-", None),
    ],
)
def test_a_finding_is_items_code_detail_and_time(text: str, finding: dict[str, JsonValue] | None) -> None:
    if finding is None:
        with pytest.raises(TypedError):
            typed.read_finding(text, now=NOON)
        return

    assert typed.read_finding(text, now=NOON) == finding


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mitigated", "finding"),
        ("all=confirmed", "items"),
        ("0=gone", "code"),
        ("0=mitigated", "code"),
        ("0=mitigated:burnt", "code"),
        ("0=preserved", "time"),
        ("0=preserved:soon", "time"),
        ("0=confirmed@2026-11-02T09:10", "zone"),
        ("0=confirmed:really", "finding"),
        ("0=duplicate_of:A-112", "item_of"),
    ],
)
def test_another_finding_is_refused_with_what_was_wanted(text: str, wanted: str) -> None:
    with pytest.raises(TypedError) as refused:
        typed.read_finding(text, now=NOON)

    assert refused.value.wanted == wanted


def test_a_word_that_is_no_code_is_answered_with_the_codes() -> None:
    with pytest.raises(TypedError) as refused:
        typed.read_code("burnt", Measure)

    assert "content_removed" in refused.value.choices


def test_codes_come_with_commas_or_repeated_and_each_once() -> None:
    assert typed.read_codes(["G13,g09", "G13"], Ground) == (Ground.OUTSIDE_ITEMS, Ground.OWN_PROCEEDINGS)


def test_findings_that_differ_in_their_items_alone_become_one() -> None:
    findings = [
        typed.read_finding(text, now=NOON)
        for text in ("2=confirmed", "0=mitigated:blocked", "1,0=confirmed", "3=mitigated:sinkholed")
    ]

    merged = typed.merged(findings)

    assert merged == [
        {"items": [0, 1, 2], "code": "confirmed"},
        {"items": [0], "code": "mitigated", "measure": "blocked"},
        {"items": [3], "code": "mitigated", "measure": "sinkholed"},
    ]
    assert typed.named_items(merged) == [0, 1, 2, 3]
    read_said("inquiry.answered", {"findings": merged})
