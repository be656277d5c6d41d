"""A text on paper: the same bytes on both nodes in both languages, each side first on one of two copies."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from parley.cli.app import run
from parley.cli.manner import Manner
from parley.guidelines.queries import find_draft
from parley.guidelines.views.paper import file_of, paper_of
from parley.ledger.drafts import Appended
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Guideline
from parley.protocol.strictjson import JsonValue, read
from parley.ui.paper.blocks import Paper, Paragraph
from tests.links.office import Office
from tests.papers import words_of
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

DAY: Final = 86_400
NODES: Final = (A, B)


@pytest.fixture(name="table")
def fixture_table(pair: Pair) -> Pair:
    pair.settle()
    return pair


def proposed(pair: Pair, node: str, *, limit: str, days: int) -> tuple[Appended, Guideline]:
    """Have `node` put a text on the table with this limit for what cannot wait, to hold in so many days."""
    with pair.reader(node) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    quick = re.sub(r'"U0":"\d+m"', f'"U0":"{limit}"', terms.text, count=1)
    text = first_text(quick, since=pair.clocks[A].time + days * DAY)
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": text.since}
    said = pair.say(node, "guideline.proposed", d, body={"text": read(text.raw), "note": None})
    pair.settle()
    return said, text


def sign(pair: Pair, node: str, draft: Appended, text: Guideline) -> None:
    said = prepared_draft(pair, node, "guideline.signed", {"text": text.digest}, re=draft.statement)
    bring(pair, node, signed(pair, node, said))
    pair.settle()


def made(pair: Pair, node: str, draft: Appended, *, first: str = "A", days: int = 0) -> Paper:
    """Return the paper of the text as `node` makes it, so many days from now."""
    with pair.reader(node) as reader:
        link = reader.link(LINK)
        assert link is not None
        slug = draft.place.replace(" ", "-")
        row = find_draft(reader, link, slug, now=pair.clocks[node].time + days * DAY)
        assert row.text is not None
        return paper_of(reader, link, row, text=row.text, first=first)


def paper(pair: Pair, node: str, draft: Appended, *, first: str = "A", days: int = 0) -> bytes:
    """Return what `node` prints of the text."""
    return file_of(made(pair, node, draft, first=first, days=days))


def sentences(pair: Pair, node: str, draft: Appended, *, days: int = 0) -> str:
    """Return what stands between the head of the paper and its articles."""
    blocks = made(pair, node, draft, days=days).blocks
    return " ".join(each.text for each in blocks if isinstance(each, Paragraph))


def test_both_nodes_print_the_same_bytes_whatever_language_their_readers_speak(table: Pair) -> None:
    draft, text = proposed(table, A, limit="20m", days=10)
    sign(table, B, draft, text)

    for first in "AB":
        with override("zh-hans"):
            one = paper(table, A, draft, first=first)
        with override("en"):
            other = paper(table, B, draft, first=first, days=100)

        assert one == other


def test_each_side_is_in_the_first_place_on_one_of_two_copies_that_share_one_digest(table: Pair) -> None:
    draft, text = proposed(table, A, limit="20m", days=10)

    one, other = (words_of(paper(table, B, draft, first=first)) for first in "AB")

    assert f"{A} · {B}" in one
    assert f"{B} · {A}" in other
    assert one.index("These guidelines hold") < one.index("本指导原则适用")
    assert other.index("本指导原则适用") < other.index("These guidelines hold")
    for told in (one, other):
        bare = told.replace(" ", "")
        assert text.digest in bare
        assert "U0FLASH:20minutes" in bare
        assert "U0特提：20分钟" in bare


def test_the_paper_tells_how_the_text_stands_by_the_record_and_not_by_a_clock(table: Pair) -> None:
    draft, text = proposed(table, A, limit="20m", days=10)
    assert "On the table, not signed." in sentences(table, B, draft)
    sign(table, B, draft, text)
    assert "signed by party B alone" in sentences(table, A, draft)
    sign(table, A, draft, text)
    held = sentences(table, B, draft, days=5)
    assert "Signed by both sides, in force from 12 Nov 2026 09:00Z." in held

    later, other = proposed(table, B, limit="25m", days=20)
    for node in NODES:
        sign(table, node, later, other)

    told = sentences(table, A, draft)
    assert f"to 22 Nov 2026 09:00Z, when {later.place} takes its place." in told
    assert made(table, A, draft, days=5) == made(table, B, draft, days=50)
    assert "Signed by both sides, in force from 22 Nov" in sentences(table, A, later)


@pytest.mark.django_db(transaction=True, databases=["default", "view"])
def test_the_page_and_the_command_give_both_copies_and_no_third(
    pair: Pair, settings: Settings, transactional_db: None, tmp_path: Path
) -> None:
    pair.settle()
    draft, _text = proposed(pair, B, limit="20m", days=10)
    pair.ledgers[A].stop()
    person: Client = Office(pair, settings).person("Chen")
    address = f"/l/{LINK}/guidelines/{draft.place.replace(' ', '-')}/"

    shown = person.get(address).text

    for first in "AB":
        assert f'href="{address}pdf/?first={first}"' in shown
        got = person.get(f"{address}pdf/?first={first}")
        assert got.content == paper(pair, B, draft, first=first)
        assert got["Content-Type"] == "application/pdf"
        file = tmp_path / f"{first}.pdf"
        with redirect_stdout(StringIO()):
            typed = run(("guideline", "print", draft.place, str(file), "--first", first), manner=Manner())
        assert (typed, file.read_bytes()) == (0, got.content)
    assert person.get(f"{address}pdf/?first=C").status_code == 404
    pair.start(A)
