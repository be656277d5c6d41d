"""What all verbs of the dialogue share: the draft of one statement, and the offers and answers of every page.

Each verb builds what the act says and its body, checks their shape, and hands them on
(`links/actions/speaking.py`). Whether the other side's rules allow it is decided behind the door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from parley.dialogue.forms.texts import Body, write_texts, write_words
from parley.inquiries.forms.letter import Text as Words
from parley.inquiries.policy import check_may_speak
from parley.ledger.drafts import Draft
from parley.ledger.enclosing import Kept, with_files
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.protocol.dialogue.bodies import read_said
from parley.protocol.dialogue.clause import Text, text_id
from parley.protocol.strictjson import JsonValue


class Page(StrEnum):
    """To which page an offer belongs: its first word, which is that of the answer."""

    COMMITMENT = "commitment"
    ROUND = "round"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What goes along with a statement: a word of our own in one language, our registry number, and files."""

    words: Words | None = None
    ref: str | None = None
    files: tuple[Kept, ...] = ()


NOTHING = Along()


def agree(on: Target, page: Page, *, by: Hand, along: Along = NOTHING) -> Said:
    """Agree to the offer `on`: from now on both want it.

    Raises:
        NotAllowedError: the officer may not speak for this node. RefusedError: it would be void.
        BreachError: the act has not the agreed shape.
    """
    return say(f"{page}.agreed", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def decline(on: Target, page: Page, *, by: Hand, along: Along = NOTHING) -> Said:
    """Decline the offer `on`; we may agree to it later."""
    return say(f"{page}.declined", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def withdraw(on: Target, page: Page, *, by: Hand, along: Along = NOTHING) -> Said:
    """Take back the offer `on` that we made, for good."""
    return say(f"{page}.withdrawn", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def named(texts: Sequence[Text], *, salt: bytes) -> tuple[str, Body]:
    """Return by which id an act names these texts, and the body in which they stand."""
    return text_id(texts, salt=salt), write_texts(texts, salt=salt)


def open_thread(
    link: str,
    kind: str,
    d: Mapping[str, JsonValue],
    *,
    by: Hand,
    body: Body,
    ref: str | None = None,
) -> Said:
    """Say what opens a thread on `link`."""
    return pass_on(draft_on(kind, d, Target(link=link, statement=b""), by=by, body=body, ref=ref), by=by)


def say(
    kind: str,
    d: Mapping[str, JsonValue],
    on: Target,
    *,
    by: Hand,
    body: Body | None = None,
    ref: str | None = None,
    files: tuple[Kept, ...] = (),
) -> Said:
    """Say something of the statement `on`; `files` that wait at home go along.

    Raises:
        TooManyFilesError: more than one statement takes along.
    """
    draft = draft_on(kind, d, on, by=by, body=with_files(body, files), ref=ref)
    return pass_on(replace(draft, files=tuple(each.enclosed for each in files)), by=by)


def draft_on(
    kind: str,
    d: Mapping[str, JsonValue],
    on: Target,
    *,
    by: Hand,
    body: Body | None = None,
    ref: str | None = None,
) -> Draft:
    """Return what would be said of the statement `on`, b"" where a thread begins; nothing is kept."""
    check_may_speak(by.officer.role)
    read_said(kind, d)
    return replace(draft_of(kind, d, on, by=by, body=body), ref=ref)
