"""Which case an address means."""

from django.conf import settings
from django.http import Http404

from parley.cases.queries import Dossier, UnknownCaseError, case_page


def case_called(link: str, place: str, *, now: int) -> Dossier:
    """Return the case at `place` (``A-3``) of `link`.

    Raises:
        Http404: there is none, or its row is not written yet.
    """
    try:
        return case_page(settings.HOME, link, place, now=now)
    except UnknownCaseError as error:
        raise Http404 from error
