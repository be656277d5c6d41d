"""Statements of the round as a partner without manners writes them: any kind, any fields, about anything.

The fields come from the classes that the rooms themselves read, so a new kind is tried without a line here.
Instants are also those that no calendar has, numbers the largest that may be said, bodies whatever fits.
"""

import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import inspect

from parley.ledger.slot import Slot
from parley.ledger.writer import Job
from parley.protocol import channel
from parley.protocol.act import Act, By, id_text, write_act
from parley.protocol.breach import BreachError
from parley.protocol.cases import bodies as cases
from parley.protocol.dialogue import bodies as dialogue
from parley.protocol.dialogue.clause import Text, text_id, write_clause
from parley.protocol.guidelines import bodies as guidelines
from parley.protocol.kinds import KINDS
from parley.protocol.notation import MAX_NUMBER, write_base64
from parley.protocol.review import bodies as review
from parley.protocol.sharing import bodies as sharing
from parley.protocol.strictjson import JsonSource, JsonValue, read, write
from tests.two_nodes.pair import LINK, Pair

CLASSES: Final[Mapping[str, Any]] = {
    **sharing.CLASSES,
    **cases.CLASSES,
    **dialogue.CLASSES,
    **guidelines.CLASSES,
    **review.CLASSES,
}
SALT: Final = bytes(range(32))
SCRIPT: Final = '"><svg/onload=pwned=1> {{ 7|add:7 }} \N{RIGHT-TO-LEFT OVERRIDE}gpj'
TEXTS: Final = (
    Text(en="B answers within 20 working days.", zh="乙方在二十个工作日内答复。"),
    Text(en='"><svg/onload=pwned=1> {{ 7|add:7 }} 14', zh="甲<script>pwned=1</script>方 {{ 7|add:7 }} 14"),
    Text(en="Experts meet on 1 December 2026.", zh="专家于2026年12月1日会晤。"),
)
REFS: Final = (None, "1/'\"><svg/onload=pwned=1>", "x" * 64)
INSTANTS: Final = (0, 1, 1_793_610_000, 1_795_000_000, 99_999_999_999, 253_402_300_800, MAX_NUMBER)
WORDS: Final[tuple[Any, ...]] = (
    None,
    "",
    SCRIPT,
    "x" * 9_000,
    7,
    [],
    {"lang": "en"},
    {"lang": "en", "text": SCRIPT},
    {"lang": 7},
)
BOTH: Final[tuple[Any, ...]] = (
    None,
    {},
    {"en": SCRIPT, "zh": SCRIPT},
    {"en": "x" * 9_000},
    {"en": [], "zh": {}},
    [SCRIPT],
)

_OFFERS: Final = {
    page: tuple(sorted(f"{page}.{word}" for word in words.split()))
    for page, words in (
        ("commitment", "proposed carried dropped"),
        ("round", "proposed replanned item_proposed group_reported decided next_proposed"),
        ("outcome", "clause_proposed amended"),
    )
}
# By kind, what it answers where it is not what opened its thread.
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"{page}.{word}": kinds
        for page, kinds in _OFFERS.items()
        for word in ("agreed", "declined", "withdrawn")
    },
    **dict.fromkeys(("commitment.confirmed", "commitment.disputed"), ("commitment.reported",)),
    **dict.fromkeys(("concern.answered", "concern.escalated", "concern.settled"), ("concern.raised",)),
    "outcome.amended": _OFFERS["outcome"],
    "round.stated": ("round.proposed", "round.item_proposed"),
    "sharing.confirmed": ("sharing.undertaken",),
    "sharing.delivered": ("sharing.accepted", "sharing.undertaken", "sharing.offered"),
    **{
        f"sharing.{word}": ("sharing.delivered",)
        for word in ("evaluated", "result_notified", "cleaned", "release_asked")
    },
    **{f"sharing.{word}": ("sharing.release_asked",) for word in ("release_permitted", "release_refused")},
    "case.unlinked": ("case.linked",),
    **{f"case.{word}": ("case.task_set",) for word in ("task_agreed", "task_declined", "task_done")},
    **{f"finding.{word}": ("finding.given", "finding.revised") for word in ("revised", "answered")},
    "guideline.amended": ("guideline.proposed", "guideline.amended"),
    "guideline.signed": ("guideline.proposed", "guideline.amended"),
    "guideline.withdrawn": ("guideline.proposed", "guideline.amended"),
}
OPENS: Final = {
    "finding": "case.proposed",
    "concern": "commitment.proposed",
    "outcome": "round.proposed",
    "sharing": "sharing.offered",
    "review": "review.cut_proposed",
}


def body(dice: random.Random) -> Mapping[str, JsonValue] | None:
    """Return a body: of an agreed shape, or of none."""
    if dice.random() < 0.2:
        return None
    texts = [{"en": text.en, "zh": text.zh} for text in dice.choices(TEXTS, k=dice.randrange(4))]
    either: JsonValue = dice.choice((*WORDS, *BOTH))
    found: dict[str, Any] = {
        "title": dice.choice((either, *BOTH)),
        "text": dice.choice((either, *WORDS)),
        "statement": dice.choice(BOTH),
        "changed": dice.choice(BOTH),
        "alternatives": dice.choice((WORDS, "x", [*WORDS] * 9)),
        "dissent": dice.choice(WORDS),
        "why": dice.choice(WORDS),
        "conditions": dice.choice(WORDS),
        "note": dice.choice(WORDS),
        "files": dice.choice(([], "x", [{"name": SCRIPT}], None)),
        "texts": dice.choice((texts, [texts], {"en": "x"}, [{"en": SCRIPT, "zh": "x"}])),
        "salt": dice.choice((write_base64(SALT), "", "x", 7)),
    }
    return {name: found[name] for name in found if dice.random() < 0.8}


@dataclass
class Foe:
    """Writes as `node`, past every check of its own.

    `ids` are the statements that it names, and `kinds` the same by kind; both sides of a test may share them.
    """

    pair: Pair
    node: str
    dice: random.Random
    terms: str
    ids: list[bytes] = field(default_factory=list)
    kinds: dict[str, list[bytes]] = field(default_factory=dict)

    def say(
        self,
        kind: str,
        d: Mapping[str, JsonSource],
        *,
        re: bytes | None = None,
        body: Mapping[str, JsonValue] | None = None,
        hands: int = 2,
    ) -> bytes:
        """Have the ledger of the node write this, signed by so many persons, whatever its own rules say."""
        by = By(role="officer", n=1)
        act = write_act(Act(k=kind, v=1, re=re, by=by, ref=self.dice.choice(REFS), d=read(write(d))))
        raw = None if body is None else write(dict(body), max_values=100_000)
        roots = self.pair.keys(self.node).roots[:hands]
        draft = channel.Draft(act=act, body=raw, roots=roots)
        now = self.pair.clocks[self.node].time

        def run(slot: Slot) -> bytes:
            written, _ = slot._write(draft, now=now)  # noqa: SLF001 - as no honest node would
            slot.settle()
            return written.said.leaf

        said = self.pair.ledgers[self.node]._writer.submit(Job(link=LINK, run=run)).result()  # noqa: SLF001 - likewise
        self.ids.append(said)
        self.kinds.setdefault(kind, []).append(said)
        return said

    def random_statement(self) -> tuple[str, Mapping[str, JsonValue], bytes | None]:
        """Return a kind, what it says, mostly of the agreed form, and what it names, mostly something fit."""
        kinds = sorted(CLASSES)
        ready = [each for each in kinds if not KINDS[each].targets or self._fit(each)]
        kind = self.dice.choice(ready if self.dice.random() < 0.95 else kinds)
        return kind, self.fields(kind), self._target(kind)

    def _fit(self, kind: str) -> list[bytes]:
        word = kind.partition(".")[0]
        likely = ANSWERS.get(kind, (OPENS.get(word, f"{word}.proposed"),))
        return [each for name in likely for each in self.kinds.get(name, ())[-6:]]

    def _target(self, kind: str) -> bytes | None:
        if not KINDS[kind].targets:
            return None
        fit = self._fit(kind)
        return self.dice.choice(fit if fit and self.dice.random() < 0.95 else [*self.ids, b"\x07" * 32])

    def fields(self, kind: str) -> Mapping[str, JsonValue]:
        """Return fields of a kind, those that it can be read with where some tries find them."""
        made = self._struct(inspect.type_info(CLASSES[kind]))
        for _ in range(30):
            with suppress(BreachError):
                KINDS[kind].read(made)
                break
            made = self._struct(inspect.type_info(CLASSES[kind]))
        return made

    def _struct(self, info: inspect.Type) -> dict[str, JsonValue]:
        assert isinstance(info, inspect.StructType)
        return {each.encode_name: self._value(each.type, each.name) for each in info.fields}

    def _value(self, info: inspect.Type, name: str) -> JsonValue:
        match info:
            case inspect.UnionType(types=types):
                return self._value(self.dice.choice(types), name)
            case inspect.StructType():
                return self._struct(info)
            case inspect.VarTupleType():
                most = min(3 if info.max_length is None else info.max_length, 4)
                count = self.dice.randint(info.min_length or 0, most)
                return [self._value(info.item_type, name) for _ in range(count)]
            case inspect.TupleType(item_types=types):
                return [self._value(each, name) for each in types]
            case inspect.StrType():
                return self._text(name, info.pattern or "")
            case _:
                return self._plain(info, name)

    def _plain(self, info: inspect.Type, name: str) -> JsonValue:
        match info:
            case inspect.IntType(ge=least, le=most) if most == MAX_NUMBER and name != "sizes":
                return self.dice.choice(INSTANTS)
            case inspect.IntType(ge=least, le=most):
                return self.dice.choice((int(least or 0), int(least or 0) + 1, int(most or 9)))
            case inspect.EnumType(cls=cls):
                return str(self.dice.choice([each.value for each in cls]))
            case inspect.LiteralType(values=values):
                return self.dice.choice(values)
            case inspect.BoolType():
                return self.dice.random() < 0.5
            case _:
                return None

    def _text(self, name: str, pattern: str) -> str:
        fixed: Mapping[str, Sequence[str]] = {
            "clause": [write_clause(each) for each in TEXTS],
            "terms": [self.terms],
            "lane": ["main", "hot", "bulk"],
            "text": [text_id((each,), salt=SALT) for each in TEXTS],
            "items": ["trade_secrets", "fraud_phishing"],
        }
        if name in fixed:
            return self.dice.choice(fixed[name])
        if "{43}" in pattern:
            return id_text(self.dice.choice(self.ids or [b"\x07" * 32]))
        return self.dice.choice(("a", "z" * 32, "desk"))
