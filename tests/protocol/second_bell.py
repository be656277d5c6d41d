"""Who is rung in a call, written a second time from the text of Spec §12.9 and §12.10, slowly and plainly.

Everything is computed anew from all statements for every question; nothing is shared with the program
but the reading of acts and clauses. tests/protocol/test_hotline_second.py compares the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from parley.protocol.act import read_act
from parley.protocol.clauses import Clauses, Owing, Rung
from parley.protocol.hotline import bodies
from parley.protocol.record import Record
from parley.protocol.shelf import Row

Owed: TypeAlias = tuple[str, int] | None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A valid statement of a call, and when one side wrote or had it, by its own clock."""

    row: Row
    re: bytes | None
    said: bodies.Said
    at: int

    @property
    def is_word(self) -> bool:
        return isinstance(self.said, bodies.Opening | bodies.Message | bodies.Minuted)

    @property
    def promises(self) -> int | None:
        return self.said.next_word if isinstance(self.said, bodies.Message) else None


def heard_by(record: Record, opened: bytes, node: str) -> list[Heard]:
    """Return what `node` wrote and had in a call, in its order. §12.9.1."""
    rows = [row for row in record.shelf.thread(opened) if row.verdict.is_valid]
    own = [row for row in rows if row.writer == node]
    theirs = [row for row in rows if row.writer != node and row.received_at is not None]
    found: list[Row] = []
    for row in own:
        found += [each for each in theirs if each.index < row.cut and each not in found]
        found.append(row)
    found += [each for each in theirs if each not in found]
    return [_heard(row, node) for row in found]


def _heard(row: Row, node: str) -> Heard:
    act = read_act(msgspec.json.decode(row.act or b""))
    at = row.effective if row.writer == node else row.received_at
    assert at is not None
    return Heard(row=row, re=act.re, said=bodies.read_said(act.k, act.d), at=at)


@dataclass(frozen=True, kw_only=True)
class View:
    """A call as one side has it, up to some statement."""

    heard: Sequence[Heard]
    caller: str
    called: str
    clauses: Clauses
    urgency: str
    pressed: dict[Rung, int] = field(default_factory=dict)

    def limit(self, owing: Owing) -> int:
        return self.clauses.limits[owing][self.urgency]

    def of(self, node: str) -> list[Heard]:
        return [each for each in self.heard if each.row.writer == node]

    def other(self, node: str) -> str:
        return self.called if node == self.caller else self.caller

    def words(self, node: str) -> list[Heard]:
        return [each for each in self.of(node) if each.is_word]

    def unseen(self, node: str, cut: int) -> list[Heard]:
        return [each for each in self.words(self.other(node)) if each.row.index >= cut]

    def last_closing(self, node: str) -> Heard | None:
        """Return the last statement of the side, if that is a closing."""
        last = self.of(node)[-1:]
        return last[0] if last and isinstance(last[0].said, bodies.Closed) else None

    def stands(self, node: str) -> bool:
        closing = self.last_closing(node)
        return closing is not None and not self.unseen(node, closing.row.cut)

    @property
    def text(self) -> Heard:
        return next(each for each in reversed(self.of(self.caller)) if getattr(each.said, "fields", None))

    def right(self, node: str) -> list[int]:
        """Return when the side read back the text that holds rightly."""
        text = self.text.said
        assert isinstance(text, bodies.Opening | bodies.Message)
        return [
            each.at
            for each in self.of(node)
            if isinstance(each.said, bodies.ReadBack)
            and each.re == self.text.row.id
            and each.said.fields is not None
            and text.fields is not None
            and not text.fields.misses(each.said.fields)
        ]

    def taken(self, node: str) -> list[int]:
        return [each.at for each in self.of(node) if isinstance(each.said, bodies.Taken)]


def owed(view: View, node: str) -> Owed:
    """Return what the side owes, and since when it is missing. §12.9.2, row by row."""
    closing, other = view.last_closing(node), view.other(node)
    if closing is not None and view.stands(node) and not view.stands(other):
        at = closing.said.at if isinstance(closing.said, bodies.Closed) else None
        return None if at is None else ("word", max(at, closing.at))
    if view.stands(node) or view.stands(other):
        return None
    if closing is not None:
        return "take", view.unseen(node, closing.row.cut)[0].at
    if node == view.called and not view.taken(node):
        return "take", view.heard[0].at
    if node == view.called and not view.right(node):
        return "read_back", max(view.taken(node)[0], view.text.at) + view.limit(Owing.READ_BACK)
    return _word(view, node)


def _word(view: View, node: str) -> Owed:
    mine, theirs = view.words(node), view.words(view.other(node))
    promised = mine[-1].promises if mine else None
    if promised is not None:
        said_at = mine[-1].at
        return "word", min(max(promised, said_at), said_at + view.limit(Owing.NEXT_WORD))
    seen = mine[-1].row.cut if mine else 0
    if not theirs or theirs[-1].row.index < seen or theirs[-1].promises is not None:
        return None
    return "word", max(theirs[-1].at, *view.right(node)[:1], 0) + view.limit(Owing.WORD)


def alarms(view: View, node: str) -> Iterator[int]:
    """Yield from when the side is rung. §12.9.3."""
    own, theirs = owed(view, node), owed(view, view.other(node))
    if own is not None:
        bought = [at + view.limit(Owing.READ_BACK) for at in view.taken(node)[-1:] if own[0] != "take"]
        yield max(own[1], *bought, 0)
    if theirs is not None:
        since = theirs[1] + (view.limit(Owing.READ_BACK) if theirs[0] == "take" else 0)
        last = view.of(node)[-1:]
        closings = [each for each in view.of(view.other(node)) if isinstance(each.said, bodies.Closed)]
        turns = view.words(view.other(node))[-1:] + closings[-1:]
        if last and last[0].at >= since and all(each.row.index < last[0].row.cut for each in turns):
            since = last[0].at + view.limit(Owing.WORD)
        yield since


def press(view: View, before: View | None, node: str) -> None:
    """Write down which rungs are pressed after the last statement that the side wrote or had. §12.9.5."""
    now, ladder, pressed = view.heard[-1], view.clauses.ladder, view.pressed
    for alarm in alarms(before, node) if before else ():
        for step in ladder:
            since = alarm + step.after.get(view.urgency, 2**60)
            if step.level.is_principal and since <= now.at:
                pressed.setdefault(step.rung, since)
    if before is None:
        level = now.said.level if isinstance(now.said, bodies.Opening) else None
        offices = [step.rung for step in ladder if step.level is level and step.level.is_principal]
        pressed.update(dict.fromkeys(offices[:1] if node == view.called else [], now.at))
    elif now.row.writer == node:
        taken = now.said.rung if isinstance(now.said, bodies.Taken) else None
        for step in ladder:
            if not step.level.is_principal or step.rung is taken:
                pressed.pop(step.rung, None)
    elif isinstance(now.said, bodies.Message) and now.said.to is not None:
        pressed.setdefault(now.said.to, now.at)
    if view.stands(view.caller) or view.stands(view.called):
        pressed.clear()


def rung(
    record: Record, opened: bytes, node: str, *, called: str, clauses: Clauses, now: int
) -> dict[Rung, int]:
    """Return who is rung on one side at `now`, with a full roster, and since when. §12.10.1."""
    heard, view = heard_by(record, opened, node), None
    if not heard or not isinstance(heard[0].said, bodies.Opening):
        return {}
    pressed: dict[Rung, int] = {}
    for place in range(len(heard)):
        before, view = (
            view,
            View(
                heard=heard[: place + 1],
                caller=heard[0].row.writer,
                called=called,
                clauses=clauses,
                urgency=heard[0].said.urgency,
                pressed=pressed,
            ),
        )
        press(view, before, node)
    assert view is not None
    instants = [*pressed.items()]
    for alarm in alarms(view, node):
        instants += [
            (step.rung, alarm + step.after[view.urgency])
            for step in clauses.ladder
            if view.urgency in step.after
        ]
    due = sorted((since, place) for place, (_rung, since) in enumerate(instants) if since <= now)
    return {instants[place][0]: since for since, place in reversed(due)}
