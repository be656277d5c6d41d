"""Files that were made to hurt whoever reads them: sizes that lie, names that lead elsewhere, bombs, depths.

Each is a function of the members of an honest export; none of them is one.
"""

import binascii
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from parley.protocol.notation import write_base64
from parley.protocol.part import seal_part
from parley.protocol.verify.zipped import Member, central_header, end_record, local_header
from tests.verify.book import A, Book, Said, pack

LOG: Final = f"logs/{A}/5e0c9a71"
NAMES: Final = ("../x", "/etc/x", "a/../../x", "a\\x", "C:x", "x" * 121, "a//x", ".", "a/.", "x\0y", "x\n")
Members = dict[str, bytes]


def laid(
    members: Mapping[str, bytes],
    *,
    edit: Callable[[bytes, str], bytes] = lambda header, _: header,
    count: int | None = None,
) -> bytes:
    """Return the members as a ZIP whose sums fit, with every header `edit`ed, and a `count` that may lie."""
    body, listed = b"", b""
    for name, content in members.items():
        crc = binascii.crc32(content)
        start = len(body) + 30 + len(name)
        body += edit(local_header(name, crc=crc, size=len(content)), "local") + content
        listed += edit(central_header(Member(name=name, start=start, size=len(content), crc=crc)), "central")
    end = end_record(len(members) if count is None else count, size=len(listed), start=len(body))
    return body + listed + end


def at(place: int, fresh: bytes, *, of: str = "both") -> Callable[[bytes, str], bytes]:
    """Return an edit that puts bytes at a place of the fields that both headers share."""

    def edit(header: bytes, kind: str) -> bytes:
        if of not in {"both", kind}:
            return header
        where = place + 2 * (kind == "central")
        return header[:where] + fresh + header[where + len(fresh) :]

    return edit


def zips(members: Members) -> dict[str, bytes]:
    """Return files whose ZIP is not the one there is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content + bytes(3_000_000) if name.endswith("entries") else content)
    raw = pack(members)
    return {
        "nothing": b"",
        "an end alone": end_record(0, size=0, start=0),
        "an end of ZIP64": raw[:-22] + b"PK\x06\x06" + bytes(52) + b"PK\x06\x07" + bytes(16) + raw[-22:],
        "65,535 members": laid(members, count=65_535),
        "one member more than there are": laid(members, count=len(members) + 1),
        "a bomb": out.getvalue(),
        "encrypted": laid(members, edit=at(6, b"\x01\x00")),
        "a data descriptor": laid(members, edit=at(6, b"\x08\x00")),
        "names in UTF-8": laid(members, edit=at(6, b"\x00\x08")),
        "deflated, it says": laid(members, edit=at(8, b"\x08\x00")),
        "another day": laid(members, edit=at(12, b"\x22\x00")),
        "a size of four gigabytes": laid(members, edit=at(18, b"\xff" * 8)),
        "two sizes": laid(members, edit=at(22, b"\0" * 4)),
        "a name of 65,535 bytes": laid(members, edit=at(26, b"\xff\xff")),
        "an extra field": laid(members, edit=at(28, b"\x04\x00")),
        "two lists that differ": laid(members, edit=at(14, b"\0\0\0\0", of="local")),
        "a link to elsewhere": laid(members, edit=at(36, b"\x00\x00\xff\xa1", of="central")),
    } | {
        f"a member {name!r}": laid({**members, name: b"x"})
        for name in (
            "../x",
            "/etc/x",
            "a/../../x",
            "a\\x",
            "C:x",
            "x" * 121,
            "a//x",
            ".",
            "a/.",
            "x\0y",
            "x\n",
        )
    }


def lists(members: Members) -> dict[str, bytes]:
    """Return files whose export.txt says what it must not."""
    text = members["export.txt"]
    nodes = [f"log {A}/live/a-b/main/{number:08x} 0\n".encode() for number in range(200)]
    edits = {
        "a number past 2^53": (b"5e0c9a71 1", b"5e0c9a71 9007199254740993"),
        "a number of 400 digits": (b"5e0c9a71 1", b"5e0c9a71 " + b"9" * 400),
        "more entries than any file holds": (b"5e0c9a71 1", b"5e0c9a71 9007199254740991"),
        "a number in other digits": (b"5e0c9a71 1", "5e0c9a71 ١".encode()),
        "a sign": (b"5e0c9a71 1", b"5e0c9a71 +1"),
        "carriage returns": (b"\n", b"\r\n"),
        "a byte order mark": (b"parley-export", b"\xef\xbb\xbfparley-export"),
        "no line feed at the end": (b"c3d21f08 1\n", b"c3d21f08 1"),
        "a blank line": (b"c3d21f08 1\n", b"c3d21f08 1\n\n"),
        "bytes that are no text": (b"c3d21f08 1\n", b"c3d21f08 1\n\xff\xfe\n"),
        "two hundred logs": (b"log b.example", b"".join(nodes) + b"log b.example"),
        "a name that is none": (b"card a.example", b"card A.example"),
        "a node with a path": (b"card a.example", b"card ../a"),
    }
    return {
        about: pack({**members, "export.txt": text.replace(old, new, 1 if old != b"\n" else -1)})
        for about, (old, new) in edits.items()
    } | {"a list of a megabyte": pack({**members, "export.txt": text + b"file " + b"0" * 1_048_577})}


def inside(members: Members) -> dict[str, bytes]:
    """Return files with a member whose own lengths lie, or whose texts are none."""
    card = members[f"cards/{A}/1"]
    huge = struct.pack(">I", 2**32 - 1)
    changes = {
        "an entry of 65,535 bytes that are not there": (f"{LOG}/entries", b"\xff\xff"),
        "a note of four gigabytes": (f"{LOG}/heads", huge + b"x"),
        "65,537 empty notes": (f"{LOG}/heads", bytes(4) * 65_537),
        "a ciphertext of four gigabytes": (f"{LOG}/content", b"\3" + bytes(32) + huge),
        "a record of no kind": (f"{LOG}/content", b"\xff"),
        "a card that is no text": (f"cards/{A}/1", b"\xff\xfe" + card),
        "a card with a surrogate": (f"cards/{A}/1", b"\xed\xa0\x80" + card),
        "a card with an overlong sign": (f"cards/{A}/1", card.replace(b"a", b"\xc1\xa1", 1)),
        "a card with NUL": (f"cards/{A}/1", card.replace(b"\n", b"\0\n", 1)),
        "a card of 70,000 bytes": (f"cards/{A}/1", card + card[card.index("—".encode()) :] * 40),
        "a card without lines": (f"cards/{A}/1", card[: card.index("—".encode())]),
    }
    return {about: pack({**members, name: content}) for about, (name, content) in changes.items()}


def acts() -> dict[str, bytes]:
    """Return honest files with acts that no reader may stumble over: they are proved, and say nothing."""
    book = Book()
    page = book.lines[A][0]
    for raw in (
        b'{"k":' + b"[" * 60_000,
        b'{"a":' * 13_000,
        b'{"k":"' + b"\\u0061" * 10_000 + b'"}',
        b'{"d":' + b"9" * 60_000 + b"}",
        b"\xff" * 60_000,
        b'{"d":{' + b",".join(b'"%d":0' % number for number in range(6_000)) + b"}}",
        b"",
    ):
        said = book.write(A, "received", {})
        old, new = said.parts[0], seal_part(raw, scope=page.origin, suite=book.suite)
        page.said[-1] = Said(
            raw=said.raw.replace(_named(old.hash, old.size), _named(new.hash, new.size)), parts=(new,)
        )
    page.said.append(Said(raw=b"x" * 65_535, parts=()))
    page.said.append(Said(raw="parley/v1\n\u202etime".encode(), parts=()))
    book.sign_both()
    return {"acts of every nasty kind": pack(book.members())}


def _named(digest: bytes, size: int) -> bytes:
    return f"{write_base64(digest)} {size}".encode()
