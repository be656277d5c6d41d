import json
import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import strictjson
from parley.protocol.breach import BreachError

LARGEST = 2**53 - 1
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)
objects = st.dictionaries(texts, values, max_size=5)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def is_taken(raw: bytes, **limits: int) -> bool:
    try:
        strictjson.scan(raw, **limits)
    except BreachError:
        return False
    return True


@given(
    value=objects.filter(lambda value: depth(value) <= 8),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
)
def test_what_any_writer_writes_is_read_as_every_reader_reads_it(
    value: dict[str, Any], indent: int | None, *, ascii_only: bool
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()

    assert strictjson.read(raw) == value == json.loads(raw)


@given(objects.filter(lambda value: depth(value) <= 8))
def test_what_is_written_is_compact_and_read_back(value: dict[str, Any]) -> None:
    raw = strictjson.write(value)

    assert strictjson.read(raw) == value
    assert raw == msgspec.json.encode(value)


@given(st.data())
def test_what_is_read_from_spoiled_bytes_has_one_meaning(chosen: st.DataObject) -> None:
    raw = bytearray(json.dumps(chosen.draw(objects), ensure_ascii=chosen.draw(st.booleans())).encode())
    for _ in range(chosen.draw(st.integers(1, 3))):
        at = chosen.draw(st.integers(0, len(raw)))
        token = chosen.draw(
            st.sampled_from([*'{}[],:"\\0159-+.eEtfnu \t\n', "\\u", "ud8", "\xff", "\0", "null"])
        )
        raw[at : at + chosen.draw(st.integers(0, 2))] = token.encode("latin-1")

    if not is_taken(bytes(raw)):
        return

    value = json.loads(
        raw, object_pairs_hook=no_key_twice, parse_float=pytest.fail, parse_constant=pytest.fail
    )
    assert strictjson.read(bytes(raw)) == value
    assert strictjson.read(strictjson.write(value)) == value


any_values = st.recursive(
    scalars | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def is_taken_fast(raw: bytes, *, max_values: int = strictjson.MAX_VALUES) -> bool:
    return strictjson._compact(raw, max_values) is not None  # noqa: SLF001 - the scanner must never be missed


@given(value=st.dictionaries(st.text(max_size=4), any_values, max_size=5), levels=st.integers(0, 9))
def test_what_is_spared_the_scanner_the_scanner_takes(value: dict[str, Any], levels: int) -> None:
    for _ in range(levels):
        value = {"a": [value]} if levels % 2 else {"a": value}
    raw = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert not is_taken_fast(raw) or is_taken(raw)


@given(st.data())
def test_spoiled_bytes_that_are_spared_the_scanner_the_scanner_takes(chosen: st.DataObject) -> None:
    raw = bytearray(msgspec.json.encode(chosen.draw(objects)))
    for _ in range(chosen.draw(st.integers(0, 2))):
        at = chosen.draw(st.integers(0, len(raw)))
        token = chosen.draw(
            st.sampled_from([*'{}[],:"\\0159-+.eE \t', "9" * 16, "\\u0000", "\\ud800", '"a":1,'])
        )
        raw[at : at + chosen.draw(st.integers(0, 1))] = token.encode("latin-1")

    assert not is_taken_fast(bytes(raw)) or is_taken(bytes(raw))


@given(objects.filter(lambda value: depth(value) <= 8))
def test_what_our_own_writer_writes_is_spared_the_scanner(value: dict[str, Any]) -> None:
    raw = strictjson.write(value)

    assert is_taken_fast(raw) or b"\\u0000" in raw
    assert strictjson.compose(value) == (raw, strictjson.read(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.5}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":18446744073709551616}',
        b'{"a":"\\u0000"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0061"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":[[[[[[[[]]]]]]]]}',
        b'[{"a":1}]',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
    ],
)
def test_what_is_not_compact_is_left_to_the_scanner(raw: bytes) -> None:
    assert not is_taken_fast(raw)


def test_what_holds_too_many_values_is_left_to_the_scanner() -> None:
    raw = b'{"a":[' + b"1," * 10_000 + b"1]}"

    assert not is_taken_fast(raw)
    assert is_taken_fast(raw, max_values=20_000)


@given(st.binary(max_size=60))
def test_junk_is_refused_with_a_breach_and_nothing_else(raw: bytes) -> None:
    is_taken(raw)
    is_taken(b"{" + raw + b"}")


def test_keys_keep_the_order_in_which_they_are_given() -> None:
    assert (
        strictjson.write({"b": 1, "a": {"d": [1, (2, 3)], "c": None}})
        == b'{"b":1,"a":{"d":[1,[2,3]],"c":null}}'
    )


@pytest.mark.parametrize(
    "value",
    [
        {"a": LARGEST + 1},
        {"a": 2**64},
        {"a": 1.5},
        {"a": "\ud800"},
        {"a": "\0"},
        {"a": [[[[[[[[]]]]]]]]},
        {"a": [0] * 10_000},
    ],
    ids=range(7),
)
def test_nothing_is_written_that_would_not_be_read(value: dict[str, Any]) -> None:
    with pytest.raises(BreachError, match=r"^§6\.1: "):
        strictjson.write(value)


def test_the_caller_sets_how_many_values_there_may_be() -> None:
    raw = b'{"a":[1,2,{"b":3}]}'

    assert is_taken(raw, max_values=6)
    assert not is_taken(raw, max_values=5)
    assert is_taken(b'{"a":[' + b"1," * 49_997 + b"1]}", max_values=50_000)


def test_two_mebibytes_are_the_limit() -> None:
    filler = strictjson.MAX_SIZE - len('{"a":""}')

    assert is_taken(b'{"a":"' + b"x" * filler + b'"}')
    assert not is_taken(b'{"a":"' + b"x" * (filler + 1) + b'"}')


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 2_000_000,
        b"{" * 2_000_000,
        b'{"a":' + b"9" * 2_000_000 + b"}",
        b'{"a":-' + b"9" * 2_000_000 + b"}",
        b'{"a":' + b" " * 2_000_000 + b"x}",
        b'{"a":"' + b"\\" * 2_000_000 + b"}",
        b'{"a":"' + b'\\"' * 1_000_000 + b"}",
        b'{"a":"' + b"\\u00e4" * 300_000 + b"\\ud800" + b'"}',
        b'{"a":"' + b"x" * 2_000_000 + b"}",
        b'{"' + b"x" * 2_000_000 + b'"}',
        b"{" + b'"a":1,' * 300_000 + b"}",
        b'{"a":[' + b"1," * 900_000 + b"1]}",
        b"{" + b'"",' * 500_000 + b"}",
        b"{" + b"\xef\xbb\xbf" * 500_000 + b"}",
        b'{"a":' + b"true" * 400_000 + b"}",
    ],
    ids=range(17),
)
def test_hostile_text_is_refused_in_linear_time(raw: bytes) -> None:
    began = time.process_time()

    taken = is_taken(raw, max_values=50_000)

    assert not taken
    assert time.process_time() - began < 5


def test_a_full_body_is_scanned_fast() -> None:
    items: list[strictjson.JsonSource] = [
        {"n": n, "url": f"hxxp://n{n}.example/login", "seen": 1_795_000_000 + n} for n in range(5_000)
    ]
    raw = strictjson.write({"items": items}, max_values=50_000)
    began = time.process_time()

    strictjson.scan(raw, max_values=50_000)

    # Two mebibytes a second and more, on a machine that does other things as well.
    assert time.process_time() - began < len(raw) / 2_000_000 + 1
