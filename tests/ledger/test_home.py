"""Making a home, and making it again where an earlier try was killed."""

from itertools import count
from pathlib import Path

import pytest

from parley.ledger.home import Config, create_home, own_card, read_config
from parley.ledger.keys import read_keys
from parley.protocol.suite import Standard
from parley.work.home import Home, HomeError

CONFIG = Config(
    node="a.example",
    world="demo",
    name_en="Country A",
    name_zh="甲国",
    pages="127.0.0.1:8401",
    partner="127.0.0.1:8441",
    url="http://127.0.0.1:8441/parley/v1",
)


class KilledError(BaseException):
    """The process is gone."""


class Mortal(Standard):
    """Dies when it is asked for randomness once too often."""

    def __init__(self, lives: int) -> None:
        self.lives = lives

    def dice(self, count: int) -> bytes:
        self.lives -= 1
        if self.lives < 0:
            raise KilledError
        return super().dice(count)


def _die() -> None:
    raise KilledError


def _tries(folder: Path) -> int:
    """Make homes that die later and later, each made again; return how many died."""
    for lives in count():
        home = Home(root=folder / str(lives))
        try:
            create_home(home, CONFIG, suite=Mortal(lives))
        except KilledError:
            create_home(home, CONFIG, suite=Standard())
            assert read_config(home).node == "a.example"
            assert read_keys(home.keys, "a.example").roots
            assert own_card(home)
        else:
            return lives
    raise AssertionError


def test_a_home_whose_making_was_killed_anywhere_is_made_again(tmp_path: Path) -> None:
    assert _tries(tmp_path) >= 9


def test_there_is_no_node_before_everything_that_belongs_to_it_is_there(tmp_path: Path) -> None:
    home = Home(root=tmp_path)

    with pytest.raises(KilledError):
        create_home(home, CONFIG, suite=Standard(), furnish=_die)

    assert not home.settings_file.exists()
    create_home(home, CONFIG, suite=Standard())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "calendar.json",
        "card",
        "epoch",
        "keys",
        "parley.toml",
    ]


def test_keys_that_nobody_began_to_make_here_are_left_alone(tmp_path: Path) -> None:
    home = Home(root=tmp_path)
    create_home(home, CONFIG, suite=Standard())
    card = own_card(home)

    with pytest.raises(HomeError, match="found one"):
        create_home(home, CONFIG, suite=Standard())
    home.settings_file.unlink()
    for _ in range(2):
        with pytest.raises(HomeError, match="found keys; it was left alone"):
            create_home(home, CONFIG, suite=Standard())

    assert own_card(home) == card
