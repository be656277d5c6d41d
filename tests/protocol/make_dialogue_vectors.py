"""Write `docs/protocol/vectors/dialogue-*.json`, the same bytes every time: promises, rounds, releases.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_dialogue_vectors.py`. The dialogues are
told here; the form of the logs is that of the fold vectors. Seals hold randomness that no seed reaches: what
the real suite made once is kept in `vectors/dialogue_seals.json` and given again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.dialogue.account import account, digest
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.figures import CHINESE_FIGURES, ENGLISH, figures_en, figures_zh, unequal
from parley.protocol.dialogue.release import Outcomes, Seal, digest_of, join, sign_seal
from parley.protocol.notation import write_base64
from parley.protocol.note import SignKey
from parley.protocol.strictjson import JsonValue
from tests.protocol.make_fold_vectors import PLACE, SIDES, entry, rows
from tests.protocol.minutes import threads_of
from tests.protocol.recorded import Recorded
from tests.protocol.rounds import (
    CLAUSE,
    LINK,
    OTHER,
    RELEASE_IN,
    WORDS,
    WORK,
    Dialogue,
    plan,
    terms_with_dialogue,
)
from tests.protocol.samples import KEYS_A, KEYS_B, card_note
from tests.protocol.test_dialogue_figures import EQUAL, UNEQUAL
from tests.protocol.world import DAY, A, B, World

SEALS: Final = Path(__file__).parent / "vectors" / "dialogue_seals.json"
ID: Final = "A" * 43
T: Final = 1_800_000_000


class Seals(Recorded):
    """The real suite, with the seals of this file remembered."""

    def __init__(self) -> None:
        self.throws = 0
        self.made = json.loads(SEALS.read_text()) if SEALS.exists() else {}
        self.used: dict[str, str] = {}

    def save(self) -> None:
        SEALS.write_text(json.dumps(self.used, indent=1, sort_keys=True) + "\n")


class Told(Dialogue):
    """A dialogue between the two nodes of all vectors."""

    def __init__(self, suite: Seals) -> None:
        super().__init__(World(terms=terms_with_dialogue(), sides=SIDES, suite=suite))

    def keys(self, node: str) -> tuple[SignKey, SignKey]:
        found = (KEYS_A if node == A else KEYS_B).receipt(self.world.suite)
        return (found.ed25519, found.ml_dsa)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file of two logs: what it shows, and how it is told."""

    name: str
    spec: str
    about: str
    tell: Callable[[Told], None]


def commitments(told: Told) -> None:
    """Tell of promises that are carried over, disputed, fulfilled, dropped, withdrawn, and of a concern."""
    promise = told.promises()
    carried = told.says("commitment.carried", promise, by=A, round=ID, due=told.world.now + 90 * DAY)
    told.says("commitment.agreed", carried, by=B)
    concern = told.says("concern.raised", promise, by=A)
    told.says("concern.answered", concern, by=B)
    told.says("concern.escalated", concern, by=A, call=ID)
    report = told.reports(promise)
    told.says("commitment.disputed", report, by=A)
    told.says("concern.settled", concern, by=A)
    told.says("commitment.confirmed", report, by=A)
    joint = told.promises(owners=["A", "B"])
    told.reports(joint, "hindered", by=A)
    told.reports(joint, "under_way", by=B)
    told.says("commitment.agreed", told.says("commitment.dropped", joint, by=B), by=A)
    crossed = told.proposes()
    told.says("commitment.agreed", crossed, by=B, heard=False)
    told.says("commitment.withdrawn", crossed, by=A, seen=None)
    told.says("commitment.declined", told.proposes(), by=B)


def meetings(told: Told) -> None:
    """Tell of a round from the proposal to the joint release, and of one that both put elsewhere at once."""
    meeting = told.invites()
    told.says("round.delegated", meeting, by=A, chair="minister", members=[{"role": "minister", "count": 1}])
    told.says("round.agreed", meeting, by=B)
    item = told.says("round.item_proposed", meeting, by=B, source="hotline", of=ID, text=WORDS)
    told.says("round.agreed", item, by=A)
    told.says("round.stated", item, by=A, stance="position_paper")
    told.says("round.group_reported", meeting, by=A, group="experts", text=WORDS)
    told.says("round.agreed", told.says("round.decided", meeting, by=A, guideline=ID, text=WORDS), by=B)
    after = told.says("round.next_proposed", meeting, plan(told.world.now + 180 * DAY, host="B"), by=B)
    told.says("round.agreed", after, by=A)
    clause, other = told.adds(meeting), told.adds(meeting, by=B, place=2, clause=OTHER)
    told.says("outcome.agreed", clause, by=B)
    told.says("outcome.agreed", other, by=A)
    amended = told.says("outcome.amended", clause, by=B, place=3, clause=CLAUSE)
    told.says("outcome.agreed", amended, by=A)
    told.says("outcome.agreed", told.says("outcome.amended", other, by=A, place=2, clause=None), by=B)
    told.freezes(meeting, by=A)
    told.freezes(meeting, by=B)
    for node in (A, B):
        told.says("round.closed", meeting, by=node)
    told.world.wait(RELEASE_IN)
    told.releases(meeting, by=A)
    told.world.wait(2)
    told.releases(meeting, by=B)
    later = told.meets()
    one = told.says("round.replanned", later, plan(told.world.now, host="B"), by=A, heard=False)
    two = told.says("round.replanned", later, plan(told.world.now, ends=2**40), by=B, heard=False, seen=None)
    told.says("round.agreed", two, by=A, heard=False)
    told.says("round.agreed", one, by=B)


def voids(told: Told) -> None:
    """Tell of what is void: the wrong side, target, time, list or seal, languages that count differently."""
    promise, meeting = told.promises(), told.concludes()
    told.says("commitment.agreed", promise, by=A)
    told.says("commitment.agreed", promise, by=B)
    told.says("commitment.confirmed", promise, by=A)
    told.reports(promise, by=A)
    told.says("concern.raised", meeting, by=A)
    told.says("commitment.proposed", by=A, text=WORDS, owners=["B", "A"], due=None, round=None)
    told.adds(meeting, clause=write_base64("Within 20 days.\n三十日内。\n".encode()))
    told.adds(meeting, clause=write_base64("Within\u202e 20 days.\n二十日内。\n".encode()))
    told.freezes(meeting, by=A, roots=(1,))
    told.freezes(meeting, by=A, digest=ID)
    told.freezes(meeting, by=A, release=told.world.now)
    told.freezes(meeting, by=A)
    told.releases(meeting, by=A)
    told.freezes(meeting, by=B)
    told.releases(meeting, by=A)
    told.adds(meeting, clause=OTHER)
    frozen = told.round(meeting).outcome.frozen[A]
    told.world.wait(RELEASE_IN)
    told.releases(
        meeting, by=A, seal=told.seal(B, release=frozen.release, digest=frozen.digest, at=told.world.now)
    )
    told.releases(meeting, by=A, seal=told.seal(A, release=frozen.release, digest=ID, at=told.world.now))
    told.releases(meeting, by=A)


STORIES: Final = (
    Story(
        name="commitment",
        spec="§17.1, §17.4, §17.5, §17.11",
        about="promises carried over, disputed, confirmed, dropped, withdrawn; a concern from first to last",
        tell=commitments,
    ),
    Story(
        name="round",
        spec="§17.6 to §17.11",
        about="a round from its proposal to the joint release; two plans that cross",
        tell=meetings,
    ),
    Story(name="voids", spec="§17.3 to §17.10", about="what is void in commitments and rounds", tell=voids),
)


def told(story: Story, suite: Seals) -> dict[str, JsonValue]:
    """Return the content of one file of two logs."""
    dialogue = Told(suite)
    story.tell(dialogue)
    world = dialogue.world
    return {
        "spec": story.spec,
        "about": story.about,
        "sides": [
            {"node": each.node, "origin": each.origin, "card": each.card.text().decode()}
            for each in (SIDES.one, SIDES.two)
        ],
        "logs": {pen.node: [entry(each, unread=False) for each in pen.log] for pen in (world.a, world.b)},
        "rows": {pen.node: rows(world.record(), pen.node) for pen in (world.a, world.b)},
        "threads": [
            {"account": account(each), "digest": digest(each).hex()} for each in threads_of(world.record())
        ],
    }


def figures() -> dict[str, JsonValue]:
    """Return the content of the file about numbers in two languages."""
    pairs = [*EQUAL, *((en, zh) for en, zh, _one, _two in UNEQUAL)]
    cases: list[JsonValue] = []
    for en, zh in pairs:
        found, one, two = unequal(en, zh), figures_en(en), figures_zh(zh)
        cases.append(
            {
                "en": en,
                "zh": zh,
                "sure_en": dict(sorted(one.sure.items())),
                "maybe_en": dict(sorted(one.maybe.items())),
                "sure_zh": dict(sorted(two.sure.items())),
                "maybe_zh": dict(sorted(two.maybe.items())),
                "only_en": [*found.only_en] if found else [],
                "only_zh": [*found.only_zh] if found else [],
            }
        )
    return {
        "spec": "§17.3",
        "about": "which figures two texts name, and what differs",
        "patterns": {"en": ENGLISH.pattern, "zh": CHINESE_FIGURES.pattern},
        "cases": cases,
    }


def release(suite: Seals) -> dict[str, JsonValue]:
    """Return the content of the file about lists and their seals."""
    text = Outcomes(
        nodes=(A, B),
        round=bytes(range(32)),
        number=3,
        release=T,
        clauses=(WORK, Text(en="Experts meet on 1 December 2026.", zh="专家于2026年12月1日会晤。")),
    ).text()
    seal = Seal(link=LINK, release=T, digest=digest_of(text))
    one, two = (sealed(seal, keys, at=at, suite=suite) for keys, at in ((KEYS_A, T), (KEYS_B, T + 2)))
    half = note.parse(one)
    cases: list[JsonValue] = [
        {"about": "sealed by both", "note": join(one, two).decode(), "sealed_at": {A: T, B: T + 2}},
        {"about": "a lone publication", "note": two.decode(), "sealed_at": {B: T + 2}},
        {
            "about": "one key of two",
            "note": note.encode(note.Note(text=half.text, lines=half.lines[:1])).decode(),
            "sealed_at": None,
        },
        {
            "about": "a seal on another list",
            "note": sealed(Seal(link=LINK, release=T, digest=bytes(32)), KEYS_A, at=T, suite=suite).decode(),
            "sealed_at": None,
        },
    ]
    return {
        "spec": "§17.9, §17.10",
        "about": "a list, and notes on it: who sealed it and when, null where the note is refused",
        "cards": [card_note(keys, suite).decode() for keys in (KEYS_A, KEYS_B)],
        "text": text.decode(),
        "digest": id_text(digest_of(text)),
        "cases": cases,
        "refused_texts": [
            {"replace": ["二十个", "三十个"], "about": "the languages count differently"},
            {"replace": ["clauses 2", "clauses 1"], "about": "a clause too many"},
            {"replace": ["release 18", "release 17"], "about": "another release"},
        ],
    }


def sealed(seal: Seal, keys: object, *, at: int, suite: Seals) -> bytes:
    """Return the note of one side."""
    found = (KEYS_A if keys is KEYS_A else KEYS_B).receipt(suite)
    return sign_seal(seal, (found.ed25519, found.ml_dsa), time=at, suite=suite)


def texts(suite: Seals, stories: Sequence[Story] = STORIES) -> dict[str, str]:
    """Return the content of each file by its name."""
    files = {f"dialogue-{story.name}.json": told(story, suite) for story in stories}
    files["dialogue-figures.json"] = figures()
    files["dialogue-release.json"] = release(suite)
    return {name: json.dumps(file, indent=1, ensure_ascii=False) + "\n" for name, file in files.items()}


def main() -> None:
    suite = Seals()
    for name, text in texts(suite).items():
        (PLACE / name).write_text(text, encoding="utf-8")
    suite.save()


if __name__ == "__main__":
    main()
