"""What is carried along with an entry is what its bytes say, whoever made them."""

from collections.abc import Mapping

import pytest

from parley.protocol import channel
from parley.protocol.act import Act, compose_act
from parley.protocol.entry import Seen
from parley.protocol.form import read_statement
from parley.protocol.strictjson import JsonValue
from parley.protocol.voids import Verdict, Void
from tests.protocol.samples import LOG_A, LOG_B, NOON, ROOT, SUITE


def compose(d: Mapping[str, JsonValue]) -> tuple[bytes, Mapping[str, JsonValue]]:
    return compose_act("inquiry.rated", 1, re=bytes(32), role="desk", n=0, ref="B-1", d=d)


@pytest.mark.parametrize("roots", [(), ((1, bytes(32)),)], ids=["unsigned", "signed"])
@pytest.mark.parametrize("seen", [None, Seen(origin=LOG_B, size=3, root=ROOT)])
@pytest.mark.parametrize("body", [None, b"{}"])
def test_what_is_known_of_an_own_entry_is_what_is_read_of_its_bytes(
    roots: tuple[tuple[int, bytes], ...], seen: Seen | None, body: bytes | None
) -> None:
    raw, value = compose({"timely": 3, "codes": ["a", {"b": None}]})
    draft = channel.Draft(act=raw, value=value, body=body, roots=roots)

    said = channel.write(draft, origin=LOG_A, time=NOON, seen=seen, suite=SUITE).said

    assert said == read_statement(said.raw).opened(raw)
    assert isinstance(said.envelope, Act)


def test_the_object_of_an_act_is_what_is_read_of_its_bytes() -> None:
    raw, value = compose({"items": (1, 2)})  # type: ignore[dict-item]  # a tuple becomes a list

    said = read_statement(b"")

    assert said.opened(raw, value) == said.opened(raw)
    assert value["d"] == {"items": [1, 2]}


@pytest.mark.parametrize(("raw", "reason"), [(b"{", Void.BAD_JSON), (b"{}", Void.SCHEMA)])
def test_an_act_that_cannot_be_read_carries_why(raw: bytes, reason: Void) -> None:
    said = read_statement(b"no entry").opened(raw)

    assert said.parsed is None
    assert said.kind is None
    assert isinstance(said.envelope, Verdict)
    assert said.envelope.reason is reason


PLAIN = b'{"k":"inquiry.rated","v":1,"re":null,"by":{"role":"desk","n":0},"ref":null,"d":{"text":"%s"}}'


@pytest.mark.parametrize("text", [b"a-z", rb"\u0041", rb"\n", rb"\"", rb"\\", b"~ "])
def test_text_of_an_act_that_is_plain_is_read_however_it_is_spelt(text: bytes) -> None:
    assert isinstance(read_statement(b"").opened(PLAIN % text).envelope, Act)


@pytest.mark.parametrize("text", [b"\x7f", rb"\u007f", rb"\u00e9", "é".encode(), rb"\b", rb"\u001f"])
def test_text_of_an_act_that_is_not_plain_makes_it_void_however_it_is_spelt(text: bytes) -> None:
    envelope = read_statement(b"").opened(PLAIN % text).envelope

    assert isinstance(envelope, Verdict)
    assert envelope.reason is Void.SCHEMA
