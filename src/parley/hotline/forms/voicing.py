"""What was decided by voice, as it is put down: by which office, what, in which words, and who heard it.

    Decided by voice; officers 4 and 7 heard it. 口头决定，由办理人员4、7当场听取。
    Isolate the host at once.

The first line is the same for both sides, whichever language they read: nobody is to take the statement of a
node for what a principal signed. Officers are named by their numbers, as everywhere on the link. Source:
screens §3.5; Spec §6.2.4, §12.3.5.
"""

from enum import StrEnum
from typing import Final

from parley.hotline.forms.texts import check_text
from parley.inquiries.forms.letter import Text, text_of

HEARD: Final = "Decided by voice; officers {0} and {1} heard it. 口头决定，由办理人员{0}、{1}当场听取。"
"""How the words of such a statement begin; not translated, since both sides read the same."""


class Deed(StrEnum):
    """What an office can decide about a call that rings there."""

    TAKE = "take"
    DECLINE = "decline"


def voiced_text(words: str, *, heard_by: tuple[int, int]) -> Text:
    """Return what is said to the other side: who heard it, by number, and the `words` as they were spoken.

    Raises:
        TooLongError: the whole text is too long to be read aloud.
    """
    text = text_of(f"{HEARD.format(*sorted(heard_by))}\n{words}")
    check_text(text)
    return text
