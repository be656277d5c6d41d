"""What is done by itself: destroying what was sealed for an offer that the other side declined.

Whoever declines is told that nothing of it was ever sent; so nothing of it stays at home either, whether or
not anybody looks. Runs after every change in the record, and costs a look into one folder. Spec §14.1.5.
"""

from collections.abc import Iterator

from parley.ledger.casebook import shares
from parley.ledger.reading import Reader
from parley.ledger.sealed import all_sealed, let_go
from parley.protocol.act import id_text
from parley.sharing.policy import OVER, content_of
from parley.work.home import Home


def destroy_declined(home: Home, reader: Reader) -> tuple[bytes, ...]:
    """Destroy what lies sealed for offers of ours that are over; return the hashes of what was destroyed."""
    return tuple(
        digest for link in reader.links() for digest in _over(home, reader, link.name) if let_go(home, digest)
    )


def _over(home: Home, reader: Reader, link: str) -> Iterator[bytes]:
    """Yield the hashes of sealed files that offers of ours name, every one of which is over."""
    lying = [each.hash for each in all_sealed(home, link)]
    if not lying:
        return
    ours = [share for share in shares(reader, link) if share.offerer == reader.node]
    named = {each for share in ours for each in content_of(share.offer)}
    going = {each for share in ours if share.state not in OVER for each in content_of(share.offer)}
    # What no offer names yet may be about to be offered: it stays.
    yield from (digest for digest in lying if id_text(digest) in named - going)
