"""What the ledger asks, and tells, of desks: it carries their word on parcels, and knows nothing of screens.

Whoever runs the node gives it a `Presence` (`node/presence.py`); a command that is the core for a moment has
no desk, says nothing and hears nothing. Source: Spec §12.12.
"""

from typing import Protocol


class Presence(Protocol):
    """Where the word of a parcel comes from, and where that of theirs goes. A link is named in its lane."""

    def word(self, link: str) -> int | None: ...
    def hear(self, link: str, minute: int) -> None: ...


class Nobody:
    """No desk: nothing is said, and nothing that is heard is kept."""

    def word(self, link: str) -> int | None:  # noqa: ARG002 - as every Presence
        """Return that no word goes along."""
        return None

    def hear(self, link: str, minute: int) -> None:
        """Forget what was heard."""
