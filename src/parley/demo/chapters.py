"""The chapters of the story. Each looks at the record first and does what is still to be done; twice is once.

Every act is a command that an officer of that side could type. Whoever walks through the
pages does the same, and a chapter that was walked is a chapter with nothing left to do.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from parley.demo.casting import GROUND, REFUSED, Part, Unit, cast
from parley.demo.country import LINK
from parley.demo.sample import read_sheet
from parley.demo.scene import Scene, View
from parley.demo.stage import Stage
from parley.demo.telling import Line
from parley.gates.table.translate import Result, read_file
from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.inquiries.codes import OPEN, State, Type, Want
from parley.protocol.inquiries.eye import Fact

BATCH: Final = "A-2026-0117"
LOOKING_SECONDS: Final = 2.0
# The ones whose answer comes in two statements: down within minutes, the data preserved a little later.
IN_TWO: Final = frozenset({3, 7})
ODD: Final[Mapping[int, str]] = {5: "not_visible_from_here", 9: "false_positive", 11: "hosted_elsewhere"}
_PLAIN: Final = frozenset({Want.CONFIRM, Want.MITIGATE, Want.PRESERVE})

Chapter = Callable[[Stage], None]


# ---- The batch goes out


def send_many(stage: Stage) -> None:
    """A sends twenty inquiries about fifty-nine sites, as a table with a column for the inquiry says."""
    _send(stage, read_sheet("sites.csv"), "--group", "column")


def read_aloud(stage: Stage) -> None:
    """Tell what is found in the sheet of a bank, before anything is sent."""
    if stage.look().a.inquiries:
        return
    rows = read_file(read_sheet()).rows
    found = Counter(row.result for row in rows)
    words = {
        "rows": len(rows),
        "fine": found[Result.OK],
        "doubtful": found[Result.NEEDS],
        "dropped": found[Result.DROPPED],
    }
    text = _(
        "A reads the bank's sheet: %(rows)d rows; %(fine)d are fine, %(doubtful)d need a person, "
        "%(dropped)d repeats another."
    )
    stage.tell_once("read", Line(text=text, words=words))


def send_sheet(stage: Stage) -> None:
    """A mends the two doubtful rows of the bank's sheet and sends it: one inquiry for each bank."""
    _send(stage, read_sheet(), "--group", "bank", "--zone", "+08:00", "--mask", "5")


def _send(stage: Stage, sheet: bytes, *how: str) -> None:
    # Killed half way, it goes on: what was sent by this very command is not sent twice.
    if "sending" in stage.place or not stage.look().a.inquiries:
        stage.place.once("sending", lambda: {"how": how})
        stage.place.once("send", lambda: _import(stage, sheet, how))
        stage.until("signed for", lambda scene: scene.a.is_signed_for)
        text = _("A sent %(inquiries)d inquiries about %(sites)d sites; B's node signed for them.")
        stage.tell_once("sent", Line(text=text, words=stage.place["send"]))
    stage.until("arrived", lambda scene: len(scene.b.inquiries) >= len(scene.a.inquiries) > 0)


def _import(stage: Stage, sheet: bytes, how: Sequence[str]) -> Mapping[str, Any]:
    text = _("%(side)s · %(who)s sends the sites")
    stage.show(Line(text=text, words={"side": stage.a.name, "who": stage.a.officer}))
    file = stage.a.folder / "sites.csv"
    file.write_bytes(sheet)
    stage.a.act(
        "send",
        *("inquiry", "import", str(file), "--link", LINK, "--item", "fraud_phishing", "--urgency", "U1"),
        *("--want", "confirm", "--want", "mitigate", "--want", "preserve"),
        *(*how, "--batch", BATCH),
        *("--urgency-reason", "犯罪正在进行：网站仍可访问"),
        *("--purpose", "侦查针对五家银行客户的诈骗"),
        *("--legal-basis", "指导原则第3项"),
    )
    view = stage.look().a
    return {"inquiries": len(view.inquiries), "sites": len(view.items)}


# ---- B's officer reads, and takes on


def acknowledge(stage: Stage) -> None:
    """A person at B has seen every inquiry."""
    for inquiry in stage.look().b.inquiries:
        if inquiry.acknowledged_at is None and inquiry.closed_at is None and _is_open(inquiry):
            stage.say(stage.b, "acknowledge", inquiry)
    stage.tell_once(
        "acknowledged",
        Line(text=_("A person at B's desk acknowledged all of them: not the machine, a person.")),
    )


def _is_open(inquiry: Inquiry) -> bool:
    return any(item.state in OPEN for item in inquiry.items)


def supplement(stage: Stage) -> None:
    """B admits what it will work on and returns one item or inquiry; A supplies; its clocks go on."""
    for inquiry, numbers in _to_admit(stage.look().b):
        stage.say(stage.b, "admit", inquiry, "--items", numbers)
    if not stage.look().b.has("inquiry.returned"):
        _return_one(stage)
    if _returns(stage.look().b):
        stage.until("returned", lambda scene: _returns(scene.a) == _returns(scene.b))
        # A person needs a moment to look; and a pause within one second is none, by the record's clocks.
        stage.pause(LOOKING_SECONDS)
        for inquiry, fact in _returned(stage.look().a):
            stage.say(stage.a, "supply", inquiry, "--field", _supplement(fact), on=f"B-{fact.index}")
        stage.until("resumed", lambda scene: not _returns(scene.b))
    stage.tell_once(
        "supplied",
        Line(
            text=_("B returned one for supplement: its clocks paused, and went on when B had the supplement.")
        ),
    )


def _to_admit(view: View) -> Iterator[tuple[Inquiry, str]]:
    units = [unit for unit in cast(view.inquiries) if unit.part in {Part.ANSWERED, Part.RETURNED}]
    for inquiry in view.inquiries:
        numbers = [
            str(item.n)
            for unit in units
            if unit.inquiry is inquiry
            for item in unit.items
            if item.state in {State.SENT, State.ACKNOWLEDGED}
        ]
        if numbers:
            yield inquiry, ",".join(numbers)


def _return_one(stage: Stage) -> None:
    units = cast(stage.look().b.inquiries)
    fit = [unit for unit in units if unit.open_items and unit.part is Part.RETURNED]
    for unit in fit[:1]:
        items = str(unit.open_items[0].n)
        fields = ("--field", "observed_at=unclear", "--field", "url=not_reproducible")
        stage.say(stage.b, "return", unit.inquiry, "--items", items, *fields)


def _returned(view: View) -> Iterator[tuple[Inquiry, Fact]]:
    for inquiry in view.inquiries:
        for fact in inquiry.waiting:
            if fact.kind == "inquiry.returned":
                yield inquiry, fact


def _returns(view: View) -> set[bytes]:
    return {fact.id for _inquiry, fact in _returned(view)}


def _supplement(fact: Fact) -> str:
    items = getattr(fact.said, "items", "all")
    number = 0 if isinstance(items, str) else items[0]
    return f"{number}:observed_at=今日09:40（UTC+8）再次发现"


# ---- B's officer answers


def answer(stage: Stage, *, but: int = 0) -> None:
    """B answers twelve, all but the unit `but`, and refuses with grounds."""
    for unit in cast(stage.look().b.inquiries):
        if unit.part is Part.ANSWERED and unit.number != but:
            _answer(stage, unit)
    for unit in cast(stage.look().b.inquiries):
        if unit.part is Part.REFUSED and unit.open_items:
            stage.say(stage.b, "refuse", unit.inquiry, "--items", unit.numbers, "--ground", unit.ground)
    _refuse_one_at_least(stage)
    grounds = {ground.value for item in stage.look().b.items for ground in item.grounds}
    text = _("B refused three with grounds: outside the agreed items, own proceedings, no data.")
    if grounds == set(REFUSED):
        stage.tell_once("refused", Line(text=text))


def _refuse_one_at_least(stage: Stage) -> None:
    """Refuse one that is pending, if a walker has left nothing else to be refused for own proceedings."""
    view = stage.look().b
    if not any(ground.value == GROUND for item in view.items for ground in item.grounds):
        for unit in [unit for unit in reversed(cast(view.inquiries)) if unit.open_items][:1]:
            stage.say(stage.b, "refuse", unit.inquiry, "--items", unit.numbers, "--ground", GROUND)


def _answer(stage: Stage, unit: Unit) -> None:
    left = [item for item in unit.open_items if item.state is not State.RETURNED]
    if left and unit.number in IN_TWO and all(_is_plain(item) for item in left):
        if not any(item.findings for item in left):
            numbers = _numbers(left)
            stage.say(stage.b, "answer", unit.inquiry, f"--finding={numbers}=mitigated:blocked")
        stage.say(stage.b, "answer", unit.inquiry, f"--finding={_numbers(left)}=preserved@+60d")
    elif left:
        findings = tuple(f"--finding={each}" for each in _findings(unit, left))
        stage.say(stage.b, "answer", unit.inquiry, *findings)


def _findings(unit: Unit, left: list[ItemState]) -> Iterator[str]:
    odd = [item for item in left[:1] if unit.number in ODD]
    plain = [item for item in left if item not in odd and _is_plain(item)]
    other = [item for item in left if item not in odd and not _is_plain(item)]
    if odd:
        yield f"{_numbers(odd)}={ODD[unit.number]}"
    if plain:
        measure = "host_suspended" if odd else "content_removed"
        yield f"{_numbers(plain)}=mitigated:{measure}"
        yield f"{_numbers(plain)}=preserved@+60d"
    if other:
        yield f"{_numbers(other)}=no_data"


def _is_plain(item: ItemState) -> bool:
    return item.type is Type.PHISHING_SITE and item.wants <= _PLAIN


def _numbers(items: list[ItemState]) -> str:
    return ",".join(str(item.n) for item in items)


# ---- Some stay pending, with a word about why


def pending(stage: Stage) -> None:
    """A asks how it stands, B says so, asks for more time, and postpones."""
    rest = [unit for unit in cast(stage.look().b.inquiries) if unit.part is Part.PENDING and unit.open_items]
    for act, unit in zip((_ask_status, _extend, _postpone), rest, strict=False):
        act(stage, unit)


def _ask_status(stage: Stage, unit: Unit) -> None:
    if not stage.look().a.has("inquiry.status_asked"):
        stage.say(stage.a, "ask-status", unit.inquiry)
    stage.until("asked", lambda scene: scene.b.has("inquiry.status_asked"))
    if not stage.look().b.has("inquiry.progressed"):
        stage.say(stage.b, "progress", unit.inquiry, "--items", unit.numbers, "--code", "awaiting_provider")


def _extend(stage: Stage, unit: Unit) -> None:
    if not stage.look().b.has("inquiry.extended"):
        words = ("--clock", "preserve", "--until", "+40h", "--reason", "provider_slow")
        stage.say(stage.b, "extend", unit.inquiry, "--items", unit.numbers, *words)
    scene = stage.until("extended", lambda scene: scene.a.has("inquiry.extended"))
    for inquiry in scene.a.inquiries:
        for fact in inquiry.waiting:
            if fact.kind == "inquiry.extended":
                stage.say(stage.a, "agree", inquiry, on=f"B-{fact.index}")


def _postpone(stage: Stage, unit: Unit) -> None:
    if not stage.look().b.has("inquiry.postponed"):
        words = ("--ground", "P01", "--until", "+20d")
        stage.say(stage.b, "postpone", unit.inquiry, "--items", unit.numbers, *words)


# ---- A says what it thinks of the answers


def thank(stage: Stage) -> None:
    """A rates an answer, contests a refusal, and closes what needs nothing more."""
    stage.until("answered", lambda scene: _best(scene) is not None)
    view = stage.look().a
    if not any(inquiry.rated for inquiry in view.inquiries):
        scores = ("--timely", "3", "--complete", "3", "--usable", "2", "--understandable", "3")
        stage.say(stage.a, "rate", _certain(_best(stage.look())), *scores)
    if not any(inquiry.disputed for inquiry in view.inquiries):
        _dispute(stage)
    if (settled := is_to_be_closed(stage.look())) is not None:
        stage.say(stage.a, "close", settled)
    text = _("A rated an answer, contested a refusal, which stands, and closed an inquiry.")
    if any(inquiry.closed_at for inquiry in stage.look().a.inquiries):
        stage.tell_once("thanked", Line(text=text))


def is_to_be_closed(scene: Scene) -> Inquiry | None:
    """Return an inquiry that A can close, if it has closed none; with open items it cannot be closed."""
    inquiries = scene.a.inquiries
    settled = [each for each in inquiries if each.is_settled]
    if any(each.closed_at is not None for each in inquiries):
        return None
    return min(settled, key=lambda each: each.rated is None, default=None)


def _best(scene: Scene) -> Inquiry | None:
    """Return the inquiry that A is most content with: rated already, settled, or answered in part."""
    answered = [each for each in scene.a.inquiries if each.last_answer_at is not None]
    return min(answered, key=lambda each: (each.rated is None, not each.is_settled), default=None)


def _certain(inquiry: Inquiry | None) -> Inquiry:
    assert inquiry is not None
    return inquiry


def _dispute(stage: Stage) -> None:
    refusals = [
        (thread, row)
        for thread, rows in stage.look().a.said.items()
        for row in rows
        if row.kind == "inquiry.refused" and row.act is not None
    ]
    refusals.sort(key=lambda each: GROUND not in str(each[1].act and each[1].act.d))
    for thread, row in refusals[:1]:
        inquiry = _certain(stage.look().a.inquiry(thread))
        stage.say(stage.a, "dispute", inquiry, "--ground", "ground", on=f"{row.letter}-{row.index}")


# ---- Both sign for all of it


def agree(stage: Stage) -> None:
    """Each node has all that the other said, and has signed for it."""
    stage.until("both signed", lambda scene: scene.is_same)
