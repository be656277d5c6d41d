"""`verify.pyz` runs on a bare Python with `cryptography`, and says what the whole house says."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from parley.protocol.verify.findings import as_json
from tests.house.alone import alone
from tests.house.tree import ROOT
from tests.verify.book import judge, pack, usual
from tests.verify.mutants import mutant

NEEDED: Final = ("cryptography", "cffi", "_cffi_backend", "pycparser")


@pytest.fixture(name="pyz", scope="module")
def fixture_pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pyz") / "verify.pyz"
    subprocess.run([sys.executable, ROOT / "tools/pyz.py", target], check=True, capture_output=True)
    return target


@pytest.fixture(name="bare", scope="module")
def fixture_bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Python finds `cryptography`, what that needs, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    for name in NEEDED:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            origin = Path(found.origin)
            source = origin.parent if origin.name == "__init__.py" else origin
            (folder / source.name).symlink_to(source)
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


def run(pyz: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    # -S: no site-packages at all.
    command = [sys.executable, "-S", str(pyz), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_nothing_but_cryptography_is_there(bare: dict[str, str]) -> None:
    for name in ("msgspec", "django", "parley"):
        done = subprocess.run(
            [sys.executable, "-S", "-c", f"import {name}"], env=bare, capture_output=True, check=False
        )
        assert done.returncode != 0, name


def test_it_finds_what_the_whole_house_finds(pyz: Path, bare: dict[str, str], tmp_path: Path) -> None:
    book = usual()
    honest = book.members()
    exports = {"honest": pack(honest)} | {
        str(number): mutant(number, book=book, honest=honest)[1] for number in range(4)
    }
    for name, raw in exports.items():
        file = tmp_path / f"{name}.zip"
        file.write_bytes(raw)

        done = run(pyz, bare, str(file), "--digits", " ".join(book.digits), "--json")

        wanted = judge(raw, book.digits)
        assert done.returncode == wanted.result.exit_code
        assert {key: value for key, value in json.loads(done.stdout).items() if key != "reason"} == as_json(
            wanted
        )


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Proved.", "worth: valid")), ("zh", ("已证明。", "效力：valid"))]
)
def test_it_speaks_both_languages_and_judges_too(
    pyz: Path, bare: dict[str, str], tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    book = usual()
    file = tmp_path / "x.zip"
    file.write_bytes(pack(book.members()))

    done = run(pyz, bare, str(file), "--digits", "".join(book.digits), "--lang", language)

    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words)


def test_what_cannot_be_asked_ends_with_two(pyz: Path, bare: dict[str, str], tmp_path: Path) -> None:
    assert run(pyz, bare, str(tmp_path / "missing.zip")).returncode == 2
    assert run(pyz, bare, str(pyz), "--digits", "12345").returncode == 2
    assert run(pyz, bare, str(pyz)).returncode == 2


def test_the_same_source_gives_the_same_archive(pyz: Path, tmp_path: Path) -> None:
    again = tmp_path / "verify.pyz"
    subprocess.run([sys.executable, ROOT / "tools/pyz.py", again], check=True, capture_output=True)

    assert again.read_bytes() == pyz.read_bytes()


# What stands in reads acts and bodies. What these files try is what becomes of them once they are read: the
# same code as in the house.
READ_ALREADY: Final = (
    "inquiries/test_concurrency.py",
    "test_cases_properties.py",
    "test_dialogue_properties.py",
    "test_fold_properties.py",
    "test_guidelines_force.py",
    "test_hotline_properties.py",
    "test_linetests_properties.py",
    "test_sharing_properties.py",
)
# The stand-in spares nothing the scanner: it is small, and no judge waits for it.
SPARED: Final = (
    "test_what_our_own_writer_writes_is_spared_the_scanner",
    "test_what_holds_too_many_values_is_left_to_the_scanner",
)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_tests_of_the_protocol_pass_with_the_stand_in_and_without_the_house(tmp_path: Path) -> None:
    env = alone(tmp_path, ROOT / "tools/bare")
    words = ["-m", "pytest", "-q", "-x", "-p", "no:django", "-p", "no:cacheprovider", "tests/protocol"]
    # The same tests run beside this one with everything there is.
    words += ["--hypothesis-profile=again", "-m", "not slow"]
    words += [f"--deselect=tests/protocol/test_strictjson.py::{name}" for name in SPARED]
    words += ["--assert=plain", *(f"--ignore=tests/protocol/{name}" for name in READ_ALREADY)]

    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-3000:]
