"""The specification says what the program does: same words, same tables, same numbers, real bytes."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

import pytest

from parley.protocol.channel import Alarm
from parley.protocol.erasure import Ground, Objection
from parley.protocol.inquiries import codes
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.inquiries.moves import ANY_STATEMENT, MOVES, REPLIES, RETURN, SETTLE, STAY, answers
from parley.protocol.kinds import KINDS, VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.suspension import Reason
from parley.protocol.terms import CLOCKS, ITEMS, URGENCIES, default_terms
from parley.protocol.voids import Outcome, Void
from tests.house.tree import ROOT, SOURCE, code, files

SPECIFICATION: Final = ROOT / "docs" / "protocol"
CHAPTERS: Final = sorted(SPECIFICATION.glob("[0-9]*.md"), key=lambda page: int(page.name.split("-")[0]))
TEXTS: Final = {page: page.read_text(encoding="utf-8") for page in CHAPTERS}
WHOLE: Final = "\n".join(TEXTS.values())

CHAPTER: Final = re.compile(r"^# §(\d+) ", re.MULTILINE)
SECTION: Final = re.compile(r"^## §(\d+\.\d+) ", re.MULTILINE)
PARAGRAPH: Final = re.compile(r"^\*\*(\d+\.\d+\.\d+)\*\* ", re.MULTILINE)
NUMBER: Final = r"§(\d+(?:\.\d+){0,2})"
# "RFC 6962 §2.1" and the like are about other texts.
FOREIGN: Final = re.compile(r"(?:RFC \d+|FIPS \d+|STYLE\.md|domain|Level \d)(?:,? §[\d.]+)+")
CITED: Final = re.compile(r"Spec §\d+(?:\.\d+)*(?:(?:, | to | and |–)§\d+(?:\.\d+)*)*")
GUARD: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
QUOTED: Final = re.compile(r"^```text (\w+\.json)\n(.*?)^```", re.MULTILINE | re.DOTALL)

LETTERS: Final = dict(zip(codes.State, "SKAXRCPFYNDW", strict=True))
CELLS: Final = {STAY: "stay", SETTLE: "settle", RETURN: "back"}


def numbers() -> set[str]:
    """Return every number of a chapter, section or paragraph."""
    return {number for pattern in (CHAPTER, SECTION, PARAGRAPH) for number in pattern.findall(WHOLE)}


def cited(path: Path) -> Iterator[str]:
    """Yield the number of every paragraph that a file of the program cites."""
    text = re.sub(r"\s*\n\s*(?:#|--)?\s*", " ", path.read_text(encoding="utf-8"))
    inside = SOURCE / "protocol" in path.parents
    for passage in [FOREIGN.sub("", text)] if inside else CITED.findall(text):
        yield from re.findall(NUMBER, passage)


def breaches(tree: ast.Module) -> Iterator[str]:
    """Yield the sections that a module names when it refuses something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"^\d{1,2}\.\d{1,2}$", node.value)


def tables() -> Iterator[type[Enum]]:
    """Yield every closed list of the inquiries' words."""
    for value in vars(codes).values():
        if isinstance(value, type) and issubclass(value, Enum) and value is not Enum:
            yield value


def words() -> set[str]:
    """Return every word on the wire, and every word for what became of something."""
    enumerations: list[type[Enum]] = [*tables(), Void, Outcome, Phase, Alarm, Reason, Ground, Objection]
    return {
        *KINDS,
        *ITEMS,
        *URGENCIES,
        *CLOCKS,
        *(str(word.value) for enumeration in enumerations for word in enumeration),
    }


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def ticked(names: Iterable[str], *, between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in names)


def test_chapters_sections_and_paragraphs_are_numbered_without_gaps() -> None:
    assert CHAPTER.findall(WHOLE) == [str(number) for number in range(1, len(CHAPTERS) + 1)]

    for text in TEXTS.values():
        (chapter,) = CHAPTER.findall(text)
        sections = SECTION.findall(text)
        assert sections == [f"{chapter}.{number}" for number in range(1, len(sections) + 1)]
        for start, end in zip(sections, [*sections[1:], None], strict=True):
            body = text[text.index(f"## §{start} ") : text.index(f"## §{end} ") if end else None]
            found = PARAGRAPH.findall(body)
            assert found == [f"{start}.{number}" for number in range(1, len(found) + 1)]
            assert found


def test_every_reference_inside_the_specification_leads_somewhere() -> None:
    references = set(re.findall(NUMBER, FOREIGN.sub("", WHOLE)))

    assert references - numbers() == set()


def test_every_paragraph_that_the_program_cites_exists() -> None:
    pages = {path: set(cited(path)) for path in files(SOURCE, suffix=".py")}
    pages |= {path: set(cited(path)) for path in files(SOURCE, suffix=".sql")}

    known = numbers()

    assert len(set().union(*pages.values())) > 40
    assert {path.name: lost for path, found in pages.items() if (lost := found - known)} == {}


def test_every_section_that_a_refusal_names_exists() -> None:
    named = {(path.name, number) for path, tree in code(SOURCE / "protocol") for number in breaches(tree)}

    assert ("entry.py", "4.2") in named
    assert {(page, number) for page, number in named if number not in SECTION.findall(WHOLE)} == set()


def test_every_word_of_the_wire_is_in_the_specification() -> None:
    found = words()

    assert {"inquiry.sent", "not_visible_from_here", "G13", "wrong-state", "paused", "fork"} <= found
    assert {word for word in found if f"`{word}`" not in WHOLE} == set()


@pytest.mark.parametrize("letter", "CVNEKBRHWZS")
def test_every_frame_has_its_row(letter: str) -> None:
    assert re.search(rf"^\| `{letter}` \| ", TEXTS[CHAPTERS[4]], re.MULTILINE)


@pytest.mark.parametrize("kind", MOVES)
def test_the_table_of_moves_is_the_one_of_the_program(kind: str) -> None:
    cells = (MOVES[kind].cells.get(state) for state in codes.State)
    shown = (
        "–" if cell is None else LETTERS[cell] if isinstance(cell, codes.State) else CELLS[cell]
        for cell in cells
    )

    assert row(f"`{kind}`", *shown) in WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_kinds_is_the_one_of_the_program(kind: str) -> None:
    (line,) = re.findall(rf"^\| `{re.escape(kind)}` \| [^|]+ \| [^|]+ \| (?:yes|no) \|$", WHOLE, re.MULTILINE)

    assert line.endswith("| yes |" if KINDS[kind].clocked else "| no |")
    if kind in MOVES:
        targets = sorted(answers(kind), key=list(KINDS).index)
        spoken = (
            "any valid statement of the thread"
            if answers(kind) == ANY_STATEMENT
            else ticked(targets, between=" or ")
        )
        writer = {"either": "both"}.get(MOVES[kind].writer.value, MOVES[kind].writer.value)
        reply = " (a reply)" if kind in REPLIES else ""
        assert line.startswith(f"| `{kind}` | {writer} | {spoken}{reply} |")


def test_states_wants_and_findings_have_the_rows_of_the_program() -> None:
    for state, letter in LETTERS.items():
        assert f"| {letter} | `{state.value}` | " in WHOLE
    for want, clock in codes.CLOCK_OF.items():
        assert re.search(rf"^\| `{want.value}` \| [^|]+ \| `{clock.value}` \|$", WHOLE, re.MULTILINE)
    for finding, settled in codes.SETTLES.items():
        listed = ticked(want.value for want in codes.Want if want in settled)
        everything = "every want: there is nothing more that this side could do"
        assert row(f"`{finding.value}`", everything if settled == frozenset(codes.Want) else listed) in WHOLE


def test_void_reasons_stand_in_their_order() -> None:
    _, _, part = WHOLE.partition("## §6.5 ")
    shown = re.findall(r"^\| `([a-z-]+)` \| ", part.partition("## §6.6 ")[0], re.MULTILINE)

    assert shown == [reason.value for reason in Void]


def test_the_default_limits_are_those_of_the_program() -> None:
    for clock, limits in CLOCKS.items():
        cells = (f"`{limits[urgency]}`" if urgency in limits else "–" for urgency in URGENCIES)
        assert row(f"`{clock}`", *cells) in WHOLE


def test_the_terms_that_are_shown_are_those_that_the_program_computes() -> None:
    calendars = {
        "a.example": default_calendar(offset_minutes=480),
        "b.example": default_calendar(offset_minutes=-300),
    }

    text = default_terms(calendars, world="live", kinds=VERSIONS)

    shown = (
        block.replace("\n", "")
        for block in re.findall(r"^```json\n(.*?)^```", WHOLE, re.MULTILINE | re.DOTALL)
    )
    assert text in shown


def strings_in(value: object) -> Iterator[str]:
    """Yield every text in JSON, and everything else as it would be written."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        yield " ".join(each for each in value if isinstance(each, str))
        for each in value:
            yield from strings_in(each)
    else:
        yield str(value)


def test_bytes_that_are_shown_are_those_of_the_vectors() -> None:
    quotations = QUOTED.findall(WHOLE)

    assert len(quotations) > 5
    for name, block in quotations:
        known = "\n".join(
            strings_in(json.loads((SPECIFICATION / "vectors" / name).read_text(encoding="utf-8")))
        )
        pieces = [piece for line in block.splitlines() for piece in line.split("…") if piece]
        assert [piece for piece in pieces if piece not in known] == []


def test_every_test_that_guards_against_a_threat_exists() -> None:
    guards = GUARD.findall((ROOT / "docs" / "threats.md").read_text(encoding="utf-8"))

    assert len(guards) > 50
    lost = {(page, name) for page, name in guards if not is_test(ROOT / page, name)}
    assert lost == set()


def is_test(page: Path, name: str) -> bool:
    """Return whether `page` holds the test `name`, or any test if none is named."""
    if not page.exists():
        return False
    return (
        re.search(rf"\bdef {name or 'test_'}{'[(]' if name else ''}", page.read_text(encoding="utf-8"))
        is not None
    )


def test_every_vector_file_is_told_of_in_the_chapter_about_vectors() -> None:
    names = {page.name for page in (SPECIFICATION / "vectors").glob("*.json")}

    assert {name for name in names if f"`{name}`" not in TEXTS[SPECIFICATION / "10-vectors.md"]} == set()
