"""parley token: made by the administrator, shown once, listed, revoked."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from parley.agencies import actions
from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.cli.app import run
from parley.cli.manner import Manner
from parley.gates.api.models import Token
from parley.gates.api.policy import digest_of, read_bearer
from parley.gates.api.queries import token_of
from parley.work import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixture_people() -> None:
    for name, role in (("Zhao", Role.OFFICER), ("Wu", Role.VIEWER)):
        actions.add_officer(name, role=role, language="en", secret="correct-horse-battery", now=1)


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = run(words, manner=Manner(json=True))
    return code, json.loads(capsys.readouterr().out)


def made(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code, said = typed(capsys, "token", "add", "Zhao", "--label", "case system", *words)
    assert code == 0, said
    return str(said["result"]["text"])


def test_a_token_is_shown_once_and_kept_as_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    text = made(capsys, "--scope", "act")

    listed = json.dumps(typed(capsys, "token", "list")[1])

    assert read_bearer(f"Bearer {text}") == text
    assert text not in listed
    assert text not in json.dumps([str(row) for row in Token.objects.values_list()])
    assert Token.objects.get().digest == digest_of(text)
    assert text not in "".join(entry.subject for entry in JournalEntry.objects.all())


def test_it_reads_for_thirty_days_if_nothing_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    made(capsys)

    _code, said = typed(capsys, "token", "list")

    (row,) = said["result"]["tokens"]
    assert (row["scope"], row["expires_at"] - row["made_at"]) == ("read", 30 * 86_400)
    assert (row["officer"], row["label"], row["is_good"]) == ("Zhao", "case system", True)


def test_a_revoked_token_opens_nothing_and_revoking_twice_is_no_harm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text, now = made(capsys), clock.now()
    good = token_of(text, address="203.0.113.7", now=now)
    assert good is not None

    codes = [typed(capsys, "token", "revoke", str(good.number))[0] for _time in range(2)]

    assert codes == [0, 0]
    assert token_of(text, address="203.0.113.7", now=now) is None
    acts = [entry.act for entry in JournalEntry.objects.order_by("number")]
    assert acts[-2:] == ["token.added", "token.revoked"]


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("add", "Nobody", "--label", "x"), 4, "unknown_officer"),
        (("add", "Wu", "--label", "x", "--scope", "act"), 3, "viewer"),
        (("add", "Wu", "--label", "x", "--scope", "draft"), 3, "viewer"),
        (("add", "Zhao", "--label", ""), 2, "token_terms"),
        (("add", "Zhao", "--label", "x" * 65), 2, "token_terms"),
        (("add", "Zhao", "--label", "x", "--from", "elsewhere"), 2, "token_terms"),
        (("add", "Zhao", "--label", "x", "--days", "91"), 2, "usage"),
        (("revoke", "99"), 4, "unknown_token"),
    ],
)
def test_what_cannot_be_so_is_said_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], words: Sequence[str], exit_code: int, code: str
) -> None:
    found, said = typed(capsys, "token", *words)

    assert (found, said["fault"]["code"]) == (exit_code, code)
    assert not Token.objects.exists()


def test_a_viewer_may_have_one_that_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(capsys, "token", "add", "Wu", "--label", "screen")[0] == 0
