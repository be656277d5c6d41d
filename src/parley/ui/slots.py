"""What a higher room shows on the page of a lower one: the page has a slot, and knows nobody who fills it.

    settings.SLOTS   "inquiry" ─▶ names of functions, in the order in which they stand on the page
    the page         fills("inquiry", request, link=…, thread=…) ─▶ their pieces of HTML, none empty

The names are written down in the settings, as those of the projections are: a lower room never imports a
higher one, and nothing registers itself.
"""

from collections.abc import Sequence
from typing import Protocol, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString


class Filling(Protocol):
    """Return a piece of a page about the thread (43 characters) of `link`; empty where there is nothing."""

    def __call__(self, request: HttpRequest, link: str, thread: str) -> SafeString: ...


def fills(slot: str, request: HttpRequest, *, link: str, thread: str) -> Sequence[SafeString]:
    """Return what stands in a slot of a page, in order."""
    # A name says nothing of a type; tests/hotline/test_about.py looks at a page with a filled slot.
    fillings = [cast("Filling", import_string(name)) for name in settings.SLOTS[slot]]
    pieces = (filling(request, link, thread) for filling in fillings)
    return [piece for piece in pieces if piece]
