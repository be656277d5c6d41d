"""Of what a partner may say without end, nobody who asks for something else reads all."""

from typing import Final

from parley.protocol.dialogue.clause import text_id
from tests.two_nodes.pair import LINK, A, Pair
from tests.two_nodes.persons import resumes, suspends
from tests.two_nodes.round_foe import SALT, TEXTS
from tests.two_nodes.round_stage import stage_of
from tests.two_nodes.test_round_hostile import cut_of

WORDS: Final = [text_id((each,), salt=SALT) for each in TEXTS]


def test_who_asks_for_the_terms_reads_no_word_to_a_review(pair: Pair) -> None:
    stage = stage_of(pair)
    review = stage.say("b.example", "review.cut_proposed", None, cut_of(1, 1))
    stage.say("b.example", "review.commented", review, {"figure": None})
    asked: list[str] = []

    with pair.reader(A) as reader:
        reader.connection.set_trace_callback(asked.append)
        terms = reader.terms(LINK)
        reader.connection.set_trace_callback(None)

    assert terms is not None
    assert any("guideline.signed" in each for each in asked)
    assert not any("review." in each for each in asked)


def test_what_is_in_force_is_the_same_read_at_once_and_heard_one_by_one(pair: Pair) -> None:
    stage = stage_of(pair)
    for node in (A, "b.example"):
        review = stage.say(node, "review.cut_proposed", None, cut_of(1, 1))
        for figure in ("a", "b", "c"):
            stage.say(node, "review.commented", review, {"figure": figure})
        resumes(pair, node, suspends(pair, node, {"forum": "case"}))
        pair.settle()

    heard = pair.ledgers[A]._slot(LINK).shelf.link()  # noqa: SLF001 - a test may look behind a door
    with pair.reader(A) as reader:
        read = reader.link_state(LINK)

    assert read == heard
    assert (read.last_opening, read.is_ever_stopped) == (heard.last_opening, True)


def test_terms_that_both_signed_hold_among_many_texts_that_nobody_reads(pair: Pair) -> None:
    stage = stage_of(pair)
    day = pair.clocks[A].time + 3_600
    terms = [stage.terms().replace('"U1":"2h"', f'"U1":"{hours}h"') for hours in (3, 4, 5)]
    drafts = [
        stage.say("b.example", "guideline.proposed", None, {"text": WORDS[n], "terms": each, "since": day})
        for n, each in enumerate(terms)
    ]
    for n in (0, 1):
        stage.say("b.example", "guideline.signed", drafts[n], {"text": WORDS[n]})
    stage.say(A, "guideline.signed", drafts[1], {"text": WORDS[1]})
    for clock in pair.clocks.values():
        clock.time = day
    pair.sends()

    with pair.reader(A) as reader:
        found, whole = reader.terms(LINK), reader.link_state(LINK)

    assert found is not None
    assert found.text == terms[1]
    past = dict.fromkeys((A, "b.example"), 9_999)
    assert whole.terms(past, at=day) == found
