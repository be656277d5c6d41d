"""What every answer carries, whatever made it: nothing from outside, nothing inline, nothing kept.

    Content-Security-Policy   scripts, styles, pictures, requests: from this node alone
    Cache-Control             pages hold cases: no copy stays on a disk
    Referrer-Policy           an address of ours never tells another host what we look at

Source: security §2, §7 (I6, I7).
"""

import math
import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the small pictures inside the style sheet
    "connect-src 'self'",
    "worker-src 'self'",  # the beat of the desk (`ui/static/ui/beat-worker.js`)
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
MOST_BYTES: Final = 12 * 1024 * 1024
FEW_BYTES: Final = 3 * 1024 * 1024
FILE_BYTES: Final = 64 * 1024 * 1024 * 1024
_FILES: Final = re.compile(r"/l/[^/]+/(?:inquiries/[^/]+/say/[^/]+|drafts/[^/]+)/files/")
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


class Bounds:
    """Refuses what is too large by its own word, before a byte of it is read.

    A file of 8 MiB with the words around it is the most that any page takes, but for evidence, which is
    sealed while it comes (`inquiries/views/uploading.py`) and never held. Whoever shows no cookie of a
    sitting gets room for the words of a form whose sitting has ended, and no more.
    What does not say how long it is, is not read at all.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = FILE_BYTES if _FILES.fullmatch(request.path) else MOST_BYTES
        if _claimed(request) > (most if settings.SESSION_COOKIE_NAME in request.COOKIES else FEW_BYTES):
            return render(request, "ui/too_large.html", status=413)
        return self._answer(request)


def _claimed(request: HttpRequest) -> float:
    if "Transfer-Encoding" in request.headers:
        return math.inf
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else math.inf
