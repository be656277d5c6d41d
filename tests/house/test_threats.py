"""What docs/threats.md says to hold is shown by tests that it names; nothing of the design is missing."""

import re
from typing import Final

import pytest

from tests.house.tree import ROOT

TEXT: Final = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
SECTIONS: Final = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL))
FAULTS: Final = 21
ADVERSARIES: Final = 8
NAMED: Final = re.compile(r"`tests/[\w/]+\.py(?:::test_\w+)?`")


def rows(section: str) -> list[list[str]]:
    """Return the cells of every row of a section's table, without its head."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.parametrize("section", [each for each in SECTIONS if each != "What is not held"])
def test_every_row_names_the_test_that_shows_it(section: str) -> None:
    found = rows(section)

    assert found
    assert [cells[0] for cells in found if not NAMED.search(cells[-1])] == []


def test_every_fault_and_every_adversary_of_the_design_has_its_row() -> None:
    assert len(rows("Faults, one by one")) == FAULTS
    assert len(rows("Adversaries, one by one")) == ADVERSARIES


def test_every_rule_of_chapter_nine_has_its_row_under_its_own_name() -> None:
    chapter = (ROOT / "docs" / "protocol" / "9-attacks.md").read_text(encoding="utf-8")
    rules = re.findall(r"^## §9\.\d+ (H\d+) ", chapter, re.MULTILINE)

    assert [cells[0].split(" ")[0] for cells in rows("The rules H1 to H23")] == rules
    assert len(rules) == 23


def test_every_attack_that_was_found_while_building_has_its_row_under_its_own_name() -> None:
    chapter = (ROOT / "docs" / "protocol" / "9-attacks.md").read_text(encoding="utf-8")
    found = re.findall(r"^\*\*(9\.24\.\d+)\*\* \*(.+?)\.\*", chapter, re.MULTILINE)

    named = [cells[0] for cells in rows("More attacks, found while building")]

    assert named == [f"§{number} {attack[0].lower()}{attack[1:]}" for number, attack in found]
    assert len(found) == 25


def test_what_is_not_held_is_said() -> None:
    assert len(re.findall(r"^- \*\*", SECTIONS["What is not held"], re.MULTILINE)) > 10
