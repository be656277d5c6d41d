"""When somebody looked last before this session: what came since then is new to him or her."""

from parley.agencies.models import JournalEntry


def looked_before(officer: int, *, begun: int) -> int:
    """Return when the officer's last act stands in the journal before `begun`; 0 if there is none."""
    found = JournalEntry.objects.filter(officer=officer, at__lt=begun).order_by("-number").first()
    return 0 if found is None else found.at
