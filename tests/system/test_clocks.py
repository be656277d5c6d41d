"""One node's clock is wrong by ten years, or runs twice as fast: order and limits stay, and it is told (F9).

A shim moves the wall clock of B's processes; spans of waiting go by another clock, which stays.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.reading import Reader
from parley.protocol.inquiries.account import account
from tests.node.served import until
from tests.system.nodes import SCALE, Mail, Node, Two, inquiry, linked, running, tell
from tests.two_nodes.pair import LINK
from tools.checker import check
from tools.powercut import build

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

TEN_YEARS: Final = 3_652 * 86_400
SKEWS: Final[Mapping[str, tuple[Mapping[str, str], tuple[bool, bool]]]] = {
    "ten years ahead": ({"WRONGCLOCK_SECONDS": f"{TEN_YEARS}"}, (True, False)),
    "ten years behind": ({"WRONGCLOCK_SECONDS": f"-{TEN_YEARS}"}, (False, True)),
    "twice as fast": ({"WRONGCLOCK_RATE": "2"}, (True, False)),
}
"""How the clock of B is wrong, and whether A, whose clock is right, and B then find the other's ahead."""


def say(node: Node, draft: Draft) -> Appended:
    (done,) = append(node.home, [draft])
    assert isinstance(done, Appended), done
    return done


def told(node: Node, statement: bytes) -> str:
    """Return all that the record says of an inquiry: its state, who must do what, and by when."""
    with closing(Reader(node.home)) as reader:
        folded = reader.thread(LINK, statement)
        assert folded is not None
        return repr(account(folded.inquiry))


@pytest.mark.parametrize("skew", SKEWS)
def test_a_wrong_clock_changes_neither_order_nor_limits(tmp_path: Path, skew: str) -> None:
    a, b = linked(tmp_path)
    with closing(Mail(a.home, b.home)) as mail:
        (asked,) = mail.ledgers[a.home].append([inquiry("before")])
        mail.settle()
    assert isinstance(asked, Appended)
    before = told(a, asked.statement)

    b.more = {"LD_PRELOAD": str(build(tmp_path, "wrongclock")), **SKEWS[skew][0]}
    with running(a, b) as two:
        assert told(a, asked.statement) == told(b, asked.statement) == before
        places = {
            node.log: [say(node, inquiry(f"{node.log.stem}.{n}")).index for n in range(5)]
            for node in two.both
        }
        say(b, Draft(id="taken", link=LINK, kind="inquiry.acknowledged", d={}, re=asked.statement))
        until(two.are_even)
        notice(two, skew)
        assert told(a, asked.statement) == told(b, asked.statement)

    assert all(each == sorted(each) for each in places.values())
    assert check(a.home, b.home) == ()


def notice(two: Two, skew: str) -> None:
    """Check that whoever's clock is behind says that the other's is ahead."""
    tell(f"{skew}: alarms at A {sorted(two.a.alarms())}, at B {sorted(two.b.alarms())}")
    assert tuple("ahead_of_clock" in node.alarms() for node in two.both) == SKEWS[skew][1]
