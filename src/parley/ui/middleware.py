"""What every answer carries, whatever made it: nothing from outside, nothing inline, nothing kept.

    Content-Security-Policy   scripts, styles, pictures, requests: from this node alone
    Cache-Control             pages hold cases: no copy stays on a disk
    Referrer-Policy           an address of ours never tells another host what we look at

Source: security §2, §7 (I6, I7).
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the small pictures inside the style sheet
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
POLICY: Final = "; ".join(_RULES)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Sets the headers above, unless the answer has set one itself."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
