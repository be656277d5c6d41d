"""Addresses: made whole, made safe, compared and searched; their bytes are evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.table.translate import (
    Address,
    Choices,
    Reason,
    Result,
    Site,
    defang,
    likeness,
    read_address,
    refang,
    shown,
)
from tests.gates.table.sheets import reasons, sheet_of, site_row

DEFANGED = {
    "hxxp://www[.]one[.]example/a": "http://www.one.example/a",
    "hXXps://one(.)example:8443/": "https://one.example:8443/",
    "HXXP://ONE[.]EXAMPLE": "HTTP://ONE.EXAMPLE",
    "h**p://one[dot]example/a": "http://one.example/a",
    "h[tt]p[s]://one{.}example/a": "https://one.example/a",
    "hxxp[:]//one[ . ]example[:]81/": "http://one.example:81/",
    "hxxps[://]one[.]example": "https://one.example",
    "fxp://one[.]example/a": "ftp://one.example/a",
    "http：／／one。example/a": "http://one.example/a",
    "one[.]example/login[.]php": "one.example/login.php",
    "hxxp://203.0.113[.]77/~b/": "http://203.0.113.77/~b/",
    "<http://one.example/>": "http://one.example/",
    "“http://one.example/”": "http://one.example/",
}
AS_THEY_ARE = (
    "http://one.example/a[.]b?c=(dot)",
    "https://one.example/?to=https://two.example/%2e",
    "HTTPS://One.Example:443/A//b/../c#d",
    "one.example",
    "one.example:8080/x?y",
    "203.0.113.77",
    "http://[2001:db8::1]:8080/",
    "http://3405803853/",
    "http://银行.example/登录",
    "http://one.example./",
    "ftp://one_two.example/a,b;c",
    "http://one.example:/",
    "http://one.example?q",
    "http://xn--fiqs8s.example/",
)
NOT_READ = (
    "one",
    "e.g.",
    "1.2",
    "http://",
    "http:///path",
    "http:/one.example",
    "//one.example/",
    "http:\\\\one.example\\a",
    "http://one.example/a b",
    "http://one..example/",
    "http://-one.example/",
    "http://one.example:99999/",
    "http://one.example:8x/",
    "http://ｏne.example/",
    "http://[2001:db8::1/",
    "http://[203.0.113.7]/",
    "http://a[b@one.example/",
    "javascript:alert(1)",
    "mailto:one@two.example",
    '=HYPERLINK("http://one.example/")',
    "http://one.example/\u202egpj",
    "x" * 3000 + ".example",
)
SAME = (
    ("http://one.example", "HTTP://ONE.example:80/"),
    ("https://one.example:443/a", "https://one.example/a"),
    ("http://one.example/%7Ea%2f", "http://one.example/~a%2F"),
    ("http://one.example./", "http://one.example/"),
    ("http://银行.example/", "http://xn--jn2a72x.example/"),
    ("http://one.example?q", "http://one.example/?q"),
)
OTHER = (
    ("http://one.example/", "https://one.example/"),
    ("http://one.example/a", "http://one.example/A"),
    ("http://one.example/", "http://www.one.example/"),
    ("http://one.example/#a", "http://one.example/#b"),
    ("http://one.example/a", "http://one.example/a/"),
    ("http://one.example:8080/", "http://one.example/"),
)


def read(text: str) -> Address:
    address = read_address(text)
    assert isinstance(address, Address)
    return address


@pytest.mark.parametrize("text", DEFANGED)
def test_a_defanged_address_is_made_whole(text: str) -> None:
    assert read(text).text == DEFANGED[text]


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_a_whole_address_keeps_every_byte(text: str) -> None:
    assert read(text).text == text
    assert refang(defang(text)) == text


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    assert read_address(text) is Reason.ADDRESS_NOT_READ


@pytest.mark.parametrize("text", ["file:///etc/hosts", "javascript://one.example", "gopher://one.example/"])
def test_other_schemes_are_not_taken(text: str) -> None:
    assert read_address(text) is Reason.SCHEME_NOT_TAKEN


def test_an_address_of_more_than_four_kibibytes_is_too_long() -> None:
    beginning = "http://one.example/"

    assert isinstance(read_address(beginning + "a" * (4096 - len(beginning))), Address)
    assert read_address(beginning + "a" * (4097 - len(beginning))) is Reason.ADDRESS_TOO_LONG
    assert read_address(beginning + "银" * 1400) is Reason.ADDRESS_TOO_LONG


@pytest.mark.parametrize(("one", "two"), SAME)
def test_equivalent_addresses_have_one_key(one: str, two: str) -> None:
    assert likeness(read(one)) == likeness(read(two))


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_addresses_that_may_lead_elsewhere_have_two_keys(one: str, two: str) -> None:
    assert likeness(read(one)) != likeness(read(two))


def test_a_defanged_address_is_no_link_to_anybody() -> None:
    assert defang("https://www.one.example/a.php") == "hxxps://www[.]one[.]example/a.php"
    assert defang("hTTp://one.example/") == "h[TT]p://one[.]example/"
    assert defang("one.example") == "one[.]example"


SIGNS = st.characters(min_codepoint=33, max_codepoint=126) | st.sampled_from("银行é")
LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,8}[A-Za-z0-9])?", fullmatch=True)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http", "https", "ftp", "HTTP", "hTTp", "Https", "fTp"]))
    user = draw(st.just("") | st.text(SIGNS, max_size=8).map(lambda text: text + "@"))
    host = ".".join(draw(st.lists(LABELS, min_size=1, max_size=4)))
    port = draw(st.sampled_from(["", ":80", ":8443"]))
    pieces = SIGNS | st.sampled_from(["[.]", "(dot)", "hxxp://"])
    tail = draw(st.just("") | st.lists(pieces, max_size=20).map("".join).map("/".__add__))
    return f"{scheme}://{user}{host}{port}{tail}"


@given(addresses())
def test_defanging_and_making_whole_gives_back_the_bytes(text: str) -> None:
    address = read_address(text)

    if isinstance(address, Address):
        assert refang(defang(address.text)) == address.text
        assert read(defang(address.text)) == address


@given(st.text() | st.text("hxtp:/[.]()@dot ").map("hxxp://".__add__))
def test_any_text_is_an_address_or_a_reason(text: str) -> None:
    address = read_address(text)

    assert isinstance(address, Reason) or refang(defang(address.text)) == address.text
    assert "http:" not in shown(text).lower()


def test_a_user_name_in_the_address_needs_a_person_and_names_both_ways_out() -> None:
    row = sheet_of("", "http://user:word@one.example/a,Bank One,2026-11-02T01:10Z").rows[0]

    assert row.result is Result.NEEDS
    assert row.remark is not None
    assert row.remark.text == "hxxp://user:word@one[.]example/a"
    assert row.remark.fixes == ("--mask 1", "--keep 1")


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("http://user:word@one.example/a", "http://one.example/a"),
        ("http://one.example@evil.example/a", "http://evil.example/a"),
        ("http://one.example/v@mail.example/b", "http://one.example/redacted/b"),
        ("http://one.example/?e=v.w%2Bx%40mail.example&f=1", "http://one.example/?e=redacted&f=1"),
        ("http://one.example/?e%3Dv%40mail.example%26f", "http://one.example/?e%3Dredacted%26f"),
        ("http://one.example/?e=dmljdGltQG1haWwuZXhhbXBsZQ==", "http://one.example/?e=redacted"),
        ("http://one.example/?e=dmljdGltQG1haWwuZXhhbXBsZQ%3D%3D", "http://one.example/?e=redacted"),
    ],
)
def test_masking_takes_the_person_out_and_nothing_else(address: str, masked: str) -> None:
    assert site_row(address).result is Result.NEEDS
    row = site_row(address, choices=Choices(masked=frozenset({1})))

    assert isinstance(row.item, Site)
    assert (row.item.url, row.item.masked) == (masked, True)
    assert reasons(row) == (Reason.ADDRESS_MASKED,)


def test_an_officer_may_take_the_address_as_it_stands() -> None:
    address = "http://one.example@evil.example/a"
    row = site_row(address, choices=Choices(kept=frozenset({1})))

    assert isinstance(row.item, Site)
    assert (row.item.url, row.item.host, row.item.masked) == (address, "evil.example", False)
    assert reasons(row) == (Reason.TAKEN_AS_IT_STANDS,)


def test_a_long_random_value_is_told_and_masked_on_demand() -> None:
    address = "http://one.example/?session=0a1b2c3d4e5f60718293a4b5c6d7e8f9&a=b"

    assert site_row(address).result is Result.OK
    assert reasons(site_row(address)) == (Reason.ADDRESS_HAS_LONG_VALUE,)
    row = site_row(address, choices=Choices(masked=frozenset({1})))
    assert isinstance(row.item, Site)
    assert row.item.url == "http://one.example/?session=redacted&a=b"


@pytest.mark.parametrize(
    "address",
    [
        "http://one.example/?to=redacted@redacted.invalid",
        "http://one.example/@1010@00210@",
        "http://one.example/app.store/file.tar.gz",
    ],
)
def test_what_names_nobody_is_not_remarked(address: str) -> None:
    assert reasons(site_row(address)) == ()
