"""Light, dark and keys: chosen once for a computer, said by the server, in one cookie."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from parley.ui.looks import THEMES, Looks, keep_looks, looks_of

COOKIE = settings.LANGUAGE_COOKIE_NAME.replace("language", "looks")


def read(value: str) -> Looks:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value
    return looks_of(request)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("keys", [True, False])
def test_what_is_kept_is_read_again(theme: str, *, keys: bool) -> None:
    response = HttpResponse()

    keep_looks(response, Looks(theme=theme, keys=keys))

    cookie = response.cookies[COOKIE]
    assert read(cookie.value) == Looks(theme=theme, keys=keys)
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"


@given(st.text())
def test_any_other_cookie_is_as_good_as_none(value: str) -> None:
    found = read(value)

    assert found.theme in THEMES
    assert looks_of(RequestFactory().get("/")) == Looks()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "mark"), [("dark.on", 'data-bs-theme="dark"'), ("light.on", 'data-bs-theme="light"')]
)
def test_the_server_says_the_theme(value: str, mark: str) -> None:
    client = Client()
    client.cookies[COOKIE] = value

    page = client.get("/sign-in/", headers={"host": "localhost"}).text

    assert mark in page
    assert f'<meta name="color-scheme" content="{value[:-3]}">' in page


@pytest.mark.django_db
def test_who_chose_nothing_has_what_the_computer_has() -> None:
    page = Client().get("/sign-in/", headers={"host": "localhost"}).text

    assert "data-bs-theme" not in page
    assert 'content="light dark"' in page
