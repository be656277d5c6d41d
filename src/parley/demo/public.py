"""What is public of a release, fetched from a node as a stranger would, and checked without any node."""

import http.client
from collections.abc import Mapping
from typing import Final

from parley.demo.country import Country
from parley.ledger.home import read_config
from parley.node.start import address_of
from parley.protocol import card, note
from parley.protocol.breach import BreachError
from parley.protocol.dialogue import release
from parley.protocol.dialogue.release import Published
from parley.protocol.suite import Standard

SECONDS: Final = 10
# As the public page of a release names them; what is called otherwise is not found, and the story stops.
LIST: Final = "outcomes.txt"
NOTE: Final = "release.note"
PAGE: Final = "outcome.html"
Files = Mapping[str, bytes]


def address(digest: str) -> str:
    """Return where the list with this digest is public on every node that released it."""
    return f"/public/outcomes/{digest}/"


def names(sides: tuple[Country, Country]) -> tuple[str, ...]:
    """Return the names of the files by which anybody checks a release."""
    return (LIST, NOTE, PAGE, *(f"{side.node}.card" for side in sides))


def fetch(side: Country, digest: str, *, files: tuple[str, ...]) -> Files | None:
    """Return the files as the pages of `side` hand them out; None while they do not hand out all of them."""
    host, port = address_of(read_config(side.home).pages)
    pages = http.client.HTTPConnection(host, port, timeout=SECONDS)
    found = {}
    try:
        for name in files:
            pages.request("GET", address(digest) + name, headers={"Host": f"{side.host}:{port}"})
            answer = pages.getresponse()
            content = answer.read()
            if answer.status != http.HTTPStatus.OK:
                return None
            found[name] = content
    except (OSError, http.client.HTTPException):
        return None
    finally:
        pages.close()
    return found


def check(files: Files) -> Published:
    """Return what the files prove, by the two cards among them and nothing else.

    Raises:
        BreachError: they prove nothing: one of them is not what was sealed.
    """
    cards = [card.parse(content).card for name, content in files.items() if name.endswith(".card")]
    return release.verify(files[LIST], files[NOTE], cards, suite=Standard())


def is_lone_shown(files: Files, *, node: str) -> bool:
    """Return whether the seal of `node` alone proves its own publication, and no joint one."""
    signed = note.parse(files[NOTE])
    own = tuple(line for line in signed.lines if line.name == f"{node}/receipt")
    found = check({**files, NOTE: note.encode(note.Note(text=signed.text, lines=own))})
    return not found.is_joint and [name for name, _at in found.sealed_at] == [node]


def is_told_when_tampered(files: Files) -> bool:
    """Return whether one letter of the list that is another one makes the release prove nothing."""
    text = files[LIST]
    forged = text.replace(b"12", b"13", 1) if b"12" in text else text[:-2] + b"x\n"
    try:
        check({**files, LIST: forged})
    except BreachError:
        return True
    return False
