"""parley officer, and whose act a command is: through the command line as people type it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from parley.agencies import actions, queries
from parley.agencies.policy import Role
from parley.cli.app import run
from parley.cli.manner import Manner
from parley.cli.output import FaultError
from parley.cli.persons import acting_officer
from parley.work import clock

pytestmark = pytest.mark.django_db

SECRET = "correct-horse-battery"
MAKE_TABLES = "import django; django.setup(); from parley.node.tables import bring_up_to_date as up; up()"


@pytest.fixture(name="secret")
def fixture_secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    return path


def typed(words: str | Sequence[str]) -> int:
    return run(words.split() if isinstance(words, str) else words, manner=Manner())


def spoken_json(words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    code = run(words.split(), manner=Manner(json=True))
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    assert answer["exit"] == code
    return answer


def test_an_officer_is_added_listed_and_disabled(secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(f"officer add Chen --language zh --secret-file {secret}") == 0
    assert typed("officer list") == 0
    assert typed("officer disable Chen") == 0
    assert typed("officer list") == 0

    assert capsys.readouterr().out == (
        "Chen is officer 1.\n"
        "Number\tName\tRole\tLanguage\tState\n1\tChen\tofficer\tzh-hans\tactive\n"
        "Chen may no longer act or look.\n"
        "Number\tName\tRole\tLanguage\tState\n1\tChen\tofficer\tzh-hans\tdisabled\n"
    )


def test_the_same_as_json(secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoken_json(f"officer add Chen --role viewer --secret-file {secret}", capsys)

    answer = spoken_json("officer list", capsys)

    chen = {"number": 1, "name": "Chen", "role": "viewer", "language": "en", "active": True}
    assert answer["result"] == {"officers": [chen]}


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        ("officer add Chen --secret-file {secret}", 8, "officer_exists"),
        ("officer add  --secret-file {secret} -- \x1b", 2, "officer_name"),
        ("officer add Wu --secret-file {secret}.missing", 2, "unreadable_file"),
        ("officer add Wu --secret-file {weak}", 2, "weak_secret"),
        ("officer add Wu", 2, "missing_option"),
        ("officer add Wu --language fr --secret-file {secret}", 2, "unknown_language"),
        ("officer add Wu --role king --secret-file {secret}", 2, "usage"),
        ("officer disable Wu", 4, "unknown_officer"),
        ("officer promote Wu", 2, "usage"),
        ("officer", 2, "usage"),
        ("nothing", 2, "usage"),
        ("officer list --secret hunter2", 2, "usage"),
    ],
)
def test_what_cannot_be_done_has_a_code_and_changes_nothing(
    words: str, exit_code: int, code: str, secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actions.add_officer("Chen", role=Role.OFFICER, language="en", secret=SECRET, now=clock.now())
    weak = tmp_path / "weak"
    weak.write_text("easy")
    before = queries.list_officers()

    answer = spoken_json(words.format(secret=secret, weak=weak), capsys)

    assert answer["exit"] == exit_code
    assert isinstance(answer["fault"], dict)
    assert answer["fault"]["code"] == code
    assert queries.list_officers() == before


def test_faults_are_told_in_chinese_to_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("zh-hans"):
        run(["officer", "disable", "吴"], manner=Manner(language="zh-hans"))

    assert capsys.readouterr().err == (
        "本节点没有名为吴的人员。未做任何改动。请查看：parley officer list。 [unknown_officer]\n"
    )


def test_an_officer_who_shows_the_secret_may_act(secret: Path) -> None:
    added = actions.add_officer("Chen", role=Role.OFFICER, language="en", secret=SECRET, now=clock.now())

    assert acting_officer("Chen", secret_file=secret) == added


def test_a_wrong_secret_a_viewer_and_a_guesser_are_refused(secret: Path, tmp_path: Path) -> None:
    for name, role in [("Chen", Role.OFFICER), ("Wu", Role.VIEWER)]:
        actions.add_officer(name, role=role, language="en", secret=SECRET, now=clock.now())
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")

    codes = []
    for name, file in [*[("Chen", wrong)] * 5, ("Chen", secret), ("Wu", secret), ("nobody", secret)]:
        with pytest.raises(FaultError) as refused:
            acting_officer(name, secret_file=file)
        codes.append((refused.value.code, int(refused.value.exit_code)))

    assert codes == [*[("wrong_secret", 3)] * 5, ("wait", 3), ("viewer", 3), ("wrong_secret", 3)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (["version"], 0, "parley 0."),
        (["--lang", "zh", "officer", "--help"], 0, "本节点的人员"),
        (["--home", "/nowhere", "officer", "list", "--json"], 4, '"code":"no_home"'),
        (["--lang", "fr", "version"], 2, "--lang cannot be “fr”"),
        ([], 0, "officer"),
    ],
)
def test_the_program_itself_starts_in_the_language_and_home_asked_for(
    words: list[str], exit_code: int, told: str
) -> None:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    environ.pop("LC_ALL", None)

    done = subprocess.run(
        [sys.executable, "-P", "-m", "parley.cli", *words],
        env=environ, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (done.returncode, told in done.stdout + done.stderr) == (exit_code, True), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed_secrets", "exit_code", "told"),
    [
        ((SECRET, SECRET), 0, "Chen is officer 1."),
        ((SECRET, f"{SECRET}!"), 2, "[secrets_differ]"),
    ],
    ids=["same", "different"],
)
def test_at_a_terminal_a_new_secret_is_asked_for_twice_and_never_shown(
    typed_secrets: tuple[str, str], exit_code: int, told: str, tmp_path: Path
) -> None:
    environ = os.environ | {
        "PARLEY_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "LC_ALL": "C",
    }
    (tmp_path / "parley.toml").write_text('[node]\nname = "a.example"\n')
    subprocess.run([sys.executable, "-c", MAKE_TABLES], env=environ, check=True)
    keyboard, terminal = os.openpty()

    program = subprocess.Popen(
        [sys.executable, "-P", "-m", "parley.cli", "officer", "add", "Chen"],
        env=environ, stdin=terminal, stdout=-1, stderr=-1, bufsize=0, start_new_session=True,
    )  # fmt: skip
    with program:
        shown = b"".join(answer(program, keyboard, secret) for secret in typed_secrets)
        shown += b"".join(program.communicate(timeout=30))
    os.close(keyboard)
    os.close(terminal)

    assert (program.returncode, told in shown.decode()) == (exit_code, True), shown
    assert SECRET.encode() not in shown


def answer(program: subprocess.Popen[bytes], keyboard: int, secret: str) -> bytes:
    """Type `secret` once the program has asked for it, and return what it showed until then.

    What is typed before the question is thrown away by the terminal, as it should be.
    """
    assert program.stderr is not None
    shown = b""
    while not shown.endswith(b": ") and (sign := program.stderr.read(1)):
        shown += sign
    os.write(keyboard, f"{secret}\n".encode())
    return shown


def test_the_home_of_these_tests_is_their_own() -> None:
    assert settings.HOME.root == Path(os.environ["PARLEY_HOME"])
    assert "parley-tests-" in str(settings.HOME.root)
