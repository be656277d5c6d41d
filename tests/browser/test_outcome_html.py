"""outcome.html as anybody uses it: opened from a disk, without a network, with list, note and two cards."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from parley.protocol.card import card_hash, digits, parse
from tests.browser.seats import AXE, VIOLATIONS
from tests.protocol.test_fold_vectors import load
from verifier.build import OUTCOME

pytestmark = pytest.mark.slow

VECTOR: Final[dict[str, Any]] = load("dialogue-release.json")
NOTES: Final[dict[str, str]] = {case["about"]: case["note"] for case in VECTOR["cases"]}
BOTH: Final = NOTES["sealed by both"]


@pytest.fixture(name="page")
def fixture_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    wrongs: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: wrongs.append(message.text))
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(OUTCOME.as_uri())
    yield page
    assert wrongs == []
    assert {url.partition(":")[0] for url in requests} <= {"file", "blob"}
    context.close()


def checked(page: Page, *texts: str) -> Page:
    files: list[FilePayload] = [
        {"name": f"file-{n}", "mimeType": "text/plain", "buffer": text.encode()}
        for n, text in enumerate(texts)
    ]
    page.set_input_files("#files", files)
    page.click("#check")
    expect(page.locator("#outcome")).to_be_visible()
    return page


def test_a_joint_release_is_told_with_both_times_and_every_clause(page: Page) -> None:
    checked(page, *VECTOR["cards"], BOTH, VECTOR["text"])

    sentences = page.locator("#sentences li")
    expect(sentences.first).to_contain_text("Jointly released.")
    expect(page.locator("#sentences")).to_contain_text("a.example released it at 2027-01-15 08:00:00 UTC")
    expect(page.locator("#sentences")).to_contain_text("b.example released it at 2027-01-15 08:00:02 UTC")
    expect(page.locator("#clauses li")).to_have_count(2)
    expect(page.locator("#clauses li").first).to_contain_text("乙方在二十个工作日内答复。")
    one, two = (card_hash(parse(card.encode()).card) for card in VECTOR["cards"])
    assert page.inner_text("#digits").split() == list(digits(one, two))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []


def test_a_lone_publication_is_never_told_as_a_joint_one(page: Page) -> None:
    checked(page, *VECTOR["cards"], NOTES["a lone publication"], VECTOR["text"])

    expect(page.locator("#sentences li").first).to_contain_text("Not a joint release. Only b.example")
    page.click("#language")
    expect(page.locator("#sentences li").first).to_contain_text("不是联合发布。仅 b.example")


def test_the_notes_of_both_sides_may_come_as_two_files(page: Page) -> None:
    text, lines = BOTH.split("\n\n")
    one, two, three, four = lines.splitlines(keepends=True)
    notes = [f"{text}\n\n{one}{two}", f"{text}\n\n{three}{four}"]

    checked(page, VECTOR["text"], *notes, *VECTOR["cards"])

    expect(page.locator("#sentences li").first).to_contain_text("Jointly released.")


def test_a_list_that_was_touched_proves_nothing(page: Page) -> None:
    for old, new, why in (
        ("20 working", "30 working", "do not name the same numbers"),
        ("B answers", "A answers", "this one was changed"),
        ("clauses 2", "clauses 1", "not in the form"),
    ):
        checked(page, VECTOR["text"].replace(old, new), BOTH, *VECTOR["cards"])

        expect(page.locator("#sentences li")).to_have_count(1)
        expect(page.locator("#sentences li")).to_contain_text(why)
        expect(page.locator("#sentences li")).to_contain_text("Proves nothing.")
        expect(page.locator("#clauses-part")).to_be_hidden()


def test_a_card_that_its_roots_did_not_sign_is_none_and_what_lacks_is_named(page: Page) -> None:
    one, two = VECTOR["cards"]
    checked(page, VECTOR["text"], BOTH, one, two[: two.rindex("— ")])

    expect(page.locator("#sentences li")).to_contain_text("The two cards are not those")
    checked(page, VECTOR["text"], *VECTOR["cards"])

    expect(page.locator("#sentences li")).to_contain_text("Files are missing")
