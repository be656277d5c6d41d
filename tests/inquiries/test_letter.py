"""The letter: what is written reads back the same, and what others wrote never breaks the reading."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.inquiries.forms.letter import (
    CHINESE,
    ENGLISH,
    Letter,
    Remark,
    Site,
    Subject,
    Text,
    host_of,
    read_letter,
    read_remark,
    text_of,
    write_letter,
    write_remark,
)
from parley.protocol.strictjson import JsonValue, read, write

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
texts = st.builds(Text, language=st.sampled_from((ENGLISH, CHINESE)), text=words)
maybe = st.none() | texts
instants = st.integers(0, 4_000_000_000)
extras = st.fixed_dictionaries(
    {}, optional={"ip": words, "registrar": words, "victims": st.integers(0, 9999)}
)
sites = st.builds(
    Site,
    url=words,
    observed_at=instants,
    brand=texts,
    legitimate_url=st.none() | words,
    state=st.sampled_from(("active", "down", "unknown")),
    note=maybe,
    extras=extras.map(lambda found: tuple(found.items())),
)
subjects = st.builds(
    Subject,
    kind=words,
    value=words,
    questions=st.lists(words, max_size=3).map(tuple),
    observed_at=st.none() | instants,
    note=maybe,
)
letters = st.builds(
    Letter,
    title=maybe,
    purpose=maybe,
    facts=maybe,
    legal_basis=st.lists(words, max_size=3).map(tuple),
    authority=maybe,
    case=st.none() | words,
    tlp=st.sampled_from((None, "AMBER")),
    urgency_reason=maybe,
    items=st.lists(sites | subjects, max_size=4).map(tuple),
)
remarks = st.builds(
    Remark,
    text=maybe,
    fields=st.lists(st.tuples(st.none() | st.integers(0, 99), words, texts), max_size=3).map(tuple),
    notes=st.lists(st.tuples(st.integers(0, 99), texts), max_size=3).map(tuple),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(letters)
def test_a_letter_reads_back_as_it_was_written(letter: Letter) -> None:
    body = read(write(write_letter(letter)))

    found = read_letter(body)

    # Extras stand in one order, whatever the order in which they were given.
    in_order = tuple(
        replace(item, extras=tuple(sorted(item.extras))) if isinstance(item, Site) else item
        for item in letter.items
    )
    read_in_order = tuple(
        replace(item, extras=tuple(sorted(item.extras))) if isinstance(item, Site) else item
        for item in found.items
    )
    assert replace(found, items=read_in_order) == replace(letter, items=in_order)


@given(remarks)
def test_a_remark_reads_back_as_it_was_written(remark: Remark) -> None:
    body = write_remark(remark)

    assert (body is None) == (remark == Remark())
    assert read_remark(body) == remark


@given(values)
def test_no_body_of_the_other_side_breaks_the_reading(value: JsonValue) -> None:
    bodies: list[dict[str, JsonValue]] = [
        dict.fromkeys(("title", "from", "handling", "legal_basis", "items"), value),
        dict.fromkeys(("text", "notes", "fields"), value),
        {"items": [value, {"subject": value, "note": value}, {"url": value, "target_brand": value}]},
        {"fields": [value, {"item": value, "field": value, "text": value}], "notes": [{"item": value}]},
    ]

    for body in bodies:
        letter, remark = read_letter(body), read_remark(body)

        assert isinstance(letter, Letter)
        assert isinstance(remark, Remark)


def test_the_keys_of_a_letter_stand_in_the_agreed_order() -> None:
    site = Site(
        url="http://a.example/", observed_at=1, brand=text_of("First Bank"), extras=(("ip", "192.0.2.1"),)
    )

    body = write_letter(Letter(items=(site,)))

    assert list(body) == [
        "title",
        "purpose",
        "facts",
        "legal_basis",
        "from",
        "handling",
        "urgency_reason",
        "items",
    ]
    assert body["items"] == [
        {
            "url": "http://a.example/",
            "observed_at": 1,
            "target_brand": {"institution": {"lang": "en", "text": "First Bank"}, "legitimate_url": None},
            "state": "unknown",
            "note": None,
            "ip": "192.0.2.1",
        }
    ]


def test_a_truth_value_is_no_number_of_victims() -> None:
    found = read_letter({"items": [{"url": "u", "victims": True, "observed_at": False}]})

    assert found.items == (Site(url="u", observed_at=None, brand=None),)


@pytest.mark.parametrize(
    ("said", "language"), [("First Bank", ENGLISH), ("第一银行", CHINESE), ("Bank 第一", CHINESE)]
)
def test_the_language_of_words_is_told_by_their_letters(said: str, language: str) -> None:
    assert text_of(said) == Text(language=language, text=said)


def test_words_are_sent_composed() -> None:
    assert text_of("Jose\u0301").text == "Jos\u00e9"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://Bank-One.example/login", "bank-one.example"),
        ("https://user:pw@bank.example:8443/a@b?c#d", "bank.example"),
        ("bank.example.", "bank.example"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
        ("http://银行.example/", "xn--jn2a72x.example"),
        ("", ""),
        ("http://" + "a" * 300, "a" * 255),
    ],
)
def test_a_site_is_found_by_its_host(address: str, host: str) -> None:
    assert host_of(address) == host
