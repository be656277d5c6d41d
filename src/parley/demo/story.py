"""The story: twenty inquiries about sites that pose as five banks, and what becomes of them.

Every step is a command that an officer of that side could type, and is done when the record
says so; a story that is killed goes on where it was. Of the twenty, twelve are answered,
three refused, one is returned and supplied, and four stay pending. At the end the hotline rings.
"""

from functools import partial
from typing import Final

from parley.demo import calling, chapters, crossing, walkout
from parley.demo.chapters import Chapter
from parley.demo.cheating import put_back
from parley.demo.setting import build
from parley.demo.stage import Stage, StoryError

__all__ = ["Story", "StoryError"]

WHOLE: Final[tuple[Chapter, ...]] = (
    chapters.send_many,
    chapters.acknowledge,
    chapters.supplement,
    partial(chapters.answer, but=crossing.CROSSED),
    crossing.cross,
    chapters.pending,
    chapters.thank,
    chapters.agree,
    walkout.suspend,
    walkout.resume,
    calling.call_desk,
    calling.call_principal,
    chapters.agree,
)


class Story(Stage):
    """The story on its stage."""

    def begin(self) -> None:
        """Make both nodes, pair and start them, and wait until their link is open."""
        build(self)

    def play(self) -> None:
        """Play everything that was not played yet."""
        self.begin()
        # Killed while B's record was changed: nothing of what follows would come to its end on it.
        put_back(self)
        for chapter in WHOLE:
            chapter(self)
