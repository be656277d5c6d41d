"""The edge of the door, before anything is read: no cookie counts here, and nothing large comes in.

A tool shows a token with every request. What a browser sends along by itself is taken off, so no page of
another site, and none of ours, can do anything here in the name of whoever sits before it.
"""

import math
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from parley.gates.api.answers import tell_problem
from parley.gates.api.problems import ProblemError
from parley.protocol.strictjson import MAX_SIZE
from parley.ui.middleware import Answer

ROOT: Final = "/api/v1/"


class Edge:
    """Takes cookies off, and refuses what is too large by its own word, or does not say how large it is."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return self._answer(request)
        request.META.pop("HTTP_COOKIE", None)
        if _claimed(request) > MAX_SIZE:
            with translation.override(translation.get_language_from_request(request)):
                return tell_problem(ProblemError("too_large").problem())
        return self._answer(request)


def _claimed(request: HttpRequest) -> float:
    if "Transfer-Encoding" in request.headers:
        return math.inf
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else math.inf
