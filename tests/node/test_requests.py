"""What core answers to a request, and how what the ledger raises travels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from parley.ledger.asking import read_results, read_verdict, write_draft
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.links import LeavesDemoError, LinkExistsError
from parley.ledger.offers import Offer
from parley.ledger.writer import StoppedError, StorageError, UnsignedError
from parley.node.requests import answer
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonObject, JsonSource, read, write
from parley.protocol.suite import Standard
from parley.protocol.voids import VALID, Verdict
from parley.work.sock import CoreError

DRAFT = Draft(
    id="one", link="a-b", kind="received", d={}, re=bytes(32), ref="14", body={"a": ["甲", None, 1]}
)
PLACE = Appended(link="a-b", letter="A", index=112, statement=bytes(range(32)))


@dataclass
class FakeLedger:
    """Remembers what it was told to write, or raises `fault`."""

    fault: Exception | None = None
    drafts: list[Draft] = field(default_factory=list)

    def names(self) -> tuple[str, ...]:
        return ("a-b", "a-c")

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        if self.fault is not None:
            raise self.fault
        self.drafts += drafts
        return [PLACE, RefusedError("wrong-state", "it is closed")]

    def check(self, draft: Draft) -> Verdict:
        self.drafts.append(draft)
        return VALID

    def add_link(self, mine: Offer, theirs: Offer, *, world: str, name: str | None = None) -> str:
        raise AssertionError((mine, theirs, world, name))

    def verify_link(self, link: str) -> None:
        raise UnknownLinkError(link)

    def sign_opening(self, link: str, mine: Offer, theirs: Offer, *, draft: str) -> Appended:
        raise AssertionError((link, mine, theirs, draft))


def asked(ledger: FakeLedger, request: dict[str, JsonSource]) -> JsonObject:
    """Ask as it comes over the socket: written and read once each way."""
    reply = answer(read(write(request)), ledger=ledger, suite=Standard())
    return read(write(dict(reply)))


def test_drafts_come_whole_and_each_has_its_own_result() -> None:
    ledger = FakeLedger()

    found = read_results(asked(ledger, {"ask": "append", "drafts": [write_draft(DRAFT)] * 2}))

    assert ledger.drafts == [DRAFT, DRAFT]
    assert found[0] == PLACE
    assert isinstance(found[1], RefusedError)
    assert (found[1].code, found[1].remark) == ("wrong-state", "it is closed")


def test_a_trial_brings_a_verdict() -> None:
    ledger = FakeLedger()

    assert read_verdict(asked(ledger, {"ask": "check", "draft": write_draft(DRAFT)})) == VALID
    assert ledger.drafts == [DRAFT]


def test_the_names_of_links_are_told() -> None:
    assert asked(FakeLedger(), {"ask": "names"}) == {"names": ["a-b", "a-c"]}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (UnknownLinkError("x-y"), "unknown_link"),
        (LinkExistsError("a-b"), "link_exists"),
        (LeavesDemoError("http://192.0.2.1"), "leaves_demo"),
        (StorageError("disk full"), "storage"),
        (UnsignedError("no signer"), "unsigned"),
        (StoppedError(), "stopped"),
        (BreachError("3.1", "no name"), "breach"),
    ],
)
def test_what_the_ledger_raises_travels_by_name(fault: Exception, code: str) -> None:
    with pytest.raises(CoreError) as caught:
        asked(FakeLedger(fault=fault), {"ask": "append", "drafts": []})

    assert caught.value.code == code


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"ask": None},
        {"ask": "appendix", "drafts": []},
        {"ask": "append"},
        {"ask": "append", "drafts": {}},
        {"ask": "append", "drafts": [1]},
        {"ask": "append", "drafts": [{**write_draft(DRAFT), "more": 1}]},
        {"ask": "append", "drafts": [{**write_draft(DRAFT), "re": "short"}]},
        {"ask": "check", "draft": None},
        {"ask": "verify_link", "link": 5},
    ],
)
def test_what_is_no_request_is_told_so_and_writes_nothing(request_: dict[str, JsonSource]) -> None:
    ledger = FakeLedger()

    with pytest.raises(CoreError) as caught:
        asked(ledger, request_)

    assert caught.value.code == "request"
    assert ledger.drafts == []


def test_an_offer_that_is_none_is_a_breach() -> None:
    with pytest.raises(CoreError) as caught:
        asked(FakeLedger(), {"ask": "add_link", "mine": "{}", "theirs": "{}", "world": "demo", "name": None})

    assert caught.value.code == "breach"
