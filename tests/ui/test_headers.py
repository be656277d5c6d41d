"""What every answer carries, asked through the door."""

import re

import pytest
from django.test import Client

from parley.ui.middleware import HEADERS


def headers_of(path: str) -> dict[str, str]:
    answer = Client().get(path, headers={"host": "localhost"})
    answer.close()
    return dict(answer.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/healthz", "/nowhere/", "/static/ui/parley.css"])
def test_every_answer_carries_the_headers(path: str) -> None:
    found = headers_of(path)

    assert {name: found[name] for name in HEADERS} == HEADERS


@pytest.mark.django_db
def test_no_page_stays_on_a_disk_but_style_sheets_may() -> None:
    assert headers_of("/sign-in/")["Cache-Control"] == "no-store"
    assert "no-store" not in headers_of("/static/ui/parley.css")["Cache-Control"]


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    policy = HEADERS["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert policy.startswith("default-src 'none'")


@pytest.mark.django_db
def test_another_host_name_gets_nothing() -> None:
    assert Client().get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
