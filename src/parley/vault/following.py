"""The hash over a file while it grows, read from the file behind what was flushed, on a thread of its own.

To hash a large file at its end alone takes longer than to bring it. What is hashed are the bytes that the
file gives back, not those that were brought. It goes on from nothing after a restart. Source: Spec §5.8.
"""

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, Final

_BLOCK: Final = 1024 * 1024


class Follower:
    """SHA-256 over the first bytes of `file`, which its owner closes. To be used by one thread at a time."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin with nothing; there is no thread before the first `follow`."""
        self._handle = file.fileno()
        self._threads: ThreadPoolExecutor | None = None
        self._behind: Future[None] | None = None
        self._is_closed = False
        self._digest, self._size = hashlib.sha256(), 0

    def follow(self, size: int) -> None:
        """Hash on, at the side, up to `size` bytes, all of which are flushed and change no more."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, "hashing")
        self._behind = self._threads.submit(self._go_on, size)

    def digest(self, size: int) -> bytes:
        """Return the hash over the first `size` bytes.

        Raises:
            OSError: the disk does not give them back.
        """
        if self._behind is not None:
            # What the disk refused at the side is asked for once more, and told if it still is.
            self._behind.exception()
        self._go_on(size)
        return self._digest.digest()

    def _go_on(self, size: int) -> None:
        while self._size < size and not self._is_closed:
            block = os.pread(self._handle, min(_BLOCK, size - self._size), self._size)
            if not block:
                return
            self._digest.update(block)
            self._size += len(block)

    def close(self) -> None:
        """Hash no more. The file may be closed after this."""
        self._is_closed = True
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
