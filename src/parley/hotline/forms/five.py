"""The five fields with their object in plain words: what a person says, types, and reads back.

On the wire the object is a salted mark, and what it names stands in the body (Spec §12.3.5, §12.4).
Marks are computed here and nowhere else above `protocol/`.
"""

from dataclasses import dataclass

from parley.protocol.hotline.bodies import Fields, Object, When
from parley.protocol.hotline.codes import Ask, Field, Subject, What, Where
from parley.protocol.hotline.mark import mark
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FiveFields:
    """The five fields. `object` is "" for `Subject.NONE`, and None where its words are not here any more."""

    what: What
    subject: Subject
    object: str | None
    where: Where
    since: int | None
    by: int | None
    ask: tuple[Ask, ...]

    def marked(self, *, salt: bytes) -> Fields:
        """Return the fields as an act has them, the object as its mark with `salt`.

        Raises:
            UnreadableError: the object cannot be a thing of this kind.
        """
        has_object = self.subject is not Subject.NONE
        return Fields(
            what=self.what,
            object=Object(
                type=self.subject,
                mark=mark(self.subject, self.object or "", salt=salt) if has_object else None,
            ),
            where=self.where,
            when=When(since=self.since, by=self.by),
            ask=self.ask,
        )


def five_of(fields: Fields, *, named: str | None) -> FiveFields:
    """Return the fields of an act, with the object that the body has `named`; None if it is gone."""
    has_object = fields.object.type is not Subject.NONE
    return FiveFields(
        what=fields.what,
        subject=fields.object.type,
        object=named if has_object else "",
        where=fields.where,
        since=fields.when.since,
        by=fields.when.by,
        ask=fields.ask,
    )


def write_fields(fields: Fields) -> JsonValue:
    """Return the fields as an act writes them."""
    return {
        "what": fields.what.value,
        "object": {"type": fields.object.type.value, "mark": fields.object.mark},
        "where": fields.where.value,
        "when": {"since": fields.when.since, "by": fields.when.by},
        "ask": [each.value for each in fields.ask],
    }


def in_order(misses: frozenset[Field]) -> tuple[str, ...]:
    """Return the names of the fields, in the order in which they are read."""
    return tuple(field.value for field in Field if field in misses)
