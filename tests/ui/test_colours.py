"""Every colour in the style sheet can be read on its ground (WCAG 2.2 AA), and six partners are told apart.

Measured on `parley.css` itself. How people with colour-blindness see is computed with the
matrices of Machado, Oliveira and Fernandes (2009), severity 1.0.
"""

import itertools
import re
from pathlib import Path
from typing import Final

import pytest

import parley

SHEETS: Final = Path(parley.__file__).parent / "ui" / "static" / "ui"
SHEET: Final = (SHEETS / "parley.css").read_text(encoding="utf-8")
Colour = tuple[float, float, float]
SIGHTS: Final = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TEXT: Final = 4.5
LINE: Final = 3.0
APART: Final = 16
"""Distance in CIELAB; 2 is what a trained eye sees side by side."""
STATES: Final = ("act", "soon", "check", "proved", "failed")
HUES: Final = tuple(f"hue-{number}" for number in range(1, 7))


def block(beginning: str) -> dict[str, str]:
    """Return the variables that the first block after `beginning` sets."""
    body = SHEET[SHEET.index(beginning) + len(beginning) :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body))


LIGHT: Final = block(":root {")
BY_COMPUTER: Final = block(':root:not([data-bs-theme="light"]) {')
BY_CHOICE: Final = block(':root[data-bs-theme="dark"] {')
THEMES: Final = {"light": LIGHT, "dark": LIGHT | BY_CHOICE}


def linear(text: str) -> Colour:
    found = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", text)
    assert found, text
    parts = [int(each, 16) / 255 for each in found.groups()]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other))), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def lab(colour: Colour) -> Colour:
    red, green, blue = colour
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, sight: str) -> Colour:
    red, green, blue = linear(colour)
    mixed = [max(0.0, min(1.0, a * red + b * green + c * blue)) for a, b, c in SIGHTS[sight]]
    return lab((mixed[0], mixed[1], mixed[2]))


def test_dark_is_the_same_whoever_chose_it() -> None:
    assert BY_COMPUTER == BY_CHOICE
    assert BY_CHOICE.keys() <= LIGHT.keys()


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    colours = THEMES[theme]
    pairs = [
        *itertools.product(("ink", "ink-2", "link"), ("paper", "sheet", "sheet-2")),
        *((name, ground) for name in STATES for ground in (f"{name}-tint", "paper", "sheet")),
        *itertools.product(("ink", "ink-2"), (f"{name}-tint" for name in (*STATES, *HUES))),
        *((f"{hue}-ink", hue) for hue in HUES),
        *((f"{hue}-line", ground) for hue in HUES for ground in ("paper", "sheet", f"{hue}-tint")),
        ("strip-ink", "strip"),
        ("strip-ink-2", "strip"),
        ("accent-ink", "accent"),
        ("accent-ink", "accent-2"),
        *(("failed", f"{hue}-tint") for hue in HUES),
    ]

    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}

    assert {pair: found for pair, found in weak.items() if found < TEXT} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_borders_and_the_focus_are_seen(theme: str) -> None:
    colours = THEMES[theme]
    pairs = [
        *itertools.product(("line-strong", "focus"), ("paper", "sheet", "sheet-2")),
        *(("focus", f"{hue}-tint") for hue in HUES),
    ]

    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}

    assert {pair: found for pair, found in weak.items() if found < LINE} == {}


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_six_partners_are_told_apart_by_everybody(theme: str, sight: str) -> None:
    colours = THEMES[theme]
    apart = {
        (one, other): sum(
            (a - b) ** 2 for a, b in zip(seen(colours[one], sight), seen(colours[other], sight), strict=True)
        )
        ** 0.5
        for one, other in itertools.combinations(HUES, 2)
    }

    assert {pair: round(found) for pair, found in apart.items() if found < APART} == {}


def test_yellow_and_black_belong_to_exercises() -> None:
    found = [
        line
        for path in sorted(SHEETS.glob("*.css"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "#ffd400" in line
    ]

    assert found
    assert all("world-exercise" in line or "border-image" in line for line in found)


def test_no_sheet_fetches_anything() -> None:
    for path in SHEETS.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "@font-face" not in text
        assert all(url.startswith('"data:') for url in re.findall(r"url\(([^)]*)", text)), path.name
