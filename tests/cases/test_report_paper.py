"""The Status Report on paper: what was found, in both languages, and what the other side said of it."""

from typing import Final

from django.utils.translation import override

from parley.cases import actions
from parley.cases.actions import Alternative
from parley.cases.forms.texts import Both
from parley.cases.queries import StatusReport, status_report
from parley.cases.views.showing.paper import paper_of
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import Appended
from parley.protocol.cases.codes import Confidence, Likelihood, Position, Reason, Responsibility
from parley.ui.paper.printing import printed
from tests import papers
from tests.cases.desks import Desks, held
from tests.two_nodes.pair import A, B

CHANGED: Final = Both(en="The logs name a gang.", zh="日志指向一个团伙。")
NEWER: Final = Both(en="A gang did it.", zh="系一个团伙所为。")


def report_of(desks: Desks, node: str) -> StatusReport:
    with desks.pair.reader(node) as reader:
        (link,) = reader.links()
        return status_report(reader, link, cut={A: 4, B: 3})


def paper(desks: Desks, node: str, *, language: str = "en") -> bytes:
    with override(language):
        return printed(paper_of(report_of(desks, node)))


def words_of(file: bytes) -> str:
    return papers.words_of(file).replace(" ", "")


def found(desks: Desks) -> Appended:
    """Have A give a finding and revise it, and B answer the newer version; return that answer."""
    desks.open()
    first = desks.give(A, held())
    other = Alternative(
        responsibility=Responsibility.NO_STATE, likelihood=Likelihood.UNLIKELY, text=text_of("One man alone.")
    )
    holding = held(
        statement=NEWER,
        confidence=Confidence.HIGH,
        alternatives=(other,),
        dissent=text_of("Wu doubts the times."),
    )
    revised = actions.draft_revised(
        desks.at(first), holding, reasons=(Reason.NEW_EVIDENCE,), changed=CHANGED, by=desks.hand(A)
    )
    version = desks.sign(A, revised)
    answered = actions.draft_answered(
        desks.at(version),
        Position.DOES_NOT_CONCUR,
        is_public=False,
        by=desks.hand(B),
        text=text_of("The logs are not ours."),
    )
    return desks.sign(B, answered)


def test_the_paper_says_what_was_found_in_both_languages_and_what_the_other_side_said(desks: Desks) -> None:
    answer = found(desks)

    told = words_of(paper(desks, B))

    assert "thewordsarenopartofitsdigest." in told
    for both in (held().statement, NEWER, CHANGED):
        assert words_of_line(both.en) in told
        assert both.zh in told
    assert "AF1v1(replaced)" in told
    assert "newevidence" in told
    assert f"PositionofsideBdoesnotconcur·{answer.place.replace(' ', '')}·Thelogsarenotours." in told
    assert "Onemanalone." in told
    assert "Wudoubtsthetimes." in told


def test_both_nodes_print_the_same_bytes_and_the_digest_knows_no_words(desks: Desks) -> None:
    found(desks)

    for language in ("en", "zh-hans"):
        assert paper(desks, A, language=language) == paper(desks, B, language=language)
    assert report_of(desks, A).digest == report_of(desks, B).digest
    assert b"gang" not in report_of(desks, A).bytes


def words_of_line(line: str) -> str:
    return line.replace(" ", "")
