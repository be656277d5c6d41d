"""No code that sends can reach the notes (U-11): the contract names all of it, and it holds."""

import ast
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, files

CONTRACT = next(
    each
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    if each["id"] == "home"
)


def senders() -> set[str]:
    """Return every module that can say something to the other side, but the notes' own."""
    actions = {
        f"parley.{path.parent.name if path.stem == 'actions' else path.parent.parent.name}.actions"
        for path in [*SOURCE.glob("*/actions.py"), *SOURCE.glob("*/actions/__init__.py")]
    }
    return (actions | {"parley.ledger", "parley.gates", "parley.protocol"}) - {"parley.notes.actions"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


@cache
def house() -> Mapping[str, set[str]]:
    """Return what each module of ours imports, of whatever."""
    return {_name(path): imports(path) for path in files(SOURCE, suffix=".py")}


def reach(module: str) -> set[str]:
    """Return every module of ours that `module`, or anything in its folder, imports, at any depth."""
    tree = house()
    waiting = {name for name in tree if name == module or name.startswith(f"{module}.")}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= (tree[name] & tree.keys()) - seen
    return seen


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(("parley", *(part for part in parts if part != "__init__")))


def test_the_contract_names_all_code_that_sends() -> None:
    assert set(CONTRACT["source_modules"]) == senders()
    assert CONTRACT["forbidden_modules"] == ["parley.notes"]
    assert "ignore_imports" not in CONTRACT


@pytest.mark.parametrize("module", sorted(senders()))
def test_code_that_sends_does_not_reach_the_notes(module: str) -> None:
    reached = reach(module)

    assert module in reached or any(name.startswith(f"{module}.") for name in reached)
    assert {name for name in reached if name.split(".")[1:2] == ["notes"]} == set()


def test_the_page_that_shows_the_notes_is_seen_to_reach_them() -> None:
    """The search above would find it."""
    assert "parley.notes.queries" in reach("parley.inquiries.views.page")
