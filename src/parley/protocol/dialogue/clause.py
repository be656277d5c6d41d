"""A text in two languages that are equally authentic, and the id by which both sides name it.

    within 20 working days …          a clause: two lines, English and Chinese, each ends with LF
    二十个工作日内……

A clause of the outcome list is made to be made public, so it stands in the act, and the fold reads it: it
names the same figures in both languages, or it is void. Every other text of the dialogue may have to be
erased; it stands in the body, and the act names it by a salted hash that tells nothing once the body is
gone (rule Z4). Source: Spec §17.2, §17.3.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.protocol.act import id_text
from parley.protocol.dialogue.figures import unequal

MAX_EN: Final = 1_000
MAX_ZH: Final = 600
SALT_BYTES: Final = 32
# What cannot be seen, or turns round what can: nobody should sign a text that reads otherwise than it is.
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_LETTER: Final = re.compile("[A-Za-z]")
_CHARACTER: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


class UnfitError(ValueError):
    """What was written cannot be a text of the dialogue: a language lacks, is too long, or hides a sign."""


class UnequalError(UnfitError):
    """The two languages of a clause count differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line in each of both languages."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        """Check that both are there, short enough, and hide nothing.

        Raises:
            UnfitError: they are not.
        """
        for line, most, sign in ((self.en, MAX_EN, _LETTER), (self.zh, MAX_ZH, _CHARACTER)):
            if not 0 < len(line) <= most or line != line.strip(" \u3000"):
                raise UnfitError(f"a text has 1 to {MAX_EN} characters of English and {MAX_ZH} of Chinese")
            if _HIDDEN.search(line) or any("\ud800" <= letter <= "\udfff" for letter in line):
                raise UnfitError("a text holds a character that cannot be seen")
            if not sign.search(line):
                raise UnfitError("a text stands in English and in Chinese, in this order")

    @property
    def lines(self) -> bytes:
        """Return both lines, as they are hashed and made public."""
        return f"{self.en}\n{self.zh}\n".encode()


def write_clause(text: Text) -> str:
    """Return a clause as acts write it: base64 of its two lines.

    Raises:
        UnequalError: its languages count differently.
    """
    found = unequal(text.en, text.zh)
    if found is not None:
        raise UnequalError(f"the languages count differently: {found}")
    return base64.b64encode(text.lines).decode()


def read_clause(written: str) -> Text:
    """Return the clause that `written` is.

    Raises:
        UnfitError: it is none, or its languages count differently.
    """
    try:
        lines = base64.b64decode(written, validate=True).decode("utf-8").split("\n")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise UnfitError("a clause is base64 of two lines in UTF-8") from error
    if len(lines) != 3 or lines[2]:
        raise UnfitError("a clause is two lines")
    text = Text(en=lines[0], zh=lines[1])
    if write_clause(text) != written:
        raise UnfitError("the base64 of a clause is not in its one form")
    return text


def text_id(texts: Sequence[Text], *, salt: bytes) -> str:
    """Return the id of the texts in a body, as acts write it."""
    assert len(salt) == SALT_BYTES, "a salt of 32 bytes"
    lines = b"".join(text.lines for text in texts)
    return id_text(hashlib.sha256(b"parley/text/1\n" + salt + lines).digest())
