"""Names that somebody else chose, as they are shown and saved under."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.ui.filenames import MAX_NAME, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("mail.eml", "mail.eml"),
        ("调取证据.pdf", "调取证据.pdf"),
        ("../../keys/kek-1", "keys_kek-1"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "etc_passwd"),
        ("C:\\x.txt", "C__x.txt"),
        ("a\u2044b\uff0fc", "a_b_c"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a\u200bb\ufeff.txt", "a_b_.txt"),
        ("x\r\nSet-Cookie: a=b", "x__Set-Cookie_ a=b"),
        ("\x1b[31mred\x00.txt", "[31mred_.txt"),
        ('"><script>alert(1)</script>.html', "script_alert(1)__script_.html"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1 .txt", "_com1 .txt"),
        ("%2e%2e%2f", "2e_2e_2f"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, otherwise="file") == safe


def test_a_long_name_keeps_its_ending() -> None:
    found = safe_name("长" * 300 + ".tar.gz", otherwise="file")

    assert len(found) == MAX_NAME
    assert found.endswith(".gz")


@given(st.text(max_size=400))
def test_whatever_it_is_called_it_is_one_part_of_a_path(name: str) -> None:
    found = safe_name(name, otherwise="file")

    assert 0 < len(found) <= MAX_NAME
    assert not set(found) & set('/\\:*?"<>|%')
    assert not found.startswith(".")
    assert all(unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"} for sign in found)
