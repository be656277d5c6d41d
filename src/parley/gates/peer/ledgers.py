"""What this gate needs of the ledger.

The ledger decides what a parcel means and what is to be sent next; the gate only carries bytes.
Opening and sealing a parcel takes milliseconds to seconds, so no call is made in the loop.
"""

from typing import Protocol

from parley.ledger.ledger import Answer


class PeerLedger(Protocol):
    """The ledger as this gate sees it; all of it may be called from any thread."""

    def accept(self, raw: bytes, *, poll: bool = False) -> Answer: ...
    def answer(self, link: str) -> bytes: ...
    def compose(self, link: str, *, prompt: bool = False) -> bytes | None: ...
    def take_answer(self, link: str, raw: bytes) -> bool: ...
    def has_news(self, link: str) -> bool: ...
