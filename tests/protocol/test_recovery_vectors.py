"""`recovery.json`, read by the code and by a second program that was written from the text alone."""

import base64
from typing import Any

import pytest

from parley.protocol import card, parcel, recovery, tree
from parley.protocol.breach import BreachError
from parley.protocol.line import Epoch, Line, Reach
from parley.protocol.parcel import Parcel
from tests.protocol import second_recovery as second
from tests.protocol.samples import CHANNEL, SUITE, A, B
from tests.protocol.test_vectors import Case, cases, load, raw_of, refused

VECTORS = load("recovery")
ANSWERED = [("recover", case) for case in VECTORS["recover"]] + [("seal", case) for case in VECTORS["seal"]]


def read(raw: bytes, by: str, *, is_answer: bool) -> tuple[recovery.Purpose, recovery.Ending]:
    known = card.parse_text(VECTORS["cards"][by].encode())
    return (recovery.read_answer if is_answer else recovery.read_asked)(raw, known, SUITE)


def holder(case: Case) -> second.Holder:
    return second.Holder(
        logs=[(origin, begin) for origin, begin in case["logs"]],
        held=case["held"],
        leaves=second.leaves(VECTORS["entries"]),
        used=case["used"],
    )


def told(note: str | None, by: str, *, is_answer: bool) -> second.Told:
    found = None if note is None else second.read(note, by, VECTORS["cards"], is_answer=is_answer)
    assert found is not None
    return found


def framed(frame: str) -> Parcel:
    """Return the parcel that has nothing but this frame."""
    empty = Parcel(sender=A, receiver=B, channel=CHANNEL)
    rest = parcel.encode_frames(empty) + b"Z\0\0\0\0S\0\0\0\0"
    return parcel.decode_frames(base64.b64decode(frame) + rest, empty)


@pytest.mark.parametrize("case", cases("recovery", "valid"))
def test_each_of_the_five_notes_is_read(case: Case) -> None:
    is_answer = case["by"] == B

    purpose, value = read(case["note"].encode(), case["by"], is_answer=is_answer)

    assert (purpose.value, value.origin, value.size, value.epoch) == (
        case["says"],
        case["origin"],
        case["size"],
        case["epoch"],
    )
    assert value.root.hex() == case["root"]
    found = told(case["note"], case["by"], is_answer=is_answer)
    assert (found.says, found.size, found.root.hex()) == (case["says"], case["size"], case["root"])


@pytest.mark.parametrize("case", cases("recovery", "invalid"))
def test_a_broken_one_is_refused_by_both(case: Case) -> None:
    raw = raw_of("recovery", case, "note")
    is_answer = case["by"] == B

    with refused(case["paragraph"]):
        read(raw, case["by"], is_answer=is_answer)

    assert second.read(raw.decode(), case["by"], VECTORS["cards"], is_answer=is_answer) is None


@pytest.mark.parametrize("case", [*cases("recovery", "recover"), *cases("recovery", "seal")])
def test_a_frame_holds_the_question_and_another_the_answer(case: Case) -> None:
    assert framed(case["frame"]).recover == case["asks"].encode()
    assert framed(case["answer_frame"]).receipts == (case["answer"].encode(),)


@pytest.mark.parametrize(
    ("kind", "case"), ANSWERED, ids=[f"{kind}: {case['about']}" for kind, case in ANSWERED]
)
def test_whoever_is_asked_answers_as_the_text_says(kind: str, case: Case) -> None:
    at, asked = holder(case), told(case["asks"], A, is_answer=False)

    answer = told(case["answer"], B, is_answer=True)

    if kind == "seal" and at.seals(asked):
        assert answer == second.Told(
            says="accept", origin=asked.origin, size=asked.size, root=asked.root, epoch=asked.epoch
        )
    else:
        assert answer == at.says(asked.epoch)
    assert case["returns_from"] == (at.returns(asked) if kind == "recover" else None)


def known(case: Case) -> tuple[Line, Reach]:
    """Return the line of a case, and how far it is held."""
    line = Line(epochs=tuple(Epoch(origin=origin, base=base) for origin, base in case["logs"]))
    base = line.at(case["held"] - 1).base if case["held"] else 0
    held = second.leaves(VECTORS["entries"])[base : case["held"]]
    return line, Reach(base=base, tree=tree.EMPTY.extend(held))


def root_at(case: Case) -> recovery.RootAt:
    return lambda size: holder(case).root(*known(case)[0].in_log(size))


@pytest.mark.parametrize("case", cases("recovery", "recover"))
def test_the_code_gives_back_from_there(case: Case) -> None:
    _, asked = read(case["asks"].encode(), A, is_answer=False)

    start = recovery.judge_recover(asked, *known(case), root_at=root_at(case))

    assert start == case["returns_from"]


@pytest.mark.parametrize("case", cases("recovery", "seal"))
def test_the_code_accepts_what_is_accepted_there(case: Case) -> None:
    _, asked = read(case["asks"].encode(), A, is_answer=False)
    names = {*case["used"], *(origin[-8:] for origin, _ in case["logs"])}

    judged = recovery.judge_seal(asked, *known(case), root_at=root_at(case), names=names)

    is_accepted = case["answer"].startswith("parley-accept/v1\n")
    assert (judged is not recovery.Answer.HELD) == is_accepted


@pytest.mark.parametrize("case", cases("recovery", "decline"))
def test_the_code_drops_what_is_dropped_there(case: Case) -> None:
    _, asked = read(case["asks"].encode(), A, is_answer=False)

    assert [each.origin for each in recovery.judge_decline(asked, *known(case))] == case["drops"]


@pytest.mark.parametrize("case", cases("recovery", "decline"))
def test_what_is_declined_drops_what_nobody_holds(case: dict[str, Any]) -> None:
    assert framed(case["frame"]).recover == case["asks"].encode()

    assert holder(case).drops(told(case["asks"], A, is_answer=False)) == case["drops"]


def test_no_note_is_read_for_another() -> None:
    for case in VECTORS["valid"]:
        is_answer = case["by"] == B
        with pytest.raises(BreachError):
            read(case["note"].encode(), A if is_answer else B, is_answer=not is_answer)
