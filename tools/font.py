"""Make the font of the papers anew: Noto Sans SC in two weights as TrueType, and the list of characters.

    npm pack @fontsource/noto-sans-sc@5.3.0 && tar xzf fontsource-noto-sans-sc-5.3.0.tgz
    pip install "fonttools[woff]==4.68.0"
    ./run shell python tools/font.py package

The package holds each weight in pieces for the web: Chinese with Latin, the rest of Latin, Cyrillic,
Vietnamese. They are joined here without what a paper does not use (hints, vertical lines, substitutions).
Whoever has the same package and the same fontTools gets the same bytes, whose hashes `sources.txt` beside
them lists.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parent.parent / "src" / "parley" / "ui" / "paper" / "fonts"
WEIGHTS: Final = {"400": "Regular", "700": "Bold"}
PIECES: Final = ("chinese-simplified", "latin-ext", "cyrillic", "vietnamese")
UNUSED: Final = "vhea,vmtx,BASE,STAT,GSUB,GPOS,GDEF"
EPOCH: Final = "1700000000"
"""A moment that is written into the files in place of the one in which they were made."""


def main(folder: Path) -> None:
    """Write the fonts out of the unpacked package in `folder`."""
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    for weight, name in WEIGHTS.items():
        with tempfile.TemporaryDirectory() as spare:
            pieces = [_plain(folder, piece, weight, into=Path(spare)) for piece in PIECES]
            merged = TARGET / f"NotoSansSC-{name}.ttf"
            _run("fonttools", "merge", f"--output-file={merged}", *map(str, pieces))
    shutil.copy(folder / "LICENSE", TARGET / "OFL.txt")
    _list_characters()
    _list_sources(folder)


def _plain(folder: Path, piece: str, weight: str, *, into: Path) -> Path:
    plain = into / f"{piece}.ttf"
    _run(
        "fonttools",
        "subset",
        str(_woff(folder, piece, weight)),
        "--unicodes=*",
        "--layout-features=",
        "--no-hinting",
        "--notdef-outline",
        f"--drop-tables+={UNUSED}",
        f"--output-file={plain}",
    )
    return plain


def _woff(folder: Path, piece: str, weight: str) -> Path:
    return folder / "files" / f"noto-sans-sc-{piece}-{weight}-normal.woff2"


def _list_characters() -> None:
    """Write which characters both weights have, as ranges of numbers, one a line.

    Not marks that are put over others, nor what has no look of its own, such as the hyphen that shows only at
    the end of a line. Decided here once, since the tables of another Python might say otherwise.
    """
    known = frozenset.intersection(
        *(_characters(TARGET / f"NotoSansSC-{name}.ttf") for name in WEIGHTS.values())
    )
    known = frozenset(each for each in known if unicodedata.category(chr(each))[0] not in {"M", "C"})
    firsts = sorted(each for each in known if each - 1 not in known)
    lasts = sorted(each for each in known if each + 1 not in known)
    ranges = (f"{first:04X}-{last:04X}\n" for first, last in zip(firsts, lasts, strict=True))
    (TARGET / "characters.txt").write_text("".join(ranges), encoding="ascii")


def _characters(font: Path) -> frozenset[int]:
    with tempfile.TemporaryDirectory() as spare:
        listed = Path(spare) / "cmap.ttx"
        _run("fonttools", "ttx", "-q", "-t", "cmap", "-o", str(listed), str(font))
        lines = listed.read_text(encoding="utf-8").splitlines()
    codes = (line.split('code="0x')[1].split('"')[0] for line in lines if '<map code="0x' in line)
    return frozenset(int(code, 16) for code in codes)


def _list_sources(folder: Path) -> None:
    made = sorted(path for path in TARGET.iterdir() if path.name != "sources.txt")
    taken = [_woff(folder, piece, weight) for weight in WEIGHTS for piece in PIECES]
    lines = [f"{_sha256(path)}  {path.name}\n" for path in made]
    lines += [f"{_sha256(path)}  @fontsource/noto-sans-sc@5.3.0 files/{path.name}\n" for path in taken]
    (TARGET / "sources.txt").write_text("".join(lines), encoding="ascii")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: font.py FOLDER, the unpacked package @fontsource/noto-sans-sc")
    main(Path(sys.argv[1]))
