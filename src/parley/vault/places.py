"""Where sealed files lie, and how they come to lie there: written aside, flushed, renamed to their hash.

    vault/3a/3a9b9f1e…     whole files, by the SHA-256 of their ciphertext in hex
    vault/coming/…         what is here so far of files that are on their way in
    vault/new/…            what is being written; never read

Every path is made of hex digits that this program computed; files are 0600 and folders 0700. Whoever
writes holds a lock on the file, so that what a killed process left behind is told from what is being
written, and swept away. Spec §5.8.
"""

import errno
import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NoRoomError(Exception):
    """The disk is low, or the file is too large for this node. What is here is unharmed.

    `free` and `needed` are bytes.
    """

    def __init__(self, *, free: int, needed: int) -> None:
        super().__init__(f"expected room for {needed} bytes, found {free}")
        self.free = free
        self.needed = needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a node takes in, in bytes: so much must stay free, and no file or link may take more."""

    keep_free: int = 512 * 1024 * 1024
    largest: int = 64 * 1024 * 1024 * 1024
    per_link: int = 256 * 1024 * 1024 * 1024


class Places:
    """The folders of one vault. Nothing is made before the first file is written."""

    def __init__(self, root: Path, *, room: Room | None = None) -> None:
        self.root = root
        self.room = room or Room()

    def whole(self, digest: bytes) -> Path:
        """Return where the whole file with this hash lies, or would lie."""
        name = digest.hex()
        return self.root / name[:2] / name

    def coming(self, name: bytes) -> Path:
        """Return where a file lies while it comes in; `name` is a hash."""
        return self.root / "coming" / name.hex()

    def check_room(self, needed: int, *, whole: int) -> None:
        """Check that `needed` more bytes of a file of `whole` bytes may be taken in.

        Raises:
            NoRoomError: they would not leave enough free, or the file is too large.
        """
        free = self.free()
        if whole > self.room.largest or free - needed < self.room.keep_free:
            raise NoRoomError(free=max(0, free - self.room.keep_free), needed=needed)

    def free(self) -> int:
        """Return how many bytes are free on the disk of the vault."""
        place = self.root
        while not place.exists():
            place = place.parent
        found = os.statvfs(place)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def writing(self) -> Iterator["Fresh"]:
        """Give a fresh file to write to, which is gone at the end unless `Fresh.keep` gave it a place.

        Raises:
            NoRoomError: the disk is full.
        """
        with told(self):
            path, file = self._fresh()
        with file:
            try:
                with told(self):
                    yield Fresh(file=file, path=path, places=self)
            finally:
                path.unlink(missing_ok=True)

    def _fresh(self) -> tuple[Path, BinaryIO]:
        make_folder(self.root / "new")
        while True:
            path = self.root / "new" / uuid.uuid4().hex
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            file = os.fdopen(handle, "w+b")
            fcntl.flock(file, fcntl.LOCK_EX)
            # Who sweeps may have come between the two.
            if path.exists():
                return path, file
            file.close()

    def keep(self, file: BinaryIO, path: Path, *, digest: bytes) -> None:
        """Flush `file`, which lies at `path`, and give it the place of its hash."""
        file.flush()
        os.fsync(file.fileno())
        place = self.whole(digest)
        make_folder(place.parent)
        path.replace(place)
        sync_folder(place.parent)
        sync_folder(self.root)

    def sweep(self) -> int:
        """Remove what killed processes left half written, and return how many files that was."""
        swept = 0
        for path in (self.root / "new").glob("*"):
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                swept += 1
        return swept


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A file that is being written, at `path`."""

    file: BinaryIO
    path: Path
    places: Places

    def keep(self, digest: bytes) -> None:
        """Make it durable under its hash."""
        self.places.keep(self.file, self.path, digest=digest)


@contextmanager
def told(places: Places) -> Iterator[None]:
    """Let a full disk be told as such.

    Raises:
        NoRoomError: the disk refused to take more.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoRoomError(free=places.free(), needed=0) from error
        raise


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, and all above it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
