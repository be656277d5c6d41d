"""A file of evidence in the hands of two officers: added, sent, saved at the other side."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import seated
from tests.two_nodes.filing import some_bytes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

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

        link = ours.locator("table a[download]")
        expect(ours.locator("body")).to_contain_text("see the file")
        ours.reload()
        expect(link).to_have_text("名单.bin")
        with ours.expect_download() as saved:
            link.click()
        assert saved.value.suggested_filename == "名单.bin"
        assert Path(saved.value.path()).read_bytes() == CONTENT
