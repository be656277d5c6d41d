"""How the people of a side speak when the hand that types for them dies over the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from parley.demo.country import country
from parley.demo.hand import CommandError, Hand
from parley.demo.place import Place
from parley.demo.stage import Stage
from parley.demo.voices import Voice, together

REFUSED: Mapping[str, Any] = {"exit": 3, "fault": {"code": "wrong_state", "what": "no"}}
DONE: Mapping[str, Any] = {"exit": 0, "result": {"place": "A 1"}}


@dataclass(kw_only=True)
class Scripted(Hand):
    """A hand that types nothing: what comes of a line is what `answers` makes of its words."""

    answers: Callable[[tuple[str, ...]], Mapping[str, Any] | None]
    typed: list[tuple[str, ...]] = field(default_factory=list)

    def _type(self, words: tuple[str, ...]) -> Mapping[str, Any] | None:
        self.typed.append(words)
        return self.answers(words)


def staged(
    folder: Path, answers: Callable[[tuple[str, ...]], Mapping[str, Any] | None], *, is_shared: bool = False
) -> tuple[Stage, Scripted]:
    """Return a stage on which nothing is built, and the hand of A."""
    hand = Scripted(home=folder, log=folder / "log", pause=pause, answers=answers)
    a, b = (country(letter, folder, pause=pause) for letter in "AB")
    place = Place(folder / "place.json")
    stage = Stage(a=replace(a, hand=hand), b=b, place=place, tell=print, pause=pause, is_shared=is_shared)
    return stage, hand


def pause(_seconds: float) -> None:
    """Wait for nothing: what is waited for in these tests is there at once, or never."""


def test_what_a_person_signs_is_typed_once_if_the_hand_died_after_it_was_said(tmp_path: Path) -> None:
    said: list[tuple[str, ...]] = []
    stage, hand = staged(tmp_path, said.append)

    Voice(stage=stage, side=stage.a).signs("gives a finding", lambda _view: bool(said), "finding", "give")

    assert len(hand.typed) == 1


def test_what_a_person_signs_is_typed_again_if_the_hand_died_before_it_was_said(tmp_path: Path) -> None:
    said: list[tuple[str, ...]] = []

    def die_once(words: tuple[str, ...]) -> Mapping[str, Any] | None:
        if len(hand.typed) == 1:
            return None
        said.append(words)
        return DONE

    stage, hand = staged(tmp_path, die_once)

    Voice(stage=stage, side=stage.a).signs("gives a finding", lambda _view: bool(said), "finding", "give")

    assert len(hand.typed) == 2


def test_a_signature_that_is_refused_stops_the_story(tmp_path: Path) -> None:
    stage, hand = staged(tmp_path, lambda _words: REFUSED)

    with pytest.raises(CommandError, match="wrong_state"):
        Voice(stage=stage, side=stage.a).signs("gives a finding", lambda _view: False, "finding", "give")

    assert len(hand.typed) == 1


def test_two_sign_once_though_the_hand_dies_after_the_second_signature(tmp_path: Path) -> None:
    said: list[tuple[str, ...]] = []

    def die_after_it(words: tuple[str, ...]) -> Mapping[str, Any] | None:
        if words == ("link", "sign"):
            return {"exit": 0, "result": {"waiting": [{"draft": 7}] if prepared and not said else []}}
        if words[:3] == ("link", "sign", "7"):
            # Typed again, there is no such draft any more.
            answer = REFUSED if said else None
            said.append(words)
            return answer
        prepared.append(words)
        return {"exit": 5, "result": {}}

    prepared: list[tuple[str, ...]] = []
    stage, _hand = staged(tmp_path, die_after_it)

    together(stage, stage.a, lambda _view: bool(said), "review", "sign", "A-9")

    assert len(prepared) == 1
    assert len(said) == 2


def test_a_walker_who_was_quicker_is_no_fault_where_people_share_the_pages_and_one_elsewhere(
    tmp_path: Path,
) -> None:
    shared, _hand = staged(tmp_path, lambda _words: REFUSED, is_shared=True)
    alone, _hand = staged(tmp_path, lambda _words: REFUSED)

    assert Voice(stage=shared, side=shared.a).says("joins the case", "case", "join", "A-3") == {}
    with pytest.raises(CommandError, match="wrong_state"):
        Voice(stage=alone, side=alone.a).says("joins the case", "case", "join", "A-3")
