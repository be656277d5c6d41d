import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from parley.protocol import entry, note
from parley.protocol.breach import BreachError
from parley.protocol.entry import Entry, PartRef, Seen
from tests.protocol.samples import LOG_A, LOG_B, NOON, ROOT, plain_entry, signed_entry_note

sizes = st.integers(1, 2**53 - 1)
hashes = st.binary(min_size=32, max_size=32)
origins = st.from_regex(r"[a-z]{1,5}\.[a-z0-9]{1,5}/live/[a-z]-[a-z]/main/[0-9a-f]{8}", fullmatch=True)
parts = st.builds(PartRef, hash=hashes, size=sizes)
seen = st.lists(
    st.builds(Seen, origin=origins, size=sizes, root=hashes), max_size=16, unique_by=lambda s: s.origin
)
entries = st.builds(
    Entry,
    time=st.integers(1, 99_999_999_999),
    log=st.none() | origins,
    seen=seen.map(lambda lines: tuple(sorted(lines, key=lambda line: line.origin))),
    act=parts,
    parts=st.lists(parts, max_size=5).map(tuple),
)


@given(entries)
def test_an_entry_is_read_back_as_it_was_written(written: Entry) -> None:
    text = entry.encode_text(written)

    assert entry.parse(text) == entry.ParsedEntry(entry=written, text=text, lines=())


def test_a_signed_entry_is_a_signed_note() -> None:
    signed = signed_entry_note()

    raw = entry.encode_signed(signed.text, signed.lines)

    parsed = entry.parse(raw)
    assert note.parse(raw) == signed
    assert (parsed.text, parsed.lines) == (signed.text, signed.lines)
    assert parsed.entry == replace(plain_entry(), log=LOG_A)


def test_an_entry_may_name_its_log_without_lines() -> None:
    logged = replace(plain_entry(), log=LOG_A)

    assert entry.parse(entry.encode_text(logged)).entry == logged


def test_officers_sign_only_what_names_its_log() -> None:
    # Else the same signature would stand in every link and world of the node.
    text = entry.encode_text(plain_entry())
    raw = entry.encode_signed(text, signed_entry_note().lines)

    with pytest.raises(BreachError, match=r"^§4\.2: a signed entry names its log"):
        entry.parse(raw)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("parley/v1", "parley/v3", 1),
        ("time", "hour", 2),
        ("seen", "Seen", 3),
        ("act", "acts", 4),
        ("part", "", 5),
    ],
)
def test_a_breach_names_the_line(old: str, new: str, line: int) -> None:
    text = (
        entry.encode_text(plain_entry())
        .decode()
        .replace(f"\n{old}" if line > 1 else old, f"\n{new}"[line == 1 :])
    )

    with pytest.raises(BreachError, match=rf"^§4\.2: line {line} "):
        entry.parse(text.encode())


@pytest.mark.parametrize(
    "change",
    [
        {"time": 0},
        {"time": -1},
        {"time": 10**11},
        {"log": ""},
        {"log": "a.example"},
        {"log": f"{LOG_A}\nact"},
        {"log": "ä.example/live/a-b/main/00000000"},
        {"seen": (Seen(origin=LOG_B, size=1, root=ROOT), Seen(origin=LOG_A, size=1, root=ROOT))},
        {"seen": (Seen(origin=LOG_B, size=1, root=ROOT),) * 2},
        {"seen": (Seen(origin=LOG_B, size=0, root=ROOT),)},
        {"seen": (Seen(origin=LOG_B, size=1, root=ROOT[:-1]),)},
        {"act": PartRef(hash=ROOT, size=0)},
        {"act": PartRef(hash=ROOT, size=2**53)},
        {"act": PartRef(hash=ROOT * 2, size=1)},
        {"parts": (PartRef(hash=ROOT, size=1),) * 257},
    ],
    ids=range(15),
)
def test_no_entry_is_written_that_would_be_void(change: dict[str, object]) -> None:
    with pytest.raises(BreachError):
        entry.encode_text(replace(plain_entry(), **change))


@given(
    time=st.integers(-1, 10**12),
    act=st.builds(PartRef, hash=st.binary(min_size=31, max_size=33), size=st.integers(-1, 2**54)),
    others=st.lists(parts, max_size=2) | st.just([PartRef(hash=ROOT, size=2**53)]),
    form=st.sampled_from(({}, {"log": LOG_A}, {"seen": (Seen(origin=LOG_B, size=1, root=ROOT),)})),
)
def test_whatever_is_written_is_read_back_as_the_same(
    time: int, act: PartRef, others: list[PartRef], form: dict[str, object]
) -> None:
    wanted = replace(Entry(time=time, act=act, parts=tuple(others)), **form)

    try:
        text = entry.encode_text(wanted)
    except BreachError:
        return
    assert entry.parse(text).entry == wanted


def test_an_entry_of_65535_bytes_is_taken() -> None:
    text = entry.encode_text(replace(plain_entry(), log=LOG_A))
    ends = len(note.encode(note.Note(text=text, lines=signed_entry_note().lines)))
    # One line that nobody knows fills the rest: base64 comes in fours, so the name takes what is over.
    space = 65_535 - ends - len("— x \n".encode())
    unknown = note.Line(name="x" * (1 + space % 4), key_id=bytes(4), payload=bytes(space // 4 * 3 - 4))

    raw = entry.encode_signed(text, (*signed_entry_note().lines, unknown))

    assert len(raw) == entry.MAX_ENTRY
    assert entry.encode_signed(text, entry.parse(raw).lines) == raw


def test_an_entry_of_more_than_65535_bytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(BreachError, match="at most 65535 bytes"):
        entry.parse(b"\xff" * 65_536)


def test_the_time_may_be_any_that_a_clock_could_show() -> None:
    # Nothing is refused because of a time: an odd clock is shown, and harms its owner alone.
    for time in (1, NOON, 99_999_999_999):
        assert entry.parse(entry.encode_text(replace(plain_entry(), time=time))).entry.time == time
