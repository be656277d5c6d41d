"""Handing evidence over, from any process: the signer is asked for this node's receipts, core for nothing.

Source: Spec §11.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from parley.ledger.chosen import Choice
from parley.ledger.export import Exported, House, export, kept_receipts
from parley.ledger.keys import read_keys
from parley.ledger.reading import Reader
from parley.ledger.zipping import Writable
from parley.protocol.suite import Standard
from parley.signer.opening import open_desk
from parley.vault.vault import Vault
from parley.work.home import Home


@contextmanager
def house_of(home: Home, reader: Reader) -> Iterator[House]:
    """Give what an export is made with, for as long as the block lasts.

    Raises:
        NoSignerError, LockedError: the signer of this home does not answer.
    """
    suite = Standard()
    with closing(open_desk(home, suite=suite)) as desk:
        keys = read_keys(home.keys, reader.node)
        yield House(
            reader=reader, keys=keys, suite=suite, receipts=kept_receipts(desk), vault=Vault(home.vault)
        )


def hand_over(home: Home, link: str, out: Writable, *, choice: Choice) -> Exported:
    """Write the export of `link` into `out`.

    Raises:
        NoSignerError, LockedError: the signer of this home does not answer.
        NothingReceiptedError, TooLargeError: see `export`.
    """
    with closing(Reader(home)) as reader, house_of(home, reader) as house:
        return export(house, link, out, choice=choice)
