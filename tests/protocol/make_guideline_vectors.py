"""Write `docs/protocol/vectors/guideline-*.json` and `review-*.json`, the same bytes every time.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_guideline_vectors.py`. Logs have the form
of the fold vectors. A guideline stands as its own text; what is refused is the text after one change.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.act import id_text
from parley.protocol.agreements import reviews
from parley.protocol.guidelines.replay import replay
from parley.protocol.guidelines.text import Guideline
from parley.protocol.guidelines.words import Language
from parley.protocol.record import Record
from parley.protocol.review.account import account, digest
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.standing import account as standing
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import read_terms
from tests.protocol.callers import Night
from tests.protocol.counted import bygones_of, cut_at, figures_of, whole
from tests.protocol.guided import OFFENCES, QUICKER, SLOWER, TERMS, Table, text_of
from tests.protocol.make_fold_vectors import PLACE, SIDES, entry, rows
from tests.protocol.reviewing import Reviewing, answered
from tests.protocol.samples import SUITE
from tests.protocol.stops import resume, suspend
from tests.protocol.world import DAY, HOUR, START, A, B, World, found


def _clause(place: str) -> str:
    """Return the clause about the office time of A, with this place in both languages."""
    return f'"en":"Office time of side A: {place}.","zh":"甲方的办公时间：{place}。"'


# What is taken out of the text, and what is put there: each makes it no guideline.
REFUSED: Final = (
    ('"since":1794', '"since": 1794', "16.2"),
    ("Inquiries concern: {items}.", "Inquiries concern: {items} and {lapse}.", "16.2"),
    ("Inquiries concern: {items}.", "Five days: {items}.", "16.2"),
    ("协查请求涉及下列合作事项：{items}。", "十日内：{items}。", "16.2"),
    ("协查请求涉及下列合作事项：{items}。", "3 项：{items}。", "16.2"),
    ("{lapse}", "{lapsed}", "16.2"),
    (_clause("{calendars/A}"), _clause("{calendars/C}"), "16.4"),
    (_clause("{calendars/A}"), _clause("{calendars/A/closed}"), "16.4"),
    ('"dual":"yes"', '"dual":"maybe"', "16.2"),
    ("第 285 条", "第 286 条", "16.2"),
    ('\\"lapse\\":\\"30d\\"', '\\"lapse\\":\\"0d\\"', "7.3"),
)


def world() -> World:
    """Return a link whose keys are real, and whose terms list the kinds."""
    return World(terms=TERMS, sides=SIDES, suite=SUITE)


def told(spec: str, about: str, scene: World) -> dict[str, JsonValue]:
    """Return what all files with logs have."""
    record = scene.record()
    return {
        "spec": spec,
        "about": about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {pen.node: [entry(each, unread=False) for each in pen.log] for pen in (scene.a, scene.b)},
        "rows": {pen.node: rows(record, pen.node) for pen in (scene.a, scene.b)},
    }


def guideline_texts() -> dict[str, JsonValue]:
    """Return texts, how they read, and what is none."""
    texts = [text_of(SLOWER, offences=OFFENCES), text_of(QUICKER)]
    return {
        "spec": "§16.2, §16.4, §16.6",
        "about": "the first text of two profiles, their fields in both languages, and what is refused",
        "valid": [_text(each) for each in texts],
        "refused": [
            {"of": 0, "replace": [before, after], "paragraph": paragraph}
            for before, after, paragraph in REFUSED
        ],
    }


def _text(text: Guideline) -> dict[str, JsonValue]:
    return {
        "text": text.raw.decode(),
        "digest": text.digest,
        "terms": id_text(text.terms.hash),
        "clauses": {
            number: {language.value: text.rendered(clause, language) for language in Language}
            for number, clause in text.numbered()
        },
    }


def guideline_force() -> dict[str, JsonValue]:
    """Return two texts that take effect one after the other, drafts that do not, and what is void."""
    table = Table(world())
    scene = table.world
    inquiries = [scene.a.sends(urgency="U0")]
    first, second = text_of(SLOWER), text_of(QUICKER, since=START + 2 * DAY)
    draft = table.drafts(first)
    amended = table.drafts(second, by=B, re=draft)
    gone = table.drafts(text_of(TERMS), by=B)
    scene.a.says("received")
    table.withdraws(gone, by=B)
    table.signs(gone, by=A, text=text_of(TERMS), seen=None)
    table.signs(draft, by=A, roots=(1,))
    for node in (A, B):
        table.signs(draft, by=node, text=first)
        table.signs(amended, by=node, text=second)
    table.withdraws(draft)
    table.signs(amended, by=A, text=second)
    stop = suspend(scene.b, scope={"forum": "guideline"})
    table.drafts(text_of(TERMS), by=A)
    resume(scene.b, stop)
    for _ in range(2):
        scene.wait(DAY)
        inquiries.append(scene.b.sends(urgency="U1"))
        scene.a.says("received")
    found = table.world.record()
    past = {pen.node: len(pen.log) for pen in (scene.a, scene.b)}
    times = (START, START + DAY - 1, START + DAY, START + 2 * DAY)
    return {
        **told(
            "§16.3, §16.5", "drafts, signatures, a withdrawal that crosses; which terms are in force", scene
        ),
        "in_force": [[at, _hash(found, past, at)] for at in times],
        "limits": {id_text(each.id): scene.timer(each, "acknowledge").limit for each in inquiries},
    }


def _hash(record: Record, past: Mapping[str, int], at: int) -> str:
    terms = record.shelf.link().terms(past, at=at)
    assert terms is not None
    return id_text(terms.hash)


def guideline_replay() -> dict[str, JsonValue]:
    """Return a period, and what other terms would have done to it."""
    scene = world()
    for after in (HOUR, 5 * HOUR, 20 * HOUR):
        answered(scene, after=after)
    scene.a.sends(urgency="U1", wants=["mitigate"], count=2)
    scene.b.says("received")
    scene.wait(14 * HOUR)
    scene.b.says("received")
    terms = TERMS.replace('"mitigate":{"U0":"4h","U1":"12h"', '"mitigate":{"U0":"4h","U1":"4h"').replace(
        '"acknowledge":{"U0":"30m","U1":"2h"', '"acknowledge":{"U0":"30m","U1":"24h"'
    )
    return {
        **told("§16.8", "the same inquiries under other limits", scene),
        "terms": terms,
        "effects": [
            {
                "asked": each.asked,
                "clock": each.clock.value,
                "ran": each.ran,
                "late": [*each.late],
                "would_be_late": [*each.would_be_late],
            }
            for each in replay(bygones_of(scene), read_terms(terms))
        ],
    }


def review_figures() -> dict[str, JsonValue]:
    """Return many inquiries and some calls, and their figures at several cuts."""
    scene = world()
    for n in range(14):
        answered(scene, after=(n * n + 1) * HOUR // 4, urgency=("U0", "U1", "U2")[n % 3])
    mixed = scene.b.sends(count=3, item="trade_secrets", wants=["mitigate", "preserve"])
    scene.a.says("received")
    returned = scene.a.says("returned", re=mixed, items=[2])
    scene.wait(DAY)
    scene.b.says("supplied", re=returned)
    answer = scene.a.says("answered", re=mixed, findings=[found("mitigated", 0), found("false_positive", 1)])
    scene.a.says("refused", re=mixed, items=[2], grounds=["G09"])
    scene.b.says("rated", re=mixed)
    scene.b.says("disputed", re=answer)
    scene.b.says("closed", re=mixed)
    night = Night(scene)
    night.talking()
    middle = (len(scene.a.log), len(scene.b.log))
    stop = suspend(scene.b)
    scene.wait(3 * DAY)
    resume(scene.b, stop)
    scene.a.sends(urgency="U1")
    scene.b.says("received")
    scene.wait(DAY)
    scene.b.says("received")
    record = scene.record()
    cuts = (
        whole(record),
        cut_at(*middle, since=START, until=START + 100 * DAY),
        whole(record, since=START + DAY, until=START + 3 * DAY),
    )
    return {
        **told("§18.3 to §18.6", "figures of several cuts of one record", scene),
        "reviews": [_review(record, cut) for cut in cuts],
    }


def _review(record: Record, cut: CutProposed) -> dict[str, JsonValue]:
    found = figures_of(record, cut)
    return {"account": account(found), "digest": digest(found)}


def review_signed() -> dict[str, JsonValue]:
    """Return two reviews: one joint, of the other the sides signed different figures."""
    table = Reviewing(world())
    cut = table.proposes()
    table.pen(B).says("review.cut_agreed", re=cut)
    computed = table.digest()
    table.signs(cut, by=A, digest=computed)
    table.signs(cut, by=B, digest=computed, roots=(1,))
    table.signs(cut, by=B, digest=computed)
    table.pen(B).says("review.commented", re=cut, figure="b.example/all/mitigate")
    other = table.proposes(by=B)
    table.signs(other, by=A, digest=computed)
    table.pen(A).says("review.cut_agreed", re=other)
    table.signs(other, by=A, digest=computed)
    table.signs(other, by=B, digest="A" * 43)
    table.proposes(sizes=(1, 99))
    scene = table.world
    past = {pen.node: len(pen.log) for pen in (scene.a, scene.b)}
    return {
        **told("§18.2", "a joint review, a contradicted one, and what is void", scene),
        "reviews": [standing(each) for each in reviews(scene.record().shelf.link(), past)],
    }


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name and what it holds."""

    name: str
    told: Callable[[], dict[str, JsonValue]]


FILES: Final = (
    File("guideline-texts.json", guideline_texts),
    File("guideline-force.json", guideline_force),
    File("guideline-replay.json", guideline_replay),
    File("review-figures.json", review_figures),
    File("review-signed.json", review_signed),
)


def texts() -> dict[str, str]:
    """Return the content of each file by its name."""
    return {each.name: json.dumps(each.told(), indent=1, ensure_ascii=False) + "\n" for each in FILES}


def main() -> None:
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
