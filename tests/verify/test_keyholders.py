"""Whoever holds all keys of both sides is refused for the rule that he breaks, by both verifiers alike."""

from typing import Final

import pytest

from parley.protocol.verify.reading import shown
from tests.protocol.samples import SUITE
from tests.verify.book import A, judge
from tests.verify.foes import look
from tests.verify.keyholders_content import CASES
from tests.verify.second import findings, statements, told

FOES: Final = 150


@pytest.mark.parametrize("name", CASES)
def test_it_comes_to_what_its_rule_says(name: str) -> None:
    made = CASES[name]()

    found = judge(made.raw, made.digits)

    assert (found.step and found.step.value, found.reason if made.step is None else None) == (made.step, None)


@pytest.mark.slow
def test_the_second_verifier_says_the_same_of_each() -> None:
    every = {name: make() for name, make in CASES.items()}

    answers = told((each.raw, " ".join(each.digits)) for each in every.values())

    for (name, made), second in zip(every.items(), answers, strict=True):
        first = judge(made.raw, made.digits)
        assert second["findings"] == findings(first), name
        if first.told is not None:
            here = [
                {key: value for key, value in each.items() if key != "seen"} for each in second["statements"]
            ]
            assert [{**each, "persons": sorted(each["persons"])} for each in here] == statements(first), name


@pytest.mark.slow
def test_whatever_a_foe_with_all_keys_makes_both_verifiers_say_the_same() -> None:
    outcomes, differ = look(range(FOES))

    assert differ == []
    assert outcomes["step None"] > FOES // 10


def test_revoked_keys_are_told_with_the_size_from_which_they_count_no_more() -> None:
    made = CASES["a_revocation_of_old_keys"]()

    (revoked,) = findings(judge(made.raw, made.digits))["revocations"]

    assert revoked == {"origin": f"{A}/live/a-b/main/5e0c9a71", "size": 1, "serial": 1}


def test_orders_to_erase_are_told_with_their_answers_and_nothing_else_is_one() -> None:
    made = CASES["orders_to_erase_and_what_is_none"]()

    told_here = findings(judge(made.raw, made.digits))["erasures"]

    (order,) = told_here
    assert (order["ground"], order["statements"]) == ("retention", 1)
    said = [(each["node"][0], each["says"]) for each in order["answers"]]
    assert said == [("a", "erased"), ("b", "legal_hold"), ("b", "erased")]


def test_whom_the_node_alone_enrolled_is_nobody() -> None:
    signers = {}
    for name in ("an_officer_whom_the_roots_enrolled", "an_officer_whom_one_root_alone_enrolled"):
        made = CASES[name]()
        told_here = judge(made.raw, made.digits).told
        assert told_here is not None
        *_, last = [each for each in shown(told_here, SUITE, worths=None) if each.node == A]
        signers[name] = (last.persons, last.unknown_lines)

    assert list(signers.values()) == [((f"{A}/officer/7",), 0), ((), 1)]
