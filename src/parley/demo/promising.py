"""What both want in general, as commitments: with owners, a measure, and an id that outlives its forum.

A proposes two and B one; each is agreed to by the other side, and binds from then on. Later, in a round, B
reports on one with a statement of the record as evidence, A confirms, and it is carried to the next round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK, Country
from parley.demo.rooms import spot
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.demo.voices import Voice, typed_time
from parley.protocol.dialogue.bodies import Carried
from parley.protocol.dialogue.commitment import Commitment, State, Word
from parley.protocol.dialogue.offers import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promise:
    """What a side proposes, and by what it is measured."""

    letter: str
    en: str
    zh: str
    measure_en: str
    measure_zh: str

    @property
    def words(self) -> tuple[str, ...]:
        """Return it as it is typed."""
        text = ("--en", self.en, "--zh", self.zh)
        measure = ("--measure-en", self.measure_en, "--measure-zh", self.measure_zh)
        return ("--link", LINK, *text, *measure, "--owner", "A", "--owner", "B")


CONSENSUS: Final = (
    _Promise(
        letter="A",
        en="Each side gives timely responses to requests for information and assistance against cybercrime.",
        zh="各方对打击网络犯罪的信息和协助请求作出及时回应。",
        measure_en="The share of requests that a person acknowledged in time.",
        measure_zh="由工作人员按时确认的请求所占的比例。",
    ),
    _Promise(
        letter="A",
        en="The sides keep a hotline for matters that cannot wait, and a person answers it at any hour.",
        zh="双方保持处理紧急事项的热线，并随时有人值守接听。",
        measure_en="How many calls and tests of the line were answered by a person.",
        measure_zh="由值守人员接听的呼叫和线路测试的数量。",
    ),
    _Promise(
        letter="B",
        en="Neither side conducts or knowingly supports the theft of trade secrets over computer networks.",
        zh="任何一方均不从事、也不在知情的情况下支持通过网络窃取商业秘密。",
        measure_en="The joint cases about it, and what was found in them.",
        measure_zh="就此设立的联合案件以及其中作出的结论。",
    ),
)
_SEMINAR: Final = _Promise(
    letter="A",
    en="Country A holds a seminar on incident response for experts of both sides in 2027.",
    zh="甲国于2027年为双方专家举办应急响应研讨会。",
    measure_en="The seminar is held, and experts of both sides attend.",
    measure_zh="研讨会如期举办，双方专家出席。",
)
HOTLINE: Final = 1
"""Which of them B reports on, and which is carried over: the line was tried in the story itself."""


def promise(stage: Stage) -> None:
    """Both sides propose what is not promised yet, and agree to what the other proposed."""
    for wanted in CONSENSUS[len(_known(stage.look())) :]:
        side = stage.a if wanted.letter == "A" else stage.b
        Voice(stage=stage, side=side).says(_("proposes a commitment"), "commitment", "propose", *wanted.words)
    _agree(stage, stage.until("commitments arrived", lambda scene: _has_all(scene, len(CONSENSUS))))
    scene = stage.until("commitments agreed", is_promised)
    text = _(
        "Consensus as commitments: %(count)d, in both languages, each proposed by one, agreed by the other."
    )
    stage.tell_once("promised", Line(text=text, words={"count": len(scene.a.rooms.binding)}))


def _known(scene: Scene) -> set[bytes]:
    return {each.opened.id for view in (scene.a, scene.b) for each in view.rooms.commitments}


def _has_all(scene: Scene, least: int) -> bool:
    """Return whether both sides hold all commitments that were proposed, and at least so many."""
    known = _known(scene)
    return all(len(view.rooms.commitments) == len(known) >= least for view in (scene.a, scene.b))


def _agree(stage: Stage, scene: Scene) -> None:
    """Let each side agree to what the other proposed."""
    for commitment in scene.a.rooms.commitments:
        if commitment.state is State.PROPOSED:
            by = _other(stage, commitment.opened.writer)
            agree = ("commitment", "agree", spot(commitment.opened), "--link", LINK)
            Voice(stage=stage, side=by).says(_("agrees to a commitment"), *agree)


def is_promised(scene: Scene) -> bool:
    """Return whether both sides hold as many commitments in force as the story begins with."""
    return all(len(view.rooms.binding) >= len(CONSENSUS) for view in (scene.a, scene.b))


def _other(stage: Stage, node: str) -> Country:
    return stage.b if node == stage.a.node else stage.a


# ---- In a round


def take_stock(stage: Stage) -> None:
    """B reports on the hotline with a call as evidence, and A confirms the report."""
    commitment = kept(stage.look().b)
    if stage.b.node not in commitment.reports:
        evidence = list(stage.look().b.places.values())[:1]
        words = ("--standing", "under_way", *(word for place in evidence for word in ("--evidence", place)))
        report = ("commitment", "report", spot(commitment.opened), "--link", LINK, *words)
        Voice(stage=stage, side=stage.b).says(_("reports on a commitment"), *report)
    stage.until("reported", lambda scene: stage.b.node in kept(scene.a).reports)
    report_made = kept(stage.look().a).reports[stage.b.node]
    if report_made.word is Word.NONE:
        confirm = ("commitment", "confirm", spot(report_made.fact), "--link", LINK)
        Voice(stage=stage, side=stage.a).says(_("confirms a report"), *confirm)


def carry_over(stage: Stage, *, due: int) -> None:
    """Both carry the commitment on until the next round; its id stays."""
    commitment = kept(stage.look().a)
    if not _carryings(commitment):
        words = ("commitment", "carry", spot(commitment.opened), "--link", LINK, "--due", typed_time(due))
        Voice(stage=stage, side=stage.a).says(_("carries a commitment over to the next round"), *words)
    scene = stage.until("carried", lambda scene: bool(_carryings(kept(scene.b))))
    for place, status in _carryings(kept(scene.b)).items():
        if status is Status.OPEN:
            agree = ("commitment", "agree", place, "--link", LINK)
            by = stage.b if place.startswith(stage.a.letter) else stage.a
            Voice(stage=stage, side=by).says(_("agrees to a commitment"), *agree)


def keep_the_seminar(stage: Stage, *, place: str, due: int) -> None:
    """What the list announces is promised under the round at `place`: a seminar of A, until the next."""
    words = (*_SEMINAR.words[:-2], "--round", place, "--due", typed_time(due))
    voice = Voice(stage=stage, side=stage.a)
    says = partial(voice.says, _("proposes a commitment"), "commitment", "propose", *words)
    stage.place.once("seminar", lambda: {"said": bool(says())})
    scene = stage.until("seminar arrived", lambda scene: _has_all(scene, len(CONSENSUS) + 1))
    _agree(stage, scene)
    stage.until("seminar agreed", lambda scene: len(scene.b.rooms.binding) > len(CONSENSUS))


def _carryings(commitment: Commitment) -> Mapping[str, Status]:
    return {spot(made.fact): made.status for made in commitment.offers.of(Carried)}


def kept(view: View) -> Commitment:
    """Return the commitment on which B reports, and which is carried over."""
    binding = [each for each in view.rooms.binding if each.nodes[1] in each.owners]
    return binding[min(HOTLINE, len(binding) - 1)]
