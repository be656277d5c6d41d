"""A file of evidence in the hands of two officers: added, sent, saved at the other side."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import seated
from tests.browser.stories import drafts
from tests.node.served import until
from tests.two_nodes.filing import some_bytes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CONTENT = some_bytes(9 * 1024 * 1024)


def test_a_file_is_added_sent_and_saved_at_the_other_side(
    browser: Browser, nodes: Nodes, tmp_path: Path
) -> None:
    place = nodes.send("https://evidence.example/a")
    address = f"{SPACE}/inquiries/{place}/"
    evidence = tmp_path / "名单.bin"
    evidence.write_bytes(CONTENT)
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.b, "chen") as chen:
        ours = zhao.go(address)
        page = chen.go(f"{address}say/acknowledge/")
        page.locator("#in-words").fill("see the file")
        page.locator("#evidence").set_input_files(evidence)
        with page.expect_navigation():
            page.locator("#add-file").click()
        expect(page.locator("#files li")).to_contain_text("名单.bin")
        expect(page.locator("#in-words")).to_have_value("see the file")

        with page.expect_navigation():
            page.keyboard.press("Control+Enter")

        # Nobody reloads the page: the news bring the statement, and the file once it is there.
        link = ours.locator("table a[download]")
        expect(ours.locator("body")).to_contain_text("see the file")
        expect(link).to_have_text("名单.bin")
        with ours.expect_download() as saved:
            link.click()
        assert saved.value.suggested_filename == "名单.bin"
        assert Path(saved.value.path()).read_bytes() == CONTENT


DROP = """
([target, files]) => {
    const carried = new DataTransfer();
    for (const [name, size] of files) carried.items.add(new File([new Uint8Array(size)], name));
    const at = document.querySelector(target);
    for (const kind of ["dragenter", "dragover", "drop"])
        at.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""


def drop(page: Page, *files: tuple[str, int]) -> None:
    page.evaluate(DROP, ["#files", [list(each) for each in files]])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_files_are_dropped_shown_taken_out_and_told_to_be_too_large_before_they_are_sent(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    place = nodes.send(f"https://evidence.example/{language}")
    with seated(browser, nodes.b, language=language) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/{place}/say/acknowledge/")
        page.locator("#in-words").fill("typed before")
        page.locator("#evidence").evaluate("field => { field.dataset.largest = 200_000; }")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        drop(page, ("small.bin", 10), ("large.bin", 200_001))
        expect(page.locator(".upload-told")).to_contain_text("large.bin")
        assert not [url for url in asked if url.endswith("/files/")]

        with page.expect_navigation():
            drop(page, ("one.bin", 70_000), ("two.bin", 100_000))

        expect(page.locator("#files li strong")).to_have_text(["one.bin", "two.bin"])
        expect(page.locator("#files .hash")).to_have_count(2)
        expect(page.locator("#in-words")).to_have_value("typed before")
        assert zhao.axe() == []
        with page.expect_navigation():
            page.locator("#files li", has_text="one.bin").get_by_role("button").click()
        expect(page.locator("#files li strong")).to_have_text(["two.bin"])
        page.reload()
        expect(page.locator("#files li strong")).to_have_text(["two.bin"])


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_file_goes_along_with_the_inquiries_of_a_draft(
    browser: Browser, nodes: Nodes, tmp_path: Path, *, is_scripted: bool
) -> None:
    evidence = tmp_path / "letter.pdf"
    evidence.write_bytes(CONTENT[:50_000])
    with seated(browser, nodes.a, javascript=is_scripted) as zhao:
        page = zhao.page
        path = drafts(zhao, run=f"files-{is_scripted}")["ready"]
        zhao.go(f"{path}?part=3")
        page.locator("#facts").fill("see the letter")
        page.locator("#evidence").set_input_files(evidence)
        with page.expect_navigation():
            page.locator("#add-file").click()
        expect(page.locator("#files li strong")).to_have_text("letter.pdf")
        expect(page.locator("#facts")).to_have_value("see the letter")
        with page.expect_navigation():
            page.locator("#part-3 button[value='go:4']").click()
        with page.expect_navigation():
            page.locator("#part-4 button[value='send']").click()
        sent = page.locator("#results a.id").inner_text().replace(" ", "-")
    with seated(browser, nodes.b, "chen", javascript=is_scripted) as chen:
        nodes.settle()
        page = chen.go(f"{SPACE}/inquiries/{sent}/")
        until(lambda: _has_file(page, is_scripted=is_scripted))


def _has_file(page: Page, *, is_scripted: bool) -> bool:
    if not is_scripted:
        page.reload()
    return page.locator("table a[download]", has_text="letter.pdf").count() == 1
