"""The hash-locked lists: what ./run installs."""

import re
import tomllib
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

ENTRY: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?P<hashes>.*(?:\n    .*)*)", re.MULTILINE
)


def pins(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return what the list `name` pins: version and hashes of each package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        entry["name"]: (entry["version"], frozenset(re.findall(r"sha256:[0-9a-f]{64}", entry["hashes"])))
        for entry in ENTRY.finditer(text)
    }


def wanted(*, for_work: bool) -> list[Requirement]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = settings["dependency-groups"]["dev"] if for_work else settings["project"]["dependencies"]
    return [Requirement(line) for line in listed]


def test_the_list_for_work_holds_the_list_for_use() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_with_hashes_and_no_host_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert pins(name)
    assert [package for package, (_version, hashes) in pins(name).items() if not hashes] == []
    assert len(pins(name)) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert re.search(r"://|index-url|find-links", text) is None


@pytest.mark.parametrize(
    ("name", "for_work"), [("requirements.lock", False), ("requirements-dev.lock", True)], ids=["use", "work"]
)
def test_the_lists_are_those_of_pyproject(name: str, for_work: bool) -> None:  # noqa: FBT001 - a parameter of a table
    pinned = pins(name)

    for requirement in wanted(for_work=for_work):
        version, _hashes = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement
