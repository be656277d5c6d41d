"""The one place that puts together what leaves the house, and the ceiling that holds for each channel.

    ceiling   en                                              zh
    bare      Parley: sign in.                                Parley：请登录。
    link      Parley: sign in. Link a-b.                      Parley：请登录。链路 a-b。
    urgency   Parley: sign in. Link a-b. REAL, U0 FLASH.  Parley：请登录。链路 a-b。实战，U0 特提。

Every provider takes an `Invitation`, and only `word` makes one (tests/pager/test_wording.py): out of a closed
table, so that both languages stand side by side for whoever must answer for it. No text of a statement, no
address of a case, no name and no web address can get in. That something is a test or an exercise is always
said, whatever the ceiling. Source: screens §10, D14.
"""

import re
from dataclasses import dataclass
from typing import Final

from parley.gates.pager.ring import CallClass, Ceiling, Reason, Ring
from parley.protocol.names import LABEL
from parley.ui.words import URGENCIES

LINK: Final = re.compile(LABEL)
CODE: Final = re.compile(r"[0-9]{6}")
BOTH: Final = ""
"""In place of a language: English and Chinese, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A text that may leave the house."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    sign_in: str
    code: str
    link: str
    call: str
    test: str
    exercise: str
    demo: str
    between: str
    classes: dict[CallClass, str]
    urgency: int
    """Which of the two words of `URGENCIES` belongs to this language."""


_ENGLISH: Final = _Words(
    sign_in="Parley: sign in.",
    code="Parley: code {}.",
    link="Link {}.",
    call="{}, {} {}.",
    test="TEST.",
    exercise="EXERCISE.",
    demo="DEMO.",
    between=" ",
    classes={CallClass.REAL: "REAL", CallClass.SERVICE: "SERVICE", CallClass.TEST: "TEST"},
    urgency=0,
)
_CHINESE: Final = _Words(
    sign_in="Parley：请登录。",
    code="Parley：验证码 {}。",
    link="链路 {}。",
    call="{}，{} {}。",
    test="测试。",
    exercise="演习。",
    demo="演示。",
    between="",
    classes={CallClass.REAL: "实战", CallClass.SERVICE: "勤务", CallClass.TEST: "测试"},
    urgency=1,
)


def word(ring: Ring, *, ceiling: Ceiling, language: str, world: str) -> Invitation:
    """Return what may be said of `ring` under `ceiling`, to somebody who reads `language`.

    It never fails at night: what cannot be said safely, such as a link whose name is none, is left out.
    """
    if language == BOTH:
        both = [word(ring, ceiling=ceiling, language=each, world=world).text for each in ("en", "zh")]
        return Invitation(text=" ".join(both))
    words = _CHINESE if language.startswith("zh") else _ENGLISH
    parts = [*_marks(ring, words, world), _first(ring, words)]
    if ring.reason is not Reason.PROOF:
        parts += _more(ring, words, ceiling)
    return Invitation(text=words.between.join(parts))


def _marks(ring: Ring, words: _Words, world: str) -> list[str]:
    marks = []
    if world.startswith("ex-"):
        marks.append(words.exercise)
    elif world != "live":
        marks.append(words.demo)
    if ring.reason is Reason.TEST or ring.call_class is CallClass.TEST:
        marks.append(words.test)
    return marks


def _first(ring: Ring, words: _Words) -> str:
    if ring.reason is Reason.PROOF and CODE.fullmatch(ring.code):
        return words.code.format(ring.code)
    return words.sign_in


def _more(ring: Ring, words: _Words, ceiling: Ceiling) -> list[str]:
    if ceiling is Ceiling.BARE:
        return []
    more = [words.link.format(ring.link)] if LINK.fullmatch(ring.link) else []
    label = URGENCIES.get(ring.urgency)
    if ceiling is Ceiling.URGENCY and label is not None:
        more.append(
            words.call.format(words.classes[ring.call_class], ring.urgency, str(label[words.urgency]))
        )
    return more
