"""Files that lie sealed at home for an offer: committed to, and not sent (Spec §14.1.4, §14.1.5).

    vault/kept/3a9b9f1e…       a file that waits (`enclosing.py`); whatever names it takes it along
    vault/offered/3a9b9f1e…    the same note, once an offer names its hash: nothing else can take it along,
                               and nobody can remove it by mistake

Nothing of it, and no key, leaves before the delivery. A delivery takes the file into the record; when the
offer is declined or withdrawn, ciphertext and key are destroyed here, and were never anywhere else.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress

from parley.ledger.database import open_for_reading
from parley.ledger.enclosing import Kept, channel_of, find_kept, read_note
from parley.ledger.files import file_rows
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.lanes import link_of
from parley.protocol.files import file_scope
from parley.vault.places import make_folder, sync_folder
from parley.vault.plain import Plain
from parley.vault.vault import Vault
from parley.work.home import Home


class NotSealedError(Exception):
    """What an offer committed to does not lie here: `found` of `wanted` files do."""

    def __init__(self, found: int, *, wanted: int) -> None:
        super().__init__(f"expected {wanted} sealed files, found {found}")
        self.found, self.wanted = found, wanted


def set_aside(home: Home, digests: Sequence[bytes]) -> None:
    """Keep the files with these hashes for the offer that names them. Doing it twice changes nothing."""
    folder, kept = home.vault / "offered", home.vault / "kept"
    make_folder(folder)
    for digest in digests:
        with suppress(FileNotFoundError):
            (kept / digest.hex()).replace(folder / digest.hex())
    sync_folder(folder)
    sync_folder(kept)


def find_sealed(home: Home, link: str, digests: Sequence[bytes]) -> tuple[Kept, ...]:
    """Return the files with these hashes that lie sealed for an offer on `link`, in this order.

    One that still waits counts too: a node that was killed between the offer and `set_aside` left it there.

    Raises:
        NotSealedError: one is not here.
    """
    found = [_of(home, each) or find_kept(home, link, each) for each in digests]
    here = tuple(each for each in found if each is not None and each.link == link)
    if len(here) < len(digests):
        raise NotSealedError(len(here), wanted=len(digests))
    return here


def _of(home: Home, digest: bytes) -> Kept | None:
    return read_note(home.vault / "offered" / digest.hex(), digest)


def all_sealed(home: Home, link: str) -> Iterator[Kept]:
    """Yield every file that lies sealed for an offer on `link`, in whatever lane."""
    for path in sorted((home.vault / "offered").glob("*")):
        with suppress(ValueError):
            found = _of(home, bytes.fromhex(path.name))
            if found is not None and link_of(found.link) == link:
                yield found


def open_sealed(home: Home, kept: Kept) -> Plain:
    """Return the plaintext of a file that lies sealed here, or waits.

    Raises:
        FileNotFoundError: it is not here. PartError: its key does not open it.
    """
    node = read_config(home).node
    scope = file_scope(node, channel_of(home, kept.link))
    key = read_keys(home.keys, node).unwrap(kept.wrapped)
    return Vault(home.vault).open(kept.hash, key=key, scope=scope)


def let_go(home: Home, digest: bytes) -> bool:
    """Let a file lie sealed no more; return whether its ciphertext and key were destroyed by this.

    What a statement has delivered by now is in the record, and stays there.
    """
    paths = [home.vault / folder / digest.hex() for folder in ("offered", "kept")]
    if not any(path.exists() for path in paths):
        return False
    with closing(open_for_reading(home.record)) as db:
        is_said = bool(file_rows(db, digest))
    if not is_said:
        Vault(home.vault).destroy(digest)
    for path in paths:
        path.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)
    return not is_said
