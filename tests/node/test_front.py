"""What a node answers at its front door."""

from pathlib import Path

import pytest
from django.test import Client

from parley.work.home import Home, HomeError, node_name


@pytest.mark.django_db
def test_without_a_person_the_front_page_asks_who_is_there() -> None:
    answer = Client().get("/", headers={"host": "localhost"})

    assert answer.status_code == 200
    assert 'action="/sign-in/"' in answer.text


def test_the_node_says_that_it_lives() -> None:
    assert Client().get("/healthz", headers={"host": "127.0.0.1"}).text == "ok\n"


@pytest.mark.parametrize(
    "text", ["", "[node]\n", '[node]\nname = ""\n', "[node]\nname = 5\n", "not toml", "\udcff"]
)
def test_a_home_without_a_name_is_told_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "parley.toml").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(HomeError, match=r"parley\.toml"):
        node_name(Home(root=tmp_path))


def test_a_missing_home_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="no such file"):
        node_name(Home(root=tmp_path / "nowhere"))
