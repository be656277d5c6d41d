"""verify.html as a judge uses it: opened from a disk, without a network, with a file and sixty digits."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.seats import AXE, VIOLATIONS
from tests.verify.book import SENT, A, Book, pack
from tests.verify.mutants import usual
from tests.verify.test_steps import fork
from verifier.build import PAGE

pytestmark = pytest.mark.slow

EVIL: Final = "<img src=x onerror=alert(1)> https://shop.example/login \u202egnp.exe"


@pytest.fixture(name="page")
def fixture_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    wrongs: list[str] = []
    requests: list[str] = []

    def heard(dialog: Dialog) -> None:
        wrongs.append(dialog.message)
        dialog.dismiss()

    page.on("console", lambda message: wrongs.append(message.text))
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("dialog", heard)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(PAGE.as_uri())
    yield page
    assert wrongs == []
    assert {url.partition(":")[0] for url in requests} <= {"file", "blob"}
    context.close()


def checked(page: Page, raw: bytes, digits: str) -> Page:
    page.set_input_files("#file", {"name": "evidence.zip", "mimeType": "application/zip", "buffer": raw})
    page.fill("#digits", digits)
    page.click("#check")
    expect(page.locator("#outcome")).to_be_visible()
    return page


def test_an_honest_file_with_the_right_digits_is_proved(page: Page) -> None:
    book = usual()

    checked(page, pack(book.members()), "\n".join(book.digits))

    sentences = page.locator("#sentences li")
    expect(sentences.first).to_have_text("✔Proved. Every step was checked and holds.")
    expect(page.locator("#sentences")).to_contain_text("went on under a new name")
    expect(page.locator("#limits li")).to_have_count(6)
    expect(page.locator("details.statement")).to_have_count(8)


def test_without_digits_it_shows_those_of_the_file_and_proves_nothing(page: Page) -> None:
    book = usual()

    checked(page, pack(book.members()), "")

    expect(page.locator("#sentences li").first).to_contain_text("?Not yet proved")
    expect(page.locator("#own-digits")).to_contain_text(" ".join(book.digits))


def test_digits_that_are_not_sixty_check_nothing(page: Page) -> None:
    page.set_input_files("#file", {"name": "e.zip", "mimeType": "application/zip", "buffer": b"PK"})
    page.fill("#digits", "15520 80606")
    page.click("#check")

    expect(page.locator("#progress")).to_contain_text("These are 10 digits")
    expect(page.locator("#outcome")).to_be_hidden()


def test_a_changed_file_is_refused_in_both_languages(page: Page) -> None:
    book = usual()
    members = book.members()
    name = next(each for each in members if each.endswith("/receipts"))
    changed = members | {name: members[name][:-40] + bytes([members[name][-40] ^ 1]) + members[name][-39:]}

    checked(page, pack(changed), " ".join(book.digits))

    expect(page.locator("#sentences li")).to_contain_text("✖Refused at step 7")
    expect(page.locator("#limits-part")).to_be_hidden()
    page.click("#language")
    expect(page.locator("#sentences li")).to_contain_text("✖在第 7 步被拒绝")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_what_is_no_export_cannot_be_read(page: Page) -> None:
    checked(page, b"PK\x03\x04" + bytes(100), "")

    expect(page.locator("#sentences li")).to_contain_text("✖This file cannot be read as an export.")


def test_foreign_words_stay_words(page: Page) -> None:
    book = usual()
    book.write(A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": EVIL}})
    book.sign(A)
    checked(page, pack(book.members()), " ".join(book.digits))

    statement = page.locator("details.statement").nth(3)
    statement.locator("summary").click()
    statement.get_by_role("button").click()

    said = statement.locator("pre").last
    expect(said).to_contain_text(
        "<img src=x onerror=alert(1)> hxxps://shop[.]example/login [U+202E]gnp[.]exe"
    )
    assert page.locator("img").count() == 0


def test_a_fork_shows_both_heads(page: Page) -> None:
    book = usual()
    origin = book.lines[A][0].origin
    book.forks = {origin: fork(book, roots=(book.lines[A][0].root(2), bytes(32)))}

    checked(page, pack(book.members()), " ".join(book.digits))

    expect(page.locator("#sentences")).to_contain_text(f"✖The key of {A} signed two histories of {origin}")
    expect(page.locator("#forks pre")).to_have_count(2)


def test_a_disclosed_file_can_be_kept(page: Page) -> None:
    book = usual()
    checked(page, pack(book.members()), " ".join(book.digits))
    statement = page.locator("details.statement").nth(1)
    statement.locator("summary").click()
    statement.get_by_role("button", name="Show what it says").click()

    with page.expect_download() as kept:
        statement.get_by_role("button", name="Save this file").click()

    assert kept.value.path().read_bytes() == b"x" * 40_000


def test_the_page_can_be_used_by_keyboard_and_by_everybody(page: Page) -> None:
    book = usual()
    page.set_input_files(
        "#file", {"name": "e.zip", "mimeType": "application/zip", "buffer": pack(book.members())}
    )
    page.locator("#digits").focus()
    page.keyboard.insert_text(" ".join(book.digits))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#result-title")).to_be_focused()
    for language in ("en", "zh"):
        page.click("#expand")
        # The page lets no script in, so axe comes through the debugger, as a person's extension would.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(VIOLATIONS, None) == [], language
        page.click("#language")


def test_nothing_in_the_page_can_reach_a_network_or_run_another_script(page: Page) -> None:
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content") or ""

    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in json.dumps(policy)


def test_the_way_by_hand_gives_the_same_figures(page: Page, tmp_path: Path) -> None:
    """The commands are run as they stand on the page, with its figures."""
    book: Book = usual()
    raw = pack(book.members())
    checked(page, raw, " ".join(book.digits))
    statement = page.locator("details.statement").first
    statement.locator("summary").click()

    assert by_hand(page, raw, tmp_path) == book.digits[0]


def by_hand(page: Page, raw: bytes, folder: Path) -> str:
    (folder / "FILE.zip").write_bytes(raw)
    page.click("#by-hand > summary")
    commands = [each.strip() for each in page.locator("#commands pre").all_inner_texts()]
    facts = page.locator("details.statement").first.locator("dd").all_inner_texts()
    (size, start, member), (part_size, part_start, content) = [
        place.groups() for each in facts if (place := re.match(r"(\d+) bytes from byte (\d+) of (\S+)", each))
    ][:2]

    def run(command: str) -> str:
        words = ("bash", "-c", command)
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout

    run(commands[0])
    folder /= "export"
    hashes = [
        run(commands[1].replace("NODE/SERIAL", f"{node}/1"))[:64] for node in ("a.example", "b.example")
    ]
    digits, group = commands[2].splitlines()
    found = run(digits.replace("HASH1", hashes[0]).replace("HASH2", hashes[1]))
    entry = run(
        commands[3].replace("FROM", start).replace("SIZE", size).replace("logs/NODE/EPOCH/entries", member)
    )
    leaf = run(commands[4].splitlines()[0])[:64]
    assert any(leaf in each for each in facts)
    part = commands[5].replace("FROM", part_start).replace("SIZE", part_size)
    part_hash = run(part.replace("logs/NODE/EPOCH/content", content)).strip()
    assert f"\nact {part_hash} " in entry
    return run(group.replace("TENHEXDIGITS", found[:10])).strip()
