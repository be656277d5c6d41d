"""What is too large is refused by its own word, before it is read."""

import pytest
from django.conf import settings
from django.test import Client

from parley.ui.middleware import FEW_BYTES, MOST_BYTES

HOST = {"host": "a.localhost"}


def post(size: int | str, *, cookie: bool, is_chunked: bool = False) -> int:
    client = Client(headers=HOST | ({"transfer-encoding": "chunked"} if is_chunked else {}))
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = "x"
    kind = "application/x-www-form-urlencoded"
    return client.generic(
        "POST", "/sign-in/", b"", content_type=kind, headers={"content-length": str(size)}
    ).status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "cookie", "is_read"),
    [
        (FEW_BYTES, False, True),
        (FEW_BYTES + 1, False, False),
        (FEW_BYTES + 1, True, True),
        (MOST_BYTES + 1, True, False),
        ("9" * 30, True, False),
        ("-5", True, False),
    ],
)
def test_a_form_that_claims_too_much_is_not_read(size: int | str, *, cookie: bool, is_read: bool) -> None:
    assert (post(size, cookie=cookie) != 413) is is_read


def test_a_form_that_does_not_say_how_long_it_is_is_not_read() -> None:
    assert post(0, cookie=True, is_chunked=True) == 413
