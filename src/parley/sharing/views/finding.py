"""Which offer an address means."""

from django.conf import settings
from django.http import Http404

from parley.sharing.queries import Dossier, UnknownShareError, share_page


def share_called(link: str, place: str, *, now: int) -> Dossier:
    """Return the offer at `place` (``A-3``) of `link`.

    Raises:
        Http404: there is none, or its row is not written yet.
    """
    try:
        return share_page(settings.HOME, link, place, now=now)
    except UnknownShareError as error:
        raise Http404 from error
