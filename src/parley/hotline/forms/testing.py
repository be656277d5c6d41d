"""What a line test says: a text from the agreed shelf, and its number as the OBJECT. Spec §13.6."""

from typing import Final

from parley.hotline.forms.five import FiveFields
from parley.inquiries.forms.letter import Text, text_of
from parley.protocol.hotline.codes import Ask, Subject, What, Where
from parley.protocol.linetests.texts import Drawn

URGENCY: Final = "U2"
"""By silence such a call rings nobody above the desk; by the usual terms it is read back within an hour."""


def fields_of(drawn: Drawn) -> FiveFields:
    """Return the five fields of a test with this text."""
    return FiveFields(
        what=What.LINE_TEST,
        subject=Subject.SYSTEM,
        object=drawn.number,
        where=Where.BOTH,
        since=None,
        by=None,
        ask=(Ask.TAKE_NOTE,),
    )


def words_of(drawn: Drawn) -> Text:
    """Return the text of a test, in both languages."""
    return text_of(drawn.both)
