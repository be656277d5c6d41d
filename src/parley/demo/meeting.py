"""The round: where both meet, what is on the agenda, who comes, what each thinks; and the next one.

Places alternate. What a side thinks is put on the record and binds nobody; what both want is an offer and the
other side's word on it.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo import promising
from parley.demo.country import LINK, Country
from parley.demo.rooms import spot
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.demo.voices import Voice, typed_time
from parley.protocol.dialogue.bodies import ItemProposed, NextProposed, Offer, RoundProposed
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.offers import Made, Status
from parley.work import clock

DAY: Final = 86_400
HALF_A_YEAR: Final = 182 * DAY
_HERE: Final = ("--en", "A guest house in country A", "--zh", "甲国宾馆", "--host", "A")
_THERE: Final = ("--en", "A guest house in country B", "--zh", "乙国宾馆", "--host", "B")
_ITEMS: Final = (
    ("A", "review", "Timeliness and quality of responses", "响应的时效性和质量"),
    ("A", "case", "The theft of personnel records", "人事档案失窃案"),
    ("B", "commitment", "Commitments, and the hotline between the sides", "各项承诺以及双方之间的热线"),
)
_COMING: Final = (
    *("--chair", "vice_minister"),
    *("--member", "vice_minister=1", "--member", "prosecutor=1", "--member", "cert=2"),
)
_VIEWS: Final = {
    "A": "我方认为，大多数请求得到了及时、认真的回应。",
    "B": "We welcome that the finding was revised in the open.",
}


def meet(stage: Stage) -> None:
    """A invites, B agrees; agenda, delegations and views go on the record, and a commitment is looked at."""
    if stage.look().a.rooms.round is None:
        times = stage.place.once("round", lambda: _times(clock.now()))["words"]
        words = ("round", "propose", "--link", LINK, *_HERE, *times, "--number", "1")
        Voice(stage=stage, side=stage.a).says(_("proposes a round"), *words)
    agree_to(stage, "round", RoundProposed)
    _fill(stage)
    agree_to(stage, "round", ItemProposed)
    promising.take_stock(stage)
    stage.until("agenda agreed", is_met)
    text = _(
        "They meet: agenda from the record, delegations by role, views that bind nobody, a report confirmed."
    )
    stage.tell_once("met", Line(text=text))


def _times(begins: int) -> Mapping[str, Any]:
    return {"words": ["--begins", typed_time(begins), "--ends", typed_time(begins + 2 * DAY)]}


def _fill(stage: Stage) -> None:
    """Say what is not said yet: the agenda, who comes, and what each side thinks."""
    scene = stage.look()
    place = spot(meeting(scene.a).opened)
    for letter, source, en, zh in _ITEMS[len(meeting(stage.look().a).offers.of(ItemProposed)) :]:
        about = ("--of", _about(scene.a, source))
        words = ("round", "item", place, "--link", LINK, "--source", source, *about, "--en", en, "--zh", zh)
        Voice(stage=stage, side=_side(stage, letter)).says(_("proposes an item of the agenda"), *words)
    for side, view in ((stage.a, stage.look().a), (stage.b, stage.look().b)):
        voice = Voice(stage=stage, side=side)
        if side.node not in meeting(view).delegations:
            voice.says(_("says who comes, by role"), "round", "delegate", place, "--link", LINK, *_COMING)
        if not meeting(view).stated[side.node]:
            view_words = ("--link", LINK, "--text", _VIEWS[side.letter])
            voice.says(_("puts a view on the record"), "round", "state", place, *view_words)


def _about(view: View, source: str) -> str:
    """Return the place of what an item of the agenda is about: all of it stands in the record before."""
    rooms = view.rooms
    match source:
        case "review" if rooms.review is not None:
            return rooms.review[0]
        case "case" if rooms.case is not None:
            return spot(rooms.case.proposed)
        case _:
            return spot(promising.kept(view).opened)


def _side(stage: Stage, letter: str) -> Country:
    return stage.a if letter == "A" else stage.b


def set_next(stage: Stage) -> None:
    """Both agree where and when they meet again, carry a commitment over to then, and close this round."""
    scene = stage.look()
    place = spot(meeting(scene.b).opened)
    if not meeting(scene.b).offers.of(NextProposed):
        times = stage.place.once("next round", lambda: _times(clock.now() + HALF_A_YEAR))["words"]
        words = ("round", "next", place, "--link", LINK, *_THERE, *times)
        Voice(stage=stage, side=stage.b).says(_("offers place and time of the next round"), *words)
    agree_to(stage, "round", NextProposed)
    scene = stage.until("next round set", is_next_set)
    found = meeting(scene.a).next
    assert found is not None, "it was waited for"
    promising.carry_over(stage, due=found.begins)
    promising.keep_the_seminar(stage, place=place, due=found.begins)
    for side, view in ((stage.a, stage.look().a), (stage.b, stage.look().b)):
        if side.node not in meeting(view).closed:
            words = ("round", "close", place, "--link", LINK)
            Voice(stage=stage, side=side).says(_("closes the round"), *words)
    text = _(
        "The next round is set, in country B: the hotline is carried over to it, and A's seminar is promised."
    )
    stage.tell_once("next", Line(text=text))


# ---- What both want


def agree_to(stage: Stage, noun: str, *kinds: type[Offer]) -> None:
    """Let each side agree to what the other offered in the round, once both have all of it."""
    scene = stage.until("offers arrived", lambda scene: _ids(scene.a, kinds) == _ids(scene.b, kinds) != [])
    for made in _waiting(scene.a, kinds):
        by = stage.b if made.fact.writer == stage.a.node else stage.a
        words = (noun, "agree", spot(made.fact), "--link", LINK)
        Voice(stage=stage, side=by).says(_("agrees to what the other side offered"), *words)
    stage.until("offers agreed", lambda scene: not _waiting(scene.a, kinds) and not _waiting(scene.b, kinds))


def _ids(view: View, kinds: tuple[type[Offer], ...]) -> list[bytes]:
    found = view.rooms.round
    return [] if found is None else [each.fact.id for kind in kinds for each in found.offers.of(kind)]


def _waiting(view: View, kinds: tuple[type[Offer], ...]) -> list[Made]:
    """Return the offers that nobody answered, but for those in whose place another one was made."""
    offers = meeting(view).offers
    replaced = {made.fact.re for made in offers.made.values()}
    return [
        made
        for kind in kinds
        for made in offers.of(kind)
        if made.status is Status.OPEN and made.fact.id not in replaced
    ]


def meeting(view: View) -> Round:
    """Return the round, which was waited for."""
    assert view.rooms.round is not None, "it was waited for"
    return view.rooms.round


def is_met(scene: Scene) -> bool:
    """Return whether both agreed to the round and to something on its agenda, and both said who comes."""
    return all(
        found is not None and found.offers.agreed(ItemProposed) and len(found.delegations) == len(found.nodes)
        for found in (scene.a.rooms.round, scene.b.rooms.round)
    )


def is_next_set(scene: Scene) -> bool:
    """Return whether both agreed to place and time of the next round."""
    return all(
        found is not None and found.next is not None for found in (scene.a.rooms.round, scene.b.rooms.round)
    )
