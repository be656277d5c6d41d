"""How numbers and bytes are written in texts: decimals and base64, each in one form only.

Every reader here refuses every other spelling of the same value, so that what was read can
be written again to the same bytes. Names are in `names.py`. Spec §1.
"""

import binascii
from typing import Final

from parley.protocol.breach import BreachError

# What JSON and every database column of ours hold without loss.
MAX_NUMBER: Final = 2**53 - 1
# Eleven digits, the year 5138. Any larger "time" could only break a calendar, and a
# calendar that breaks on one side alone would split the fold.
MAX_TIME: Final = 99_999_999_999

# Patterns for regular expressions over text.
NUMBER: Final = r"(?:0|[1-9][0-9]{0,15})"
POSITIVE: Final = r"[1-9][0-9]{0,15}"
TIME: Final = r"[1-9][0-9]{0,10}"
# 32 bytes: the last digit before the padding carries two bits that must be zero.
HASH: Final = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="


def read_number(word: str, paragraph: str) -> int:
    """Return the value of `word`, which matches `NUMBER`; it is at most `MAX_NUMBER`."""
    number = int(word)
    if number > MAX_NUMBER:
        raise BreachError(paragraph, f"the number {word} is larger than 2^53 - 1")
    return number


def read_hash(word: str) -> bytes:
    """Return the 32 bytes of `word`, which matches `HASH`."""
    return binascii.a2b_base64(word)


def read_base64(word: str, paragraph: str) -> bytes:
    """Return the bytes of `word`: RFC 4648 §4, padded, nothing else in it.

    Raises:
        BreachError: `word` is not what `write_base64` writes for any bytes.

    """
    try:
        raw = binascii.a2b_base64(word)
    except ValueError as error:
        raise BreachError(paragraph, "the base64 is broken") from error
    # The library skips foreign characters and loose bits; the comparison does not.
    if write_base64(raw) != word:
        raise BreachError(paragraph, "the base64 is not in its one form")
    return raw


def write_base64(raw: bytes) -> str:
    """Return standard base64 with padding. RFC 4648 §4."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")
