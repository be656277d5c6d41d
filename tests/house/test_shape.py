"""The shape of the house: rooms with known shelves, short files, references that point down."""

import importlib
import pkgutil
import tomllib
from pathlib import Path
from typing import Final

import msgspec
import pytest
from django.apps import apps
from django.conf import settings

from parley import ledger, protocol
from tests.house.tree import ROOT, SOURCE, code, files, imports_in

ROOMS: Final = {
    "agencies",
    "cases",
    "composer",
    "dialogue",
    "drafts",
    "exercises",
    "guidelines",
    "hotline",
    "inquiries",
    "links",
    "notes",
    "review",
    "search",
    "sharing",
    "today",
    "watch",
}
SHELVES: Final = {
    "__init__",
    "actions",
    "beats",
    "forms",
    "middleware",
    "migrations",
    "models",
    "policy",
    "projection",
    "queries",
    "static",
    "tasks",
    "templates",
    "urls",
    "views",
}
"""A shelf is a file, or a folder of that name once it outgrew one."""
LONGEST: Final = 400
PURE: Final = {
    "__future__",
    "base64",
    "binascii",
    "bisect",
    "collections",
    "contextlib",
    "cryptography",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "msgspec",
    "operator",
    "parley",
    "re",
    "string",
    "struct",
    "types",
    "typing",
}
"""Everything that `protocol/` may import: pure parts of the standard library, and two packages."""


def floors() -> tuple[str, ...]:
    """Return the folders of the house from top to bottom, as the import contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers: list[str] = next(each["layers"] for each in contracts["contracts"] if each["id"] == "floors")
    return tuple(layer.replace("(", "").replace(")", "") for layer in layers)


def floor_of(label: str) -> int:
    return next(number for number, layer in enumerate(floors()) if label in layer.split(" | "))


@pytest.mark.parametrize("room", sorted(ROOMS & {path.name for path in SOURCE.iterdir()}))
def test_a_room_has_only_known_shelves(room: str) -> None:
    found = {path.stem for path in (SOURCE / room).iterdir() if path.name != "__pycache__"}

    assert found <= SHELVES


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(SOURCE, suffix=".py")
        if path.parent.name != "migrations"
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_folder_of_code_has_a_floor() -> None:
    folders = {
        path.parent.relative_to(SOURCE).parts[0]
        for path in files(SOURCE, suffix=".py")
        if path.parent != SOURCE
    }

    assert folders <= {name for layer in floors() for name in layer.split(" | ")}


def test_references_between_tables_point_down_the_house_and_stay_in_one_file() -> None:
    references = {
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
    }

    assert references
    for here, there in references:
        assert here == there or floor_of(here) < floor_of(there)
        assert settings.DATABASE_OF_APP[here] == settings.DATABASE_OF_APP[there]


def test_the_protocol_imports_only_what_is_pure() -> None:
    foreign = {
        (path.name, name)
        for path, tree in code(SOURCE / "protocol")
        for name in imports_in(tree)
        if name.partition(".")[0] not in PURE
    }

    # The one seam for dice: everything else in the protocol is a function of its arguments.
    assert foreign <= {("suite.py", "os")}


def test_a_policy_knows_nothing_of_django_but_how_to_write_a_condition() -> None:
    policies = [*code(suffix="/policy.py")]

    assert policies
    names = {name for _path, tree in policies for name in imports_in(tree) if name.startswith("django")}
    assert names <= {"django.db.models.Q"}


def test_nothing_is_called_after_what_it_is_not() -> None:
    """Such a file means that the house lacks a room (STYLE.md §1, the last question in ARCHITECTURE.md)."""
    nameless = {
        "utils",
        "util",
        "helpers",
        "helper",
        "services",
        "common",
        "misc",
        "managers",
        "signals",
        "admin",
    }

    assert {path for path in files(SOURCE, suffix=".py") if path.stem in nameless} == set()


def test_every_shelf_of_code_is_a_package() -> None:
    without = {
        path.parent.relative_to(SOURCE)
        for path in files(SOURCE, suffix=".py")
        if not (path.parent / "__init__.py").exists()
    }

    assert without == set[Path]()


def test_what_the_collector_does_not_look_at_is_never_changed() -> None:
    # What refers to itself is found by nobody else; and what is never changed cannot come to do so.
    unseen = [each for each in structs() if not each.__struct_config__.gc]

    assert unseen
    assert [each.__name__ for each in unseen if not each.__struct_config__.frozen] == []


def structs() -> list[type[msgspec.Struct]]:
    """Return every struct of the protocol and the ledger."""
    for floor in (protocol, ledger):
        for module in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}."):
            importlib.import_module(module.name)
    found: list[type[msgspec.Struct]] = []
    waiting = [msgspec.Struct]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found += [each for each in below if each.__module__.startswith("parley.")]
    return found
