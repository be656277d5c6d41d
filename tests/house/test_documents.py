"""What is there is written down, and what is written down is there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from typer.core import TyperGroup

from parley.agencies.policy import Role
from parley.cli.app import tree
from parley.cli.exits import Exit
from parley.inquiries.forms.saying.verbs import VERBS, Verb
from parley.inquiries.forms.saying.wording import verb_name
from parley.ledger.home import Config, config_text
from parley.protocol.inquiries import codes
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.inquiries.moves import Writer
from parley.protocol.kinds import KINDS
from parley.protocol.terms import ITEMS
from parley.protocol.voids import Outcome, Void
from tests.house.tree import ROOT, SOURCE, code, files

SETTINGS: Final = ROOT / "docs" / "handbook" / "settings.md"
COMMANDS: Final = ROOT / "docs" / "handbook" / "command-line.md"
GLOSSARY: Final = ROOT / "GLOSSARY.md"
OFFICERS: Final = ROOT / "docs" / "handbook" / "officers.md"
ROOT_PAGES: Final = (
    "README.md",
    "ARCHITECTURE.md",
    "STYLE.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
)
LINK: Final = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]+)[^)]*\)")
CODE: Final = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
ENTRY: Final = re.compile(
    r"- \*\*(?P<english>[^*]+)\*\* · (?P<chinese>[^—]*[\u4e00-\u9fff][^—]*)(?: — \S.*)?"
)


def commands_of(group: TyperGroup, *, before: str = "parley") -> Iterator[str]:
    """Yield every command of `group` as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands_of(command, before=f"{before} {name}")
        else:
            yield f"{before} {name}"


def fault_codes() -> set[str]:
    """Return the code of every fault that a command can end with: the first argument of `FaultError`."""
    return {
        node.args[0].value
        for _path, tree in code(SOURCE / "cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FaultError"
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


@pytest.mark.parametrize("name", ROOT_PAGES)
def test_the_pages_at_the_front_door_are_there(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 200


@pytest.mark.parametrize(
    "page", sorted(files(ROOT, suffix=".md")), ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_link_within_the_documents_leads_somewhere(page: object) -> None:
    path = ROOT / str(page)

    text = CODE.sub("", path.read_text(encoding="utf-8"))
    dead = [link for link in LINK.findall(text) if not (path.parent / link).exists()]

    assert dead == []


def test_every_command_is_in_the_handbook() -> None:
    commands = set(commands_of(tree()))
    text = COMMANDS.read_text(encoding="utf-8")

    assert {"parley version", "parley officer list"} <= commands
    assert {command for command in commands if f"`{command}" not in text} == set()


def test_every_setting_is_in_the_handbook() -> None:
    some = dict.fromkeys(("node", "world", "name_en", "name_zh", "pages", "partner", "url", "pages_url"), "x")
    config = Config(**some, tls_cert=Path("c"), tls_key=Path("k"), poll=True, watch_shown=True)
    tables = tomllib.loads(config_text(config))
    rows = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", SETTINGS.read_text(encoding="utf-8"), re.MULTILINE))

    assert rows == {f"{table}.{name}" for table, names in tables.items() for name in names}


def test_every_exit_code_is_in_the_handbook() -> None:
    rows = {
        int(number)
        for number in re.findall(r"^\| (\d+) \|", COMMANDS.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert rows == {int(code) for code in Exit}


def test_every_fault_is_in_the_handbook() -> None:
    text = COMMANDS.read_text(encoding="utf-8")
    codes = fault_codes()

    assert {"usage", "no_home", "wrong_secret"} <= codes
    assert {fault for fault in codes if f"`{fault}`" not in text} == set()


def sheet_of_keys() -> list[tuple[set[str], str]]:
    """Return the sheet of the officers' handbook: the keys of each row, and where they do something."""
    _, _, sheet = OFFICERS.read_text(encoding="utf-8").partition("\n## Keys\n")
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", sheet.partition("\n## ")[0], re.MULTILINE)
    return [(set(re.findall(r"`([^`]+)`", keys)), where) for keys, where in rows]


def test_every_key_of_a_page_is_in_the_handbook() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in files(SOURCE, suffix=".html"))
    sheet = sheet_of_keys()
    found = {
        *re.findall(r'data-key="([^"{]+)"', pages),
        *(verb.key for verb in VERBS.values() if verb.key),
        *(key.upper() for key in re.findall(r'data-go="([^"]+)"', pages)),
    }

    assert {"?", "A", "N", "V", "D", "1"} <= found
    assert found - set().union(*(keys for keys, _where in sheet)) == set()
    letters = {key for keys, where in sheet if "inquiry" in where or "draft opened" in where for key in keys}
    assert letters - found == set()


@pytest.mark.parametrize("verb", [verb for verb in VERBS.values() if verb.key], ids=lambda verb: verb.name)
def test_the_key_of_each_form_stands_beside_the_side_that_may_say_it(verb: Verb) -> None:
    where = {Writer.ASKED: "an inquiry, asked", Writer.ASKER: "an inquiry of ours"}[verb.move.writer]

    assert ({verb.key}, where) in sheet_of_keys()


def test_every_table_of_the_house_says_in_which_file_it_lies() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert {label for label in settings.DATABASE_OF_APP if f"`{label}/`" not in text} == set()


def test_every_word_of_the_glossary_stands_in_both_languages_once() -> None:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    entries = [ENTRY.fullmatch(line) for line in lines]

    assert len(lines) > 150
    assert [line for line, entry in zip(lines, entries, strict=True) if entry is None] == []
    english = [entry["english"].lower() for entry in entries if entry]
    assert {word for word in english if english.count(word) > 1} == set()


def test_every_kind_code_and_role_is_in_the_glossary() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    tables: list[type[Enum]] = [
        table for table in vars(codes).values() if isinstance(table, type) and issubclass(table, Enum)
    ]
    tables += [Void, Outcome, Phase]
    words = {
        *KINDS,
        *ITEMS,
        *Role,
        *(str(word.value) for table in tables for word in table),
    }

    assert {"inquiry.sent", "not_visible_from_here", "G13", "wrong-state", "paused"} <= words
    assert {word for word in words if f"**{word}**" not in text} == set()


def test_decisions_are_numbered_without_gaps_and_have_their_four_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [page.name[:5] for page in pages] == [f"{number:04}-" for number in range(1, len(pages) + 1)]
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Options", "Choice", "What is given up"], page.name


def test_the_sheet_of_keys_names_the_keys_of_each_form() -> None:
    sheet = (SOURCE / "node" / "templates" / "node" / "keys.html").read_text(encoding="utf-8")

    for verb in VERBS.values():
        if verb.key:
            name = verb_name(verb.name)
            assert f'<dt><kbd>{verb.key}</kbd></dt><dd>{{% translate "{name}" %}}</dd>' in sheet
