"""A record and its signer: what is committed is signed once, whenever either of them went away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from parley.inquiries.views.showing.faults import fault_of
from parley.ledger.drafts import Appended
from parley.ledger.ledger import Ledger
from parley.ledger.signing import Signer
from parley.ledger.writer import UnsignedError
from parley.protocol.tree import Frontier
from parley.signer.anchor import Anchor, DiskFile
from parley.signer.desk import (
    Anchored,
    Asked,
    HeadsToSign,
    NoSignerError,
    Noted,
    RefusedToSignError,
    SigningDesk,
)
from parley.signer.keys import PublicKeys
from parley.signer.opening import HomeDesk
from parley.work.home import Home
from parley.work.lock import LockedError
from tests.signer.desks import NOON, tree_of
from tests.two_nodes.pair import INQUIRY, LINK, SUITE, A, B, Pair


@dataclass
class Shaky:
    """A desk that may be away, or sign and be killed before it answers."""

    desk: SigningDesk
    is_away: bool = False
    answers: bool = True
    asked: int = 0

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        self._check()
        self.asked += 1
        made = self.desk.sign(asked)
        if not self.answers:
            raise NoSignerError("killed before the answer")
        return made

    def anchor(self, origin: str) -> Anchored | None:
        self._check()
        return self.desk.anchor(origin)

    def lost(self) -> tuple[str, ...]:
        return self.desk.lost()

    def origins(self) -> tuple[str, ...]:
        return self.desk.origins()

    def anchored(self) -> tuple[Anchored, ...]:
        return self.desk.anchored()

    def begin(self, origin: str, *, retires: str | None = None) -> None:
        self._check()
        self.desk.begin(origin, retires=retires)

    def keep_receipt(self, origin: str, note: bytes) -> None:
        self._check()
        self.desk.keep_receipt(origin, note)

    def replace(self, origin: str, frontier: Frontier, *, confirmed: str, time: int) -> None:
        self.desk.replace(origin, frontier, confirmed=confirmed, time=time)

    def key_sets(self) -> tuple[PublicKeys, ...]:
        return self.desk.key_sets()

    def make_keys(self, number: int) -> PublicKeys:
        return self.desk.make_keys(number)

    def attest(self, text: bytes) -> bytes:
        return self.desk.attest(text)

    def seal(self, text: bytes, *, keys: bytes, time: int) -> bytes:
        return self.desk.seal(text, keys=keys, time=time)

    def close(self) -> None:
        self.desk.close()

    def _check(self) -> None:
        if self.is_away:
            raise NoSignerError("away")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


def shaken(pair: Pair, *, is_away: bool = False, answers: bool = True) -> Shaky:
    """Start A again, at a desk that may fail."""
    pair.ledgers[A].stop()
    desk = Shaky(HomeDesk(pair.homes[A], suite=pair.suite), is_away=is_away, answers=answers)
    pair.ledgers[A] = Ledger(pair.homes[A], suite=pair.suite, now=pair.clocks[A], desk=desk)
    pair.ledgers[A].start()
    return desk


def anchored(pair: Pair, node: str) -> Anchored:
    ledger = pair.ledgers[node]
    found = ledger._desk.anchor(ledger._slot(LINK).mine.current.origin)  # noqa: SLF001 - behind the door
    assert found is not None
    return found


def test_without_a_signer_nothing_is_lost_and_nothing_is_sent(pair: Pair) -> None:
    desk = shaken(pair)
    before = pair.standing(A)
    desk.is_away = True
    draft = pair.draft("inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "x"}})

    for _ in range(2):
        with pytest.raises(UnsignedError, match="away"):
            pair.ledgers[A].append([draft])
    assert pair.ledgers[A].unsigned == {LINK: "away"}
    assert pair.standing(A).mine.size == before.mine.size + 1
    assert not pair.ledgers[A].has_news(LINK)
    desk.is_away = False
    pair.ledgers[A].sign_again()

    assert pair.ledgers[A].unsigned == {}
    assert pair.standing(A).head_size == before.mine.size + 1
    (again,) = pair.ledgers[A].append([draft])
    assert isinstance(again, Appended)
    assert again.index == before.mine.size
    pair.settle()
    assert pair.is_settled()


def test_whoever_said_it_is_told_that_it_is_kept() -> None:
    fault = fault_of(UnsignedError("away"), side="B")

    assert (fault.code, fault.status) == ("unsigned", 503)
    assert "kept" in fault.safe


def test_what_came_without_a_signer_gets_its_receipt_when_it_is_back(pair: Pair) -> None:
    desk = shaken(pair)
    desk.is_away = True
    pair.sends(node=B)
    with pytest.raises(UnsignedError):
        pair.carry(B, A)
    assert pair.standing(B).receipted < pair.standing(B).mine.size

    desk.is_away = False
    pair.settle()

    assert pair.is_settled()


def test_a_signer_that_is_killed_before_it_answers_signs_no_size_twice(pair: Pair) -> None:
    desk = shaken(pair)
    desk.answers = False
    with pytest.raises(UnsignedError):
        pair.sends()
    kept = anchored(pair, A)
    desk.answers = True
    asked = desk.asked

    pair.ledgers[A].sign_again()

    assert desk.asked == asked
    assert pair.standing(A).head_note == kept.note
    pair.settle()
    assert pair.is_settled()


def test_what_was_committed_unsigned_is_signed_at_the_next_start(pair: Pair) -> None:
    desk = shaken(pair)
    desk.is_away = True
    with pytest.raises(UnsignedError):
        pair.sends()

    shaken(pair)

    assert pair.standing(A).head_size == pair.standing(A).mine.size
    pair.settle()
    assert pair.is_settled()


def test_nothing_begins_before_the_record_was_compared_with_the_anchor(pair: Pair) -> None:
    with pytest.raises(NoSignerError):
        shaken(pair, is_away=True)

    pair.ledgers[A]._desk.close()  # noqa: SLF001 - the ledger that did not start lets go of it
    pair.start(A)
    pair.sends()
    pair.settle()
    assert pair.is_settled()


def test_the_newest_receipt_of_the_partner_is_in_the_anchor(pair: Pair) -> None:
    pair.sends()
    pair.settle()

    pair.restart(A)

    with pair.reader(A) as reader:
        (note,) = reader.connection.execute("SELECT note FROM receipt ORDER BY size DESC LIMIT 1").fetchone()
    assert anchored(pair, A).receipt == note


def test_a_record_that_was_rolled_back_is_not_signed(pair: Pair) -> None:
    saved = _copy(pair.homes[A])
    pair.sends()
    pair.ledgers[A].stop()
    _put_back(pair.homes[A], saved)
    desk = Recording(HomeDesk(pair.homes[A], suite=SUITE))

    pair.ledgers[A] = Ledger(pair.homes[A], now=pair.clocks[A], desk=desk)
    pair.ledgers[A].start()

    assert "does not hold" in pair.ledgers[A].unsigned.get(LINK, "does not hold")
    assert not any(isinstance(each, HeadsToSign) for asked in desk.signed for each in asked)


@pytest.mark.parametrize(("history", "code"), [("longer", "beyond-record"), ("other", "other-root")])
def test_a_record_without_what_is_anchored_is_a_fault_and_gets_no_head(
    pair: Pair, history: str, code: str
) -> None:
    slot, found = pair.ledgers[A]._slot(LINK), anchored(pair, A)  # noqa: SLF001 - behind the door
    size = found.size + (history == "longer")
    told = replace(found, frontier=tree_of(size, history=history), notes=())
    desk = Remembering(pair.ledgers[A]._desk, told=told)  # noqa: SLF001 - likewise

    signed = Signer(slot._db, slot.facts, desk=desk, sets=slot.cards.sets).sign(slot.standing, now=NOON)  # noqa: SLF001 - likewise

    assert isinstance(signed.fault, RefusedToSignError)
    assert (signed.fault.code, signed.notes, desk.asked) == (code, (), 0)


@dataclass
class Remembering(Shaky):
    """A desk whose anchor knows something else of our log than the record does."""

    told: Anchored | None = None

    def anchor(self, origin: str) -> Anchored | None:
        assert self.told is not None
        return self.told if origin == self.told.origin else super().anchor(origin)


@pytest.mark.parametrize("where", ["anchor", "sign"])
def test_what_is_wrong_with_their_log_keeps_ours_from_nothing(pair: Pair, where: str) -> None:
    pair.sends(node=B)
    slot = pair.ledgers[A]._slot(LINK)  # noqa: SLF001 - behind the door
    theirs = slot.theirs.current.origin
    pair.ledgers[A].stop()
    desk = Biased(HomeDesk(pair.homes[A], suite=SUITE), against=theirs, where=where)
    pair.ledgers[A] = Ledger(pair.homes[A], now=pair.clocks[A], desk=desk)
    pair.ledgers[A].start()

    with pytest.raises(UnsignedError, match="lost-log"):
        pair.sends()

    assert pair.standing(A).head_size == pair.standing(A).mine.size
    assert pair.standing(A).owes_receipt


@dataclass
class Biased(Shaky):
    """A desk that lost the anchor of one log, and says so when it is `asked` or when it is to sign."""

    against: str = ""
    where: str = ""

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        if any(each.origin == self.against for each in asked):
            raise RefusedToSignError("lost-log", "damaged")
        return super().sign(asked)

    def anchor(self, origin: str) -> Anchored | None:
        return None if (origin, self.where) == (self.against, "anchor") else super().anchor(origin)

    def begin(self, origin: str, *, retires: str | None = None) -> None:
        if origin == self.against:
            raise RefusedToSignError("lost-log", "damaged")
        super().begin(origin, retires=retires)


class Recording(Shaky):
    """A desk that remembers what it signed."""

    def __init__(self, desk: SigningDesk) -> None:
        super().__init__(desk)
        self.signed: list[Sequence[Asked]] = []

    def sign(self, asked: Sequence[Asked]) -> tuple[tuple[Noted, ...], ...]:
        made = super().sign(asked)
        self.signed.append(asked)
        return made


def _copy(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.root.glob("record.db*")}


def _put_back(home: Home, saved: dict[Path, bytes]) -> None:
    for path in home.root.glob("record.db*"):
        path.unlink()
    for path, raw in saved.items():
        path.write_bytes(raw)


class CountingFile(DiskFile):
    """An anchor that counts its flushes."""

    syncs = 0

    def sync(self) -> None:
        self.syncs += 1
        super().sync()


@pytest.mark.parametrize("act", ["append", "accept"])
def test_signing_costs_one_flush_of_the_anchor(pair: Pair, act: str) -> None:
    file = CountingFile(pair.homes[A].anchor)
    inner = pair.ledgers[A]._desk  # noqa: SLF001 - behind the door
    assert isinstance(inner, HomeDesk)
    inner._file, inner._anchor = file, Anchor(file)  # noqa: SLF001 - likewise
    do: dict[str, Callable[[], object]] = {
        "append": lambda: pair.ledgers[A].append(
            [
                pair.draft("inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "x"}})
                for _ in range(20)
            ]
        ),
        # It brings a statement that is clocked: a head of ours and a receipt are signed for it.
        "accept": lambda: pair.post(B, A),
    }
    pair.settle()
    pair.sends(node=B)
    before = file.syncs

    do[act]()

    assert file.syncs == before + 1
    file.close()


def test_a_home_has_one_signer(tmp_path: Path, pair: Pair) -> None:
    with pytest.raises(LockedError):
        HomeDesk(pair.homes[A], suite=pair.suite, wait_seconds=0)

    pair.ledgers[A].stop()
    HomeDesk(pair.homes[A], suite=pair.suite, wait_seconds=0).close()
    pair.start(A)


def test_a_clock_that_is_a_day_behind_stops_nothing_and_is_told(pair: Pair) -> None:
    pair.clocks[A].time += 10 * 24 * 3600
    pair.sends()
    pair.clocks[A].time -= 9 * 24 * 3600

    pair.sends()

    assert pair.alarms(A)["clock_behind"] >= 1
    pair.settle()
    assert pair.is_settled()


def test_a_desk_that_is_closed_signs_nothing_more(pair: Pair) -> None:
    desk = pair.ledgers[A]._desk  # noqa: SLF001 - behind the door
    origin = anchored(pair, A).origin
    pair.ledgers[A].stop()

    with pytest.raises((NoSignerError, RefusedToSignError)):
        desk.sign([HeadsToSign(origin=origin, start=0, leaves=(), sizes=(0,), roots=(b"",), time=1)])
    pair.start(A)
