# ruff: noqa: INP001 - a script beside its sources, no package
"""Put the pages together: python verifier/build.py [FILE]; verify.html and outcome.html of src/parley/judge.

With a FILE, verify.html alone is made, there. Each module of src/ becomes a function that is called once and
returns what it exports; modules come after those that they import. So a page is one file without a network,
and reads as its sources read. The hashes of its one script and one style stand in its content security
policy. The same sources give the same bytes.
"""

import re
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
SOURCES: Final = HERE / "src"
PAGE: Final = HERE.parent / "src" / "parley" / "judge" / "verify.html"
OUTCOME: Final = PAGE.with_name("outcome.html")
IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([a-z0-9]+)\.js";\n', re.MULTILINE)
EXPORT: Final = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)


def ordered(name: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return `before`, and behind it every module that `name` needs and is not there yet, itself last."""
    found = before
    for _, needed in IMPORT.findall(source(name)):
        found = ordered(needed, found)
    return found if name in found else (*found, name)


def source(name: str) -> str:
    return (SOURCES / f"{name}.js").read_text(encoding="utf-8")


def wrapped(name: str) -> str:
    """Return a module as a function that is called once."""
    text = source(name)
    names = ", ".join(exported for _, exported in EXPORT.findall(text))
    inside = IMPORT.sub(lambda found: f"const {{{found[1]}}} = ${found[2]};\n", text)
    inside = EXPORT.sub(lambda found: found[1], inside)
    if re.search(r"^(?:import|export)\b", inside, re.MULTILINE):
        raise ValueError(f"{name}.js imports or exports in a way that is not read here")
    return f"const ${name} = (() => {{\n{inside}return {{ {names} }};\n}})();\n"


def csp_hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def built(name: str = "page") -> str:
    """Return the page `name`, of its HTML and its script: `page` is verify.html, `outcome` is outcome.html.

    Raises:
        ValueError: a source has what would end the script or the style early.
    """
    script = '\n"use strict";\n' + "".join(wrapped(each) for each in ordered(name))
    style = "\n" + (SOURCES / "page.css").read_text(encoding="utf-8")
    if "</" in style or re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("a source ends the element that it stands in")
    page = (SOURCES / f"{name}.html").read_text(encoding="utf-8")
    for place, text in (
        ("script-hash", csp_hash(script)),
        ("style-hash", csp_hash(style)),
        ("style", style),
        ("script", script),
    ):
        page = page.replace("{{" + place + "}}", text)
    return page


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.parent.mkdir(exist_ok=True)
    target.write_text(built(), encoding="utf-8")
    if target == PAGE:
        OUTCOME.write_text(built("outcome"), encoding="utf-8")
