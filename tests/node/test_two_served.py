"""Two nodes as they run at two countries: own processes, own files, one wire, and things that get killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import TypeAlias

import pytest

from parley.ledger.append import NobodyWritesError, append
from parley.ledger.cards import issuing, rotate_keys
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.evidence import key_cards
from parley.ledger.offers import write_offer
from parley.ledger.reading import Reader
from parley.protocol.strictjson import JsonObject
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError
from tests.node.served import Served, make_home, served, until
from tests.two_nodes.pair import INQUIRY, LINK, WORLD, A, B, offer_of

pytestmark = pytest.mark.slow

Nodes: TypeAlias = tuple[Served, Served]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Both nodes, linked and verified by what is asked through core.sock. All tests talk on one link."""
    folder = tmp_path_factory.mktemp("nodes")
    with served(make_home(folder / "a", A)) as a, served(make_home(folder / "b", B)) as b:
        for node, other in ((a, b), (b, a)):
            offers = {"mine": write(node.home), "theirs": write(other.home)}
            assert node.ask(ask="add_link", world=WORLD, name=None, **offers) == {"name": LINK}
            node.ask(ask="verify_link", link=LINK)
            node.ask(ask="sign_opening", link=LINK, draft="open", **offers)
        until(lambda: is_open(a) and is_open(b))
        yield a, b


def write(home: Home) -> str:
    offer = offer_of(home)
    raw = write_offer(note=offer.note, epoch=offer.epoch, names=offer.names, calendar=offer.calendar)
    return raw.decode()


def is_open(node: Served) -> bool:
    with closing(Reader(node.home)) as reader:
        return reader.links()[0].is_active


def stands(node: Served, statement: bytes) -> bool:
    with closing(Reader(node.home)) as reader:
        return reader.row(LINK, statement) is not None


def inquiry(key: str) -> Draft:
    body: JsonObject = {"title": {"lang": "en", "text": key}}
    return Draft(id=key, link=LINK, kind="inquiry.sent", d=INQUIRY, body=body)


def say(node: Served, draft: Draft) -> Appended:
    (said,) = append(node.home, [draft])
    assert isinstance(said, Appended)
    return said


def test_what_one_side_says_stands_at_the_other(nodes: Nodes) -> None:
    a, b = nodes

    sent = say(a, inquiry("one"))
    until(lambda: stands(b, sent.statement))
    taken = say(b, Draft(id="taken", link=LINK, kind="inquiry.acknowledged", d={}, re=sent.statement))

    until(lambda: stands(a, taken.statement))


def test_a_draft_that_is_brought_twice_becomes_one_entry(nodes: Nodes) -> None:
    a, _ = nodes

    assert say(a, inquiry("twice")) == say(a, inquiry("twice"))


def test_what_core_refuses_is_told_to_whoever_asked(nodes: Nodes) -> None:
    a, b = nodes

    (refused,) = append(a.home, [Draft(id="w", link=LINK, kind="inquiry.acknowledged", d={}, re=bytes(32))])
    assert isinstance(refused, RefusedError)
    with pytest.raises(UnknownLinkError):
        say(a, Draft(id="u", link="x-y", kind="received", d={}))
    with pytest.raises(CoreError, match="does not know"):
        a.ask(ask="something")
    with pytest.raises(CoreError) as twice:
        a.ask(ask="add_link", mine=write(a.home), theirs=write(b.home), world=WORLD, name=None)
    assert twice.value.code == "link_exists"


@pytest.mark.parametrize("side", [0, 1])
def test_the_views_follow_the_record(nodes: Nodes, side: int) -> None:
    node = nodes[side]

    sent = say(nodes[0], inquiry(f"view {side}"))
    until(lambda: stands(node, sent.statement))

    with closing(Reader(node.home)) as reader:
        until(lambda: node.ask(ask="status")["watermark"] == reader.last_change())


def test_the_couriers_tell_how_they_fare(nodes: Nodes) -> None:
    a, _ = nodes

    a.ask(ask="wake", link=None)

    until(lambda: all(each["error"] is None and each["waiting_since"] is None for each in fares(a)))
    # One in each lane, so that none stands behind another.
    assert [each["link"] for each in fares(a)] == [LINK, f"{LINK}/bulk", f"{LINK}/hot"]
    assert all(isinstance(each["attempted_at"], int) for each in fares(a))


def fares(node: Served) -> list[JsonObject]:
    match node.ask(ask="status"):
        case {"couriers": list(couriers)}:
            return [each for each in couriers if isinstance(each, dict)]
        case other:
            raise AssertionError(other)


def test_a_node_changes_its_keys_while_both_run(nodes: Nodes) -> None:
    a, b = nodes
    issued = rotate_keys(issuing(a.home))
    sent = say(a, inquiry("by the new keys"))
    back = say(b, inquiry("sealed to the new key"))

    until(lambda: stands(b, sent.statement) and stands(a, back.statement))
    assert issued.card.next_keys is not None
    assert not issued.refused
    with closing(Reader(b.home)) as reader:
        _, theirs = key_cards(reader, LINK)
        status = reader.status(LINK)
    assert (theirs.serial, theirs.is_next_promised) == (2, True)
    assert status is not None
    assert not status.alarms


def test_any_process_may_be_killed_at_any_moment(nodes: Nodes) -> None:
    a, b = nodes
    sent = []
    for number in range(12):
        with suppress(ProcessLookupError):
            os.kill(nodes[number % 2].pids()[("core", "signer", "pages")[number % 3]], signal.SIGKILL)
        sent.append(persist(a, inquiry(f"killed {number}")))

    until(lambda: all(stands(b, each.statement) for each in sent))
    assert len({each.index for each in sent}) == 12


def persist(node: Served, draft: Draft) -> Appended:
    """Bring `draft` until it stands; how often it is brought does not matter."""
    said: list[Appended] = []

    def try_once() -> bool:
        with suppress(NobodyWritesError, BrokenCoreError):
            said.append(say(node, draft))
        return bool(said)

    until(try_once)
    return said[0]
