"""The envelope of an act. Spec §6.1 to §6.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.act import Act, By, id_text, read_act, read_id, read_json, short_id, write_act
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonValue

ID = bytes(range(32))
PLAIN: dict[str, JsonValue] = {
    "k": "inquiry.refused",
    "v": 1,
    "re": id_text(ID),
    "by": {"role": "officer", "n": 4},
    "ref": "B-2026-0311",
    "d": {"items": [2, 3], "grounds": ["G13"]},
}
BY = By(role="desk", n=0)


def test_an_act_is_read_as_it_was_written() -> None:
    act = read_act(PLAIN)

    assert act.re == ID
    assert act.by == By(role="officer", n=4)
    assert read_act(read_json(write_act(act))) == act


def test_an_act_is_written_in_one_order() -> None:
    act = Act(k="received", v=1, re=None, by=BY, ref=None, d={})

    assert write_act(act) == b'{"k":"received","v":1,"re":null,"by":{"role":"desk","n":0},"ref":null,"d":{}}'


@pytest.mark.parametrize("key", PLAIN)
def test_no_key_may_be_missing(key: str) -> None:
    with pytest.raises(BreachError, match=r"^§6[.]2"):
        read_act({name: value for name, value in PLAIN.items() if name != key})


def test_no_key_may_be_added() -> None:
    with pytest.raises(BreachError, match=r"^§6[.]2"):
        read_act({**PLAIN, "at": 1})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("k", 1),
        ("k", ""),
        ("k", "Inquiry.sent"),
        ("k", "inquiry."),
        ("k", "inquiry.sent.twice"),
        ("k", "x" * 33),
        ("v", 0),
        ("v", -1),
        ("v", 1_001),
        ("v", True),
        ("v", "1"),
        ("re", ""),
        ("re", "A" * 42),
        ("re", "A" * 44),
        ("re", "A" * 42 + "="),
        ("re", "+" * 43),
        ("re", "A" * 42 + "B"),
        ("re", 1),
        ("by", None),
        ("by", {"role": "desk"}),
        ("by", {"role": "desk", "n": -1}),
        ("by", {"role": "desk", "n": 1_000_001}),
        ("by", {"role": "desk", "n": True}),
        ("by", {"role": "Desk", "n": 1}),
        ("by", {"role": "desk", "n": 1, "name": "x"}),
        ("ref", ""),
        ("ref", "x" * 65),
        ("ref", "B\n1"),
        ("ref", "\u4e00"),
        ("ref", 1),
        ("d", None),
        ("d", []),
        ("d", {"text": "\u00e9"}),
        ("d", {"\u00e9": 1}),
        ("d", {"deep": [{"er": ["\u202e"]}]}),
        ("d", {"text": "\x7f"}),
    ],
)
def test_what_is_not_in_its_form_is_refused(key: str, value: JsonValue) -> None:
    with pytest.raises(BreachError, match=r"^§6[.][23]"):
        read_act({**PLAIN, key: value})


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b'{"k":1,"k":2}', b'{"k":1.5}', b"{} ", b"\xef\xbb\xbf{}", b'{"k":"\xff"}']
)
def test_what_is_not_strict_json_is_no_act(raw: bytes) -> None:
    with pytest.raises(BreachError, match=r"^§6[.]1"):
        read_json(raw)


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=6) | st.lists(st.text(max_size=6), max_size=2)))
def test_codes_are_printable_ascii_lines_and_tabs(d: dict[str, JsonValue]) -> None:
    texts = [*d, *(each for value in d.values() for each in ([value] if isinstance(value, str) else value))]  # type: ignore[union-attr]  # texts and lists of them
    is_plain = all(
        character in "\n\t" or " " <= character <= "~" for text in texts for character in str(text)
    )

    try:
        read_act({**PLAIN, "d": d})
    except BreachError:
        assert not is_plain
    else:
        assert is_plain


@given(st.binary(min_size=32, max_size=32))
def test_an_id_has_one_text(statement: bytes) -> None:
    text = id_text(statement)

    assert len(text) == 43
    assert read_id(text) == statement


def test_an_id_is_spoken_as_eight_characters() -> None:
    assert short_id(ID) == "aaaqeaye"
    assert short_id(bytes(32)) == "aaaaaaaa"
