"""A file of parcels, for a link on which nobody can dial, or while no line is to be had.

    "PARLEYC1" LF ‖ ( uint32 length ‖ parcel )*       1 to 255 parcels, in the order in which they were made

The parcels are those of the wire, byte for byte, and are taken one after the other as if they
had come over it. So the file itself is not trusted: whoever cuts, mixes or repeats parcels does
what a bad line does. Spec §5.2.7, §5.2.8.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final

from parley.protocol.breach import BreachError
from parley.protocol.parcel import MAX_PARCEL

MAGIC: Final = b"PARLEYC1\n"
# 255 of 16 MiB stay below 4 GiB, the largest file that every file system on a stick takes.
MAX_PARCELS: Final = 255

_LENGTH = struct.Struct(">I")


def write_parcel(parcel: bytes) -> bytes:
    """Return `parcel` as it stands in a file behind `MAGIC`."""
    return _LENGTH.pack(len(parcel)) + parcel


def read_parcels(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the parcels of a file, which `read(count)` returns piece by piece, one in memory at a time.

    Raises:
        BreachError: it is no such file, is cut off, or holds more than it may. What came before was whole.
    """
    if read(len(MAGIC)) != MAGIC:
        raise BreachError("5.2", "this is not a file of parcels")
    count = 0
    while head := read(_LENGTH.size):
        if count == MAX_PARCELS:
            raise BreachError("5.2", f"more than {MAX_PARCELS} parcels in one file")
        yield _read_parcel(head, read)
        count += 1
    if not count:
        raise BreachError("5.2", "a file of no parcels")


def _read_parcel(head: bytes, read: Callable[[int], bytes]) -> bytes:
    if len(head) != _LENGTH.size:
        raise BreachError("5.2", "the file is cut off")
    (length,) = _LENGTH.unpack(head)
    if length > MAX_PARCEL:
        raise BreachError("5.2", f"a parcel is at most {MAX_PARCEL} bytes")
    parcel = read(length)
    if len(parcel) != length:
        raise BreachError("5.2", "the file is cut off")
    return parcel
