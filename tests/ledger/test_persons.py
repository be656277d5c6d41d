"""An officer's key signs for that officer alone, and only with that officer's secret."""

from pathlib import Path

import pytest

from parley.ledger.persons import (
    KeyExistsError,
    NoKeyError,
    WrongKeySecretError,
    make_key,
    public_of,
    sign_as,
)
from parley.protocol import note
from parley.protocol.note import Algorithm, VerifyKey
from parley.signer.keys import KeysError
from parley.work.home import Home
from tests.two_nodes.pair import SUITE, A, make_home

SECRET = "correct-horse-battery"
TEXT = b"parley/v1\n"


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "a", A)


def test_the_line_of_an_officer_verifies_under_his_name(home: Home) -> None:
    public = make_key(home, 4, secret=SECRET)

    line = sign_as(home, 4, secret=SECRET, text=TEXT)

    key = VerifyKey(name=f"{A}/officer/4", algorithm=Algorithm.ED25519, public=public)
    assert public_of(home, 4) == public
    assert [each.key for each in note.verified(note.Note(text=TEXT, lines=(line,)), [key], SUITE)] == [key]


def test_another_secret_does_not_open_it(home: Home) -> None:
    make_key(home, 4, secret=SECRET)

    with pytest.raises(WrongKeySecretError):
        sign_as(home, 4, secret=SECRET + "x", text=TEXT)


def test_a_key_is_made_once_and_by_nobody_else(home: Home) -> None:
    make_key(home, 4, secret=SECRET)

    with pytest.raises(KeyExistsError):
        make_key(home, 4, secret="another-long-secret")
    with pytest.raises(NoKeyError):
        public_of(home, 5)


def test_the_file_of_one_officer_cannot_stand_for_another(home: Home) -> None:
    make_key(home, 4, secret=SECRET)
    folder = home.keys / "officers"
    (folder / "4").rename(folder / "5")

    with pytest.raises(WrongKeySecretError):
        sign_as(home, 5, secret=SECRET, text=TEXT)


@pytest.mark.parametrize(
    "content", ["", "parley-officer-key/v1\n", "parley-officer-key/v1\nzz\n00\n00\n", "x\n00\n00\n00\n"]
)
def test_a_damaged_file_is_told_as_such(home: Home, content: str) -> None:
    make_key(home, 4, secret=SECRET)
    (home.keys / "officers" / "4").write_text(content, encoding="ascii")

    with pytest.raises(KeysError):
        sign_as(home, 4, secret=SECRET, text=TEXT)


def test_nobody_but_its_owner_can_read_the_file(home: Home) -> None:
    make_key(home, 4, secret=SECRET)

    assert (home.keys / "officers").stat().st_mode & 0o777 == 0o700
    assert (home.keys / "officers" / "4").stat().st_mode & 0o777 == 0o600
