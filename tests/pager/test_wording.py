"""What may leave the house: nothing but the closed table, whatever stands in a ring."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.pager.ring import CallClass, Ceiling, Reason, Ring
from parley.gates.pager.wording import BOTH, word
from parley.protocol.names import LABEL
from tests.house.tree import SOURCE, files

RING = Ring(key="H-12/3", person=4, reason=Reason.CALL, rung=2, link="a-b", urgency="U0")
TABLE = {
    "en": {
        Ceiling.BARE: "Parley: sign in.",
        Ceiling.LINK: "Parley: sign in. Link a-b.",
        Ceiling.URGENCY: "Parley: sign in. Link a-b. REAL, U0 FLASH.",
    },
    "zh-hans": {
        Ceiling.BARE: "Parley：请登录。",
        Ceiling.LINK: "Parley：请登录。链路 a-b。",
        Ceiling.URGENCY: "Parley：请登录。链路 a-b。实战，U0 特提。",
    },
}


def said(ring: Ring, *, ceiling: Ceiling = Ceiling.URGENCY, language: str = "en", world: str = "live") -> str:
    return word(ring, ceiling=ceiling, language=language, world=world).text


@pytest.mark.parametrize("ceiling", Ceiling)
@pytest.mark.parametrize("language", TABLE)
def test_each_ceiling_lets_through_what_the_table_says(ceiling: Ceiling, language: str) -> None:
    assert said(RING, ceiling=ceiling, language=language) == TABLE[language][ceiling]


def test_a_board_is_told_in_both_languages() -> None:
    assert said(RING, ceiling=Ceiling.BARE, language=BOTH) == "Parley: sign in. Parley：请登录。"


@pytest.mark.parametrize("ceiling", Ceiling)
@pytest.mark.parametrize(
    "ring",
    [
        Ring(key="t", person=1, reason=Reason.TEST),
        Ring(key="t", person=1, reason=Reason.CALL, call_class=CallClass.TEST),
    ],
)
def test_a_test_says_that_it_is_one_under_every_ceiling(ring: Ring, ceiling: Ceiling) -> None:
    assert said(ring, ceiling=ceiling).startswith("TEST. ")
    assert said(ring, ceiling=ceiling, language="zh-hans").startswith("测试。")


@pytest.mark.parametrize("ceiling", Ceiling)
@pytest.mark.parametrize(("world", "mark"), [("ex-7", "EXERCISE. "), ("demo", "DEMO. ")])
def test_another_world_says_so_under_every_ceiling(ceiling: Ceiling, world: str, mark: str) -> None:
    assert said(RING, ceiling=ceiling, world=world).startswith(mark)


@pytest.mark.parametrize("ceiling", Ceiling)
def test_a_proof_says_the_code_and_never_the_link(ceiling: Ceiling) -> None:
    ring = Ring(key="p", person=1, reason=Reason.PROOF, code="482913", link="a-b", urgency="U0")

    assert said(ring, ceiling=ceiling) == "Parley: code 482913."
    assert said(ring, ceiling=ceiling, language="zh-hans") == "Parley：验证码 482913。"


WORDS = st.text(max_size=60)
GRAMMAR = re.compile(
    rf"((EXERCISE|DEMO)\. )?(TEST\. )?Parley: (sign in\.|code [0-9]{{6}}\.)( Link {LABEL}\.)?"
    r"( (REAL|SERVICE|TEST), U[0-3] (FLASH|IMMEDIATE|PRIORITY|ROUTINE)\.)?"
)


@given(
    key=WORDS,
    link=WORDS,
    urgency=WORDS,
    code=WORDS,
    reason=st.sampled_from(Reason),
    call_class=st.sampled_from(CallClass),
    ceiling=st.sampled_from(Ceiling),
    world=WORDS,
)
def test_nothing_that_somebody_wrote_gets_through(
    key: str,
    link: str,
    urgency: str,
    code: str,
    reason: Reason,
    call_class: CallClass,
    ceiling: Ceiling,
    world: str,
) -> None:
    ring = Ring(
        key=key, person=1, reason=reason, link=link, urgency=urgency, code=code, call_class=call_class
    )

    assert GRAMMAR.fullmatch(said(ring, ceiling=ceiling, world=world))


@given(language=st.sampled_from(["en", "zh-hans", BOTH]), ring=st.just(RING))
def test_a_lower_ceiling_never_says_what_a_higher_one_does_not(language: str, ring: Ring) -> None:
    bare, link, urgency = (said(ring, ceiling=each, language=language) for each in Ceiling)

    assert len(bare) < len(link) < len(urgency)
    if language != BOTH:
        assert urgency.startswith(link)
        assert link.startswith(bare)


def test_nobody_but_the_one_function_makes_a_text_that_may_leave() -> None:
    makers = {
        path.relative_to(SOURCE).as_posix()
        for path in files(SOURCE, suffix=".py")
        if re.search(r"(?<!class )\bInvitation\(", path.read_text(encoding="utf-8"))
    }

    assert makers == {"gates/pager/wording.py"}
