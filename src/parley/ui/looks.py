"""How a person wants pages to look and behave on this computer: kept in a cookie, read when a page is made.

theme   auto (as the computer does), light or dark
keys    whether single keys do something (WCAG 2.1.4: they can be switched off)

auto.on   dark.off      the cookie: theme, a dot, keys
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES: Final = ("auto", "light", "dark")
SECONDS: Final = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What was chosen; what was never chosen is as it comes."""

    theme: str = "auto"
    keys: bool = True


def looks_of(request: HttpRequest) -> Looks:
    """Return what the cookie says; whatever it says else counts as nothing."""
    theme, _dot, keys = request.COOKIES.get(_cookie(), "").partition(".")
    return Looks(theme=theme if theme in THEMES else "auto", keys=keys != "off")


def keep_looks(response: HttpResponse, looks: Looks) -> None:
    """Send the cookie along with `response`."""
    response.set_cookie(
        _cookie(),
        f"{looks.theme}.{'on' if looks.keys else 'off'}",
        max_age=SECONDS,
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _cookie() -> str:
    # Named as the cookie of the language is: after the node, since cookies do not know ports.
    return f"{settings.LANGUAGE_COOKIE_NAME.removesuffix('language')}looks"
