"""Whether the other side's desk is watched: told where both agreed, once a minute, and never kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from parley.ledger.offers import Offer, read_offer
from parley.links.actions.opening import offer_text
from parley.node.presence import Presence, agreed_links
from parley.protocol.breach import BreachError
from parley.protocol.names import HOT, MAIN
from parley.protocol.parcel import seal_parcel
from parley.protocol.presence import AHEAD_SECONDS, HOLDS_SECONDS, STEP_SECONDS
from parley.protocol.strictjson import JsonValue, read, write
from tests.two_nodes.pair import LINK, A, B, Nodes, Sent

CHANNEL = f"demo/{LINK}/{MAIN}"


@dataclass
class Desks(Nodes):
    """Two nodes that tell each other of their desks; `watched` are those whose desk is watched now."""

    agreeing: tuple[str, ...] = (A, B)

    def __post_init__(self) -> None:
        self.watched: set[str] = set()
        self.looked = 0
        super().__post_init__()
        self.presences = {node: self._presence(node) for node in self.names}
        self.link(A, B)
        self.open(A, B)
        for node, presence in self.presences.items():
            with self.reader(node) as reader:
                presence.agree(agreed_links(reader))
            self.ledgers[node].presence = presence

    def offer(self, node: str) -> Offer:
        return replace(super().offer(node), watch_shown=node in self.agreeing)

    def _presence(self, node: str) -> Presence:
        def is_watched() -> bool:
            self.looked += 1
            return node in self.watched

        return Presence(is_watched=is_watched, now=self.clocks[node])

    def prompt(self, node: str = A, *, lane: str = MAIN) -> Sent:
        """Carry a parcel that is sent even when there is no news, and return it."""
        self.carry(node, B if node == A else A, prompt=True, lane=lane)
        return self.sent[-2]

    def pass_time(self, seconds: int) -> None:
        for clock in self.clocks.values():
            clock.time += seconds

    def next_minute(self) -> int:
        """Go on to the begin of the next minute, and return it."""
        self.pass_time(STEP_SECONDS - self.clocks[A].time % STEP_SECONDS)
        return self.clocks[A].time

    def seen_by(self, node: str) -> int | None:
        """Return the minute for which `node` shows the other desk as watched; None: not confirmed."""
        return self.presences[node].confirmed().get(LINK)

    def forged(self, minute: int | None) -> None:
        """Have B take a parcel of A's own keys that says `minute`."""
        said = self.opened(self.prompt(), CHANNEL)
        raw = seal_parcel(
            replace(said, presence=minute),
            link_seed=self.keys(A).sets[0].link,
            seal_public=self.offer(B).card.card.seal_x_wing,
            suite=self.suite,
        )
        self.bring(A, B, raw)


@pytest.fixture(name="desks")
def fixture_desks(tmp_path: Path) -> Iterator[Desks]:
    desks = Desks(tmp_path, lanes=(MAIN, HOT))
    yield desks
    desks.stop()


@pytest.mark.parametrize("lane", [MAIN, HOT])
def test_a_desk_that_is_watched_is_told_of_with_the_next_parcel(desks: Desks, lane: str) -> None:
    desks.watched.add(A)
    minute = desks.next_minute()

    desks.prompt(lane=lane)

    assert desks.seen_by(B) == minute
    assert desks.seen_by(A) is None


def test_an_answer_tells_as_a_parcel_does(desks: Desks) -> None:
    desks.watched.add(B)
    minute = desks.next_minute()

    desks.prompt(A)

    assert desks.seen_by(A) == minute


def test_nobody_is_told_where_one_side_did_not_agree(tmp_path: Path) -> None:
    desks = Desks(tmp_path, agreeing=(A,))
    desks.watched |= {A, B}
    desks.next_minute()

    parcel = desks.opened(desks.prompt(), CHANNEL)
    desks.forged(desks.clocks[A].time)

    desks.stop()
    assert parcel.presence is None
    assert desks.looked == 0
    assert (desks.seen_by(A), desks.seen_by(B)) == (None, None)


def test_what_is_not_said_again_is_not_confirmed_and_never_unwatched(desks: Desks) -> None:
    desks.watched.add(A)
    minute = desks.next_minute()
    desks.prompt()

    desks.pass_time(HOLDS_SECONDS - 1)
    assert desks.seen_by(B) == minute
    desks.pass_time(1)

    assert desks.seen_by(B) is None


def test_a_desk_that_was_left_is_not_confirmed_from_the_next_minute_on(desks: Desks) -> None:
    desks.watched.add(A)
    desks.next_minute()
    desks.prompt()
    desks.watched.clear()

    desks.next_minute()
    desks.prompt()

    assert desks.seen_by(B) is None


def test_who_asks_a_thousand_times_a_minute_learns_no_more_than_who_asks_once(desks: Desks) -> None:
    desks.watched.add(A)
    desks.next_minute()
    before = desks.looked
    told = set()

    for second in range(STEP_SECONDS):
        desks.watched ^= {A}
        told.add(desks.presences[A].word(LINK))
        told.add(desks.presences[A].word(f"{LINK}/{HOT}"))
        desks.pass_time(1 if second < STEP_SECONDS - 1 else 0)

    assert len(told) == 1
    assert desks.looked == before + 1


def test_a_parcel_is_of_one_size_whether_the_desk_is_watched_or_not(desks: Desks) -> None:
    desks.next_minute()
    without = desks.opened(desks.prompt(), CHANNEL)
    desks.watched.add(A)
    desks.next_minute()
    with_it = desks.opened(desks.prompt(), CHANNEL)

    assert (without.presence, with_it.presence) == (0, desks.clocks[A].time)
    sizes = {len(sent.raw) for sent in desks.sent[-4:] if sent.sender == A}
    assert len(sizes) == 1


def test_an_old_parcel_that_comes_again_revives_nothing(desks: Desks) -> None:
    desks.watched.add(A)
    desks.next_minute()
    old = desks.prompt()
    desks.watched.clear()
    desks.next_minute()
    desks.prompt()

    desks.bring(A, B, old.raw)

    assert desks.seen_by(B) is None


@pytest.mark.parametrize(
    "shift", [-HOLDS_SECONDS, AHEAD_SECONDS + STEP_SECONDS, STEP_SECONDS * 10**9], ids=str
)
def test_a_minute_that_nobody_could_have_seen_now_does_not_count(desks: Desks, shift: int) -> None:
    minute = desks.next_minute() + shift

    desks.forged(minute)

    assert desks.seen_by(B) is None


def test_by_a_clock_that_runs_ahead_a_word_holds_no_longer(desks: Desks) -> None:
    minute = desks.next_minute() + AHEAD_SECONDS

    desks.forged(minute)
    assert desks.seen_by(B) == minute
    desks.pass_time(HOLDS_SECONDS)

    assert desks.seen_by(B) is None


def test_nothing_of_it_is_kept_in_the_record_nor_carried_in_a_file(desks: Desks) -> None:
    desks.watched.add(A)
    desks.next_minute()
    entries = len(desks.rows(B))

    desks.prompt()
    carried = desks.ledgers[A].carry(LINK)

    assert carried is not None
    stick = Sent(sender=A, receiver=B, raw=carried.parcel)
    assert desks.opened(stick, CHANNEL).presence is None
    assert len(desks.rows(B)) == entries
    assert desks.alarms(B) == {}
    assert desks.digest(A) == desks.digest(B)


@pytest.mark.parametrize("wrong", [False, None, 1, "true", [True]], ids=str)
def test_an_offer_proposes_it_or_says_nothing_of_it(desks: Desks, wrong: JsonValue) -> None:
    raw = read(offer_text(desks.offer(A)).encode().strip())
    assert raw["watch_shown"] is True
    assert read_offer(write(raw), suite=desks.suite).watch_shown

    with pytest.raises(BreachError, match=r"§3\.5"):
        read_offer(write({**raw, "watch_shown": wrong}), suite=desks.suite)
    with pytest.raises(BreachError, match=r"§3\.5"):
        read_offer(write({**raw, "desk_shown": True}), suite=desks.suite)
