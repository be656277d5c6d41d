"""Words that no file of the project holds: hosts of registries, paths of one machine, countries."""

import codecs
import re
from pathlib import Path
from typing import Final

import pytest

from tests.house.tree import ROOT, files

BINARY: Final = {".ttf", ".mo", ".png", ".bin", ".woff2"}
QUOTED: Final = (
    ROOT / "src" / "parley" / "demo" / "sample",
    ROOT / "docs" / "protocol" / "vectors",
    ROOT / "src" / "parley" / "ui" / "static" / "vendor",
    ROOT / "tests" / "browser" / "vendor",
)
"""What others published is shipped as it is."""

REGISTRY: Final = re.compile(r"py[p]i\.org|python[h]osted|npm[j]s|deb\.deb[i]an|crates\.[i]o|proxy\.go[l]ang")
UNFINISHED: Final = re.compile(r"\b(?:TO[D]O(?!\(#\d+\): )|FIX[M]E|X[X]X)\b")

# The parties are A and B, in code, tests and documents. The list is turned round by thirteen letters, and
# escaped, so that this file holds to it as well.
COUNTRIES: Final = codecs.decode(
    """
    Nstunavfgna Nyonavn Nytrevn Naqbeen Natbyn Netragvan Nezravn Nhfgenyvn Nhfgevn Nmreonvwna Onuenva
    Onatynqrfu Orynehf Orytvhz Ouhgna Obyvivn Obfavn Obgfjnan Oenmvy Oevgnva Oeharv Ohytnevn Ohehaqv
    Pnzobqvn Pnzrebba Pnanqn Puvyr Puvan Pbybzovn Pbatb Pebngvn Phon Plcehf Pmrpuvn Qraznex Rphnqbe
    Rtlcg Ratynaq Revgern Rfgbavn Rguvbcvn Svaynaq Senapr Tnoba Tnzovn Treznal Tunan Terrpr Thngrznyn
    Unvgv Ubaqhenf Uhatnel Vprynaq Vaqvn Vaqbarfvn Vena Vend Verynaq Vfenry Vgnyl Wnznvpn Wncna
    Xnmnxufgna Xraln Xbern Xhjnvg Xletlmfgna Ynbf Yngivn Yronaba Yvorevn Yvoln Yvguhnavn Yhkrzobhet
    Znqntnfpne Znynlfvn Znyqvirf Znygn Zrkvpb Zbyqbin Zbanpb Zbatbyvn Zbagrarteb Zbebppb Zbmnzovdhr
    Zlnazne Anzvovn Arcny Argureynaqf Avpnenthn Avtrevn Abejnl Cnxvfgna Cnyrfgvar Cnanzn Cnenthnl Creh
    Cuvyvccvarf Cbynaq Cbeghtny Dngne Ebznavn Ehffvn Ejnaqn Frartny Freovn Fvatncber Fybinxvn Fybiravn
    Fbznyvn Fcnva Fhqna Fjrqra Fjvgmreynaq Flevn Gnvjna Gnwvxvfgna Gnamnavn Gunvynaq Ghavfvn
    Ghexzravfgna Htnaqn Hxenvar Hehthnl HFN Hmorxvfgna Irarmhryn Ivrganz Lrzra Mnzovn Mvzonojr Orvwvat
    Oehffryf Ybaqba Zbfpbj Jnfuvatgba
    """,
    "rot13",
).split()
CHINESE: Final = (
    "\u4e2d\u56fd",
    "\u4e2d\u534e",
    "\u7f8e\u56fd",
    "\u82f1\u56fd",
    "\u6cd5\u56fd",
    "\u5fb7\u56fd",
    "\u65e5\u672c",
    "\u4fc4\u7f57\u65af",
    "\u97e9\u56fd",
    "\u671d\u9c9c",
    "\u5370\u5ea6",
    "\u52a0\u62ff\u5927",
    "\u6fb3\u5927\u5229\u4e9a",
    "\u610f\u5927\u5229",
    "\u897f\u73ed\u7259",
    "\u8377\u5170",
    "\u745e\u58eb",
    "\u745e\u5178",
    "\u632a\u5a01",
    "\u6ce2\u5170",
    "\u4e4c\u514b\u5170",
    "\u5df4\u897f",
    "\u58a8\u897f\u54e5",
    "\u4ee5\u8272\u5217",
    "\u4f0a\u6717",
    "\u571f\u8033\u5176",
    "\u65b0\u52a0\u5761",
    "\u8d8a\u5357",
    "\u6cf0\u56fd",
    "\u5370\u5c3c",
    "\u9a6c\u6765\u897f\u4e9a",
    "\u83f2\u5f8b\u5bbe",
    "\u5317\u4eac",
    "\u534e\u76db\u987f",
    "\u83ab\u65af\u79d1",
    "\u9999\u6e2f",
    "\u53f0\u6e7e",
)
COUNTRY: Final = re.compile(rf"\b(?:{'|'.join(COUNTRIES)})\b|{'|'.join(CHINESE)}")


def written() -> list[Path]:
    return [
        path
        for path in files()
        if path.suffix not in BINARY and not any(path.is_relative_to(folder) for folder in QUOTED)
    ]


def holding(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Return the files that hold `pattern`, with what they hold."""
    found = {
        str(path.relative_to(ROOT)): pattern.findall(path.read_text(encoding="utf-8", errors="replace"))
        for path in written()
    }
    return {path: words for path, words in found.items() if words}


def test_no_file_names_a_registry() -> None:
    assert holding(REGISTRY) == {}


def test_no_file_holds_a_path_of_this_machine() -> None:
    """A root key is called `<node>/root/1`, which is also how the home of an administrator begins."""
    places = "|".join(re.escape(place) for place in (str(ROOT), f"{Path.home()}/") if place.strip("/"))

    assert holding(re.compile(rf"(?<![\w>}}.])(?:{places})")) == {}


def test_no_file_names_a_country() -> None:
    assert holding(COUNTRY) == {}


def test_what_is_left_to_do_has_an_issue() -> None:
    assert holding(UNFINISHED) == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY, f"{'py'}pi.org"),
        (COUNTRY, f"a court in {COUNTRIES[7]}, "),
        (COUNTRY, f"甲国与{CHINESE[0]}"),
        (UNFINISHED, f"# {'TO'}DO: later"),
        (UNFINISHED, f"{'FIX'}ME"),
    ],
)
def test_these_words_are_seen(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_an_open_issue_may_be_named() -> None:
    assert UNFINISHED.search(f"# {'TO'}DO(#12): say more") is None
