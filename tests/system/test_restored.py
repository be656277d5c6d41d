"""An old copy of a node's files is put back under real processes: noticed, and mended by the partner (F7).

before    both speak; each home is copied while the nodes rest; both go on speaking, and once more the same
restored  a copy of one home, or of both, takes the place of what is there; the anchor of the signer stays,
          since it lies on another disk, or went back with the rest
alone     a node that was set back and hears nobody says nothing, and signs nothing
together  each regains what the other has of its log, and goes on; what nobody else ever had is lost, and told
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest

from parley.ledger.append import append
from parley.ledger.drafts import Appended
from parley.ledger.losses import recover
from parley.protocol.strictjson import JsonObject
from parley.work.home import Home, node_name
from tests.node.served import until
from tests.system.load import Load
from tests.system.nodes import SCALE, Mail, Node, chance, inquiry, linked, running, tell
from tests.two_nodes.pair import LINK
from tools.checker import Said, check

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

MOMENTS: Final = ("before", "between")


@dataclass(frozen=True, kw_only=True)
class Case:
    """Who is set back to which moment, whether A's last word had left it before, and what is there then.

    `logs` is how many each then has: where a head that was signed is nowhere any more, the log ends and
    another goes on. `kept` are the moments of which everything acknowledged is with somebody.
    """

    to: Mapping[str, str]
    logs: Mapping[str, int]
    leaves: bool = True
    kept: tuple[str, ...] = (*MOMENTS, "after")


CASES: Final = {
    "one": Case(to={"a": "before"}, logs={"a": 1, "b": 1}),
    "one, after a word that nobody has": Case(to={"a": "between"}, leaves=False, logs={"a": 2, "b": 1}),
    "both, to the same moment": Case(
        to={"a": "before", "b": "before"}, logs={"a": 2, "b": 2}, kept=("before",)
    ),
    "both, to different moments": Case(
        to={"a": "before", "b": "between"}, logs={"a": 2, "b": 2}, kept=("before", "between")
    ),
}


@dataclass
class Story:
    """Two nodes that rest, and all that was acknowledged and receipted."""

    folder: Path
    nodes: tuple[Node, Node]
    said: list[Said] = field(default_factory=list)

    def speak(self, dice: Random, *, name: str, leaves: bool = True) -> None:
        """Let both speak until each has the other's receipt for everything, but for a last word of A's."""
        with running(*self.nodes) as two:
            for node in two.both:
                spoken = Load(node.home, name, kept=self.folder / "kept")
                drafts = [f"{name}.{node.home.root.name}.{number}" for number in range(dice.randint(2, 12))]
                assert all(spoken.say(draft) for draft in drafts), spoken.refused
                self.said += spoken.said
            until(two.are_even)
            if not leaves:
                two.b.stop()
                assert Load(two.a.home, name, kept=self.folder / "lost").say(f"{name}.last")

    def write(self, dice: Random, *, name: str, leaves: bool = True) -> None:
        """Do the same without processes, which take most of the time of a story."""
        a, b = (node.home for node in self.nodes)
        with closing(Mail(a, b)) as mail:
            for home in (a, b):
                names = [f"{name}.{home.root.name}.{number}" for number in range(dice.randint(2, 12))]
                done = mail.ledgers[home].append([inquiry(each) for each in names])
                self.said += [_said(home, *each) for each in zip(names, done, strict=True)]
            mail.settle()
            if not leaves:
                mail.ledgers[a].append([inquiry(f"{name}.last")])

    def set_back(self, to: Mapping[str, str], *, anchor_too: bool = False) -> list[Node]:
        """Set back each node that `to` names to that moment, and return them."""
        restored = [node for node in self.nodes if node.home.root.name in to]
        for node in restored:
            old, anchor = copy_of(node, to[node.home.root.name]), node.home.root.with_name("anchor")
            if not anchor_too:
                shutil.copytree(node.home.anchor, anchor)
            shutil.rmtree(node.home.root)
            shutil.copytree(old, node.home.root)
            if not anchor_too:
                shutil.rmtree(node.home.anchor)
                anchor.rename(node.home.anchor)
        return restored


def _said(home: Home, name: str, done: object) -> Said:
    assert isinstance(done, Appended), done
    return Said(node=node_name(home), draft=name, index=done.index, statement=done.statement.hex())


def copy_of(node: Node, moment: str) -> Path:
    return node.home.root.with_name(f"{node.home.root.name}-{moment}")


def story(folder: Path, dice: Random, *, speak: Callable[..., None], leaves: bool = True) -> Story:
    """Return two nodes that spoke and were copied, twice, and spoke again."""
    told = Story(folder=folder, nodes=linked(folder))
    for moment in MOMENTS:
        speak(told, dice, name=moment)
        for node in told.nodes:
            shutil.copytree(node.home.root, copy_of(node, moment))
    speak(told, dice, name="after", leaves=leaves)
    return told


@contextmanager
def alone(node: Node) -> Iterator[Node]:
    """Serve one node while the other rests."""
    node.start()
    try:
        node.wait()
        yield node
    finally:
        node.stop()


def signed(home: Home, *, of: Home) -> set[tuple[int, int]]:
    """Return size and time of every head of the node `of` that `home` holds."""
    sql = "SELECT size, signed_at FROM head_note JOIN log ON log = log.id WHERE node = ?"
    with closing(sqlite3.connect(f"file:{home.record}?mode=ro", uri=True)) as db:
        return set(db.execute(sql, (node_name(of),)))


def loss(node: Node) -> JsonObject | None:
    """Return what core says of its own log, None if it is whole."""
    lost = recover(node.home, LINK)["lost"]
    assert lost is None or isinstance(lost, dict)
    return lost


def goes_on(told: Story, dice: Random) -> tuple[str, ...]:
    """Let both speak once more, and return what is wrong at the end."""
    told.speak(dice, name="later")
    a, b = told.nodes
    assert not {"fork", "returned_less", "not_extended"} & (a.alarms() | b.alarms())
    return check(a.home, b.home, told.said)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("_round", range(SCALE))
def test_a_node_that_was_set_back_signs_nothing_before_it_has_its_log_again(
    tmp_path: Path, name: str, _round: int, record_property: Callable[[str, object], None]
) -> None:
    dice, case = chance(), CASES[name]
    record_property("tries", len(case.to))
    told = story(tmp_path, dice, speak=Story.write, leaves=case.leaves)
    restored = told.set_back(case.to)

    for node in restored:
        before = signed(node.home, of=node.home)
        with alone(node):
            assert loss(node) is not None
            (early,) = append(node.home, [inquiry("early")])
            assert "recovering" in str(early)
        assert signed(node.home, of=node.home) == before

    with running(*told.nodes) as two:
        until(lambda: loss(two.a) is None and loss(two.b) is None and two.are_even())
        logs = {node.home.root.name: recover(node.home, LINK)["logs"] for node in two.both}
    assert logs == case.logs
    # What both disks lost nobody has; nothing older is touched.
    told.said = [each for each in told.said if each.draft.partition(".")[0] in case.kept]
    assert goes_on(told, dice) == ()
    tell(f"{name}: {len(told.said)} acknowledged, logs {logs}")


@pytest.mark.parametrize("_round", range(SCALE))
def test_where_the_anchor_went_back_too_the_partner_shows_it_and_two_officers_confirm(
    tmp_path: Path, _round: int
) -> None:
    dice = chance()
    told = story(tmp_path, dice, speak=Story.speak)
    a, b = told.nodes
    told.set_back({"a": "before"}, anchor_too=True)
    before = signed(a.home, of=a.home) | signed(b.home, of=a.home)

    with running(b, a):
        until(partial(is_shown, a))
        assert signed(a.home, of=a.home) <= before
        lost = loss(a)
        assert lost is not None
        recover(a.home, LINK, decides=str(lost["digits"]))
        until(lambda: loss(a) is None)

    assert goes_on(told, dice) == ()
    tell(f"{len(told.said)} acknowledged")


def is_shown(node: Node) -> bool:
    """Return whether the partner has shown a head of ours that our own disk knows nothing of."""
    lost = loss(node)
    return lost is not None and lost["cause"] == "elsewhere"
