"""The outcome list: clause by clause, frozen by two persons of each side, made public at one instant.

Before that instant no node seals it, and neither side makes the joint seal alone. Afterwards the same bytes
are public on both nodes, and anybody checks them with the page `outcome.html`, without a network.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo import public
from parley.demo.country import LINK, Country
from parley.demo.hand import CommandError
from parley.demo.meeting import agree_to, meeting
from parley.demo.rooms import spot
from parley.demo.scene import Scene, View
from parley.demo.stage import STEP_SECONDS, WAIT_SECONDS, Stage, StoryError
from parley.demo.telling import Line
from parley.demo.voices import Voice, look_at, together, typed_time
from parley.protocol.dialogue.bodies import Amended, Clause
from parley.protocol.dialogue.outcome import State
from parley.work import clock

HEAD_STARTS: Final = (6, 15, 40, 90, 180)
"""So many seconds ahead the release is; if people were too slow for one, the list is frozen for the next."""
PER_ACT: Final = 6
"""So often the officers' pace is added: four of them sign before the release."""
FAR_SECONDS: Final = 300
BY_HAND_SECONDS: Final = 5
"""A node that was told too late, or was away at that second, is helped by hand after so long."""
_REFUSED: Final = frozenset({2, 3})
_FROZEN: Final = frozenset({State.FROZEN, State.HALF_RELEASED, State.RELEASED})
_CLAUSES: Final = (
    (
        "A",
        "Each side acknowledges urgent requests for assistance within 24 hours.",
        "各方在24小时内确认收到紧急协助请求。",
    ),
    ("B", "The sides test the hotline every week.", "双方每周测试热线。"),
    (
        "A",
        "Experts of the sides hold a seminar on incident response in 2027.",
        "双方专家于2027年举办应急响应研讨会。",
    ),
)
_AMENDED: Final = (
    *("--en", "Each side acknowledges urgent requests for assistance within 12 hours, holidays included."),
    *("--zh", "各方在12小时内确认收到紧急协助请求，节假日亦然。"),
)
_UNEQUAL: Final = (
    *("--en", "Each side acknowledges urgent requests for assistance within 12 hours."),
    *("--zh", "各方在24小时内确认收到紧急协助请求。"),
)


def negotiate(stage: Stage) -> None:
    """Offer, amend and agree clauses one by one, in languages that say the same, and freeze the list."""
    if is_frozen(stage.look()):
        return
    place = spot(meeting(stage.look().a).opened)
    _offer(stage, place)
    agree_to(stage, "outcome", Clause, Amended)
    for head_start in HEAD_STARTS:
        if is_frozen(stage.look()):
            break
        _freeze(stage, place, head_start + PER_ACT * stage.tempo)
    stage.until("frozen", is_frozen)
    text = _(
        "An outcome list in both languages: offered, amended, agreed, and frozen by two persons of each side."
    )
    stage.tell_once("frozen", Line(text=text))


def _offer(stage: Stage, place: str) -> None:
    for number, (letter, en, zh) in enumerate(_CLAUSES, start=1):
        if number > len(meeting(stage.look().a).offers.of(Clause)):
            side = stage.a if letter == "A" else stage.b
            words = (
                "outcome",
                "clause",
                place,
                "--link",
                LINK,
                "--place",
                str(number),
                "--en",
                en,
                "--zh",
                zh,
            )
            Voice(stage=stage, side=side).says(_("offers a clause in both languages"), *words)
    stage.place.once("unequal", partial(_try_unequal, stage, place))
    stage.until("clauses", lambda scene: len(meeting(scene.b).offers.of(Clause)) >= len(_CLAUSES))
    if not meeting(stage.look().b).offers.of(Amended):
        first = min(
            (
                made.fact
                for made in meeting(stage.look().b).offers.of(Clause)
                if made.fact.writer == stage.a.node
            ),
            key=lambda fact: fact.index,
        )
        words = ("outcome", "amend", spot(first), "--link", LINK, "--place", "1", *_AMENDED)
        Voice(stage=stage, side=stage.b).says(_("amends a clause"), *words)


def _try_unequal(stage: Stage, place: str) -> Mapping[str, Any]:
    """Let A type a clause whose languages name different figures: its own node refuses it."""
    who = ("--as", stage.a.officer, "--secret-file", str(stage.a.secret))
    try:
        stage.a.do("outcome", "clause", place, "--link", LINK, "--place", "4", *_UNEQUAL, *who)
    except CommandError as error:
        if error.fault.get("code") != "unequal_languages":
            raise
    else:
        raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "unequal"})
    text = _("A types 12 hours in English and 24 in Chinese: its own node refuses the clause, and says why.")
    stage.tell_once("unequal", Line(text=text))
    return {"refused": True}


def _freeze(stage: Stage, place: str, head_start: float) -> None:
    """Have both sides freeze the list for one release, if people are quick enough for it."""
    release = _wanted(stage.look()) or clock.now() + int(head_start)
    words = ("outcome", "freeze", place, "--link", LINK, "--release", typed_time(release))
    for side in (stage.a, stage.b):
        try:
            together(stage, side, partial(_has_frozen, side.node, release), *words)
        except CommandError as error:
            if error.exit not in _REFUSED or clock.now() < release:
                raise
            return
    stage.until("both froze", lambda scene: is_frozen(scene) or clock.now() > release)


def _wanted(scene: Scene) -> int | None:
    """Return the release for which one side froze the list, if there is time enough to follow."""
    found = [said.release for said in meeting(scene.a).outcome.frozen.values()]
    return next((each for each in found if each > clock.now() + HEAD_STARTS[0] / 2), None)


def _has_frozen(node: str, release: int, view: View) -> bool:
    frozen = meeting(view).outcome.frozen.get(node)
    return frozen is not None and frozen.release == release


# ---- At the instant


def release(stage: Stage) -> None:
    """Both make the list public at the instant that they agreed, and not before."""
    place = spot(meeting(stage.look().a).opened)
    at = _instant(stage.look().a)
    if at > clock.now():
        stage.place.once("early", partial(_try_early, stage, place, at))
        for side in (stage.a, stage.b):
            stage.place.once(f"ordered-{side.letter}", partial(_order, side, place))
        text = _("Both told their nodes to release the list at that second; nobody has to be awake for it.")
        stage.tell_once("ordered", Line(text=text))
    _wait_for_the_nodes(stage, at)
    for side in (stage.a, stage.b):
        if side.node not in meeting(look_at(stage, side)).outcome.released:
            words = ("outcome", "release", place, "--link", LINK)
            Voice(stage=stage, side=side).says(_("makes the outcome list public"), *words)
    stage.until("released", is_released)
    stage.place.once("public", partial(_compare, stage))
    text = _(
        "Both released the list at %(at)s; the same bytes are public on both nodes, for anybody to check."
    )
    stage.tell_once("released", Line(text=text, words={"at": typed_time(at)}))


def _order(side: Country, place: str) -> Mapping[str, Any]:
    """Have an officer tell the side's node to release the list at its second, if there is time for it."""
    who = ("--as", side.officer, "--secret-file", str(side.secret))
    try:
        side.do("outcome", "schedule", place, "--link", LINK, *who)
    except CommandError as error:
        if error.fault.get("code") != "too_late":
            raise
        return {"ordered": False}
    return {"ordered": True}


def _wait_for_the_nodes(stage: Stage, at: int) -> None:
    """Wait until both nodes have released the list by themselves, or some seconds longer than they need."""
    while clock.now() < at + BY_HAND_SECONDS:
        if all(each.node in meeting(look_at(stage, each)).outcome.released for each in (stage.a, stage.b)):
            return
        stage.pause(STEP_SECONDS)


def _instant(view: View) -> int:
    frozen = meeting(view).outcome.agreed
    if frozen is None or frozen.release > clock.now() + FAR_SECONDS:
        raise StoryError(str(_("The list is released when both have frozen it, and its time has come.")))
    return frozen.release


def _try_early(stage: Stage, place: str, at: int) -> Mapping[str, Any]:
    """Let A's officer release the list a moment too early: nothing is sealed."""
    who = ("--as", stage.a.officer, "--secret-file", str(stage.a.secret))
    try:
        stage.a.do("outcome", "release", place, "--link", LINK, *who)
    except CommandError as error:
        if error.fault.get("code") != "not_yet":
            # So slow that its time had come: then it is released, and nothing was early.
            if stage.a.node in meeting(stage.look().a).outcome.released:
                return {"tried": True}
            raise
        text = _("A tries before %(at)s: its node seals nothing before that second.")
        stage.tell_once("early", Line(text=text, words={"at": typed_time(at)}))
    return {"tried": True}


def _compare(stage: Stage) -> Mapping[str, Any]:
    """Fetch what is public from both nodes, as anybody could, until both show the same bytes.

    Raises:
        StoryError: they never do, or the bytes do not prove that both released the list.
    """
    digest = public_digest(stage.look())
    names = public.names((stage.a, stage.b))
    for _try in range(int(WAIT_SECONDS / STEP_SECONDS)):
        one, other = (public.fetch(side, digest, files=names) for side in (stage.a, stage.b))
        if one is not None and one == other:
            _check(stage, one)
            return {"digest": digest}
        stage.pause(STEP_SECONDS)
    raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "public on both nodes"})


def _check(stage: Stage, files: public.Files) -> None:
    """Check a release by its files alone, and that others which look like it do not pass."""
    is_so = (
        public.check(files).is_joint
        and public.is_lone_shown(files, node=stage.a.node)
        and public.is_told_when_tampered(files)
    )
    if not is_so:
        raise StoryError(str(_("“%(what)s” did not come about in time.")) % {"what": "checked"})
    text = _("Checked by the files alone: one letter changed proves nothing, and one seal no joint release.")
    stage.tell_once("checked", Line(text=text))


# ---- How far it is


def public_digest(scene: Scene) -> str:
    """Return the digest of the list that both released; "" while one of them has not."""
    found = [view.rooms.round for view in (scene.a, scene.b)]
    done = [each for each in found if each is not None and each.outcome.state is State.RELEASED]
    frozen = done[0].outcome.agreed if len(done) == len(found) else None
    return "" if frozen is None else frozen.digest


def is_frozen(scene: Scene) -> bool:
    """Return whether both sides hold the list as frozen by both."""
    found = [view.rooms.round for view in (scene.a, scene.b)]
    return all(each is not None and each.outcome.state in _FROZEN for each in found)


def is_released(scene: Scene) -> bool:
    """Return whether both sides hold the list as released by both."""
    return public_digest(scene) != ""
