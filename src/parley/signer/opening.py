"""The desk of a home: the signer that runs there, or, where none does, the keys in this process.

Either way one process holds the keys and the anchor: the lock of the anchor sees to it.
"""

from contextlib import ExitStack
from typing import Final

from parley.protocol.suite import Suite
from parley.signer.anchor import DiskFile
from parley.signer.client import DistantDesk
from parley.signer.desk import NoSignerError, SigningDesk
from parley.signer.keyed import KeyedDesk
from parley.signer.keys import FolderSets
from parley.work import clock
from parley.work.home import Home, node_name, node_world
from parley.work.lock import locked

LOCK_SECONDS: Final = 2
# A signer that is killed is back within this time.
PATIENCE_SECONDS: Final = 10


class HomeDesk(KeyedDesk):
    """The keys of a home in this process, until `close`."""

    def __init__(self, home: Home, *, suite: Suite, wait_seconds: float = LOCK_SECONDS) -> None:
        """Take the lock of the anchor, then read keys and anchor.

        Raises:
            LockedError: another process is the signer of this home. KeysError: a key is missing.
            NoSignerError: the anchor cannot be read.
        """
        with ExitStack() as stack:
            home.anchor.mkdir(mode=0o700, parents=True, exist_ok=True)
            stack.enter_context(locked(home.anchor / "lock", wait_seconds=wait_seconds, sleep=clock.sleep))
            file = DiskFile(home.anchor)
            stack.callback(file.close)
            sets = FolderSets(home.keys, node_name(home), suite=suite)
            super().__init__(sets, file, world=node_world(home), suite=suite)
            self._held = stack.pop_all()

    def close(self) -> None:
        """Make durable what is not yet, and let go of the anchor. Closing twice does no harm."""
        with self._held.pop_all():
            super().close()


def open_desk(home: Home, *, suite: Suite) -> SigningDesk:
    """Return the desk of `home`: of the signer that answers there, else in this process.

    Raises:
        LockedError: somebody is the signer of this home, and does not answer.
    """
    distant = DistantDesk(home.signer_socket, patience_seconds=0)
    try:
        distant.origins()
    except NoSignerError:
        return HomeDesk(home, suite=suite)
    finally:
        distant.close()
    return DistantDesk(home.signer_socket, patience_seconds=PATIENCE_SECONDS)
