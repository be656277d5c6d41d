"""What the `d` of each statement may hold, and nothing else. Spec §8.2."""

from collections.abc import Mapping

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.inquiries import codes
from parley.protocol.inquiries.bodies import CLASSES, Sent, read_said
from parley.protocol.strictjson import JsonSource, read, write
from tests.protocol.world import USUAL, found

EMPTY = (
    "acknowledged",
    "supplied",
    "undertaken",
    "declined",
    "agreed",
    "time_refused",
    "status_asked",
    "closed",
)
GROUP: Mapping[str, JsonSource] = {"count": 1, "type": "information", "wants": ["information"]}
ITEM: Mapping[str, JsonSource] = {"inquiry": "A" * 43, "n": 0}

# Changes to a usual statement that make it wrong.
WRONG: tuple[tuple[str, Mapping[str, JsonSource]], ...] = (
    ("sent", {"urgency": "U4"}),
    ("sent", {"item": "Fraud"}),
    ("sent", {"groups": []}),
    ("sent", {"groups": [{**GROUP, "count": 0}]}),
    ("sent", {"groups": [{**GROUP, "count": 5_001}]}),
    ("sent", {"groups": [{**GROUP, "count": 2_501}] * 2}),
    ("sent", {"groups": [GROUP] * 257}),
    ("sent", {"groups": [{**GROUP, "wants": []}]}),
    ("sent", {"groups": [{**GROUP, "wants": ["confirm", "confirm"]}]}),
    ("sent", {"groups": [{**GROUP, "type": "malware"}]}),
    ("sent", {"batch": {"ref": "", "count": 1}}),
    ("sent", {"batch": {"ref": "x" * 65, "count": 1}}),
    ("sent", {"batch": {"ref": "\u00e9", "count": 1}}),
    ("sent", {"batch": {"ref": "B-1", "count": 0}}),
    ("sent", {"batch": {"ref": "B-1"}}),
    ("admitted", {"items": []}),
    ("admitted", {"items": "none"}),
    ("admitted", {"items": [1, 0]}),
    ("admitted", {"items": [0, 0]}),
    ("admitted", {"items": [-1]}),
    ("admitted", {"items": [5_000]}),
    ("admitted", {"items": [True]}),
    ("admitted", {"items": ["0"]}),
    ("admitted", {"items": None}),
    ("returned", {"fields": []}),
    ("returned", {"fields": [{"field": "url", "reason": "missing"}] * 2}),
    ("returned", {"fields": [{"field": "URL", "reason": "missing"}]}),
    ("returned", {"fields": [{"field": "url", "reason": "ugly"}]}),
    ("returned", {"items": [3, 2]}),
    ("progressed", {"code": "sleeping"}),
    ("referred", {"to": "nobody"}),
    ("conditioned", {"codes": []}),
    ("conditioned", {"codes": ["confidential", "confidential"]}),
    ("conditioned", {"due": -1}),
    ("postponed", {"ground": "G01"}),
    ("postponed", {"until": "2026-11-16"}),
    ("extended", {"clock": "acknowledge"}),
    ("extended", {"clock": "status"}),
    ("extended", {"reason": "late"}),
    ("answered", {"findings": []}),
    ("answered", {"findings": [found("no_data")]}),
    ("answered", {"findings": [{"items": "all", "code": "no_data"}]}),
    ("answered", {"findings": [found("no_data", 1, 0)]}),
    ("answered", {"findings": [{"items": [0], "code": "mitigated"}]}),
    ("answered", {"findings": [found("no_data", 0, measure="blocked")]}),
    ("answered", {"findings": [{"items": [0], "code": "preserved"}]}),
    ("answered", {"findings": [found("confirmed", 0, until=1)]}),
    ("answered", {"findings": [{"items": [0], "code": "duplicate_of"}]}),
    ("answered", {"findings": [found("confirmed", 0, of=ITEM)]}),
    ("answered", {"findings": [found("duplicate_of", 0, of={"inquiry": "A" * 42, "n": 0})]}),
    ("answered", {"findings": [found("duplicate_of", 0, of={"inquiry": "A" * 42 + "B", "n": 0})]}),
    ("answered", {"findings": [found("no_data", 0, sure=True)]}),
    ("answered", {"findings": [found("no_data", 0)] * 257}),
    ("refused", {"grounds": []}),
    ("refused", {"grounds": ["G22"]}),
    ("refused", {"grounds": ["G01", "G01"]}),
    ("corrected", {"items": [0], "findings": [found("no_data", 0)], "grounds": ["G01"]}),
    ("corrected", {"items": "all", "findings": [found("no_data", 0)]}),
    ("corrected", {"items": [0, 1], "findings": [found("no_data", 0)]}),
    ("corrected", {"items": [0], "findings": [found("no_data", 0, 1)]}),
    ("withdrawn", {"reason": "bored"}),
    ("rated", {"timely": 4}),
    ("rated", {"timely": -1}),
    ("rated", {"timely": True}),
    ("outcome_notified", {"outcome": "good"}),
    ("disputed", {"ground": "tone"}),
)


def said(kind: str, **more: JsonSource) -> object:
    """Return what a usual statement of `kind` says, changed by `more`, after a journey as JSON."""
    name = f"inquiry.{kind}"
    return read_said(name, read(write({**USUAL.get(name, {}), **more})))


@pytest.mark.parametrize("kind", [name.removeprefix("inquiry.") for name in CLASSES])
def test_the_usual_statement_of_each_kind_is_read(kind: str) -> None:
    assert type(said(kind)) is CLASSES[f"inquiry.{kind}"]


@pytest.mark.parametrize("kind", [name.removeprefix("inquiry.") for name in CLASSES])
def test_an_unknown_field_is_refused(kind: str) -> None:
    with pytest.raises(BreachError, match=r"^§8[.]2"):
        said(kind, remark="x")


@pytest.mark.parametrize("kind", [name.removeprefix("inquiry.") for name in CLASSES if name in USUAL])
def test_no_field_may_be_missing(kind: str) -> None:
    name = f"inquiry.{kind}"
    for field in USUAL[name]:
        d = {key: value for key, value in USUAL[name].items() if key != field}
        with pytest.raises(BreachError, match=r"^§8[.]2"):
            read_said(name, read(write(d)))


def test_what_needs_no_words_has_none() -> None:
    assert {f"inquiry.{kind}" for kind in EMPTY} == set(CLASSES) - set(USUAL)


@pytest.mark.parametrize(("kind", "change"), WRONG)
def test_what_is_impossible_is_refused(kind: str, change: Mapping[str, JsonSource]) -> None:
    with pytest.raises(BreachError, match=r"^§(8[.]2|6[.]3)"):
        said(kind, **change)


def test_an_inquiry_has_at_most_five_thousand_items() -> None:
    sent = said("sent", groups=[{**GROUP, "count": 2_500}] * 2)

    assert isinstance(sent, Sent)
    assert sent.count == 5_000


def test_a_finding_may_say_when_and_of_what() -> None:
    said("answered", findings=[found("mitigated", 0, at=1_795_000_000, measure="sinkholed")])
    said("answered", findings=[found("duplicate_of", 0, of=ITEM), found("preserved", 0, until=0)])


def test_the_codes_are_those_of_the_domain() -> None:
    assert [ground.value for ground in codes.Ground] == [f"G{n:02}" for n in range(1, 22)]
    assert [ground.value for ground in codes.Postponement] == ["P01", "P02", "P03"]
    assert {state.value for state in codes.FINAL} == {"answered", "refused", "withdrawn"}
