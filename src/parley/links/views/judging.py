"""How a judge checks a file of evidence: the page that verifies by itself, its hash, and the digits.

The page is a file of this program and the same at every node; it is handed out to be kept, and never
shown here. Source: Spec §11.5; handbook/judges.md.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import parley
from parley.agencies.middleware import PersonRequest
from parley.links.views.links import chosen

PAGE: Final = Path(parley.__file__).parent / "judge" / "verify.html"


@cache
def _verifier() -> bytes:
    return PAGE.read_bytes()


@require_safe
def judge(request: PersonRequest, link: str) -> HttpResponse:
    verifier = _verifier()
    shown = {
        "row": chosen(link).row,
        "sha256": hashlib.sha256(verifier).hexdigest(),
        "size": len(verifier),
    }
    return render(request, "links/judge.html", shown)


@require_safe
def verifier(_request: PersonRequest, link: str) -> HttpResponse:
    """Answer with the page, to be kept as a file."""
    chosen(link)
    response = HttpResponse(_verifier(), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = 'attachment; filename="verify.html"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
