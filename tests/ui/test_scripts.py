"""The scripts: short, strict, saying only what the catalogue holds, and making no markup of text."""

import re
from pathlib import Path
from typing import Final

import pytest

import parley

UI: Final = Path(parley.__file__).parent / "ui"
SCRIPTS: Final = sorted(Path(parley.__file__).parent.glob("*/static/**/*.js"))
OWN: Final = [path for path in SCRIPTS if "vendor" not in path.parts]
IDS: Final = [path.name for path in OWN]


@pytest.mark.parametrize("path", OWN, ids=IDS)
def test_a_script_is_short_and_strict(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) < 250
    assert '"use strict";' in lines


@pytest.mark.parametrize("path", OWN, ids=IDS)
def test_no_script_makes_markup_or_code_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b", text)
    assert not re.search(r"\bnew Function\b|\bsetTimeout\(\s*[\"'`]", text)
    assert not re.search(r"https?://", text)


def test_every_word_that_a_script_says_is_in_the_catalogue() -> None:
    said = {
        name
        for path in (UI / "static" / "ui").glob("*.js")
        for name in re.findall(r'\bword\("([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    given = set(
        re.findall(r"data-word-([\w-]+)=", (UI / "templates/ui/alerts.html").read_text(encoding="utf-8"))
    )

    assert said
    assert said <= given


def test_every_script_is_loaded_by_every_page() -> None:
    base = (UI / "templates" / "ui" / "base.html").read_text(encoding="utf-8")

    for path in (UI / "static" / "ui").glob("*.*"):
        assert f"ui/{path.name}" in base, path.name
