"""The one ZIP that an export is: what a stock tool would also take, or unpack somewhere, is refused."""

import io
import struct
import zipfile
import zlib

import pytest

from parley.protocol.verify.findings import Result
from parley.protocol.verify.listed import read_listing
from parley.protocol.verify.zipped import (
    END_SIZE,
    Member,
    UnreadableError,
    central_header,
    end_record,
    is_name,
    local_header,
    read,
)
from tests.verify.book import A, Book, judge, pack, usual


@pytest.fixture(name="book", scope="module")
def fixture_book() -> Book:
    return usual()


def remade(members: dict[str, bytes], *, method: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    """Return the members as a stock tool packs them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.comment = comment
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def test_stock_tools_read_an_export(book: Book) -> None:
    members = book.members()

    with zipfile.ZipFile(io.BytesIO(pack(members))) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == members


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_another_tool_packed_is_no_export(book: Book, method: int) -> None:
    assert judge(remade(book.members(), method=method), book.digits).result is Result.UNREADABLE


def test_a_bomb_is_refused_before_anything_is_unpacked() -> None:
    bomb = remade({f"{n}.txt": bytes(50_000_000) for n in range(4)}, method=zipfile.ZIP_DEFLATED)

    assert len(bomb) < 400_000
    assert judge(bomb, None).result is Result.UNREADABLE


def test_a_size_that_the_file_does_not_have_allocates_nothing(book: Book) -> None:
    raw = bytearray(pack(book.members()))
    at = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<2I", raw, at + 20, 2**32 - 1, 2**32 - 1)

    assert judge(bytes(raw), book.digits).result is Result.UNREADABLE


def test_members_that_overlap_are_refused() -> None:
    content = b"x" * 100
    header = local_header("a", crc=0, size=100)
    members = [Member(name=name, start=len(header), size=100, crc=0) for name in "abcd"]
    listed = b"".join(central_header(each) for each in members)
    raw = header + content + listed + end_record(4, size=len(listed), start=len(header) + 100)

    with pytest.raises(UnreadableError):
        read(io.BytesIO(raw), size=len(raw))


@pytest.mark.parametrize(
    "name", ["../x", "a/../x", "/x", "a//x", "a/./x", "C:x", "a\\x", "a\0x", "", "x" * 121, "a/b/c/d/e", "é"]
)
def test_no_member_leads_out_of_the_file(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["../x", "a//x", "a\\x"])
def test_a_file_with_such_a_member_is_refused(name: str) -> None:
    members, at = [], 0
    body = b""
    for each in ("README.txt", "export.txt", "a", name):
        header = local_header(each, crc=0, size=0)
        at += len(header)
        body += header
        members.append(Member(name=each, start=at, size=0, crc=0))
    listed = b"".join(central_header(each) for each in members)
    raw = body + listed + end_record(4, size=len(listed), start=len(body))

    with pytest.raises(UnreadableError):
        read(io.BytesIO(raw), size=len(raw))


def test_nothing_hides_before_behind_or_between(book: Book) -> None:
    raw = pack(book.members())
    middle = raw.index(b"PK\x03\x04", 100)

    for hidden in (b"x" + raw, raw + b"x", raw[:middle] + b"x" + raw[middle:], raw[:-2] + b"\1\0x"):
        assert judge(hidden, book.digits).result is Result.UNREADABLE


def packed(contents: dict[str, bytes], *, gap: bytes = b"", moved: str = "", crc: int = 0) -> bytes:
    """Return a file with a `gap` behind the members, the content of one `moved`, or `crc` added to sums."""
    raw, members = b"", list[Member]()
    for name, content in contents.items():
        total = (zlib.crc32(content) + crc) % 2**32
        raw += local_header(name, crc=total, size=len(content))
        if name == moved:
            raw += b"hidden"
        start = len(raw)
        raw += content
        members.append(Member(name=name, start=start, size=len(content), crc=total))
    listed = b"".join(central_header(each) for each in members)
    end = end_record(len(members), size=len(listed), start=len(raw) + len(gap))
    return raw + gap + listed + end


def test_a_file_is_refused_that_differs_from_its_own_list_in_one_thing() -> None:
    same = dict.fromkeys("abcd", b"the same")

    assert set(read(io.BytesIO(packed(same)), size=len(packed(same))).members) == set("abcd")
    for wrong in (packed(same, gap=b"x"), packed(same, moved="b"), packed(same, crc=1)):
        with pytest.raises(UnreadableError):
            read(io.BytesIO(wrong), size=len(wrong))


def test_every_byte_of_every_header_counts(book: Book) -> None:
    raw = packed(dict.fromkeys("abcd", b""))

    for at in range(len(raw)):
        wrong = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(UnreadableError):
            read(io.BytesIO(wrong), size=len(wrong))


def test_the_same_members_have_one_file(book: Book) -> None:
    assert pack(book.members()) == pack(book.members())


@pytest.mark.parametrize("raw", [b"", b"PK", b"PK\x05\x06" + bytes(18), bytes(END_SIZE), b"{" * 1000])
def test_what_is_no_file_of_ours_is_unreadable(raw: bytes) -> None:
    found = judge(raw, None)

    assert (found.result, found.result.exit_code) == (Result.UNREADABLE, 2)


def test_every_readme_is_the_same(book: Book) -> None:
    members = book.members()
    members["README.txt"] += b"The digits are 00000 00000 ...\n"

    assert book.judged(members).result is Result.UNREADABLE


def test_a_list_is_read_as_it_was_written(book: Book) -> None:
    assert read_listing(book.listing().text()) == book.listing()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parley-export/1", "parley-export/2"),
        ("card b.example 1\n", ""),
        ("card b.example 1\n", "card b.example 1\ncard b.example 3\n"),
        ("card a.example 1\n", "card a.example 1\ncard a.example 1\n"),
        ("channel live", "channel  live"),
        ("/a-b/main/77aa0c14", "/a-c/main/77aa0c14"),
        ("main/77aa0c14", "main/c3d21f08"),
        ("77aa0c14 2\n", "77aa0c14 02\n"),
        ("77aa0c14 2\n", "77aa0c14 2\nfork a.example/live/a-b/main/00000000\n"),
        ("77aa0c14 2\n", "77aa0c14 9007199254740992\n"),
    ],
)
def test_a_list_that_is_not_so_is_unreadable(book: Book, old: str, new: str) -> None:
    members = book.members()
    text = members["export.txt"].decode()
    assert old in text
    members["export.txt"] = text.replace(old, new, 1).encode()

    found = book.judged(members)

    assert (found.result, found.step and found.step.value) == (Result.UNREADABLE, 2)


def test_a_member_that_the_list_does_not_name_is_refused(book: Book) -> None:
    members = {**book.members(), "more.txt": b"x"}

    assert book.judged(members).result is Result.UNREADABLE
    del members["more.txt"], members[f"logs/{A}/5e0c9a71/heads"]
    assert book.judged(members).result is Result.UNREADABLE
