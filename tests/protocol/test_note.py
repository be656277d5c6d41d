import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_TIME
from parley.protocol.note import Algorithm, Line, Note, SignKey, Verified, VerifyKey, new_sign_key
from tests.protocol.samples import KEYS_A, KEYS_B, LOG_A, NOON, SUITE, sample_head

TEXT = sample_head().text()
KEY = new_sign_key("a.example/link", Algorithm.ED25519, KEYS_A.seed("link"), suite=SUITE)
RECEIPT = KEYS_B.receipt(SUITE)
LATTICE = KEYS_A.write(LOG_A, SUITE).ml_dsa


def signed(*lines: Line, text: bytes = TEXT) -> Note:
    return note.parse(note.encode(Note(text=text, lines=lines)))


def cosigned(key: SignKey, time: int = NOON) -> Line:
    return note.cosign(TEXT, key, time=time, suite=SUITE)


def changed(line: Line, payload: bytes) -> Line:
    return Line(name=line.name, key_id=line.key_id, payload=payload)


@pytest.mark.parametrize(
    "key", [RECEIPT.ed25519, RECEIPT.ml_dsa, LATTICE], ids=["0x04", "0x06", "0x06 writer"]
)
def test_a_cosignature_states_its_time(key: SignKey) -> None:
    signers = note.verified(signed(cosigned(key)), (key.verify_key,), SUITE)

    assert signers == (Verified(key=key.verify_key, time=NOON),)


@pytest.mark.parametrize("key", [RECEIPT.ed25519, RECEIPT.ml_dsa], ids=["0x04", "0x06"])
def test_the_time_in_a_cosignature_is_signed(key: SignKey) -> None:
    line = cosigned(key)
    later = changed(line, (NOON + 1).to_bytes(8, "big") + line.payload[8:])

    with pytest.raises(BreachError, match=r"^§2\.5: .* does not verify"):
        note.verified(signed(later), (key.verify_key,), SUITE)


def test_an_0x06_line_is_bound_to_the_name_of_its_key() -> None:
    other = VerifyKey(name="c.example/receipt", algorithm=Algorithm.ML_DSA, public=RECEIPT.ml_dsa.public)
    line = cosigned(RECEIPT.ml_dsa)
    renamed = Line(name=other.name, key_id=other.key_id, payload=line.payload)

    with pytest.raises(BreachError, match="does not verify"):
        note.verified(signed(renamed), (other,), SUITE)


def test_lines_of_unknown_keys_are_ignored_even_with_a_known_name_or_id() -> None:
    line = note.sign(TEXT, KEY, SUITE)
    strangers = (
        Line(name=line.name, key_id=bytes(4), payload=b"?"),
        Line(name="x", key_id=line.key_id, payload=b"?"),
        Line(name="x", key_id=line.key_id, payload=b"?"),
    )

    signers = note.verified(signed(*strangers, line), (KEY.verify_key,), SUITE)

    assert signers == (Verified(key=KEY.verify_key, time=None),)
    assert note.verified(signed(*strangers), (KEY.verify_key,), SUITE) == ()


def test_a_false_line_of_a_known_key_spoils_the_note_whatever_else_is_in_it() -> None:
    good, false = note.sign(TEXT, KEY, SUITE), changed(cosigned(RECEIPT.ed25519), bytes(72))

    with pytest.raises(BreachError, match="does not verify"):
        note.verified(signed(good, false), (KEY.verify_key, RECEIPT.ed25519.verify_key), SUITE)


def test_two_true_lines_of_one_key_spoil_the_note() -> None:
    # With either, one reader could take the first time and another the last.
    lines = cosigned(RECEIPT.ml_dsa, NOON), cosigned(RECEIPT.ml_dsa, NOON + 600)

    with pytest.raises(BreachError, match=r"^§2\.5: .* signed twice"):
        note.verified(signed(*lines), (RECEIPT.ml_dsa.verify_key,), SUITE)


@pytest.mark.parametrize("time", [MAX_TIME + 1, 2**63, 2**64 - 1])
def test_a_line_that_states_no_possible_time_is_refused(time: int) -> None:
    text = note.cosignature_message(TEXT, time)
    signature = SUITE.sign_ed25519(RECEIPT.ed25519.seed, text)
    line = changed(cosigned(RECEIPT.ed25519), time.to_bytes(8, "big") + signature)

    with pytest.raises(BreachError, match="no possible time"):
        note.verified(signed(line), (RECEIPT.ed25519.verify_key,), SUITE)


@pytest.mark.parametrize("time", [0, 1, MAX_TIME])
@pytest.mark.parametrize("key", [RECEIPT.ed25519, RECEIPT.ml_dsa], ids=["0x04", "0x06"])
def test_the_times_that_a_line_may_state(key: SignKey, time: int) -> None:
    signers = note.verified(signed(cosigned(key, time)), (key.verify_key,), SUITE)

    assert signers == (Verified(key=key.verify_key, time=time),)


@pytest.mark.parametrize("time", [-1, MAX_TIME + 1])
def test_no_line_is_made_with_an_impossible_time(time: int) -> None:
    with pytest.raises(BreachError, match=r"^§2\.2: "):
        cosigned(RECEIPT.ed25519, time)


def test_a_cosignature_over_what_is_no_head_is_refused() -> None:
    line = cosigned(RECEIPT.ml_dsa)

    with pytest.raises(BreachError, match=r"^§4\.5: "):
        note.verified(signed(line, text=b"no head\n"), (RECEIPT.ml_dsa.verify_key,), SUITE)


@pytest.mark.parametrize("length", [1, 255, 256])
def test_the_names_in_an_0x06_message_are_1_to_255_bytes(length: int) -> None:
    text = f"{'x' * length}\n1\n{'A' * 43}=\n".encode()

    if length > 255:
        with pytest.raises(BreachError, match=r"^§2\.4: "):
            note.subtree_message(text, name="a.example", time=NOON)
        return

    assert note.subtree_message(text, name="a.example", time=NOON)[30] == length


def test_one_key_with_another_type_is_another_key() -> None:
    with_time = VerifyKey(name=KEY.name, algorithm=Algorithm.COSIGNATURE, public=KEY.public)

    assert with_time.key_id != KEY.key_id
    assert note.verified(signed(note.sign(TEXT, KEY, SUITE)), (with_time,), SUITE) == ()


def test_each_type_signs_only_what_is_its_own() -> None:
    with pytest.raises(ValueError, match="COSIGNATURE"):
        note.sign(TEXT, RECEIPT.ed25519, SUITE)
    with pytest.raises(ValueError, match="ED25519"):
        cosigned(KEY)


def test_an_officers_line_is_kept_and_not_judged() -> None:
    officer = Line(name="a.example/officer/4", key_id=b"\xff\0\0\1", payload=bytes(344))

    assert signed(officer, note.sign(TEXT, KEY, SUITE)).lines[0] == officer


def test_sixteen_lines_are_taken() -> None:
    lines = [Line(name="x", key_id=bytes([at] * 4), payload=b"?") for at in range(16)]

    assert len(signed(*lines).lines) == 16


@pytest.mark.parametrize("size", [1, 7, 8, 71, 73])
@pytest.mark.parametrize("key", [KEY, RECEIPT.ed25519, RECEIPT.ml_dsa], ids=["0x01", "0x04", "0x06"])
def test_a_known_line_of_another_size_is_refused(key: SignKey, size: int) -> None:
    line = Line(name=key.name, key_id=key.key_id, payload=bytes(size))

    with pytest.raises(BreachError, match=r"^§2\.5: .* wrong size"):
        note.verified(signed(line), (key.verify_key,), SUITE)


def test_a_note_of_64_kib_is_taken() -> None:
    line = note.encode(Note(text=b"", lines=(note.sign(b"", KEY, SUITE),)))

    raw = b"x" * (64 * 1024 - 1 - len(line)) + b"\n" + line

    assert note.encode(note.parse(raw)) == raw


def test_a_note_of_more_than_64_kib_is_refused_before_it_is_read() -> None:
    with pytest.raises(BreachError, match=r"^§2\.5: a note is at most 65536 bytes"):
        note.parse(b"\0" * (64 * 1024 + 1))


@pytest.mark.parametrize("raw", [b"\xff\n\n%s", b"\xed\xa0\x80\n\n%s", b"x\n\n%s\xff\n"], ids=range(3))
def test_a_note_is_utf_8(raw: bytes) -> None:
    line = note.encode(Note(text=b"", lines=(note.sign(b"", KEY, SUITE),)))[1:]

    with pytest.raises(BreachError, match=r"^§2\.2: a note is UTF-8"):
        note.parse(raw % line)


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = "one\n\n— not/a/line AAAAAAA=\n\n\ntwo\n".encode()

    assert signed(note.sign(text, KEY, SUITE), text=text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "", "a.example", "a.example+00000000", f"{KEY.verify_key.text}=", KEY.verify_key.text.upper(),
        KEY.verify_key.text.replace("a.example", "b.example"), KEY.verify_key.text[:-4] + "AAA=",
        "a+00000000+AkFB", "a+00000000+", " " + KEY.verify_key.text,
    ],
    ids=range(10),
)  # fmt: skip
def test_a_broken_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(BreachError, match=r"^§2\.2: "):
        note.parse_vkey(text)


@pytest.mark.parametrize("key", [KEY, RECEIPT.ed25519, RECEIPT.ml_dsa], ids=["0x01", "0x04", "0x06"])
def test_a_verifier_key_is_read_back_as_it_was_written(key: SignKey) -> None:
    assert note.parse_vkey(key.verify_key.text) == key.verify_key


def test_a_seed_is_never_shown() -> None:
    assert repr(KEY.seed) not in repr(KEY)
    assert "seed" not in repr(KEYS_A.write(LOG_A, SUITE))


names = st.text(
    st.characters(exclude_characters="+\u1680", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1
)
notes = st.builds(
    Note,
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n")).map(
        lambda text: f"{text}\n".encode()
    ),
    lines=st.lists(
        st.builds(
            Line,
            name=names,
            key_id=st.binary(min_size=4, max_size=4),
            payload=st.binary(min_size=1, max_size=90),
        ),
        min_size=1,
        max_size=16,
    ).map(tuple),
)


@given(notes)
def test_a_note_is_read_back_as_it_was_written(written: Note) -> None:
    assert note.parse(note.encode(written)) == written
