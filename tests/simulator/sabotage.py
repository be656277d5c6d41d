"""Methods of the core with one rule left out, each to be put in the place of the real one (`broken.py`)."""
# ruff: noqa: ANN401 - what takes the place of a method takes what the method took

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from parley.ledger.drafts import RefusedError
from parley.ledger.exchange import Exchange
from parley.ledger.lines import Lines
from parley.ledger.outgoing import Outgoing
from parley.ledger.regaining import Regaining
from parley.ledger.slot import Slot
from parley.ledger.writer import Writer
from parley.protocol import channel, record, recovery, suspension
from parley.protocol.breach import BreachError
from parley.protocol.card import receipt_keys
from parley.protocol.channel import Alarm, Reading
from parley.protocol.content import inline
from parley.protocol.form import VoidError, read_statement
from parley.protocol.head import read_receipt
from parley.protocol.names import MAIN
from parley.protocol.parcel import Piece
from parley.protocol.part import LOST_KEY
from parley.protocol.tree import leaf_hash
from parley.protocol.voids import Void
from parley.signer import anchor
from parley.signer.keyed import KeyedDesk
from tests.simulator.auditor import time_of


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing where something must be done."""


# ---- Writing and signing


def signs_early(self: Any) -> None:
    _PREPARE(self)
    at = replace(self.standing, owes_receipt=True)
    self._signer.sign(at, now=at.last_time)


_PREPARE: Final = Exchange.prepare_head


def unflushed(self: Any, links: list[str]) -> None:
    _SIGN(self, links)
    self._db.execute("PRAGMA synchronous=NORMAL")


_SIGN: Final = Writer._sign  # noqa: SLF001 - it is to be broken


def forgets_less(self: Any, before: Any) -> None:
    standing = self.standing
    _RESTORE(self, before)
    self.standing = standing


_RESTORE: Final = Lines.restore


def undoes_alone(self: Any) -> None:
    if self._db.in_transaction:
        self._db.execute("ROLLBACK")
    self._db.execute("PRAGMA synchronous=FULL")


def dates_by_clock(*, heads: bool) -> Any:
    def planned(self: Any, at: Any, asked: Any) -> Any:
        plan = _PLANNED(self, at, asked)
        return replace(plan, time=asked.time) if plan.is_head is heads else plan

    return planned


_PLANNED: Final = KeyedDesk._planned  # noqa: SLF001 - it is to be broken


def anchors_late(self: Any, fresh: Any) -> None:
    """Write what stands for logs, and let it become durable some day."""
    pages = {each.origin: self._turned(each) for each in fresh}
    self._file.write({page.at(page.turn): anchor._packed(page) for page in pages.values()})  # noqa: SLF001 - likewise
    self._pages |= pages


def receipt_of_all(self: Any, intake: Any, *, now: int) -> None:
    """Take what a parcel brought, and sign for it, in a transaction that is not over yet."""
    _ACCEPT(self, intake, now=now)
    if intake.taken:
        self._signer.sign(self.standing, now=now)


_ACCEPT: Final = Exchange.accept


# ---- Reading


def extends_anyhow(*, compares: bool = True, minds_gaps: bool = True, drops_known: bool = True) -> Any:
    def extend(self: Any, piece: Any, signed: Any, *, epoch: Any, card: Any) -> None:
        size, start = self._reach.size, epoch.base + piece.start
        if epoch.base + signed.head.size <= size or (minds_gaps and start > size):
            return
        fresh = piece.entries[max(size - start, 0) :] if drops_known else piece.entries
        reach = self._reach.begun(epoch).extend([leaf_hash(raw) for raw in fresh])
        if compares and (reach.size != epoch.base + signed.head.size or reach.root() != signed.head.root):
            self._alarm(Alarm.NOT_EXTENDED, "")
            return
        said = [read_statement(raw) for raw in fresh]
        incoming = self._open_all(piece, said, origin=epoch.origin)
        if incoming is not None:
            self._reach = reach
            taken = channel.Taken(
                start=size, incoming=incoming, reach=reach, signed=signed, note=piece.note, card=card
            )
            self._taken.append(taken)

    return extend


def refuses_times(self: Any, piece: Any, announced: Any) -> None:
    if time_of(piece.note) <= self._now + channel.SKEW_SECONDS:
        _READ_PIECE(self, piece, announced)


_READ_PIECE: Final = Reading._read_piece  # noqa: SLF001 - it is to be broken


def counts_any_receipt(self: Any, raw: bytes) -> None:
    ed25519, ml_dsa = receipt_keys(self._cards.newest)
    try:
        receipt = read_receipt(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)
    except BreachError:
        self._alarm(Alarm.BAD_RECEIPT, "")
        return
    self._receipts.append((receipt, raw))


def counts_any_have(self: Any, have: Any) -> None:
    if self._held.mine.has(have.origin):
        self._have = have.size
    else:
        self._alarm(Alarm.UNKNOWN_LOG, "")


def ignores_smaller_have(self: Any, intake: Any, *, now: int) -> None:
    before = self.standing.have
    _ACCEPT(self, intake, now=now)
    self.standing = replace(self.standing, have=max(before, self.standing.have))


def never_forks(self: Any, head: Any, raw: bytes) -> bool:
    return False


def accuses_of_forks(self: Any, piece: Any, signed: Any, *, epoch: Any, card: Any) -> None:
    """Call every bad parcel a fork."""
    before = len(self._alarms)
    _EXTEND(self, piece, signed, epoch=epoch, card=card)
    if any(alarm is Alarm.NOT_EXTENDED for alarm, _ in self._alarms[before:]):
        self._forks.append(channel.Fork(one=piece.note, two=piece.note))


_EXTEND: Final = Reading._extend  # noqa: SLF001 - it is to be broken


def without(alarm: Alarm) -> Any:
    def raise_alarm(self: Any, raised: Alarm, remark: str, now: int) -> None:
        if raised is not alarm:
            _ALARM(self, raised, remark, now)

    return raise_alarm


_ALARM: Final = Exchange.raise_alarm


def takes_incomplete(self: Any, piece: Any, fresh: Sequence[Any], *, origin: str) -> Any:
    """Take what came without its content as if its writer had lost it."""
    there = {hashlib.sha256(blob).digest() for blob in piece.blobs}
    keys = {digest: key for digest, key in piece.keys if digest in there}
    lost = {part.hash: LOST_KEY for said in fresh for part in inline(said.parsed)}
    filled = Piece(
        note=piece.note,
        start=piece.start,
        entries=piece.entries,
        keys=tuple((lost | keys).items()),
        blobs=piece.blobs,
    )
    return _OPEN_ALL(self, filled, fresh, origin=origin)


_OPEN_ALL: Final = Reading._open_all  # noqa: SLF001 - it is to be broken


def declares(*, unopened: bool, received: bool) -> Any:
    def answer(self: Any, incoming: Any, now: int) -> None:
        for each in incoming:
            if unopened and each.unopened is not None:
                self._say("unopened", {"reason": each.unopened}, re=each.said.leaf, now=now)
        if received and self.is_active() and any(each.is_clocked for each in incoming):
            self._say("received", {}, re=None, now=now)

    return answer


def always_received(self: Any, incoming: Any, now: int) -> None:
    said = list(incoming)
    _ANSWER(self, said, now)
    if said and self.is_active() and not any(each.is_clocked for each in said):
        self._say("received", {}, re=None, now=now)


_ANSWER: Final = Exchange._answer_for_machine  # noqa: SLF001 - it is to be broken


# ---- Folding


def believes_seen(self: Any, entry: Any, other: Any, before: Any) -> tuple[int, bool, bool]:
    for seen in entry.seen if entry else ():
        size = other.line.size_of(seen.origin, seen.size)
        if size is not None and before.cut < size <= self.shelf.tip(other.node).size:
            return size, False, False
    return before.cut, False, False


def form_without(*, duplicates: bool = True, oversize: bool = True, logs: bool = True) -> Any:
    def check(found: Any, shelf: Any) -> None:
        try:
            _CHECK_FORM(found, shelf)
        except VoidError as error:
            reason = error.verdict.reason
            dropped = {
                Void.DUPLICATE_ACT: not duplicates,
                Void.OVERSIZE: not oversize,
                Void.WRONG_LOG: not logs,
            }
            if reason is None or not dropped.get(reason, False):
                raise

    return check


_CHECK_FORM: Final = record._check_form  # noqa: SLF001 - it is to be broken


def late_unopened(self: Any, found: Any, act: Any) -> Any:
    target = self._in_past(found, act.re, writer=found.other.node)
    if target is None:
        raise VoidError(Void.NO_TARGET)
    return target


def settles_half(self: Any) -> bool:
    """Fold what is pending in every other case."""
    if len(self._pending) % 2 == 1 and self.shelf.tip(self.facts.me).size % 3 == 0:
        self._pending = set()
    return _SETTLE(self)


_SETTLE: Final = Exchange.settle


def takes_any_draft(self: Any, name: str, index: int) -> None:
    self._known[name] = False


def from_receipts(self: Any, at: Any) -> Any:
    return _PIECE(self, replace(at, have=min(at.receipted, at.head_size)))


_PIECE: Final = Outgoing.piece


def keep_receipts_newest(self: Any, receipt: Any, note: bytes) -> None:
    """Count the receipt that came last, not the largest."""
    _KEEP_RECEIPT(self, receipt, note)
    self.standing = replace(self.standing, receipted=receipt.head.size)


_KEEP_RECEIPT: Final = Exchange._keep_receipt  # noqa: SLF001 - it is to be broken


def no_text(self: Any) -> None:
    at = self.standing
    self.standing = replace(at, text_size=at.mine.size, text_total=at.my_total)


def believes_anybody(*_: Any, **__: Any) -> None:
    """Take a parcel whoever signed it."""


# ---- Losing and regaining


def begins_at_once(self: Any, db: Any, *, asks_first: bool) -> None:
    _BEGIN(self, db, asks_first=asks_first and False)


_BEGIN: Final = Regaining.begin


def ends_anywhere(asked: Any, line: Any, held: Any, **how: Any) -> Any:
    """Let any log end that is known."""
    if line.find(asked.origin) is None or line.has(asked.next_origin):
        return _JUDGE_SEAL(asked, line, held, **how)
    return recovery.Answer.ACCEPTED


_JUDGE_SEAL: Final = recovery.judge_seal


# ---- Lanes


def stops_all_lanes(self: Any, draft: Any, **how: Any) -> Any:
    """Say nothing in any lane while something is lost in one."""
    if self._db.execute("SELECT 1 FROM recovery").fetchone() is not None:
        raise RefusedError("recovering", "")
    return _APPEND(self, draft, **how)


def stops_where_any_forked(self: Any, draft: Any, **how: Any) -> Any:
    if self._db.execute("SELECT 1 FROM fork").fetchone() is not None:
        raise RefusedError("recovering", "")
    return _APPEND(self, draft, **how)


_APPEND: Final = Slot.append


def examines_main(self: Any, *, now: int) -> None:
    if self.facts.lane == MAIN:
        _EXAMINE(self, now=now)


_EXAMINE: Final = Lines.examine


def knows_no_hotline(said: Any, sent: Any, *, opens: Any, lane: str) -> bool:
    return _STAYS_OPEN(said, sent, opens=opens, lane=MAIN)


def stops_main_alone(said: Any, sent: Any, *, opens: Any, lane: str) -> bool:
    return lane != MAIN or _STAYS_OPEN(said, sent, opens=opens, lane=lane)


_STAYS_OPEN: Final = suspension.stays_open


def alarms_main(self: Any, alarm: Alarm, remark: str, now: int) -> None:
    """Count what is odd in any lane as if it were in main."""
    (main,) = self._db.execute("SELECT id FROM link WHERE name = ?", (self.facts.link,)).fetchone()
    self._keeping.alarm(main, alarm.value, remark, now=now)


def anchors_main(self: Any, origin: str) -> Any:
    node, world, link, _, epoch = origin.split("/")
    return _GET(self, f"{node}/{world}/{link}/{MAIN}/{epoch}")


_GET: Final = anchor.Anchor.get


# ---- Threads of other matters


def sees_everything(self: Any, partner: Any) -> Any:
    """Judge a statement by all that the other side said, whether its writer had seen it or not."""
    fact = self.own[self.at]
    self.at += 1
    for each in partner.accepted[self.heard :]:
        self.eye.add(each)
    self.heard = len(partner.accepted)
    found = self.eye.judge(fact)
    if found is None:
        self.eye.add(fact)
        self.accepted.append(fact)
    return fact, found
