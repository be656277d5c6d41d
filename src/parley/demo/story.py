"""The story of the mechanism, from its consensus to the next round.

Both promise each other what they want in general. Then come twenty inquiries about sites that pose as five
banks: twelve are answered, three refused, one is returned and supplied, and four stay pending. The hotline
rings; one side walks out and comes back; a notice is offered; a case has a finding that is revised in the
open; both sign the same figures, meet, freeze a list of outcomes, and make it public in the same second.

Every step is a command that an officer of that side could type, and is done when the record says so; a story
that is killed goes on where it was.
"""

from functools import partial
from typing import Final

from parley.demo import (
    calling,
    casework,
    chapters,
    concluding,
    crossing,
    meeting,
    offering,
    promising,
    reviewing,
    walkout,
)
from parley.demo.chapters import Chapter
from parley.demo.cheating import put_back
from parley.demo.setting import build
from parley.demo.stage import Stage, StoryError

__all__ = ["Story", "StoryError"]

WHOLE: Final[tuple[Chapter, ...]] = (
    promising.promise,
    chapters.send_many,
    chapters.acknowledge,
    chapters.supplement,
    partial(chapters.answer, but=crossing.CROSSED),
    crossing.cross,
    chapters.pending,
    chapters.thank,
    chapters.agree,
    calling.call_desk,
    calling.call_principal,
    walkout.suspend,
    walkout.resume,
    offering.offer,
    casework.open_case,
    casework.find,
    casework.revise,
    reviewing.review,
    meeting.meet,
    concluding.negotiate,
    concluding.release,
    meeting.set_next,
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
