"""A theft of personnel records: a joint case, and a finding that its author revises in the open.

A first holds it state-sponsored: likely, and with low confidence, which are two words. B does not concur and
puts a payment trail on the record. A revises: a crime, by nobody's order, with what changed beside it; B
concurs. The older version stays, struck through, and both print the same Status Report.
"""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.country import LINK
from parley.demo.rooms import spot
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.demo.voices import Voice
from parley.protocol.cases.apply import Case, Finding, Version
from parley.protocol.cases.codes import Linked, Position, State

_PROPOSE: Final = (
    *("case", "propose", "--link", LINK, "--item", "trade_secrets"),
    *("--title-en", "Theft of personnel records", "--title-zh", "人事档案失窃案"),
    *("--text", "我国一部门的人事档案被窃，部分流量经过贵国境内。请求共同调查。"),
)
_STATE: Final = (
    *("--en", "The theft was carried out by a state.", "--zh", "该窃密行为由国家实施。"),
    *("--responsibility", "state_executed", "--likelihood", "likely", "--confidence", "low"),
)
_CRIME: Final = (
    *("--en", "The theft was a crime for gain; no state had a part in it."),
    *("--zh", "该窃密行为是牟利的刑事犯罪，没有国家参与。"),
    *("--responsibility", "no_state", "--likelihood", "very_likely", "--confidence", "moderate"),
    *("--alternative", "state_executed=unlikely:工具相同，但资金流向指向犯罪团伙。", "--public"),
)
_CHANGED: Final = (
    *("--reason", "new_evidence", "--reason", "other_side"),
    *("--changed-en", "B's payment trail leads to a gang that sold the records."),
    *("--changed-zh", "乙国提供的资金流向指向出售档案的犯罪团伙。"),
)
_TRAIL: Final = "date,from,to,amount\n2026-10-02,buyer 1,wallet 7,40000\n2026-10-05,wallet 7,seller,38000\n"


def open_case(stage: Stage) -> None:
    """A proposes a joint case, B joins, and both link to it what they have."""
    if stage.look().a.rooms.case is None:
        Voice(stage=stage, side=stage.a).says(_("proposes a joint case"), *_PROPOSE)
    scene = stage.until("case proposed", lambda scene: scene.b.rooms.case is not None)
    place = spot(_case(scene.b).proposed)
    if _case(scene.b).state is State.PROPOSED:
        by = stage.b if _case(scene.b).other == stage.b.node else stage.a
        Voice(stage=stage, side=by).says(_("joins the case"), "case", "join", place, "--link", LINK)
    stage.until("case joined", is_joined)
    if not _case(stage.look().a).links:
        inquiry = f"A-{stage.look().a.inquiries[0].sent.index}"
        words = ("case", "link", place, "--link", LINK, "--to", Linked.INQUIRY.value, "--place", inquiry)
        Voice(stage=stage, side=stage.a).says(_("links an inquiry to the case"), *words)
    stage.tell_once(
        "case", Line(text=_("A proposed a joint case about a theft of personnel records; B joined."))
    )


def find(stage: Stage) -> None:
    """A gives a finding, with likelihood and confidence apart; B does not concur, and says why."""
    place = spot(_case(stage.look().a).proposed)
    words = ("finding", "give", place, "--link", LINK, *_STATE)
    Voice(stage=stage, side=stage.a).signs(_("gives a finding and signs it"), _has_finding, *words)
    scene = stage.until("found", lambda scene: _has_finding(scene.b))
    if len(_finding(scene.b).versions) == 1 and _finding(scene.b).current.answer is None:
        _answer(
            stage, Position.DOES_NOT_CONCUR, "--text", "The same tools are for sale; look at the payments."
        )
    stage.until("found and answered", is_found)
    text = _("A held that a state did it: likely, with low confidence. B does not concur, and says so.")
    stage.tell_once("found", Line(text=text))


def revise(stage: Stage) -> None:
    """B puts evidence on the record; A revises its finding in the open, and B concurs."""
    place = spot(_case(stage.look().b).proposed)
    if not _case(stage.look().b).notes:
        _put_evidence(stage, place)
    stage.until("evidence", lambda scene: bool(_case(scene.a).notes))
    author = stage.a if _finding(stage.look().a).author == stage.a.node else stage.b
    words = ("finding", "revise", _spot(stage.look().a), "--link", LINK, *_CRIME, *_CHANGED)
    revises = _("revises the finding, and says what changed")
    Voice(stage=stage, side=author).signs(revises, _is_newer, *words, *_evidence(stage))
    stage.until("revised", lambda scene: _is_newer(scene.b))
    if _finding(stage.look().b).current.answer is None:
        _answer(stage, Position.CONCURS, "--public")
    stage.until("revised and answered", is_revised)
    text = _(
        "A revised its finding in the open: a crime, no state. B concurs; the older version stays to be seen."
    )
    stage.tell_once("revised", Line(text=text))


def _put_evidence(stage: Stage, place: str) -> None:
    file = stage.b.folder / "payments.csv"
    file.write_text(_TRAIL, encoding="ascii")
    words = ("case", "note", place, "--link", LINK, "--text", "A payment trail.", "--enclose", str(file))
    Voice(stage=stage, side=stage.b).says(_("puts evidence on the record"), *words)


def _answer(stage: Stage, position: Position, *words: str) -> None:
    other = stage.b if _finding(stage.look().a).author == stage.a.node else stage.a
    version = _finding(stage.look().a).current.fact.id
    said = ("finding", "answer", _spot(stage.look().a), "--link", LINK, "--position", position.value)
    Voice(stage=stage, side=other).signs(_("answers the finding"), _answered(version), *said, *words)


def _answered(version: bytes) -> Callable[[View], bool]:
    def is_answered(view: View) -> bool:
        return any(each.fact.id == version and each.answer is not None for each in _versions(view))

    return is_answered


def _spot(view: View) -> str:
    return spot(_finding(view).current.fact)


def _evidence(stage: Stage) -> tuple[str, ...]:
    """Return the file of the first note that came with one, as it is typed."""
    notes = [each for each in _case(stage.look().a).notes if each.writer == stage.b.node]
    return tuple(word for each in notes[:1] for word in ("--evidence", f"{spot(each)}/1"))


def _case(view: View) -> Case:
    assert view.rooms.case is not None, "it was waited for"
    return view.rooms.case


def _finding(view: View) -> Finding:
    return _case(view).findings[0]


def _versions(view: View) -> tuple[Version, ...]:
    case = view.rooms.case
    return case.findings[0].versions if case is not None and case.findings else ()


def _has_finding(view: View) -> bool:
    return bool(_versions(view))


def _is_newer(view: View) -> bool:
    return len(_versions(view)) > 1


# ---- How far it is


def is_joined(scene: Scene) -> bool:
    """Return whether both sides hold a joint case in which both are."""
    found = [view.rooms.case for view in (scene.a, scene.b)]
    return all(each is not None and each.joined is not None for each in found)


def is_found(scene: Scene) -> bool:
    """Return whether a first version of a finding is answered, or is replaced already."""
    return all(
        any(each.answer is not None for each in _versions(view)) or _is_newer(view)
        for view in (scene.a, scene.b)
    )


def is_revised(scene: Scene) -> bool:
    """Return whether a finding was revised, and the other side answered what holds now."""
    return all(_is_newer(view) and _versions(view)[-1].answer is not None for view in (scene.a, scene.b))
