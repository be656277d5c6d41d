"""What is said about a guideline: a text is proposed, amended, signed by both, or withdrawn.

    guideline.proposed   {"text":id,"terms":"{…}","since":1795000000}       the text itself is in the body
    guideline.amended    the same, re: the draft that it would replace
    guideline.signed     {"text":id}           re: the draft
    guideline.withdrawn  {}                    re: the draft, one's own

`text` is the digest of the text (`text.py`), and `terms` are those that stand in it: the fold reads acts and
never bodies, so what is to be in force stands in the act. Source: Spec §16.3.
"""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Id, Instant, read_id
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import MAX_TERMS, read_terms

FORUM: Final = "guideline"
# Far more drafts than two sides write in a generation; it bounds what one of them makes the other keep.
MAX_DRAFTS: Final = 512


class Drafted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text is on the table: its digest, the terms in it, and from when on it would be in force."""

    text: Id
    terms: Annotated[str, Meta(max_length=MAX_TERMS)]
    since: Instant

    def __post_init__(self) -> None:
        """Check that the digest is written in its one form, and that the terms are terms."""
        read_id(self.text)
        read_terms(self.terms)


class Signed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The persons of one side sign the text of the draft that is named."""

    text: Id

    def __post_init__(self) -> None:
        """Check that the digest is written in its one form."""
        read_id(self.text)


class Withdrawn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer takes a draft of its own from the table."""


Said = Drafted | Signed | Withdrawn
SAID: Final = (Drafted, Signed, Withdrawn)
CLASSES: Final[Mapping[str, type[Drafted | Signed | Withdrawn]]] = {
    "guideline.proposed": Drafted,
    "guideline.amended": Drafted,
    "guideline.signed": Signed,
    "guideline.withdrawn": Withdrawn,
}
OPENINGS: Final = frozenset({"guideline.proposed"})


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act of `kind` says.

    Raises:
        BreachError: §16.3, or §7.3 and §7.4 for terms that are none; it makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=CLASSES[kind], strict=True)
    except msgspec.ValidationError as error:
        raise BreachError("16.3", f"{kind}: {error}") from error
