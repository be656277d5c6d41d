"""The vectors of recovery: the five notes, whole frames, and what whoever is asked answers to each."""

import struct
from dataclasses import dataclass

from parley.protocol import note, recovery, tree
from parley.protocol.card import Card
from parley.protocol.line import Epoch, Line, Reach
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.recovery import Answer, Ending, Purpose
from tests.protocol import samples as s
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case, b64, edit, wrong

ENTRIES = ("10", "2021", "3031", "40414243", "5051525354555657", "60", "7071")
LEAVES = [tree.leaf_hash(bytes.fromhex(each)) for each in ENTRIES]
FIRST, SECOND, THIRD = s.LOG_A, f"{s.A}/{s.CHANNEL}/9b1f03d2", f"{s.A}/{s.CHANNEL}/77aa0c14"
WORD = "0badcafe"


def signed(purpose: Purpose, ending: Ending, suite: Recorded) -> bytes:
    """Return the note: by the write key of A, or where it is an answer, by the receipt key of B."""
    keys = s.KEYS_B if purpose.is_answer else s.KEYS_A
    use, name = ("receipt", f"{s.B}/receipt") if purpose.is_answer else ("write", ending.origin)
    key = new_sign_key(name, Algorithm.ED25519, keys.seed(f"{use} ed25519"), suite=suite)
    text = ending.text(purpose)
    return note.encode(note.Note(text=text, lines=(note.sign(text, key, suite),)))


def frame(purpose: Purpose, raw: bytes) -> bytes:
    kind = b"R" if purpose.is_answer else b"V"
    return kind + struct.pack(">I", len(raw)) + raw


def root_of(base: int, size: int) -> bytes:
    return tree.root_of(LEAVES[base : base + size])


def ending(origin: str, size: int, *, base: int = 0, epoch: str = WORD, root: bytes | None = None) -> Ending:
    return Ending(origin=origin, size=size, root=root or root_of(base, size), epoch=epoch)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A node that holds the first `held` entries of a line, and is asked."""

    about: str
    purpose: Purpose
    ending: Ending
    held: int
    ends: tuple[int, ...] = ()
    used: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        origins = (FIRST, SECOND, THIRD)
        return Line(
            epochs=tuple(
                Epoch(origin=origin, base=base)
                for origin, base in zip(origins, (0, *self.ends), strict=False)
            )
        )

    @property
    def reach(self) -> Reach:
        base = self.line.at(self.held - 1).base if self.held else 0
        return Reach(base=base, tree=tree.EMPTY.extend(LEAVES[base : self.held]))

    @property
    def names(self) -> set[str]:
        return {epoch.origin[-8:] for epoch in self.line.epochs} | {*self.used}

    def root_at(self, size: int) -> bytes:
        base = self.line.at(size - 1).base
        return root_of(base, size - base)

    def says(self) -> Ending:
        """Return what is held, as the answer to this question."""
        origin, size = self.line.in_log(self.held)
        root = self.root_at(self.held) if size else tree.EMPTY_ROOT
        return Ending(origin=origin, size=size, root=root, epoch=self.ending.epoch)

    def case(self, suite: Recorded) -> Case:
        raw = signed(self.purpose, self.ending, suite)
        epochs = [[epoch.origin, epoch.base] for epoch in self.line.epochs]
        asked = {"about": self.about, "logs": epochs, "used": [*self.used], "held": self.held}
        return {**asked, "asks": raw.decode(), "frame": b64(frame(self.purpose, raw)), **self._outcome(suite)}

    def _outcome(self, suite: Recorded) -> Case:
        if self.purpose is Purpose.DECLINE:
            drops = recovery.judge_decline(self.ending, self.line, self.reach)
            return {"drops": [epoch.origin for epoch in drops], "answer": None}
        answer, returns = Purpose.HELD, None
        if self.purpose is Purpose.RECOVER:
            returns = recovery.judge_recover(self.ending, self.line, self.reach, root_at=self.root_at)
        elif self._judged() is not Answer.HELD:
            answer = Purpose.ACCEPT
        raw = signed(answer, self.says() if answer is Purpose.HELD else self.ending, suite)
        told = {"answer": raw.decode(), "answer_frame": b64(frame(answer, raw))}
        return {**told, "returns_from": returns}

    def _judged(self) -> Answer:
        return recovery.judge_seal(self.ending, self.line, self.reach, root_at=self.root_at, names=self.names)


RECOVERS = (
    Asked(about="it holds more of the log", purpose=Purpose.RECOVER, ending=ending(FIRST, 3), held=5),
    Asked(about="it holds as much", purpose=Purpose.RECOVER, ending=ending(FIRST, 5), held=5),
    Asked(about="it holds less", purpose=Purpose.RECOVER, ending=ending(FIRST, 5), held=3),
    Asked(about="nothing is left", purpose=Purpose.RECOVER, ending=ending(FIRST, 0), held=2),
    Asked(about="neither holds anything", purpose=Purpose.RECOVER, ending=ending(FIRST, 0), held=0),
    Asked(
        about="another root: all of the log comes back",
        purpose=Purpose.RECOVER,
        ending=ending(FIRST, 3, root=s.ROOT),
        held=5,
    ),
    Asked(
        about="the log was sealed below: what follows on its end comes back",
        purpose=Purpose.RECOVER,
        ending=ending(FIRST, 4),
        held=6,
        ends=(3,),
    ),
    Asked(
        about="from the second log on",
        purpose=Purpose.RECOVER,
        ending=ending(SECOND, 1, base=3),
        held=6,
        ends=(3,),
    ),
    Asked(
        about="a log that is not known", purpose=Purpose.RECOVER, ending=ending(THIRD, 1), held=5, ends=(3,)
    ),
    Asked(
        about="the answer has the epoch of a log of the line",
        purpose=Purpose.RECOVER,
        ending=ending(FIRST, 2, epoch=SECOND[-8:]),
        held=5,
        ends=(3,),
    ),
)
SEALS = (
    Asked(about="it ends where it is held", purpose=Purpose.SEAL, ending=ending(FIRST, 5), held=5),
    Asked(about="it ends beyond what is held", purpose=Purpose.SEAL, ending=ending(FIRST, 6), held=5),
    Asked(
        about="it ends at nothing, and nothing is held", purpose=Purpose.SEAL, ending=ending(FIRST, 0), held=0
    ),
    Asked(about="below what is held", purpose=Purpose.SEAL, ending=ending(FIRST, 4), held=5),
    Asked(about="another root", purpose=Purpose.SEAL, ending=ending(FIRST, 5, root=s.ROOT), held=5),
    Asked(about="a name that was used", purpose=Purpose.SEAL, ending=ending(FIRST, 5), held=5, used=(WORD,)),
    Asked(about="the end of a log that is not known", purpose=Purpose.SEAL, ending=ending(THIRD, 5), held=5),
    Asked(
        about="the same once more",
        purpose=Purpose.SEAL,
        ending=ending(FIRST, 5, epoch=SECOND[-8:]),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="the same name, another end",
        purpose=Purpose.SEAL,
        ending=ending(FIRST, 6, epoch=SECOND[-8:]),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="what followed and was not used gives way",
        purpose=Purpose.SEAL,
        ending=ending(FIRST, 5),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="what followed is held, and does not",
        purpose=Purpose.SEAL,
        ending=ending(FIRST, 5),
        held=6,
        ends=(5,),
    ),
    Asked(
        about="the second log ends",
        purpose=Purpose.SEAL,
        ending=ending(SECOND, 2, base=3),
        held=5,
        ends=(3,),
    ),
)
DECLINES = (
    Asked(
        about="what was to follow is not used",
        purpose=Purpose.DECLINE,
        ending=ending(FIRST, 5, epoch=SECOND[-8:]),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="an entry of it is held",
        purpose=Purpose.DECLINE,
        ending=ending(FIRST, 5, epoch=SECOND[-8:]),
        held=6,
        ends=(5,),
    ),
    Asked(
        about="of another end",
        purpose=Purpose.DECLINE,
        ending=ending(FIRST, 4, epoch=SECOND[-8:]),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="of a name that nobody gave",
        purpose=Purpose.DECLINE,
        ending=ending(FIRST, 5),
        held=5,
        ends=(5,),
    ),
    Asked(
        about="two that follow each other go together",
        purpose=Purpose.DECLINE,
        ending=ending(FIRST, 5, epoch=SECOND[-8:]),
        held=5,
        ends=(5, 5),
    ),
)


def recovery_notes(suite: Recorded) -> Case:
    return {
        "spec": "§4.8, §5.7",
        "cards": {each.node: each.text().decode() for each in (s.CARD_A, s.CARD_B)},
        "entries": [*ENTRIES],
        "valid": [_valid(purpose, suite) for purpose in Purpose],
        "invalid": _invalid(suite),
        "recover": [each.case(suite) for each in RECOVERS],
        "seal": [each.case(suite) for each in SEALS],
        "decline": [each.case(suite) for each in DECLINES],
    }


def _valid(purpose: Purpose, suite: Recorded) -> Case:
    value = ending(FIRST, 5)
    raw = signed(purpose, value, suite)
    by: Card = s.CARD_B if purpose.is_answer else s.CARD_A
    return {
        "about": purpose.value,
        "says": purpose.value,
        "by": by.node,
        "note": raw.decode(),
        "frame": b64(frame(purpose, raw)),
        "origin": value.origin,
        "size": value.size,
        "root": value.root.hex(),
        "epoch": value.epoch,
    }


def _invalid(suite: Recorded) -> list[Case]:
    at = {purpose: place for place, purpose in enumerate(Purpose)}
    raws = {each: signed(each, ending(FIRST, 5), suite) for each in Purpose}
    held, decline = raws[Purpose.HELD], raws[Purpose.DECLINE]
    own = Ending(origin=s.LOG_B, size=5, root=root_of(0, 5), epoch=WORD)
    return [
        wrong(
            "a question whose writer did not sign",
            "4.8",
            by=s.A,
            note=_swapped(decline, raws[Purpose.ACCEPT]),
        ),
        wrong("an answer whose giver did not sign", "4.8", by=s.B, note=_swapped(held, decline)),
        wrong(
            "an acceptance under the line of what is held",
            "2.5",
            by=s.B,
            note=_swapped(raws[Purpose.ACCEPT], held),
        ),
        wrong(
            "an answer about one's own line", "4.8", by=s.B, note=signed(Purpose.HELD, own, suite).decode()
        ),
        {**edit("another size", "2.5", "\n5\n", "\n6\n", of=at[Purpose.HELD]), "by": s.B},
        {**edit("another epoch", "2.5", WORD, "0badcaff", of=at[Purpose.DECLINE]), "by": s.A},
        {**edit("a size with a zero in front", "4.8", "\n5\n", "\n05\n", of=at[Purpose.HELD]), "by": s.B},
        {**edit("no epoch", "4.8", WORD, "epoch", of=at[Purpose.HELD]), "by": s.B},
        {**edit("another version", "4.8", "held/v1", "held/v2", of=at[Purpose.HELD]), "by": s.B},
        {**edit("a log that continues itself", "4.8", WORD, FIRST[-8:], of=at[Purpose.DECLINE]), "by": s.A},
        {**edit("no entries, and a root", "4.8", "\n5\n", "\n0\n", of=at[Purpose.HELD]), "by": s.B},
        {**edit("an answer read as a question", "4.8", "held", "held", of=at[Purpose.HELD]), "by": s.A},
        {
            **edit("a question read as an answer", "4.8", "decline", "decline", of=at[Purpose.DECLINE]),
            "by": s.B,
        },
    ]


def _swapped(text: bytes, lines: bytes) -> str:
    """Return the text of one note with the signature lines of another."""
    return (text[: text.index(b"\n\n")] + lines[lines.index(b"\n\n") :]).decode()
