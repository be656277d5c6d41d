"""The bodies of the dialogue: texts in both languages that an act names by a salted hash, and plain words.

    {"salt":"<base64 of 32 bytes>","texts":[{"en":"…","zh":"…"},…]}     a proposal, a plan, an item, a report, a decision
    {"text":{"lang":"en","text":"…"}}, or none                         anything else

The other side may have written anything into a body, and the fold never looks: what has another shape is no
text, and what does not give the id of its act is shown as such. Source: Spec §17.2.
"""  # noqa: E501 - bytes as they are

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.inquiries.forms.letter import Text as Words
from parley.inquiries.forms.letter import read_text, write_text
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.clause import SALT_BYTES, Text, UnfitError, text_id
from parley.protocol.notation import read_base64, write_base64
from parley.protocol.strictjson import JsonValue

Body = Mapping[str, JsonValue]
MOST: Final = 2
"""A commitment has two texts: what is promised, and by what its performance is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a body says: its texts, and whether they are those that the act names; None without texts."""

    texts: tuple[Text, ...] = ()
    is_true: bool | None = None
    words: Words | None = None

    def text(self, number: int = 0) -> Text | None:
        """Return the text of this number, None if there is none."""
        return self.texts[number] if number < len(self.texts) else None


def write_texts(texts: Sequence[Text], *, salt: bytes) -> Body:
    """Return the body of a statement that names its texts by `text_id`."""
    written: list[JsonValue] = [{"en": text.en, "zh": text.zh} for text in texts]
    return {"salt": write_base64(salt), "texts": written}


def write_words(words: Words | None) -> Body | None:
    """Return the body of any other statement, or None if nothing is said in words."""
    return None if words is None else {"text": write_text(words)}


def read_told(body: Body | None, *, named: str | None) -> Told:
    """Return what a body says; `named` is the id by which the act names its texts, None if it names none."""
    body = body or {}
    words = read_text(body.get("text"))
    texts, salt = _texts(body.get("texts")), _salt(body.get("salt"))
    if named is None or not texts:
        return Told(words=words)
    return Told(texts=texts, is_true=salt is not None and text_id(texts, salt=salt) == named, words=words)


def _texts(value: JsonValue) -> tuple[Text, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST:
        return ()
    try:
        return tuple([_text(each) for each in value])
    except UnfitError:
        return ()


def _text(value: JsonValue) -> Text:
    match value:
        case {"en": str(en), "zh": str(zh)}:
            return Text(en=en, zh=zh)
        case _:
            raise UnfitError("a text stands in both languages")


def _salt(value: JsonValue) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        found = read_base64(value, "17.2")
    except BreachError:
        return None
    return found if len(found) == SALT_BYTES else None
